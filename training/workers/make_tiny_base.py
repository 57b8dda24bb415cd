"""Makes a randomly initialised tiny base (Llama, Qwen2 or Qwen3) as a Hugging Face folder, to try the pipeline with.

It knows nothing: it stands for a base that somebody else made, with a tokenizer of its own. `--clash` gives a tokenizer
that splits off the blank, so that the three answers begin with the same token.
"""
from __future__ import annotations

import common  # noqa: F401  first: it sets how threads wait before torch is loaded

import argparse
import json
import sys
from pathlib import Path

import torch

import lm


TEXT = """path: src/app/settings.py (code test)
rule: generic, assignment, string, quoted, bare, rare, random
name: password api_key token secret public private harmless placeholder
shape: hex base64 words lower upper digits symbols entropy high
line: the value of a key is a secret or a placeholder or harmless
value: example value
verdict: secret
verdict: placeholder
verdict: harmless
"""


def tiny_tokenizer(clash: bool) -> object:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    text = TEXT.replace(" ", "\n") if clash else TEXT
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=["<|endoftext|>"], show_progress=False, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())
    )
    tokenizer.train_from_iterator([text] * 4, trainer)
    return tokenizer


def make(out: Path, *, arch: str, seed: int = 1, hidden: int = 32, layers: int = 2, clash: bool = False) -> None:
    """Writes config.json, model.safetensors, tokenizer.json and tokenizer_config.json to `out`."""
    import transformers

    tokenizer = tiny_tokenizer(clash)
    shape = dict(
        vocab_size=tokenizer.get_vocab_size() + 4, hidden_size=hidden, intermediate_size=2 * hidden, num_hidden_layers=layers,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512, bos_token_id=0, eos_token_id=0,
        initializer_range=0.2,
    )  # fmt: skip
    torch.manual_seed(seed)
    if arch == "llama":
        model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**shape, tie_word_embeddings=False))
    elif arch == "qwen2":
        model = transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**shape, tie_word_embeddings=True))
    else:
        # Its heads are wider than hidden / heads, as in the published small ones.
        model = transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**shape, head_dim=16, tie_word_embeddings=True))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 1:  # norms and biases: a graph that forgets one must show it
                parameter.add_(0.1 * torch.randn_like(parameter))
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(out))
    tokenizer.save(str(out / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|endoftext|>", "model_max_length": 512}
    (out / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, type=Path, help="folder to write")
    parser.add_argument("--arch", choices=lm.MODEL_TYPES, default="llama")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--clash", action="store_true", help="the answers begin with the same token")
    args = parser.parse_args(argv)
    make(args.out, arch=args.arch, seed=args.seed, hidden=args.hidden, layers=args.layers, clash=args.clash)
    return 0


if __name__ == "__main__":
    sys.exit(main())
