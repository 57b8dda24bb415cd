"""Tests of train_scout.py on records made here: `python -m unittest discover -s test/training/workers -p 'test_*.py'`."""
from __future__ import annotations

import contextlib
import io
import json
import random
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "training" / "workers"))

import common  # noqa: E402  before what has threads
import train_scout  # noqa: E402
import trees  # noqa: E402

FEATURES = ["length", "noise", "digits"]
SEEN = ["digits", "length"]
CONFIG = {"rounds": 30, "min_data_in_leaf": 2, "num_leaves": 4, "threads": 1, "most_lost": 0.0}


def record(i: int, rng: random.Random) -> dict[str, Any]:
    is_secret = i % 4 == 0
    syntax = ("provider", "url", "assignment")[min(2, i % 20)]
    return {
        "id": str(i),
        "split": "train",
        "fold": i % 5,
        "label": "secret" if is_secret else "harmless",
        "weight": 1.0,
        "settled": {"label": "harmless"} if i % 7 == 3 and not is_secret else None,
        "syntax": syntax,
        "x": [20 + i % 9, rng.random(), (6 if is_secret else 0) + rng.random()],
    }


class Scout(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.run_dir = Path(folder.name)
        rng = random.Random(3)
        self.rows = [record(i, rng) for i in range(400)]
        (self.run_dir / "data").mkdir()
        (self.run_dir / "gate").mkdir()
        (self.run_dir / "data/features.json").write_text(json.dumps({"features": FEATURES, "scoutFeatures": SEEN}))
        (self.run_dir / "data/train.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in self.rows))
        said = [
            {"id": row["id"], "logit": 0.0, "probability": 0.9 if row["label"] == "secret" else 0.001}
            for row in self.rows
            if row["settled"] is None
        ]
        (self.run_dir / "gate/oof.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in said))

    def call(self, *options: str) -> tuple[int, str]:
        path = self.run_dir / "config.json"
        path.write_text(json.dumps(CONFIG))
        out, err = io.StringIO(), io.StringIO()
        argv = ["--run", str(self.run_dir), "--config", str(path), *options]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = common.run_worker(
                "train_scout", section="scout", defaults=train_scout.DEFAULTS, work=train_scout.work, doc=train_scout.__doc__ or "", argv=argv
            )
        return code, err.getvalue()

    def scout(self) -> dict[str, Any]:
        return json.loads((self.run_dir / "scout/scout.json").read_text())

    def test_dismisses_what_the_gate_gives_nothing(self) -> None:
        code, err = self.call()
        self.assertEqual(code, 0, err)
        scout = self.scout()
        self.assertEqual((scout["format"], scout["features"]), (1, SEEN))
        x = trees.np.array([[row["x"][2], row["x"][0]] for row in self.rows])
        dismissed = trees.evaluate(scout["forest"], x) < scout["least"]
        secret = trees.np.array([row["label"] == "secret" for row in self.rows])
        # The border is one of scores out of fold: those of all rows together may lie a little below it.
        self.assertLess(dismissed[secret].mean(), 0.05)
        self.assertGreater(dismissed[~secret].mean(), 0.9)

    def test_the_same_bytes_twice(self) -> None:
        self.call()
        before = (self.run_dir / "scout/scout.json").read_bytes()
        self.call()
        self.assertEqual((self.run_dir / "scout/scout.json").read_bytes(), before)

    def test_without_a_secret_that_is_found_nothing_is_dismissed(self) -> None:
        (self.run_dir / "gate/oof.jsonl").write_text("")
        code, err = self.call()
        self.assertEqual(code, 0, err)
        self.assertEqual(self.scout()["least"], train_scout.NOTHING_TO_LOSE)

    def test_a_dry_run_writes_nothing(self) -> None:
        code, err = self.call("--dry-run")
        self.assertEqual(code, 0, err)
        self.assertFalse((self.run_dir / "scout").exists())

    def test_mistakes(self) -> None:
        (self.run_dir / "gate/oof.jsonl").unlink()
        code, err = self.call()
        self.assertEqual(code, 2)
        self.assertIn("run train_gate first", err)


if __name__ == "__main__":
    unittest.main()
