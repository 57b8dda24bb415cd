"""The Python workers on tiny bases. Run: python -m unittest discover -s test/training/workers -p 'test_*.py'"""
from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WORKERS = HERE.parents[2] / "training" / "workers"
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(WORKERS)]

import common  # noqa: E402  before torch
import numpy as np  # noqa: E402
import torch  # noqa: E402

import export_onnx  # noqa: E402
import fine_tune  # noqa: E402
import lm  # noqa: E402
import make_tiny_base  # noqa: E402
import merge_adapter  # noqa: E402
import onnx_graph  # noqa: E402
import pretrain_base  # noqa: E402
import train_baseline_head  # noqa: E402
from sample import write_run  # noqa: E402

PRETRAIN = {"layers": 2, "hidden": 32, "ffn": 64, "heads": 4, "kv_heads": 2, "vocab": 400, "batch": 8, "steps": 12, "checkpoint_every": 4}
CONFIG: dict[str, Any] = {
    "seed": 3, "threads": 1, "pretrain": PRETRAIN, "baseline": {"max_mb": 12}, "export": {"parity_prompts": 30},
    "fine_tune": {"epochs": 2, "batch_size": 16, "learning_rate": 0.01, "lora_rank": 4, "lora_alpha": 8, "held_fold": 0, "checkpoint_every": 3},
}  # fmt: skip


def call(worker: Any, run: Path, config: dict[str, Any] = CONFIG, *options: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a worker, run in this process."""
    path = run / "config.json"
    path.write_text(json.dumps(config))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = worker.main(["--run", str(run), "--config", str(path), *options])
    return code, out.getvalue(), err.getvalue()


def child(worker: str, run: Path, prelude: str) -> subprocess.CompletedProcess[str]:
    """A worker in a process of its own, with something done to it first."""
    code = f"import sys; sys.dont_write_bytecode = True; sys.path.insert(0, {str(WORKERS)!r})\nimport common\n{prelude}\nimport {worker}\n"
    code += f"sys.exit({worker}.main(['--run', {str(run)!r}, '--config', {str(run / 'config.json')!r}]))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


AT_STEP = """
import os, signal
told = common.Progress.update
def update(self, done, total, text="", unit=None):
    told(self, done, total, text, unit)
    if text.startswith("loss") and done == {step}: os.kill(os.getpid(), signal.{signal})
common.Progress.update = update
"""


class Case(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.run_dir = Path(folder.name)

    def ok(self, worker: Any, *options: str, config: dict[str, Any] = CONFIG) -> tuple[str, str]:
        code, out, err = call(worker, self.run_dir, config, *options)
        self.assertEqual(code, 0, err)
        return out, err

    def refused(self, worker: Any, *, config: dict[str, Any] = CONFIG) -> str:
        code, _, err = call(worker, self.run_dir, config)
        self.assertEqual(code, 2, err)
        self.assertRegex(err, r"(?m)^error: .*\nhint: .")
        return err

    def small(self) -> dict[str, Any]:
        return json.loads(json.dumps(CONFIG))


class Base(Case):
    """A pretrained one, made once for all tests of this class."""

    made: tempfile.TemporaryDirectory[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.made = tempfile.TemporaryDirectory()
        run = Path(cls.made.name)
        cls.rows = write_run(run)
        code, cls.out, err = call(pretrain_base, run, CONFIG, "--json-progress")
        assert code == 0, err

    @classmethod
    def tearDownClass(cls) -> None:
        cls.made.cleanup()

    def setUp(self) -> None:
        super().setUp()
        shutil.copytree(self.made.name, self.run_dir, dirs_exist_ok=True)


class Chain(Base):
    def test_own_base_through_everything(self) -> None:
        tokenizer = lm.load_tokenizer(self.run_dir / "base")
        for label in common.VERDICTS:
            self.assertEqual(len(tokenizer.encode(f" {label}").ids), 1)
        self.assertEqual(tokenizer.decode(tokenizer.encode(self.rows[0]["prompt"]).ids), self.rows[0]["prompt"])
        done = [json.loads(line)["progress"] for line in self.out.splitlines()]
        self.assertTrue(all(p["step"] == "pretrain_base" for p in done))
        self.assertIn((12, 12, "steps"), [(p["done"], p["total"], p["unit"]) for p in done])
        for worker in (train_baseline_head, fine_tune, merge_adapter, export_onnx):
            self.ok(worker)
        self.check_outputs()

    def check_outputs(self) -> None:
        run = self.run_dir
        head = json.loads((run / "baseline/head.json").read_text())
        self.assertGreater(head["held"]["averagePrecision"], 0.5)
        tokenizer = lm.load_tokenizer(run / "merged")
        for file in (run / "onnx/model_quantized.onnx", run / "baseline/onnx/model_quantized.onnx"):
            session = onnx_graph.Runtime(file).session
            self.assertEqual([(i.name, i.type, i.shape[0]) for i in session.get_inputs()], [("input_ids", "tensor(int64)", 1)])
            self.assertEqual([(o.name, o.type) for o in session.get_outputs()], [("logits", "tensor(float)")])
        lines = [json.loads(line) for line in (run / "onnx/parity.jsonl").read_text().splitlines()]
        self.assertEqual(len(lines), 20)
        model = lm.VerdictModel(lm.load_base(run / "merged"), lm.verdict_tokens(tokenizer))
        runtime = onnx_graph.Runtime(run / "onnx/model_quantized.onnx")
        for line in lines:
            self.assertEqual(lm.fit_tokens(tokenizer.encode(line["prompt"]).ids), line["inputIds"])
            np.testing.assert_allclose(runtime.logits(line["inputIds"]), line["onnx"], atol=1e-6)
            with torch.no_grad():
                np.testing.assert_allclose(model(*lm.pad([line["inputIds"]]))[0].numpy(), line["torch"], atol=1e-4)
        summary = json.loads((run / "onnx/parity.json").read_text())
        self.assertLess(summary["maxProbabilityDifference"], 0.1)
        self.assertEqual(summary["verdictTokens"], lm.verdict_tokens(tokenizer))

    def test_held_out_logits(self) -> None:
        self.ok(fine_tune)
        held = [json.loads(line) for line in (self.run_dir / "phase1/held.jsonl").read_text().splitlines()]
        wanted = {row["id"] for row in self.rows if row["fold"] == 0 and row["settled"] is None}
        self.assertEqual({row["id"] for row in held}, wanted)
        self.assertTrue(all(len(row["logits"]) == 3 and np.isfinite(row["logits"]).all() for row in held))
        self.assertFalse((self.run_dir / "phase1/checkpoint").exists())
        text = (self.run_dir / "phase1/model_best/adapter_config.json").read_text()
        self.assertNotIn(str(self.run_dir), text)

    def test_dry_run_writes_nothing(self) -> None:
        for worker in (pretrain_base, train_baseline_head, fine_tune):
            before = sorted(self.run_dir.rglob("*"))
            self.ok(worker, "--dry-run")
            self.assertEqual(sorted(set(self.run_dir.rglob("*")) - {self.run_dir / "config.json"}), sorted(set(before) - {self.run_dir / "config.json"}))

    def test_size_limit(self) -> None:
        self.ok(fine_tune)
        self.ok(merge_adapter)
        config = self.small()
        config["export"]["max_mb"] = 0.05
        self.assertIn("MB", self.refused(export_onnx, config=config))
        self.assertFalse((self.run_dir / "onnx/model_quantized.onnx").exists())

    def test_an_adapter_of_another_base(self) -> None:
        self.ok(fine_tune)
        shutil.rmtree(self.run_dir / "base")
        make_tiny_base.make(self.run_dir / "base", arch="llama", hidden=64)
        self.assertIn("adapter", self.refused(merge_adapter))


class Resume(Base):
    def files(self, *names: str) -> list[str]:
        return [common.sha256(self.run_dir / name) for name in names]

    def interrupted(self, worker: str, step: int, signal: str) -> None:
        result = child(worker, self.run_dir, AT_STEP.format(step=step, signal=signal))
        self.assertEqual(result.returncode, -9 if signal == "SIGKILL" else 130, result.stderr)

    def test_pretrain_base(self) -> None:
        names = ("base/model.safetensors", "base/tokenizer.json", "base/config.json")
        wanted = self.files(*names)
        shutil.rmtree(self.run_dir / "base")
        self.interrupted("pretrain_base", 6, "SIGKILL")
        self.interrupted("pretrain_base", 9, "SIGINT")
        self.assertFalse((self.run_dir / "base").exists())
        _, err = self.ok(pretrain_base)
        self.assertIn("going on from step 9", err)
        self.assertEqual(self.files(*names), wanted)
        self.assertFalse((self.run_dir / "pretrain").exists())

    def test_fine_tune(self) -> None:
        names = ("phase1/model_best/adapter_model.safetensors", "phase1/model_best/adapter_config.json", "phase1/held.jsonl")
        self.ok(fine_tune)
        wanted = self.files(*names)
        shutil.rmtree(self.run_dir / "phase1")
        self.interrupted("fine_tune", 5, "SIGTERM")
        self.interrupted("fine_tune", 14, "SIGKILL")
        _, err = self.ok(fine_tune)
        self.assertIn("going on from step", err)
        self.assertEqual(self.files(*names), wanted)

    def test_a_checkpoint_of_another_config_is_not_used(self) -> None:
        (self.run_dir / "config.json").write_text(json.dumps(CONFIG))
        self.interrupted("fine_tune", 5, "SIGINT")
        config = self.small()
        config["fine_tune"]["learning_rate"] = 0.02
        _, err = self.ok(fine_tune, config=config)
        self.assertIn("other data, config or code", err)

    def test_a_damaged_checkpoint_is_not_used(self) -> None:
        path = self.run_dir / "phase1/checkpoint/checkpoint.pt"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"PK\x03\x04 not a checkpoint")
        _, err = self.ok(fine_tune)
        self.assertIn("damaged", err)

    def test_two_processes_take_the_same_steps(self) -> None:
        self.ok(fine_tune)
        one = [json.loads(line)["logits"] for line in (self.run_dir / "phase1/held.jsonl").read_text().splitlines()]
        shutil.rmtree(self.run_dir / "phase1")
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", "--", str(WORKERS / "fine_tune.py")]
        command += ["--run", str(self.run_dir), "--config", str(self.run_dir / "config.json")]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr[:3000])
        two = [json.loads(line)["logits"] for line in (self.run_dir / "phase1/held.jsonl").read_text().splitlines()]
        np.testing.assert_allclose(one, two, atol=0.02)


class Foreign(Case):
    """Bases that somebody else made."""

    def through(self, arch: str, *, clash: bool = False) -> None:
        write_run(self.run_dir, 160)
        make_tiny_base.make(self.run_dir / "base-source", arch=arch, clash=clash)
        for worker in (pretrain_base, fine_tune, merge_adapter, export_onnx):
            self.ok(worker)
        if arch == "llama":
            self.ok(train_baseline_head)
        source, base = (lm.load_tokenizer(self.run_dir / name) for name in ("base-source", "base"))
        self.assertEqual(base.get_vocab_size() - source.get_vocab_size(), 3 if clash else 0)
        self.assertEqual(len(set(lm.verdict_tokens(lm.load_tokenizer(self.run_dir / "merged")))), 3)
        self.assertEqual(json.loads((self.run_dir / "merged/config.json").read_text())["model_type"], arch)

    def test_llama(self) -> None:
        self.through("llama")

    def test_qwen2(self) -> None:
        self.through("qwen2")

    def test_qwen3_whose_answers_begin_alike(self) -> None:
        self.through("qwen3", clash=True)

    def test_other_architectures_are_refused(self) -> None:
        write_run(self.run_dir, 40)
        make_tiny_base.make(self.run_dir / "base-source", arch="llama")
        path = self.run_dir / "base-source/config.json"
        path.write_text(path.read_text().replace('"llama"', '"bert"'))
        self.assertIn("bert", self.refused(pretrain_base))

    def test_a_truncated_base(self) -> None:
        write_run(self.run_dir, 80)
        make_tiny_base.make(self.run_dir / "base", arch="llama")
        path = self.run_dir / "base/model.safetensors"
        path.write_bytes(path.read_bytes()[:5000])
        self.assertIn("cannot load the base", self.refused(fine_tune))


class Refusals(Case):
    def test_records_of_calib_and_test(self) -> None:
        write_run(self.run_dir, 40)
        make_tiny_base.make(self.run_dir / "base", arch="llama")
        shutil.copytree(self.run_dir / "base", self.run_dir / "merged")
        path = self.run_dir / "data/train.jsonl"
        lines = path.read_text().splitlines()
        for split in ("calib", "test"):
            changed = {**json.loads(lines[30]), "split": split}
            path.write_text("\n".join([*lines[:30], json.dumps(changed), *lines[31:]]) + "\n")
            for worker in (pretrain_base, train_baseline_head, fine_tune, export_onnx):
                error = self.refused(worker)
                self.assertIn(f'train.jsonl:31: a record of split "{split}"', error)
                self.assertNotIn(changed["value"], error)
        self.assertFalse((self.run_dir / "phase1").exists())

    def test_damaged_records(self) -> None:
        write_run(self.run_dir, 40)
        path = self.run_dir / "data/train.jsonl"
        path.write_text(path.read_text()[:-100])
        self.assertIn("train.jsonl:40", self.refused(pretrain_base))
        path.write_text("")
        self.assertIn("no records", self.refused(pretrain_base))
        path.unlink()
        self.assertIn("run fuse_datasets first", self.refused(pretrain_base))

    def test_config(self) -> None:
        write_run(self.run_dir, 40)
        for section, message in (({"hidden": 33}, "do not fit"), ({"steps": "many"}, "steps"), ({"vocab": 100}, "too small")):
            config = self.small()
            config["pretrain"].update(section)
            self.assertIn(message, self.refused(pretrain_base, config=config))

    def test_a_gate_of_another_run(self) -> None:
        write_run(self.run_dir, 40)
        make_tiny_base.make(self.run_dir / "base", arch="llama")
        (self.run_dir / "gate/oof.jsonl").write_text('{"id": "0", "logit": 0, "probability": 0.5}\n')
        self.assertIn("train_gate", self.refused(fine_tune))


class Pieces(unittest.TestCase):
    def test_a_prompt_with_what_the_gate_says(self) -> None:
        # The same table is in test/classify/prompt.test.ts: both sides must say the same.
        for probability, told in ((0, "0 %"), (0.0099, "0 %"), (0.01, "1 %"), (0.1499, "10 %"), (0.55, "50 %"), (0.999, "99 %"), (1, "99 %")):
            self.assertEqual(lm.with_gate("name: x\nverdict:", probability), f"name: x\ngate: {told}\nverdict:")

    def test_held_out_and_settled_answers_are_never_shown(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            rows = write_run(Path(folder), 100)
            job = common.Job("x", Path(folder), {"held_fold": 0}, common.Progress("x", True))
            oof = lm.read_oof(Path(folder) / "gate/oof.jsonl")
            for row in rows:
                if row["id"] in oof and int(row["id"], 16) % 2:
                    row["prompt"] = lm.with_gate(row["prompt"], oof[row["id"]])
            secret = {row["prompt"] for row in rows if row["fold"] == 0 or row["settled"]}
            shown = {row["prompt"] for row in rows} - secret
            read = pretrain_base.read_rows(job, Path(folder) / "data/train.jsonl")
            self.assertTrue(secret and shown)
            self.assertEqual({row["prompt"] for row in read if row["answer"] is None}, secret)
            self.assertEqual({row["prompt"] for row in read if row["answer"] is not None}, shown)

    def test_what_is_fitted(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            rows = write_run(Path(folder), 200)
            config = {**fine_tune.DEFAULTS, "easy_share": 0.0}
            job = common.Job("x", Path(folder), config, common.Progress("x", True))
            oof = lm.read_oof(Path(folder) / "gate/oof.jsonl")
            fitted, held = fine_tune.choose(job, Path(folder) / "data/train.jsonl", oof)
            wanted = [r for r in rows if r["fold"] != 0 and r["settled"] is None and oof[r["id"]] == 0.5]
            self.assertEqual({r["prompt"] for r in fitted}, {lm.with_gate(r["prompt"], 0.5) for r in wanted})
            self.assertAlmostEqual(sum(r["weight"] for r in fitted), sum(r["weight"] for r in wanted))
            self.assertTrue(held and not {r["id"] for r in held} & {r["id"] for r in fitted})

    def test_the_mask_is_causal_at_every_length(self) -> None:
        for arch in lm.MODEL_TYPES:
            with tempfile.TemporaryDirectory() as folder:
                make_tiny_base.make(Path(folder), arch=arch)
                model = lm.load_base(Path(folder)).eval()
                tokens = [5, 6, 7]
                head = model.get_output_embeddings().weight[tokens]
                whole = lm.VerdictModel(model, tokens)
                rng = np.random.default_rng(1)
                every = [rng.integers(0, 300, size=length).tolist() for length in range(1, 161)]
                graph = onnx_graph.VerdictGraph(model, head, small_embedding=False).eval()
                onnx_graph.check_graph(graph, whole, every, tolerance=2e-3 if arch == "qwen3" else 1e-3)
                path = Path(folder) / "x.onnx"
                onnx_graph.export(onnx_graph.VerdictGraph(model, head), path, max_mb=1)
                runtime = onnx_graph.Runtime(path)
                with torch.no_grad():
                    exact = np.array([whole(*lm.pad([row]))[0].numpy() for row in every])
                small = np.array([runtime.logits(row) for row in every])
                self.assertLess(np.abs(exact - small).max(), 0.25 * np.abs(exact).max(), arch)

    def test_padding_changes_nothing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            make_tiny_base.make(Path(folder), arch="qwen3")
            whole = lm.VerdictModel(lm.load_base(Path(folder)).eval(), [5, 6, 7])
            with torch.no_grad():
                alone = whole(*lm.pad([[9, 8, 7]]))
                together = whole(*lm.pad([[9, 8, 7], list(range(40))]))
            np.testing.assert_allclose(alone[0].numpy(), together[0].numpy(), atol=1e-4)

    def test_the_same_tokenizer_twice(self) -> None:
        rng = np.random.default_rng(0)
        texts = ["".join(rng.choice(list("abc deR1_=\"'"), size=60)) for _ in range(300)]
        one, two = (pretrain_base.train_tokenizer(texts, 400).to_str() for _ in range(2))
        self.assertEqual(one, two)

    def test_fit_tokens(self) -> None:
        self.assertEqual(lm.fit_tokens(range(160)), list(range(160)))
        cut = lm.fit_tokens(range(200))
        self.assertEqual(cut, [*range(144), *range(184, 200)])

    def test_batches(self) -> None:
        lengths = [i % 50 + 1 for i in range(1000)]
        batches = lm.epoch_batches(lengths, 16, 1, 0)
        self.assertEqual(sorted(i for batch in batches for i in batch), list(range(1000)))
        self.assertEqual(batches, lm.epoch_batches(lengths, 16, 1, 0))
        self.assertNotEqual(batches, lm.epoch_batches(lengths, 16, 1, 1))
        wasted = sum(max(lengths[i] for i in batch) * len(batch) - sum(lengths[i] for i in batch) for batch in batches)
        self.assertLess(wasted, 0.05 * sum(lengths))

    def test_a_failed_block_leaves_the_old_output(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path, place = Path(folder) / "a.json", Path(folder) / "b"
            common.write_json(path, {"old": 1})
            place.mkdir()
            with contextlib.suppress(ZeroDivisionError), common.atomic_file(path) as part:
                part.write_text("half")
                1 / 0
            with contextlib.suppress(ZeroDivisionError), common.atomic_dir(place):
                1 / 0
            self.assertEqual(json.loads(path.read_text()), {"old": 1})
            self.assertEqual(sorted(p.name for p in Path(folder).iterdir()), ["a.json", "b"])


if __name__ == "__main__":
    unittest.main()
