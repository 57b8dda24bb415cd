"""A Llama, Qwen2 or Qwen3 as the scanner's ONNX file: `input_ids` int64 [1, T] → `logits` float32 [1, 3].

The forward pass is written out here, in plain tensor operations, instead of traced from the library's: the batch is
always one, the last layer and the head are computed for the last position only (a fifth of the work less), query, key and
value share one product, and the embedding is stored in 8 bits. `check_graph` holds it against the library's own model.
"""
from __future__ import annotations

import common  # noqa: F401  first: it sets how threads wait before torch is loaded

import tempfile
from pathlib import Path
from typing import Any, Sequence

import numpy as np
import torch
from torch import nn

import lm
from common import Job, UserMistake, atomic_file, log


class VerdictGraph(nn.Module):
    """Weights of a causal language model laid out for one prompt at a time, and a head of three rows."""

    def __init__(self, model: nn.Module, head: torch.Tensor, bias: torch.Tensor | None = None, *, small_embedding: bool = True) -> None:
        super().__init__()
        config = model.config
        if getattr(config, "hidden_act", "silu") != "silu":
            raise UserMistake(f"this base's activation is {config.hidden_act}", "only silu is known, as all published Llama and Qwen bases have it")
        inner = model.model
        self.heads, self.kv_heads = config.num_attention_heads, config.num_key_value_heads
        self.size = getattr(config, "head_dim", None) or config.hidden_size // self.heads
        self.eps = config.rms_norm_eps
        self.rope_scale = float(getattr(inner.rotary_emb, "attention_scaling", 1.0))
        self.layers = len(inner.layers)
        self.put("inv_freq", inner.rotary_emb.inv_freq.float())
        self.store_embedding(inner.embed_tokens.weight, small_embedding)
        for i, layer in enumerate(inner.layers):
            attention, mlp = layer.self_attn, layer.mlp
            self.put(f"norm1_{i}", layer.input_layernorm.weight)
            self.put(f"norm2_{i}", layer.post_attention_layernorm.weight)
            self.put_linear(f"q_{i}", [attention.q_proj])
            self.put_linear(f"kv_{i}", [attention.k_proj, attention.v_proj])
            self.put_linear(f"qkv_{i}", [attention.q_proj, attention.k_proj, attention.v_proj])
            self.put_linear(f"o_{i}", [attention.o_proj])
            self.put_linear(f"up_{i}", [mlp.gate_proj, mlp.up_proj])
            self.put_linear(f"down_{i}", [mlp.down_proj])
            self.put_scale(i, attention)
        self.put("norm", inner.norm.weight)
        self.put("head", head.float())
        self.put("head_bias", torch.zeros(len(head)) if bias is None else bias.float())

    def put(self, name: str, value: torch.Tensor | None) -> None:
        # Persistent, or the exporter writes constants, which the quantizer does not look at.
        self.register_buffer(name, None if value is None else value.detach().clone())

    def put_linear(self, name: str, parts: Sequence[nn.Linear]) -> None:
        """Several linear layers of one input as one product, stored the way MatMul wants it."""
        self.put(name, torch.cat([part.weight for part in parts]).t().contiguous())
        biased = any(part.bias is not None for part in parts)
        self.put(
            f"{name}_bias",
            torch.cat([torch.zeros(part.out_features) if part.bias is None else part.bias for part in parts]) if biased else None,
        )

    def put_scale(self, i: int, attention: nn.Module) -> None:
        """The attention's scale goes into what queries are multiplied with anyway: their norm if there is one, or weights."""
        scale, wide = self.size**-0.5, self.heads * self.size
        normed = getattr(attention, "q_norm", None) is not None
        rows = [attention.q_norm.weight * scale] * self.heads + [attention.k_norm.weight] * self.kv_heads if normed else None
        self.put(f"qk_norm_{i}", torch.stack(rows) if rows else None)
        for name in () if normed else (f"q_{i}", f"qkv_{i}", f"q_{i}_bias", f"qkv_{i}_bias"):
            if getattr(self, name) is not None:
                getattr(self, name)[..., :wide] *= scale

    def store_embedding(self, weight: torch.Tensor, small: bool) -> None:
        """In 8 bits with a scale for each token, or as it is."""
        scale = weight.detach().abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
        self.put("embedding", torch.round(weight.detach() / scale).to(torch.int8) if small else weight)
        self.put("embedding_scale", scale if small else None)

    def linear(self, name: str, x: torch.Tensor) -> torch.Tensor:
        out = x @ getattr(self, name)
        bias = getattr(self, f"{name}_bias")
        return out if bias is None else out + bias

    def rms(self, x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return x / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * weight

    def turn(self, i: int, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, first: int, last: int) -> torch.Tensor:
        """Norm (where the architecture has one) and rotary position of heads `first` to `last`: queries first, then keys."""
        x = x.reshape(-1, last - first, self.size)
        norm = getattr(self, f"qk_norm_{i}")
        if norm is not None:
            x = self.rms(x, norm[first:last])
        half = self.size // 2
        return x * cos + torch.cat([x[..., half:], x[..., :half]], dim=-1) * sin

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        ids = input_ids[0]
        x = torch.nn.functional.embedding(ids, self.embedding) if self.embedding_scale is None else self.embedding[ids].float() * self.embedding_scale[ids]
        position = torch.ones_like(ids).cumsum(0) - 1
        angle = position.float()[:, None] * self.inv_freq[None, :]
        cos, sin = torch.cos(angle) * self.rope_scale, torch.sin(angle) * self.rope_scale
        cos, sin = torch.cat([cos, cos], dim=-1)[:, None], torch.cat([-sin, sin], dim=-1)[:, None]
        later = position[None, :] > position[:, None]
        for i in range(self.layers):
            x = self.layer(i, x, cos, sin, later)
        return torch.nn.functional.linear(self.rms(x, self.norm), self.head, self.head_bias)

    def layer(self, i: int, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, later: torch.Tensor) -> torch.Tensor:
        """One decoder layer; the last one answers for the last position only, which sees all the others."""
        final = i == self.layers - 1
        wide, narrow, both = self.heads * self.size, self.kv_heads * self.size, self.heads + self.kv_heads
        h = self.rms(x, getattr(self, f"norm1_{i}"))
        if final:
            x = x[-1:]
            k, v = self.linear(f"kv_{i}", h).split([narrow, narrow], dim=-1)
            q = self.turn(i, self.linear(f"q_{i}", h[-1:]), cos[-1:], sin[-1:], 0, self.heads)
            k = self.turn(i, k, cos, sin, self.heads, both)
        else:
            qk, v = self.linear(f"qkv_{i}", h).split([wide + narrow, narrow], dim=-1)
            q, k = self.turn(i, qk, cos, sin, 0, both).split([self.heads, self.kv_heads], dim=1)
        v = v.reshape(-1, self.kv_heads, self.size)
        # [kv heads, query heads of each, positions, size]: the query heads of a group share keys and values.
        q = q.reshape(-1, self.kv_heads, self.heads // self.kv_heads, self.size).permute(1, 2, 0, 3)
        scores = q @ k.permute(1, 2, 0)[:, None]
        if not final:
            scores = scores.masked_fill(later, -1e9)
        mixed = torch.softmax(scores, dim=-1) @ v.permute(1, 0, 2)[:, None]
        x = x + self.linear(f"o_{i}", mixed.permute(2, 0, 1, 3).reshape(-1, wide))
        gate, up = self.linear(f"up_{i}", self.rms(x, getattr(self, f"norm2_{i}"))).chunk(2, dim=-1)
        return x + self.linear(f"down_{i}", torch.nn.functional.silu(gate) * up)


def check_graph(graph: nn.Module, whole: nn.Module, rows: Sequence[Sequence[int]], tolerance: float = 1e-3) -> float:
    """Largest difference of a logit between the graph (its embedding in full precision) and the library's model."""
    worst = 0.0
    with torch.inference_mode():
        for row in rows:
            ids, last = lm.pad([row])
            worst = max(worst, float((graph(ids) - whole(ids, last)).abs().max()))
    if not worst <= tolerance:
        raise RuntimeError(f"the graph differs from the model by {worst:.2e} in a logit: this kind of base is not computed rightly")
    return worst


def export(graph: nn.Module, target: Path, *, max_mb: float, weights: str = "int7") -> int:
    """Writes the int8 file; returns its size in bytes. Only products with weights are quantized, one scale a column."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    if weights not in ("int7", "int8", "uint8"):
        raise UserMistake(f"weights is {weights}", "it is int7, int8 or uint8")
    limit = int(max_mb * 1e6)
    expected = sum(b.numel() * (b.element_size() if b.dtype == torch.int8 or b.dim() < 2 else 1) for b in graph.buffers())
    if expected > 2 * limit:
        raise too_big(expected, max_mb)
    graph = graph.eval()
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        with torch.no_grad():
            torch.onnx.export(
                graph, (torch.arange(5)[None],), str(plain), dynamo=False, opset_version=17, do_constant_folding=True,
                input_names=["input_ids"], output_names=["logits"], dynamic_axes={"input_ids": {1: "tokens"}},
            )  # fmt: skip
        small = Path(folder) / "small.onnx"
        quantize_dynamic(
            str(plain), str(small), op_types_to_quantize=["MatMul"], per_channel=True,
            weight_type=QuantType.QUInt8 if weights == "uint8" else QuantType.QInt8, reduce_range=weights == "int7",
        )  # fmt: skip
        data = small.read_bytes()
    if len(data) > limit:
        raise too_big(len(data), max_mb)
    with atomic_file(target) as part:
        part.write_bytes(data)
    return len(data)


def too_big(size: int, max_mb: float) -> UserMistake:
    return UserMistake(
        f"the ONNX file would have about {size / 1e6:.1f} MB, the limit is {max_mb:g} MB",
        "take a smaller base (layers, hidden, vocab), or raise export.max_mb if it is not to be shipped",
    )


class Runtime:
    """onnxruntime on one CPU thread, one prompt at a time: what the scanner does."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def logits(self, row: Sequence[int]) -> np.ndarray:
        return self.session.run(["logits"], {"input_ids": np.array([row], dtype=np.int64)})[0][0]


def parity(job: Job, path: Path, whole: nn.Module, rows: Sequence[Sequence[int]]) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    """The int8 file beside the model in float32: summary, logits of torch, logits of onnxruntime."""
    import time

    runtime = Runtime(path)
    exact, small = [], []
    spent = 0.0
    with torch.inference_mode():
        for done, row in enumerate(rows, 1):
            job.stop.check()
            exact.append(whole(*lm.pad([row]))[0].numpy())
            started = time.process_time()
            small.append(runtime.logits(row))
            spent += time.process_time() - started
            job.progress.update(done, len(rows), "comparing", "prompts")
    torch_logits, onnx_logits = np.array(exact, dtype=np.float64), np.array(small, dtype=np.float64)
    p, q = lm.softmax(torch_logits), lm.softmax(onnx_logits)
    summary = {
        "prompts": len(rows),
        "tokens": round(float(np.mean([len(row) for row in rows])), 1),
        "maxProbabilityDifference": round(float(np.abs(p - q).max()), 5),
        "meanProbabilityDifference": round(float(np.abs(p - q).mean()), 5),
        "agreement": round(float((p.argmax(1) == q.argmax(1)).mean()), 4),
        "cpuMs": round(1000 * spent / len(rows), 2),
        "bytes": path.stat().st_size,
    }
    log(f"parity: {summary}")
    return summary, torch_logits, onnx_logits
