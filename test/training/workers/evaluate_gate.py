"""What a gate says of records, in plain Python: `python evaluate_gate.py GATE.json RECORDS.jsonl` writes one answer a line.

Trees are walked by the worker's own `evaluate`; the scores of n-grams are added up here, in double precision and then cut to
single precision. Reads no other file, fits nothing.
"""
from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "training" / "workers"))

import common  # noqa: E402, F401  before what has threads
import numpy as np  # noqa: E402

import train_gate  # noqa: E402


def answers(gate: dict[str, Any], records: list[dict[str, Any]]) -> list[dict[str, float]]:
    """`logit` and `placeholder` of every record, of its `x` and `ngrams`."""
    rows = []
    for record in records:
        x = [float(number) for number in record["x"]]
        for score in gate["scores"]:
            total = 0.0
            for field, part in zip(score["fields"], score["parts"]):
                ids = np.frombuffer(base64.b64decode(record["ngrams"][field]), dtype="<u2")
                weights = np.frombuffer(base64.b64decode(part["weights"]), dtype=np.int8).astype(np.float64) * part["scale"]
                total += part["bias"] + float(weights[ids].sum()) / np.sqrt(max(1, len(ids)))
            x.append(float(np.float32(total)))
        rows.append(x)
    full = np.array(rows)
    doubts = train_gate.evaluate(gate["placeholder"], full)
    return [
        {"logit": float(logit), "placeholder": float(1 / (1 + np.exp(-doubt)))}
        for logit, doubt in zip(train_gate.evaluate(gate["secret"], full), doubts)
    ]


def main() -> int:
    gate = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    records = [json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()]
    for answer in answers(gate, records):
        print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
