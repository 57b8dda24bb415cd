"""A small file of train records with the contract's fields, for the tests of the workers. Nothing in it is a secret."""
from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path
from typing import Any

NAMES = ["password", "api_key", "token", "title", "color", "version", "checksum", "label", "db_pass", "locale"]
WORDS = ["blue", "river", "change", "me", "title", "save", "open", "close", "north", "field", "apple", "paper"]


def record(i: int, rng: random.Random) -> dict[str, Any]:
    label = rng.choices(["secret", "placeholder", "harmless"], [3, 1, 6])[0]
    name = rng.choice(NAMES[:4] + NAMES[8:9] if label == "secret" else NAMES)
    if label == "secret":
        value = "".join(rng.choices("abcdefghijkmnpqrstuvwxyzABCDEFGH23456789", k=rng.choice([8, 16, 24, 40])))
    elif label == "placeholder":
        value = rng.choice(["changeme", "your-key-here", "xxxxxxxx", "EXAMPLE"])
    else:
        value = " ".join(rng.choices(WORDS, k=rng.randint(1, 5)))
    repo = f"repo{i % 13}"
    text = f'{name} = "{value}"'
    start = text.index(value)
    shape = "random" if label == "secret" else "words"
    return {
        "id": hashlib.sha256(str(i).encode()).hexdigest()[:16], "source": "synthetic", "split": "train", "variant": "plain",
        "repo": repo, "fold": int(hashlib.sha256(repo.encode()).hexdigest()[:8], 16) % 5, "path": f"src/{repo}/app.py",
        "language": "Python", "category": "test", "label": label, "weight": 1 if i % 5 else 0.5, "labelled": i % 4 != 0,
        "name": name, "syntax": "assignment", "rule": "generic", "line": 1, "endLine": 1, "value": value,
        "span": [start, start + len(value)], "text": text, "template": None,
        "settled": {"label": label, "probability": 0.99, "decidedBy": "rule"} if i % 17 == 0 else None,
        "x": [0.0, 1.0], "ngrams": {"value": "", "name": "", "line": ""},
        "prompt": f"path: src/{repo}/app.py (code)\nrule: generic, assignment\nname: {name} (credential)\n"
        f"shape: {shape}, {len(value)}+, quoted\nline: {name} = \"«»\"\nvalue: {value}\nverdict:",
    }  # fmt: skip


def write_run(run: Path, count: int = 300, seed: int = 7) -> list[dict[str, Any]]:
    """RUN/data/train.jsonl and RUN/gate/oof.jsonl: two thirds of what is not settled lie in the band."""
    rng = random.Random(seed)
    rows = [record(i, rng) for i in range(count)]
    (run / "data").mkdir(parents=True, exist_ok=True)
    (run / "gate").mkdir(exist_ok=True)
    (run / "data" / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    oof = [
        {"id": row["id"], "logit": 0.0, "probability": (0.5 if i % 3 else 0.001)} for i, row in enumerate(rows) if row["settled"] is None
    ]
    (run / "gate" / "oof.jsonl").write_text("".join(json.dumps(row) + "\n" for row in oof))
    return rows
