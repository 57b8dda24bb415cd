"""Rebuilds plain weights from the int8 ONNX file of a finished model, for when the merged weights are not at hand.

Reads the model folder `model` (config.json, tokenizer files, onnx/model_quantized.onnx); writes RUN/merged/ as merge_adapter
does. The weights are those that the scanner computes with: what quantizing to int8 took away is not brought back. Does not
import torch: what comes out is held against the ONNX file when it has become a GGUF file.
"""
from __future__ import annotations

import common  # noqa: F401

import sys
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from common import Job, UserMistake, atomic_dir, log, need, read_json, run_worker

DEFAULTS: dict[str, Any] = {"model": ""}
NETWORK = Path("onnx") / "model_quantized.onnx"


class Weights:
    """The stored arrays of a graph that onnx_graph.py wrote, in floating point."""

    def __init__(self, path: Path) -> None:
        import onnx
        from onnx import numpy_helper

        try:
            graph = onnx.load(str(path)).graph
            self.arrays = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
        except Exception as error:  # protobuf and onnx raise what they like
            raise UserMistake(f"{path} is no ONNX file: {str(error).splitlines()[0]}", "copy the whole model folder again") from None
        self.path = path

    def get(self, name: str) -> np.ndarray:
        if name not in self.arrays:
            raise UserMistake(f"{self.path} has no {name}: it was not written by export_onnx", "take the merged weights of its run instead")
        return self.arrays[name]

    def product(self, name: str) -> np.ndarray:
        """Weights of a product as [outputs, inputs], the way a linear layer keeps them."""
        stored, zero = self.get(f"{name}_quantized"), self.get(f"{name}_zero_point")
        return ((stored.astype(np.float32) - zero.astype(np.float32)) * self.get(f"{name}_scale")).T

    def embedding(self) -> np.ndarray:
        stored = self.get("embedding").astype(np.float32)
        return stored * self.arrays["embedding_scale"] if "embedding_scale" in self.arrays else stored


def restored(weights: Weights, config: dict[str, Any]) -> dict[str, np.ndarray]:
    """All arrays of the Llama by the names of Hugging Face."""
    heads, kv_heads, layers = config["num_attention_heads"], config["num_key_value_heads"], config["num_hidden_layers"]
    size = config.get("head_dim") or config["hidden_size"] // heads
    wide, narrow, inner = heads * size, kv_heads * size, config["intermediate_size"]
    out = {"model.embed_tokens.weight": weights.embedding(), "model.norm.weight": weights.get("norm")}
    for i in range(layers):
        if i < layers - 1:
            q, k, v = np.split(weights.product(f"qkv_{i}"), [wide, wide + narrow])
        else:
            q, (k, v) = weights.product(f"q_{i}"), np.split(weights.product(f"kv_{i}"), [narrow])
        gate, up = np.split(weights.product(f"up_{i}"), [inner])
        layer = {
            "self_attn.q_proj": q * size**0.5,  # the graph has the scale of the attention in it
            "self_attn.k_proj": k, "self_attn.v_proj": v, "self_attn.o_proj": weights.product(f"o_{i}"),
            "mlp.gate_proj": gate, "mlp.up_proj": up, "mlp.down_proj": weights.product(f"down_{i}"),
            "input_layernorm": weights.get(f"norm1_{i}"), "post_attention_layernorm": weights.get(f"norm2_{i}"),
        }  # fmt: skip
        out.update({f"model.layers.{i}.{name}.weight": value for name, value in layer.items()})
    return out


def check_config(folder: Path) -> dict[str, Any]:
    config = read_json(need(folder / "config.json", "sweep_thresholds"), "the model's config")
    plain = config.get("model_type") == "llama" and config.get("tie_word_embeddings") and not config.get("attention_bias") and not config.get("mlp_bias")
    if not plain:
        raise UserMistake(
            f"the model in {folder} is no Llama with tied embeddings and without biases, and only such a one can be restored",
            "take the merged weights of its run: gguf.source: run",
        )
    return config


def work(job: Job) -> None:
    folder = Path(job.config["model"])
    config, network = check_config(folder), need(folder / NETWORK, "export_onnx")
    weights = restored(Weights(network), config)
    if job.dry_run:
        log(f"would restore {len(weights)} arrays from {network}")
        return
    with atomic_dir(job.run / "merged") as part:
        save_file({name: np.ascontiguousarray(value) for name, value in weights.items()}, str(part / "model.safetensors"), {"format": "pt"})
        for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
            (part / name).write_bytes((folder / name).read_bytes())


def main(argv: list[str] | None = None) -> int:
    return run_worker("restore_weights", section="restore_weights", defaults=DEFAULTS, work=work, doc=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
