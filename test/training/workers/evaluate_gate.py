"""What a gate says of records, in plain Python: `python evaluate_gate.py GATE.json SCOUT.json RECORDS.jsonl` writes one answer a line.

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

import trees  # noqa: E402


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
    doubts = trees.evaluate(gate["placeholder"], full)
    return [
        {"logit": float(logit), "placeholder": float(1 / (1 + np.exp(-doubt)))}
        for logit, doubt in zip(trees.evaluate(gate["secret"], full), doubts)
    ]


def main() -> int:
    gate, scout = (json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:3])
    records = [json.loads(line) for line in Path(sys.argv[3]).read_text(encoding="utf-8").splitlines()]
    columns = [gate["features"].index(name) for name in scout["features"]]
    looks = trees.evaluate(scout["forest"], np.array([[record["x"][i] for i in columns] for record in records]))
    for answer, look in zip(answers(gate, records), looks):
        print(json.dumps({**answer, "scout": float(look)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
