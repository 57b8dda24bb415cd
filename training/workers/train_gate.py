"""Trains the gate: boosted trees over the scanner's own features and over linear scores of character n-grams.

Does: reads the train records (feature vectors and n-gram numbers were made by the scanner, none is computed here), fits
logistic regressions on the n-grams of each field and of all fields together, and LightGBM trees on the feature vector
followed by those scores; every score that the trees see in training is out of fold, by repository. Writes gate.json, which
the scanner evaluates without Python, and oof.jsonl, what the gate and its n-gram scores say of every record when its
repository was kept apart.

Does not: read calib or test, calibrate, choose thresholds, or fit on candidates that rules and filters settle.
"""
from __future__ import annotations

import base64
import collections
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse

from common import Job, UserMistake, atomic_file, log, need, read_json, read_records, run_worker, set_seeds, write_lines
from tracker import Tracker
from trees import Forest, boost, evaluate, flatten, scores_of

DEFAULTS: dict[str, Any] = {
    "seed": 1,
    "threads": 2,
    "repo_cap": 150.0,
    "human_weight": 3.0,
    "ngram_c": {"value": 2.0, "name": 2.0, "line": 1.0, "all": 1.0},
    "rounds": 400,
    "placeholder_rounds": 60,
    "learning_rate": 0.04,
    "num_leaves": 20,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "lambda_l2": 20.0,
    "path_smooth": 0.0,
    "extra": {"rounds": 500, "learning_rate": 0.08, "num_leaves": 31},
}
"""`repo_cap`: what the secrets of one repository weigh together at most. `human_weight`: what a secret of the human variant
weighs beside its random twin; without it passwords made of words drown in random tokens and in what is no secret, which
both variants have alike. `extra`: a second forest whose borders are drawn at random, which keeps it from learning one
repository's numbers; what counts is the mean of both (`rounds` 0: the first alone). `ngram_c`: inverse penalty of each regression."""
BUCKETS = 65_536
FOLDS = 5
KEYS = ("id", "split", "source", "variant", "repo", "fold", "label", "weight", "labelled", "settled", "x", "ngrams")


class Data:
    """The fitted records as arrays; equal rows are one row with their weights added."""

    def __init__(self, path: Path, fields: list[str], *, repo_cap: float, human_weight: float) -> None:
        self.fields = fields
        self.ids: list[str] = []
        self.row_of: list[int] = []
        rows: dict[tuple[bytes, ...], int] = {}
        x: list[np.ndarray] = []
        grams: dict[str, list[np.ndarray]] = {field: [] for field in fields}
        label: list[str] = []
        fold: list[int] = []
        repo: list[str] = []
        weight: list[float] = []
        boosted: list[float] = []
        self.scored: list[bool] = []
        for record in read_records(path, KEYS):
            if record["settled"] is not None:
                continue
            vector = np.asarray(record["x"], dtype=np.float32)
            packed = [base64.b64decode(record["ngrams"][field]) for field in fields]
            key = (record["repo"].encode(), record["label"].encode(), vector.tobytes(), *packed)
            at = rows.get(key)
            if at is None:
                at = rows[key] = len(x)
                x.append(vector)
                for field, numbers in zip(fields, packed):
                    grams[field].append(np.frombuffer(numbers, dtype="<u2"))
                label.append(record["label"])
                fold.append(int(record["fold"]))
                repo.append(record["repo"])
                weight.append(0.0)
                boosted.append(0.0)
                self.scored.append(record["source"] == "creddata" and record["labelled"])
            is_human = record["variant"] == "human" and record["label"] == "secret"
            weight[at] += float(record["weight"])
            boosted[at] += float(record["weight"]) * (human_weight if is_human else 1.0)
            self.ids.append(record["id"])
            self.row_of.append(at)
        if len({len(vector) for vector in x}) != 1:
            raise UserMistake("the records have feature vectors of different lengths", "run fuse_datasets again")
        self.x = np.vstack(x)
        self.secret = np.array([one == "secret" for one in label])
        self.placeholder = np.array([one == "placeholder" for one in label])
        self.fold = np.array(fold)
        self.weight = np.array(boosted) * caps(repo, self.secret, np.array(weight), repo_cap)
        self.grams = {field: matrix(grams[field]) for field in fields}
        self.grams["all"] = sparse.hstack([self.grams[field] for field in fields]).tocsr()


def caps(repo: list[str], secret: np.ndarray, weight: np.ndarray, most: float) -> np.ndarray:
    """Factor for each row, so that the secrets of one repository weigh at most `most` together."""
    total: collections.Counter[str] = collections.Counter()
    for name, is_secret, grams in zip(repo, secret, weight):
        if is_secret:
            total[name] += grams
    return np.array([min(1.0, most / total[name]) if is_secret else 1.0 for name, is_secret in zip(repo, secret)])


def matrix(rows: list[np.ndarray]) -> sparse.csr_matrix:
    """One row a candidate, one column a bucket; each row divided by the root of its number of n-grams, as the scanner does."""
    counts = np.array([len(row) for row in rows])
    data = np.repeat(1 / np.sqrt(np.maximum(1, counts)), counts)
    columns = np.concatenate(rows).astype(np.int64) if len(rows) else np.zeros(0, np.int64)
    return sparse.csr_matrix((data, columns, np.concatenate([[0], np.cumsum(counts)])), shape=(len(rows), BUCKETS))


def regress(data: Data, name: str, rows: np.ndarray, config: dict[str, Any]):
    """Logistic regression on the n-grams of one field (or `all`)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=config["ngram_c"][name], solver="liblinear", tol=1e-3, random_state=config["seed"])
    return model.fit(data.grams[name][rows], data.secret[rows], sample_weight=data.weight[rows])


def quantized(weights: np.ndarray, bias: float) -> tuple[dict[str, Any], np.ndarray]:
    """Weights of one field as int8 for gate.json, and as the scanner will read them."""
    scale = float(np.abs(weights).max()) / 127 or 1.0
    small = np.round(weights / scale).astype(np.int8)
    part = {"bias": bias, "scale": scale, "weights": base64.b64encode(small.tobytes()).decode()}
    return part, small.astype(np.float64) * scale


def grow(x: np.ndarray, target: np.ndarray, weight: np.ndarray, config: dict[str, Any]) -> Forest:
    """Both kinds of boosted trees for one yes-or-no question."""
    forest = [boost(x, target, weight, config["rounds"], config)]
    if config["extra"]["rounds"] > 0:
        drawn = {**config, **config["extra"], "extra_trees": True}
        forest.append(boost(x, target, weight, drawn["rounds"], drawn))
    return forest


def summary(data: Data, logit: np.ndarray) -> dict[str, float]:
    """How the out-of-fold scores do on labelled candidates."""
    from sklearn.metrics import average_precision_score, log_loss

    rows = np.array(data.scored)
    if not rows.any():
        rows = np.ones(len(logit), bool)
    p = 1 / (1 + np.exp(-logit[rows]))
    y, said = data.secret[rows], p >= 0.5
    right = (y & said).sum()
    precision, recall = right / max(1, said.sum()), right / max(1, y.sum())
    return {
        "average precision": float(average_precision_score(y, p)),
        "log loss": float(log_loss(y, p, labels=[False, True])),
        "F1 at 0.5": float(2 * precision * recall / max(1e-9, precision + recall)),
    }


def work(job: Job) -> None:
    config = job.config
    set_seeds(config["seed"], config["threads"])
    path = need(job.run / "data" / "train.jsonl", "fuse_datasets")
    shape = read_json(job.run / "data" / "features.json", "the list of features")
    names: list[str] = shape["features"]
    fields: list[str] = shape["ngramFields"]
    scores = [*fields, "all"]
    data = Data(path, fields, repo_cap=config["repo_cap"], human_weight=config["human_weight"])
    if data.x.shape[1] != len(names):
        raise UserMistake(f"records of {data.x.shape[1]} features, but {len(names)} names", "run fuse_datasets again")
    log(f"{len(data.ids)} records, {len(data.x)} different ones, {int(data.secret.sum())} of them secrets")
    if job.dry_run:
        return
    folds = [k for k in range(FOLDS) if (data.fold == k).any()]
    for k in folds:
        if len(set(data.secret[data.fold != k].tolist())) < 2:
            raise UserMistake("there are secrets in one fold only", "give records of more repositories")
    done, total = 0, (len(folds) + 1) * (len(scores) + 1) + 1

    def tick(text: str) -> None:
        nonlocal done
        done += 1
        job.progress.update(done, total, text, "fits")
        job.stop.check()

    ngrams = np.zeros((len(data.x), len(scores)))
    for j, name in enumerate(scores):
        for k in folds:
            held = data.fold == k
            model = regress(data, name, np.flatnonzero(~held), config)
            ngrams[held, j] = model.decision_function(data.grams[name][held])
            tick(f"n-grams of {name}, without fold {k}")
    full = np.hstack([data.x, ngrams]).astype(np.float32)
    logit = np.zeros(len(full))
    for k in folds:
        held = data.fold == k
        trees = grow(full[~held], data.secret[~held], data.weight[~held], config)
        logit[held] = scores_of(trees, full[held])
        tick(f"trees, without fold {k}")
    told = summary(data, logit)
    log("out of fold: " + ", ".join(f"{key} {value:.4f}" for key, value in told.items()))

    everything = np.arange(len(full))
    gate: dict[str, Any] = {
        "format": 1,
        "ngramVersion": shape["ngramVersion"],
        "features": [*names, *(f"ngrams {name}" for name in scores)],
        "scores": [],
    }
    for name in scores:
        model = regress(data, name, everything, config)
        used = [name] if name != "all" else fields
        parts = []
        for i, weights in enumerate(np.split(model.coef_[0], len(used))):
            part, _ = quantized(weights, float(model.intercept_[0]) if i == 0 else 0.0)
            parts.append(part)
        gate["scores"].append({"name": name, "fields": used, "parts": parts})
        tick(f"n-grams of {name}")
    forest = grow(full, data.secret, data.weight, config)
    tick("trees")
    no_secret = ~data.secret
    doubts = [boost(full[no_secret], data.placeholder[no_secret], data.weight[no_secret], config["placeholder_rounds"], config)]
    tick("trees for placeholders")
    for key, trees in (("secret", forest), ("placeholder", doubts)):
        gate[key] = flatten(trees)
        gap = np.abs(evaluate(gate[key], full[:200]) - scores_of(trees, full[:200])).max()
        if gap > 1e-4:
            raise RuntimeError(f"the written trees differ from those that were grown by {gap}")
    tracker = Tracker(job)
    tracker.scalars(0, told)
    tracker.close()
    write_lines(
        job.run / "gate" / "oof.jsonl",
        (
            {
                "id": id_,
                "logit": round(float(logit[row]), 6),
                "probability": round(float(1 / (1 + np.exp(-logit[row]))), 6),
                "ngrams": [round(float(score), 4) for score in ngrams[row]],
            }
            for id_, row in zip(data.ids, data.row_of)
        ),
    )
    with atomic_file(job.run / "gate" / "gate.json") as part:
        part.write_text(json.dumps(gate, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(run_worker("train_gate", section="gate", defaults=DEFAULTS, work=work, doc=__doc__))
