"""The floor that fine-tuning must beat: a linear head on the frozen base.

Reads RUN/data/train.jsonl and RUN/base/; writes RUN/baseline/head.json (what was measured on the held-out fold) and
RUN/baseline/onnx/model_quantized.onnx (base and head, int8, the same input and output as the model's). The last
hidden state of each prompt is taken once; multinomial logistic regression is fitted on the other folds. Never fitted:
settled records, the held-out fold.
"""
from __future__ import annotations

import common  # noqa: F401  first: it sets how threads wait before torch is loaded

import sys
from typing import Any

import numpy as np
import torch

import lm
import onnx_graph
from common import VERDICTS, Job, UserMistake, log, need, read_records, run_worker, set_seeds, write_json
from export_onnx import probe_rows

DEFAULTS: dict[str, Any] = {
    "seed": 1, "threads": 2, "held_fold": 0, "max_examples": 20000, "max_held": 8000, "c": 1.0, "max_mb": 12.0,
    "weights": "int7", "parity_prompts": 50,
}  # fmt: skip


class HiddenModel(torch.nn.Module):
    """The last hidden state, where `lm.VerdictModel` has logits."""

    def __init__(self, base: torch.nn.Module, head: torch.Tensor | None = None, bias: torch.Tensor | None = None) -> None:
        super().__init__()
        self.base, self.head, self.bias = base, head, bias

    def forward(self, ids: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        hidden = lm.hidden_at(self.base, ids, last)
        return hidden if self.head is None else torch.nn.functional.linear(hidden, self.head, self.bias)


def work(job: Job) -> None:
    config = job.config
    base = need(job.run / "base", "pretrain_base")
    lm.check_base(base)
    rows = read_rows(job)
    pick = lambda held, most: list(lm.shuffled([row for row in rows if row["held"] == held], config["seed"]))[:most]  # noqa: E731
    fitted, held = pick(False, config["max_examples"]), pick(True, config["max_held"])
    present = {row["label"] for row in fitted}
    if len(present) < len(VERDICTS):
        missing = [name for i, name in enumerate(VERDICTS) if i not in present]
        raise UserMistake(f"there is no record to fit of: {', '.join(missing)}", "every verdict needs examples: look at data/validation.txt")
    if job.dry_run:
        log(f"would fit a head on {len(fitted)} records and measure it on {len(held)}")
        return
    set_seeds(config["seed"], config["threads"])
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = lm.load_tokenizer(base)
    model = lm.load_base(base).eval()
    ids = [lm.fit_tokens(row) for row in lm.encode(tokenizer, [row["prompt"] for row in [*fitted, *held]], job)]
    states = hidden_states(job, HiddenModel(model).to(device), ids, device)
    head, bias = fit_head(fitted, states[: len(fitted)], config)
    logits = states[len(fitted) :] @ head.T + bias
    model.cpu()
    measured = {"fitted": len(fitted), "held": metrics(held, logits)}
    whole = HiddenModel(model, torch.tensor(head).float(), torch.tensor(bias).float()).eval()
    onnx_graph.check_graph(
        onnx_graph.VerdictGraph(model, whole.head, whole.bias, small_embedding=False), whole, probe_rows(tokenizer.get_vocab_size(), config["seed"]),
        tolerance=1e-3 * max(1.0, float(np.abs(head).sum(axis=1).max())),
    )  # fmt: skip
    target = job.run / "baseline" / "onnx" / "model_quantized.onnx"
    onnx_graph.export(onnx_graph.VerdictGraph(model, whole.head, whole.bias), target, max_mb=config["max_mb"], weights=config["weights"])
    some = ids[len(fitted) :][: config["parity_prompts"]] or ids[: config["parity_prompts"]]
    measured["parity"] = onnx_graph.parity(job, target, whole, some)[0]
    log(f"train_baseline_head: {measured['held']}")
    write_json(job.run / "baseline" / "head.json", measured)


def read_rows(job: Job) -> list[dict[str, Any]]:
    """Equal prompts of one label once, with their weights added up."""
    rows: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for record in read_records(job.run / "data" / "train.jsonl", ("fold", "label", "weight", "settled", "prompt")):
        job.stop.check()
        if record["settled"] is not None or not record["weight"] > 0:
            continue
        held = record["fold"] == job.config["held_fold"]
        row = {"prompt": record["prompt"], "label": VERDICTS.index(record["label"]), "weight": 0.0, "held": held}
        rows.setdefault((record["prompt"], record["label"], held), row)["weight"] += record["weight"]
    return list(rows.values())


def hidden_states(job: Job, model: HiddenModel, ids: list[list[int]], device: torch.device) -> np.ndarray:
    """[n, hidden] in float32; batches of similar length, results in the order given."""
    order = sorted(range(len(ids)), key=lambda i: (len(ids[i]), i))
    out: list[Any] = [None] * len(ids)
    with torch.inference_mode():
        for start in range(0, len(order), 32):
            job.stop.check()
            part = order[start : start + 32]
            for i, state in zip(part, model(*lm.pad([ids[i] for i in part], device)).float().cpu().numpy()):
                out[i] = state
            job.progress.update(min(start + 32, len(order)), len(order), "hidden states", "prompts")
    return np.stack(out)


def fit_head(rows: list[dict[str, Any]], states: np.ndarray, config: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Multinomial logistic regression on standardized states; returns weights [3, hidden] and biases [3] for raw ones."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = states.mean(axis=0), states.std(axis=0) + 1e-6
    model = LogisticRegression(C=config["c"], max_iter=500)
    model.fit((states - mean) / scale, [row["label"] for row in rows], sample_weight=[row["weight"] for row in rows])
    head = model.coef_ / scale
    return head, model.intercept_ - head @ mean


def metrics(rows: list[dict[str, Any]], logits: np.ndarray) -> dict[str, Any]:
    """For `secret` against the rest, and the log loss over all three."""
    from sklearn.metrics import average_precision_score, precision_recall_fscore_support

    labels, weights = np.array([row["label"] for row in rows]), np.array([row["weight"] for row in rows])
    if not len(rows) or not (labels == 0).any():
        return {"records": len(rows)}
    p = lm.softmax(logits)[:, 0]
    precision, recall, f1, _ = precision_recall_fscore_support(labels == 0, p >= 0.5, average="binary", sample_weight=weights, zero_division=0)
    return {
        "records": len(rows), "secrets": int((labels == 0).sum()),
        "averagePrecision": round(float(average_precision_score(labels == 0, p, sample_weight=weights)), 4),
        "precision": round(float(precision), 4), "recall": round(float(recall), 4), "f1": round(float(f1), 4),
        "logLoss": round(lm.log_loss(logits, labels, weights), 4),
    }  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    return run_worker("train_baseline_head", section="baseline", defaults=DEFAULTS, work=work, doc=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
