"""Writes the merged model as the int8 ONNX file that the scanner runs, and shows how far it is from the model.

Reads RUN/merged/ and RUN/data/train.jsonl (prompts to compare on, nothing is fitted); writes
RUN/onnx/model_quantized.onnx, RUN/onnx/parity.jsonl (a few prompts: token ids, logits of torch in float32 and of onnxruntime)
and RUN/onnx/parity.json (the summary over `parity_prompts`, and the verdict tokens). An error if the file is larger
than `max_mb`. `weights`: int7 and uint8 give the same sums on every x86 processor, int8 saturates on those without VNNI; uint8
is half as fast again.
"""
from __future__ import annotations

import common  # noqa: F401  first: it sets how threads wait before torch is loaded

import sys
from typing import Any

import numpy as np
import torch

import lm
import onnx_graph
from common import Job, log, need, read_records, run_worker, set_seeds, write_json, write_lines

DEFAULTS: dict[str, Any] = {
    "seed": 1, "threads": 2, "max_mb": 12.0, "parity_prompts": 200, "parity_kept": 20, "small_embedding": True, "weights": "int7",
}  # fmt: skip


def sample_prompts(job: Job, count: int) -> list[dict[str, Any]]:
    """Records that no rule settled, the same ones for the same file and seed; half of them secrets if there are as many."""
    oof = lm.read_oof(job.run / "gate" / "oof.jsonl")
    seen: dict[str, dict[str, Any]] = {}
    for record in read_records(job.run / "data" / "train.jsonl", ("id", "label", "settled", "prompt")):
        if record["settled"] is None and record["id"] in oof:
            prompt = lm.with_gate(record["prompt"], oof[record["id"]])
            seen.setdefault(prompt, {**record, "prompt": prompt})
    mixed = list(lm.shuffled(list(seen.values()), job.config["seed"]))
    secrets = [row for row in mixed if row["label"] == "secret"][: count // 2]
    return [*secrets, *[row for row in mixed if row["label"] != "secret"][: count - len(secrets)]]


def probe_rows(size: int, seed: int) -> list[list[int]]:
    """Random token ids of every length from 1 to the longest prompt, thinned out."""
    rng = np.random.default_rng(seed)
    return [rng.integers(0, size, size=length).tolist() for length in (1, 2, 3, 17, 64, 100, lm.MAX_TOKENS)]


def work(job: Job) -> None:
    folder = need(job.run / "merged", "merge_adapter")
    lm.check_base(folder)
    tokenizer = lm.load_tokenizer(folder)
    tokens = lm.verdict_tokens(tokenizer)
    prompts = sample_prompts(job, job.config["parity_prompts"])
    if job.dry_run:
        log(f"would export {folder.name} and compare it on {len(prompts)} prompts")
        return
    set_seeds(job.config["seed"], job.config["threads"])
    model = lm.load_base(folder).eval()
    whole = lm.VerdictModel(model, tokens).eval()
    head = model.get_output_embeddings().weight[tokens]
    rows = probe_rows(tokenizer.get_vocab_size(), job.config["seed"])
    graph_difference = onnx_graph.check_graph(onnx_graph.VerdictGraph(model, head, small_embedding=False), whole, rows)
    graph = onnx_graph.VerdictGraph(model, head, small_embedding=job.config["small_embedding"])
    target = job.run / "onnx" / "model_quantized.onnx"
    onnx_graph.export(graph, target, max_mb=job.config["max_mb"], weights=job.config["weights"])
    ids = [lm.fit_tokens(row) for row in lm.encode(tokenizer, [row["prompt"] for row in prompts], job)]
    summary, exact, small = onnx_graph.parity(job, target, whole, ids)
    write_json(job.run / "onnx" / "parity.json", {
        **summary, "graphDifference": float(f"{graph_difference:.2g}"), "verdictTokens": tokens, "maxTokens": lm.MAX_TOKENS,
    })  # fmt: skip
    write_lines(job.run / "onnx" / "parity.jsonl", (
        {"id": row["id"], "prompt": row["prompt"], "inputIds": ids[i], "torch": exact[i].tolist(), "onnx": small[i].tolist()}
        for i, row in enumerate(prompts[:: max(1, len(prompts) // job.config["parity_kept"])][: job.config["parity_kept"]])
        for i in [prompts.index(row)]
    ))  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    return run_worker("export_onnx", section="export", defaults=DEFAULTS, work=work, doc=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
