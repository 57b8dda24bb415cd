"""The workers of GGUF files on tiny models. Run: python -m unittest discover -s test/training/workers -p 'test_*.py'

What llama.cpp makes of the files is tried in gguf.test.ts; here quantizing is done by a program that stands for llama-quantize.
"""
from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

from test_workers import PRETRAIN, WORKERS, Case, call

import numpy as np  # noqa: E402  after common

import convert_to_gguf  # noqa: E402
import export_onnx  # noqa: E402
import gguf_file  # noqa: E402
import lm  # noqa: E402
import make_tiny_base  # noqa: E402
import pretrain_base  # noqa: E402
import restore_weights  # noqa: E402
from sample import write_run  # noqa: E402

METADATA = {"version": "run-1", "licence": "MIT", "prompt_version": 2, "max_tokens": 160, "verdict_tokens": [7, 8, 9]}
QUANTIZER = """#!{python}
import os, shutil, sys
from gguf import GGUFReader, GGUFWriter
sys.path.insert(0, {workers!r})
import gguf_file
reader = GGUFReader(sys.argv[1])
writer = GGUFWriter(sys.argv[2], "llama")
gguf_file.add_metadata(writer, {metadata!r})
for tensor in reader.tensors:
    writer.add_tensor(tensor.name, tensor.data.astype("float16") if len(tensor.shape) > 1 else tensor.data)
writer.write_header_to_file(); writer.write_kv_data_to_file(); writer.write_tensors_to_file(); writer.close()
{more}
"""


class Gguf(Case):
    def setUp(self) -> None:
        super().setUp()
        self.merged = self.run_dir / "merged"

    def llama(self, **options: Any) -> None:
        make_tiny_base.make(self.merged, arch="llama", hidden=64, **options)

    def program(self, text: str, name: str = "llama-quantize") -> str:
        path = self.run_dir / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    def config(self, more: str = "", **changes: Any) -> dict[str, Any]:
        text = QUANTIZER.format(python=sys.executable, workers=str(WORKERS), metadata=METADATA, more=more)
        return {"threads": 1, "quantize": ["F16"], "quantizer": self.program(text), "metadata": METADATA, **changes}

    def left(self) -> list[str]:
        folder = self.run_dir / "gguf"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def test_writes_what_the_model_has(self) -> None:
        from gguf import GGUFReader

        self.llama()
        self.ok(convert_to_gguf, config=self.config())
        names = ["files.json", "smart-secrets-scanner.F16.gguf", "smart-secrets-scanner.F32.gguf"]
        self.assertEqual(self.left(), names)
        facts = json.loads((self.run_dir / "gguf" / "files.json").read_text())
        self.assertEqual(facts[names[1]]["matrices"], ["F16"])
        reader = GGUFReader(str(self.run_dir / "gguf" / names[2]))
        value = lambda key: reader.get_field(key).contents()  # noqa: E731
        self.assertEqual(value("general.name"), "smart-secrets-scanner")
        self.assertEqual(value("smart-secrets-scanner.verdict_tokens"), [7, 8, 9])
        self.assertEqual((value("llama.block_count"), value("llama.attention.head_count_kv"), value("llama.rope.freq_base")), (2, 2, 10000.0))
        self.assertEqual((value("tokenizer.ggml.pre"), value("tokenizer.ggml.add_bos_token")), ("gpt-2", False))
        config = json.loads((self.merged / "config.json").read_text())
        self.assertEqual(len(value("tokenizer.ggml.tokens")), config["vocab_size"])
        tensors = {tensor.name: tensor.data for tensor in reader.tensors}
        plain = dict(gguf_file.safetensors_of(self.merged))
        self.assertTrue(np.array_equal(tensors["blk.1.ffn_down.weight"], plain["model.layers.1.mlp.down_proj.weight"]))
        self.assertIn("output.weight", tensors)
        q, k = (plain[f"model.layers.0.self_attn.{name}_proj.weight"] for name in "qk")
        # Row 1 of a head is the partner of its row 0: the first of the second half.
        self.assertTrue(np.array_equal(tensors["blk.0.attn_q.weight"][1], q[8]))
        self.assertTrue(np.array_equal(tensors["blk.0.attn_k.weight"][[0, 1, 2, 16]], k[[0, 8, 1, 16]]))

    def test_same_bytes_again_and_what_is_no_longer_wanted_goes(self) -> None:
        self.llama()
        self.ok(convert_to_gguf, config=self.config())
        before = {path.name: path.read_bytes() for path in (self.run_dir / "gguf").iterdir()}
        self.ok(convert_to_gguf, config=self.config())
        self.assertEqual(before, {path.name: path.read_bytes() for path in (self.run_dir / "gguf").iterdir()})
        (self.run_dir / "gguf" / "smart-secrets-scanner.Q8_0.gguf").write_bytes(b"of another run")
        (self.run_dir / "gguf" / "smart-secrets-scanner.F16.gguf.7.part").write_bytes(b"of one that was killed")
        self.ok(convert_to_gguf, config=self.config())
        self.assertEqual(sorted(before), self.left())

    def test_special_tokens_and_answers(self) -> None:
        from gguf import GGUFReader, TokenType

        rows = write_run(self.run_dir)
        self.assertTrue(rows)
        self.ok(pretrain_base, config={"seed": 3, "threads": 1, "pretrain": PRETRAIN})
        shutil.copytree(self.run_dir / "base", self.merged)
        self.ok(convert_to_gguf, config=self.config())
        reader = GGUFReader(str(self.run_dir / "gguf" / "smart-secrets-scanner.F32.gguf"))
        tokens = reader.get_field("tokenizer.ggml.tokens").contents()
        kinds = reader.get_field("tokenizer.ggml.token_type").contents()
        for text, kind in (("</s>", TokenType.CONTROL), (" secret", TokenType.USER_DEFINED), ("a", TokenType.NORMAL)):
            self.assertEqual(kinds[tokens.index(text)], kind, text)
        self.assertNotIn("output.weight", [tensor.name for tensor in reader.tensors])

    def test_another_architecture_needs_a_checkout(self) -> None:
        make_tiny_base.make(self.merged, arch="qwen2")
        error = self.refused(convert_to_gguf, config=self.config())
        self.assertIn("its architecture is qwen2", error)
        self.assertIn("gguf.llama_cpp", error)
        error = self.refused(convert_to_gguf, config=self.config(llama_cpp=str(self.run_dir / "nowhere")))
        self.assertIn("no convert_hf_to_gguf.py", error)
        self.assertEqual(self.left(), [])

    def test_a_checkout_converts_what_it_knows(self) -> None:
        from gguf import GGUFReader

        make_tiny_base.make(self.merged, arch="qwen2")
        checkout = self.run_dir / "llama.cpp"
        checkout.mkdir()
        script = """
import sys
from gguf import GGUFWriter
import numpy as np
writer = GGUFWriter(sys.argv[sys.argv.index("--outfile") + 1], "qwen2")
writer.add_name("Merged"); writer.add_block_count(2); writer.add_token_list(["a", "b"]); writer.add_tokenizer_pre("qwen2")
writer.add_tensor("token_embd.weight", np.ones((2, 32), dtype=np.float32))
writer.write_header_to_file(); writer.write_kv_data_to_file(); writer.write_tensors_to_file(); writer.close()
"""
        (checkout / "convert_hf_to_gguf.py").write_text(script)
        self.ok(convert_to_gguf, config=self.config(llama_cpp=str(checkout)))
        reader = GGUFReader(str(self.run_dir / "gguf" / "smart-secrets-scanner.F32.gguf"))
        value = lambda key: reader.get_field(key).contents()  # noqa: E731
        self.assertEqual((value("general.architecture"), value("general.name"), value("qwen2.block_count")), ("qwen2", "smart-secrets-scanner", 2))
        self.assertEqual((value("tokenizer.ggml.tokens"), value("tokenizer.ggml.pre")), (["a", "b"], "qwen2"))
        (checkout / "convert_hf_to_gguf.py").write_text("raise NotImplementedError('Architecture Odd is not supported')")
        error = self.refused(convert_to_gguf, config=self.config(llama_cpp=str(checkout)))
        self.assertIn("Architecture Odd is not supported", error)
        self.assertNotIn(".part", " ".join(self.left()))

    def test_tokenizers_that_split_otherwise_are_not_ours(self) -> None:
        self.llama()
        self.assertIsNone(gguf_file.foreign(self.merged))
        path = self.merged / "tokenizer.json"
        plain = json.loads(path.read_text())
        for change in ({"normalizer": {"type": "NFC"}}, {"pre_tokenizer": {"type": "Metaspace"}}, {"pre_tokenizer": {**plain["pre_tokenizer"], "add_prefix_space": True}}):
            path.write_text(json.dumps({**plain, **change}))
            self.assertIn("tokenizer", gguf_file.foreign(self.merged) or "")
        path.write_text(json.dumps(plain))
        config = json.loads((self.merged / "config.json").read_text())
        for change in ({"attention_bias": True}, {"rope_parameters": {"rope_type": "llama3", "rope_theta": 1e4}}, {"hidden_act": "gelu"}):
            (self.merged / "config.json").write_text(json.dumps({**config, **change}))
            self.assertIsNotNone(gguf_file.foreign(self.merged))

    def test_unknown_kinds_and_damaged_weights(self) -> None:
        self.llama()
        self.assertIn("there is no quantization Q9", self.refused(convert_to_gguf, config=self.config(quantize=["Q9"])))
        weights = self.merged / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-100])
        self.assertIn("cannot be read", self.refused(convert_to_gguf, config=self.config()))
        self.assertEqual(self.left(), [])

    def test_half_a_file_is_not_taken(self) -> None:
        self.llama()
        for more, said in (
            ("os.truncate(sys.argv[2], os.path.getsize(sys.argv[2]) // 2)", "F16.gguf"),
            ("os.truncate(sys.argv[2], os.path.getsize(sys.argv[2]) - 64)", "no whole GGUF file"),
            ("os.truncate(sys.argv[2], 3)", "no whole GGUF file"),
            ("os.remove(sys.argv[2])", "cannot be quantized as F16"),
            ("sys.exit(1)", "cannot be quantized as F16"),
        ):
            error = self.refused(convert_to_gguf, config=self.config(more))
            self.assertIn(said, error)
            self.assertEqual(self.left(), ["smart-secrets-scanner.F32.gguf"], more)

    def test_a_file_of_other_weights_is_not_taken(self) -> None:
        self.llama()
        other = {**METADATA, "version": "run-2"}
        text = QUANTIZER.format(python=sys.executable, workers=str(WORKERS), metadata=other, more="")
        error = self.refused(convert_to_gguf, config=self.config(quantizer=self.program(text, "other")))
        self.assertIn("does not have the general.version", error)

    def test_full_disk(self) -> None:
        """A limit on the size of files fails as a full disk does: a write comes back short."""
        self.llama()
        path = self.run_dir / "config.json"
        path.write_text(json.dumps(self.config()))
        command = [sys.executable, "-B", str(WORKERS / "convert_to_gguf.py"), "--run", str(self.run_dir), "--config", str(path)]
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # noqa: E731
        ended = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)
        self.assertEqual(ended.returncode, 2, ended.stderr)
        self.assertIn("is the disk full", ended.stderr)
        self.assertEqual(self.left(), [])

    def test_killed(self) -> None:
        self.llama()
        path = self.run_dir / "config.json"
        path.write_text(json.dumps(self.config("import signal; os.kill(os.getppid(), signal.SIGKILL)")))
        command = [sys.executable, "-B", str(WORKERS / "convert_to_gguf.py"), "--run", str(self.run_dir), "--config", str(path)]
        ended = subprocess.run(command, capture_output=True, check=False)
        self.assertEqual(ended.returncode, -signal.SIGKILL)
        self.assertNotIn("smart-secrets-scanner.F16.gguf", self.left())
        self.assertNotIn("files.json", self.left())
        self.ok(convert_to_gguf, config=self.config())
        self.assertEqual(len(self.left()), 3)


class Restore(Case):
    def finished(self) -> Path:
        """A model folder as sweep_thresholds leaves it, of a base with tied embeddings."""
        write_run(self.run_dir)
        self.ok(pretrain_base, config={"seed": 3, "threads": 1, "pretrain": {**PRETRAIN, "layers": 3}})
        shutil.copytree(self.run_dir / "base", self.run_dir / "merged")
        self.ok(export_onnx, config={"seed": 3, "threads": 1, "export": {"parity_prompts": 10}})
        folder = self.run_dir / "finished"
        shutil.copytree(self.run_dir / "merged", folder)
        (folder / "model.safetensors").unlink()
        shutil.copytree(self.run_dir / "onnx", folder / "onnx")
        return folder

    def test_gives_back_the_weights_but_for_eight_bits(self) -> None:
        folder = self.finished()
        before = dict(gguf_file.safetensors_of(self.run_dir / "merged"))
        shutil.rmtree(self.run_dir / "merged")
        self.ok(restore_weights, config={"model": str(folder)})
        after = dict(gguf_file.safetensors_of(self.run_dir / "merged"))
        self.assertEqual(before.keys(), after.keys())
        for name, value in before.items():
            self.assertEqual(value.shape, after[name].shape, name)
            self.assertLess(float(np.abs(value - after[name]).max()), 0.02 * float(np.abs(value).max()) + 1e-9, name)
        self.assertEqual((folder / "tokenizer.json").read_bytes(), (self.run_dir / "merged" / "tokenizer.json").read_bytes())
        self.assertIsNone(gguf_file.foreign(self.run_dir / "merged"))
        self.assertEqual(lm.check_base(self.run_dir / "merged")["model_type"], "llama")

    def test_refuses_what_is_no_such_model(self) -> None:
        folder = self.finished()
        shutil.rmtree(self.run_dir / "merged")
        network = folder / "onnx" / "model_quantized.onnx"
        whole = network.read_bytes()
        network.write_bytes(whole[: len(whole) // 2])
        self.assertIn("no ONNX file", self.refused(restore_weights, config={"model": str(folder)}))
        network.write_bytes(b"")
        self.assertIn("was not written by export_onnx", self.refused(restore_weights, config={"model": str(folder)}))
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, "model_type": "qwen2"}))
        self.assertIn("no Llama with tied embeddings", self.refused(restore_weights, config={"model": str(folder)}))
        self.assertFalse((self.run_dir / "merged").exists())


if __name__ == "__main__":
    unittest.main()
