"""What a model folder says of candidates, in Python: `python model_answers.py MODEL_DIR CASES.jsonl`.

A case has `id`, `prompt`, `x` and `ngrams`, as records do. Writes one line each: token ids of the prompt (Hugging Face
tokenizers), logits (onnxruntime; both null for a model that is a gate alone) and the answers of the gate (plain Python).
"""
from __future__ import annotations

import json
import sys
from pathlib import Path

from evaluate_gate import answers

import lm
import onnx_graph


def main() -> int:
    folder = Path(sys.argv[1])
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    gate = json.loads((folder / "gate.json").read_text(encoding="utf-8"))
    cases = [json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()]
    has_model = card["languageModel"] is not None
    if has_model:
        tokenizer = lm.load_tokenizer(folder)
        runtime = onnx_graph.Runtime(folder / "onnx" / "model_quantized.onnx")
    for case, answer in zip(cases, answers(gate, cases)):
        tokens = lm.fit_tokens(tokenizer.encode(case["prompt"]).ids) if has_model else None
        logits = [round(float(one), 6) for one in runtime.logits(tokens)] if has_model else None
        gated = {"gate": round(answer["logit"], 6), "placeholder": round(answer["placeholder"], 6)}
        print(json.dumps({"id": case["id"], "tokens": tokens, "logits": logits, **gated}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
