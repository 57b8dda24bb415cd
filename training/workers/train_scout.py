"""Trains the scout: a few boosted trees that dismiss what the gate would never look at twice.

Does: reads the train records and what the gate says of each when its repository was kept apart, fits LightGBM trees on the
features that cost the scanner next to nothing (data/features.json names them), and sets the border so that next to none
of the secrets that the gate would report lies below it, by scores out of fold. Writes scout.json.

Does not: read calib or test, or fit on what the scanner never shows a scout (matches of providers' rules, passwords in
addresses).
"""
from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from common import Job, UserMistake, atomic_file, log, need, read_json, read_lines, read_records, run_worker, set_seeds
from tracker import Tracker
from trees import boost, evaluate, flatten, scores_of

DEFAULTS: dict[str, Any] = {
    "seed": 1,
    "threads": 2,
    "rounds": 80,
    "learning_rate": 0.12,
    "num_leaves": 16,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "lambda_l2": 5.0,
    "worth_a_look": 0.03,
    "reported": 0.25,
    "most_lost": 0.0005,
}
"""`worth_a_look`: probability of the gate from which on a candidate must not be dismissed. `reported`: that of secrets that
count as found. `most_lost`: the share of those that may be dismissed."""
FOLDS = 5
KEYS = ("id", "fold", "label", "weight", "settled", "syntax", "x")
NEVER_DISMISSED = ("provider", "url")
NOTHING_TO_LOSE = -1e9
"""The border where there is no secret to set it by: nothing is dismissed."""


def work(job: Job) -> None:
    config = job.config
    set_seeds(config["seed"], config["threads"])
    path = need(job.run / "data" / "train.jsonl", "fuse_datasets")
    shape = read_json(job.run / "data" / "features.json", "the list of features")
    wanted: list[str] = shape["scoutFeatures"]
    columns = [shape["features"].index(name) for name in wanted]
    said = {row["id"]: float(row["probability"]) for _, row in read_lines(need(job.run / "gate" / "oof.jsonl", "train_gate"), "train_gate")}

    rows = [record for record in read_records(path, KEYS) if record["syntax"] not in NEVER_DISMISSED]
    if not rows:
        raise UserMistake("there is no record that a scout would see", "give more data")
    x = np.array([[record["x"][i] for i in columns] for record in rows], dtype=np.float32)
    # What filters settle is no secret, and what the gate was not asked about the scout may dismiss, too.
    gate = np.array([0.0 if record["settled"] is not None else said.get(record["id"], 0.0) for record in rows])
    fold = np.array([int(record["fold"]) for record in rows])
    weight = np.array([float(record["weight"]) for record in rows])
    found = np.array([record["label"] == "secret" for record in rows]) & (gate >= config["reported"])
    border = config["worth_a_look"]
    target = np.where(gate >= border, 1.0, gate / (2 * border))
    log(f"{len(rows)} records, {int((gate >= border).sum())} of them worth a look, {int(found.sum())} secrets that are found")
    if job.dry_run:
        return

    fit = {**config, "objective": "cross_entropy"}
    logit = np.zeros(len(rows))
    folds = [k for k in range(FOLDS) if (fold == k).any()]
    for done, k in enumerate(folds):
        held = fold == k
        if held.all():
            raise UserMistake("there are records in one fold only", "give records of more repositories")
        logit[held] = scores_of([boost(x[~held], target[~held], weight[~held], config["rounds"], fit)], x[held])
        job.progress.update(done + 1, len(folds) + 1, f"trees, without fold {k}", "fits")
        job.stop.check()
    lowest = np.sort(logit[found])
    least = float(lowest[int(len(lowest) * config["most_lost"])]) if len(lowest) else NOTHING_TO_LOSE
    dismissed = logit < least
    told = {
        "share dismissed": float(dismissed.mean()),
        "secrets lost": float((dismissed & found).sum() / max(1, found.sum())),
        "in doubt, dismissed": float((dismissed & (gate >= border)).sum() / max(1, (gate >= border).sum())),
    }
    log("out of fold: " + ", ".join(f"{key} {value:.4f}" for key, value in told.items()))

    forest = [boost(x, target, weight, config["rounds"], fit)]
    scout = {"format": 1, "features": wanted, "least": round(least, 6), "forest": flatten(forest)}
    gap = np.abs(evaluate(scout["forest"], x[:200]) - scores_of(forest, x[:200])).max()
    if gap > 1e-4:
        raise RuntimeError(f"the written trees differ from those that were grown by {gap}")
    tracker = Tracker(job)
    tracker.scalars(0, told)
    tracker.close()
    with atomic_file(job.run / "scout" / "scout.json") as part:
        part.write_text(json.dumps(scout, separators=(",", ":")) + "\n", encoding="utf-8")
    job.progress.update(len(folds) + 1, len(folds) + 1, "trees", "fits")


if __name__ == "__main__":
    sys.exit(run_worker("train_scout", section="scout", defaults=DEFAULTS, work=work, doc=__doc__))
