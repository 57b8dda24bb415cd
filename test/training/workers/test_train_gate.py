"""The worker that trains the gate, on tiny records. Run: python -m unittest discover -s test/training/workers -p 'test_*.py'"""
from __future__ import annotations

import base64
import collections
import contextlib
import io
import json
import random
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WORKERS = HERE.parents[2] / "training" / "workers"
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(WORKERS)]

import common  # noqa: E402  before what has threads
import numpy as np  # noqa: E402

import train_gate  # noqa: E402
import trees  # noqa: E402
from evaluate_gate import answers  # noqa: E402
from sample import record  # noqa: E402

FEATURES = ["length", "digits", "blanks", "name is a credential", "noise"]
FIELDS = ["value", "name", "line"]
CONFIG: dict[str, Any] = {
    "seed": 5, "threads": 1,
    "gate": {"rounds": 12, "placeholder_rounds": 5, "extra": {"rounds": 7, "learning_rate": 0.3, "num_leaves": 8}, "min_data_in_leaf": 5, "learning_rate": 0.2, "feature_fraction": 0.8},
}  # fmt: skip
CREDENTIALS = ("password", "api_key", "token", "db_pass")


def grams(text: str) -> str:
    """Pairs of characters as sorted, distinct numbers, packed like those of records."""
    ids = sorted({(ord(a) * 256 + ord(b)) % train_gate.BUCKETS for a, b in zip(text, text[1:])})
    return base64.b64encode(np.array(ids, dtype="<u2").tobytes()).decode()


def gate_record(i: int, rng: random.Random) -> dict[str, Any]:
    row = record(i, rng)
    value, name = row["value"], row["name"]
    row["x"] = [len(value), sum(c.isdigit() for c in value), value.count(" "), int(name in CREDENTIALS), round(rng.random(), 3)]
    row["ngrams"] = {"value": grams(value), "name": grams(name), "line": grams(row["text"][:3])}
    return row


def write_gate_run(run: Path, rows: list[dict[str, Any]]) -> None:
    (run / "data").mkdir(parents=True, exist_ok=True)
    (run / "data" / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    shape = {"features": FEATURES, "ngramFields": FIELDS, "ngramVersion": 1, "ngramBuckets": train_gate.BUCKETS}
    (run / "data" / "features.json").write_text(json.dumps(shape))


class Gate(unittest.TestCase):
    """One gate is made for all tests of this class; each has a copy of its folder."""

    made: tempfile.TemporaryDirectory[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.made = tempfile.TemporaryDirectory()
        cls.run_dir = Path(cls.made.name)
        rng = random.Random(11)
        cls.rows = [gate_record(i, rng) for i in range(260)]
        write_gate_run(cls.run_dir, cls.rows)
        code, cls.out, err = cls.call("--json-progress")
        assert code == 0, err

    @classmethod
    def tearDownClass(cls) -> None:
        cls.made.cleanup()

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.run_dir = Path(folder.name)
        shutil.copytree(self.made.name, self.run_dir, dirs_exist_ok=True)

    @classmethod
    def call(cls, *options: str, run: Path | None = None) -> tuple[int, str, str]:
        run = run or cls.run_dir
        path = run / "config.json"
        path.write_text(json.dumps(CONFIG))
        out, err = io.StringIO(), io.StringIO()
        argv = ["--run", str(run), "--config", str(path), *options]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = common.run_worker(
                "train_gate", section="gate", defaults=train_gate.DEFAULTS, work=train_gate.work, doc=train_gate.__doc__ or "", argv=argv
            )
        return code, out.getvalue(), err.getvalue()

    def ok(self, *options: str) -> str:
        code, _, err = self.call(*options, run=self.run_dir)
        self.assertEqual(code, 0, err)
        return err

    def refused(self) -> str:
        shutil.rmtree(self.run_dir / "gate", ignore_errors=True)
        code, _, err = self.call(run=self.run_dir)
        self.assertEqual(code, 2, err)
        self.assertRegex(err, r"(?m)^error: .*\nhint: .")
        self.assertFalse((self.run_dir / "gate").exists())
        return err

    def oof(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.run_dir / "gate/oof.jsonl").read_text().splitlines()]

    def gate(self) -> dict[str, Any]:
        return json.loads((self.run_dir / "gate/gate.json").read_text())

    def test_the_same_bytes_twice(self) -> None:
        once = [(self.run_dir / "gate" / name).read_bytes() for name in ("gate.json", "oof.jsonl")]
        told = [json.loads(line)["progress"] for line in self.out.splitlines()]
        self.assertEqual((told[-1]["step"], told[-1]["done"]), ("train_gate", told[-1]["total"]))
        self.ok()
        self.assertEqual([(self.run_dir / "gate" / name).read_bytes() for name in ("gate.json", "oof.jsonl")], once)

    def test_out_of_fold_is_every_fitted_record(self) -> None:
        rows = self.oof()
        fitted = [row["id"] for row in self.rows if row["settled"] is None]
        self.assertTrue(0 < len(fitted) < len(self.rows))
        self.assertEqual([row["id"] for row in rows], fitted)
        for row in rows:
            self.assertEqual(list(row), ["id", "logit", "probability", "ngrams"])
            self.assertEqual(len(row["ngrams"]), 4)
            self.assertAlmostEqual(row["probability"], 1 / (1 + np.exp(-row["logit"])), places=5)
        label = {row["id"]: row["label"] for row in self.rows}
        means = [np.mean([r["logit"] for r in rows if (label[r["id"]] == "secret") == wanted]) for wanted in (True, False)]
        self.assertGreater(means[0], means[1] + 1)

    def test_out_of_fold_does_not_know_its_own_fold(self) -> None:
        before = {row["id"]: row["logit"] for row in self.oof()}
        one = next(row for row in self.rows if row["settled"] is None)
        own = {row["id"] for row in self.rows if row["fold"] == one["fold"]}
        for row in self.rows:
            if row["id"] in own:
                row["label"] = "harmless" if row["label"] == "secret" else "secret"
        write_gate_run(self.run_dir, self.rows)
        self.ok()
        after = {row["id"]: row["logit"] for row in self.oof()}
        moved = {id_: abs(before[id_] - after[id_]) for id_ in before}
        # What the trees see of other folds are n-gram scores that knew this one: that moves its answers a little, no more.
        self.assertLess(np.mean([moved[id_] for id_ in before if id_ in own]), 0.2)
        self.assertGreater(np.mean([moved[id_] for id_ in before if id_ not in own]), 0.4)

    def test_gate_says_what_the_trees_say(self) -> None:
        gate = self.gate()
        scores = [f"ngrams {name}" for name in [*FIELDS, "all"]]
        self.assertEqual((gate["format"], gate["ngramVersion"], gate["features"]), (1, 1, [*FEATURES, *scores]))
        self.assertEqual([score["fields"] for score in gate["scores"]], [["value"], ["name"], ["line"], FIELDS])
        for score in gate["scores"]:
            self.assertEqual(len(score["parts"]), len(score["fields"]))
            self.assertTrue(all(len(base64.b64decode(part["weights"])) == train_gate.BUCKETS for part in score["parts"]))
        self.check_trees(gate["secret"], 12 + 7, len(gate["features"]))
        self.check_trees(gate["placeholder"], 5, len(gate["features"]))
        fitted = [row for row in self.rows if row["settled"] is None]
        told = answers(gate, fitted)
        secrets = [one["logit"] for one, row in zip(told, fitted) if row["label"] == "secret"]
        others = [(one, row) for one, row in zip(told, fitted) if row["label"] != "secret"]
        self.assertGreater(np.mean(secrets), np.mean([one["logit"] for one, _ in others]) + 1)
        doubt = {wanted: np.mean([one["placeholder"] for one, row in others if (row["label"] == "placeholder") == wanted]) for wanted in (True, False)}
        self.assertGreater(doubt[True], doubt[False])

    def check_trees(self, trees: dict[str, Any], most: int, columns: int) -> None:
        nodes, leaves = len(trees["feature"]), len(trees["leaf"])
        self.assertTrue(1 <= len(trees["roots"]) <= most)
        self.assertEqual({len(trees[key]) for key in ("threshold", "left", "right")}, {nodes})
        self.assertTrue(all(0 <= column < columns for column in trees["feature"]))
        for children in (trees["left"], trees["right"]):
            self.assertTrue(all(at < child < nodes if child >= 0 else ~child < leaves for at, child in enumerate(children)))
        numbers = [trees["bias"], *trees["threshold"], *trees["leaf"]]
        self.assertTrue(np.isfinite(numbers).all())

    def test_dry_run_writes_nothing(self) -> None:
        shutil.rmtree(self.run_dir / "gate")
        shutil.rmtree(self.run_dir / "tensorboard")
        err = self.ok("--dry-run")
        self.assertIn("records", err)
        self.assertEqual(sorted(path.name for path in self.run_dir.iterdir()), ["config.json", "data"])

    def test_records_of_calib_and_test(self) -> None:
        for split in ("calib", "test"):
            # Also among those that are not fitted on.
            for at in (17, 30):
                changed = [*self.rows[:at], {**self.rows[at], "split": split}, *self.rows[at + 1 :]]
                write_gate_run(self.run_dir, changed)
                error = self.refused()
                self.assertIn(f'train.jsonl:{at + 1}: a record of split "{split}"', error)
                self.assertNotIn(changed[at]["value"], error)

    def test_records_that_do_not_fit(self) -> None:
        write_gate_run(self.run_dir, [*self.rows[:40], {**self.rows[40], "x": [1.0]}])
        self.assertIn("different lengths", self.refused())
        write_gate_run(self.run_dir, [{**row, "x": row["x"][1:]} for row in self.rows])
        self.assertIn("records of 4 features, but 5 names", self.refused())
        write_gate_run(self.run_dir, [{**row, "label": "harmless"} for row in self.rows])
        self.assertIn("in one fold only", self.refused())
        without = [{key: value for key, value in row.items() if key != "ngrams"} for row in self.rows]
        write_gate_run(self.run_dir, without)
        self.assertIn("ngrams is missing", self.refused())
        (self.run_dir / "data" / "features.json").unlink()
        self.assertIn("the list of features", self.refused())


class Pieces(unittest.TestCase):
    def data(self, rows: list[dict[str, Any]], cap: float) -> train_gate.Data:
        with tempfile.TemporaryDirectory() as folder:
            write_gate_run(Path(folder), rows)
            return train_gate.Data(Path(folder) / "data/train.jsonl", FIELDS, repo_cap=cap, human_weight=1.0)

    def test_secrets_of_one_repository_are_capped(self) -> None:
        rng = random.Random(2)
        rows = [gate_record(i, rng) for i in range(300)]
        for row in rows:
            row["repo"] = "large" if row["fold"] < 3 else row["repo"]
        data = self.data(rows, 10.0)
        weight: collections.Counter[tuple[str, bool]] = collections.Counter()
        given: collections.Counter[tuple[str, bool]] = collections.Counter()
        seen: dict[int, tuple[str, bool]] = {}
        by_id = {row["id"]: row for row in rows}
        for id_, at in zip(data.ids, data.row_of):
            key = (by_id[id_]["repo"], by_id[id_]["label"] == "secret")
            self.assertEqual(seen.setdefault(at, key), key)
            given[key] += by_id[id_]["weight"]
        for at, key in seen.items():
            weight[key] += float(data.weight[at])
        self.assertGreater(given["large", True], 20)
        for (repo, is_secret), total in given.items():
            self.assertAlmostEqual(weight[repo, is_secret], min(total, 10.0) if is_secret else total, places=6)
        self.assertAlmostEqual(weight["large", True], 10.0, places=6)

    def test_equal_rows_are_one(self) -> None:
        rng = random.Random(3)
        one = {**gate_record(1, rng), "settled": None, "weight": 0.25}
        same = {**one, "id": "0" * 16, "weight": 0.5}
        other = {**one, "id": "1" * 16, "repo": "another"}
        data = self.data([one, same, other], 1000.0)
        self.assertEqual((data.ids, data.row_of), ([one["id"], "0" * 16, "1" * 16], [0, 0, 1]))
        np.testing.assert_allclose(data.weight, [0.75, 0.25])

    def test_a_regression_as_the_scanner_reads_it(self) -> None:
        weights = np.array([0.0, -2.54, 1.0, 0.013])
        part, read = train_gate.quantized(weights, 0.5)
        self.assertEqual(list(np.frombuffer(base64.b64decode(part["weights"]), dtype=np.int8)), [0, -127, 50, 1])
        self.assertEqual((part["bias"], part["scale"]), (0.5, 0.02))
        np.testing.assert_allclose(read, weights, atol=part["scale"] / 2)
        self.assertEqual(train_gate.quantized(np.zeros(3), 0.0)[0]["scale"], 1.0)

    def test_short_thresholds_split_single_precision_alike(self) -> None:
        rng = np.random.default_rng(4)
        below = np.concatenate([rng.normal(size=2000), 10 ** rng.uniform(-30, 30, 2000), [0, 1e-35, 16777215]]).astype(np.float32)
        above = np.nextafter(below, np.float32(np.inf))
        for low, high in zip(below.tolist(), above.tolist()):
            at = trees.short((low + high) / 2)
            self.assertTrue(low <= at < high, (low, at, high))


if __name__ == "__main__":
    unittest.main()
