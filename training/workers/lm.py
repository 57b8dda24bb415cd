"""What the language-model workers share: bases, tokenizers, verdict tokens, token lists, batches, checkpoints.

Prompts come ready-made from TypeScript (field `prompt` of a record); only what the gate says is put in here, as that is known
after the records were made.
"""
from __future__ import annotations

import common  # first: it sets how threads wait before torch is loaded

import math
import os
import pickle
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Sequence

import numpy as np
import torch
from safetensors import SafetensorError
from tokenizers import AddedToken, Tokenizer
from torch import nn

from common import VERDICTS, Job, UserMistake, atomic_file, log, need, read_json

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

MODEL_TYPES = ("llama", "qwen2", "qwen3")
MAX_TOKENS = 160
TAIL_TOKENS = 16


def fit_tokens(ids: Sequence[int], most: int = MAX_TOKENS) -> list[int]:
    """Cuts a prompt the way the scanner does (src/classify/prompt.ts, `fitTokens`): out of the middle of the value."""
    return list(ids) if len(ids) <= most else [*ids[: most - TAIL_TOKENS], *ids[-TAIL_TOKENS:]]


GATE_STEPS = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 85, 90, 93, 95, 97, 98, 99)
ASK = "verdict:"


def with_gate(prompt: str, probability: float) -> str:
    """A prompt with what the gate says of it, the same as `withGate` in src/classify/prompt.ts."""
    step = max(percent for percent in GATE_STEPS if percent == 0 or 100 * probability >= percent)
    return f"{prompt[: -len(ASK)]}gate: {step} %\n{ASK}"


def load_tokenizer(folder: Path) -> Tokenizer:
    """tokenizer.json of a base, without padding and truncation."""
    path = need(folder / "tokenizer.json", "pretrain_base")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the Rust side raises bare Exceptions
        raise UserMistake(f"{path} is no tokenizer: {error}", "give a base with a tokenizer.json of the tokenizers package") from None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def encode(tokenizer: Tokenizer, texts: Sequence[str], job: Job | None = None) -> list[list[int]]:
    """Token ids, special tokens as the tokenizer itself adds them."""
    out: list[list[int]] = []
    for start in range(0, len(texts), 4096):
        if job:
            job.stop.check()
        out += [item.ids for item in tokenizer.encode_batch_fast(list(texts[start : start + 4096]))]
    return out


def answer_of(label: str) -> str:
    """The same as `answerOf` in src/classify/prompt.ts."""
    return f" {label}"


def first_answer_tokens(tokenizer: Tokenizer) -> list[int]:
    """What each answer's first token behind `verdict:` is, in the order of VERDICTS; they may be equal."""
    start = tokenizer.encode("a\nverdict:").ids
    tokens = []
    for label in VERDICTS:
        ids = tokenizer.encode(f"a\nverdict:{answer_of(label)}").ids
        if ids[: len(start)] != start or len(ids) == len(start):
            raise UserMistake(
                "this base's tokenizer joins `verdict:` and the answer into one token",
                "choose a base whose tokenizer keeps the end of a prompt as it is, any byte-level BPE for one",
            )
        tokens.append(ids[len(start)])
    return tokens


def verdict_tokens(tokenizer: Tokenizer) -> list[int]:
    """The three verdict tokens; an error if two are the same."""
    tokens = first_answer_tokens(tokenizer)
    if len(set(tokens)) < len(tokens):
        raise UserMistake(
            "the answers secret, placeholder and harmless do not differ in their first token",
            "run pretrain_base, which adds one token for each, and use the base that it writes",
        )
    return tokens


def add_answers(tokenizer: Tokenizer) -> None:
    """One token for each answer, its blank included."""
    tokenizer.add_tokens([AddedToken(answer_of(label), normalized=False, special=False) for label in VERDICTS])


def check_base(folder: Path) -> dict[str, Any]:
    """config.json of a base that the workers can use."""
    config = read_json(folder / "config.json", "the base's config")
    kind = config.get("model_type") if isinstance(config, dict) else None
    if kind not in MODEL_TYPES:
        raise UserMistake(f"the base in {folder} is of type {kind}", f"use a causal language model of type {', '.join(MODEL_TYPES)}")
    if not any(folder.glob("*.safetensors")):
        raise UserMistake(f"there are no *.safetensors in {folder}", "convert the base to safetensors first")
    return config


def load_base(folder: Path, **options: Any) -> nn.Module:
    """A causal language model in float32 (unless `options` say otherwise) from a local folder; never from a hub."""
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    check_base(folder)
    options.setdefault("dtype", torch.float32)
    try:
        return AutoModelForCausalLM.from_pretrained(str(folder), local_files_only=True, **options)
    except (OSError, RuntimeError, ValueError, SafetensorError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserMistake(f"cannot load the base in {folder}: {reason}", "are all its files there and whole?") from None


def copy_tokenizer(source: Path, target: Path) -> None:
    """Every tokenizer file of a base, as it is."""
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja"):
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)


def save_model(model: nn.Module, target: Path) -> None:
    """config.json and model.safetensors; no settings for generating text."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    model.save_pretrained(str(target))
    (target / "generation_config.json").unlink(missing_ok=True)


def hidden_at(lm: nn.Module, ids: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
    """Hidden states (after the final norm) at position `last` of each row.

    Rows are padded at their ends: under a causal mask no real token sees the padding, so none has to be masked.
    """
    hidden = lm.model(input_ids=ids, use_cache=False).last_hidden_state
    return hidden[torch.arange(len(ids), device=ids.device), last]


class VerdictModel(nn.Module):
    """A causal language model that only computes the three verdict logits at the last token of each prompt."""

    def __init__(self, lm: nn.Module, tokens: Sequence[int]) -> None:
        super().__init__()
        self.lm = lm
        self.register_buffer("tokens", torch.tensor(list(tokens)), persistent=False)

    def forward(self, ids: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        inner = self.lm.get_base_model() if hasattr(self.lm, "get_base_model") else self.lm
        hidden = hidden_at(inner, ids, last)
        return torch.nn.functional.linear(hidden.float(), inner.get_output_embeddings().weight[self.tokens].float())


def pad(rows: Sequence[Sequence[int]], device: torch.device | str = "cpu") -> tuple[torch.Tensor, torch.Tensor]:
    """Rows as one tensor, zeros behind the shorter ones, and the position of each row's last token."""
    lengths = [len(row) for row in rows]
    ids = torch.zeros(len(rows), max(lengths), dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
    return ids.to(device), (torch.tensor(lengths) - 1).to(device)


def epoch_batches(lengths: Sequence[int], size: int, seed: int, epoch: int) -> list[list[int]]:
    """Shuffled batches of rows of similar length (so that little is padding), the same ones for the same arguments."""
    rng = np.random.default_rng([seed, epoch])
    order = rng.permutation(len(lengths))
    pool = size * 64
    batches: list[list[int]] = []
    for start in range(0, len(order), pool):
        part = sorted(order[start : start + pool].tolist(), key=lambda i: lengths[i])
        batches += [part[at : at + size] for at in range(0, len(part), size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def predict(model: nn.Module, rows: Sequence[Sequence[int]], *, job: Job, device: torch.device | str, size: int = 32, text: str) -> np.ndarray:
    """Logits [n, 3] of `rows`, in their order. Equal rows are computed once."""
    unique = sorted({tuple(row) for row in rows}, key=lambda row: (len(row), row))
    out: dict[tuple[int, ...], np.ndarray] = {}
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(unique), size):
            job.stop.check()
            part = unique[start : start + size]
            for row, logits in zip(part, model(*pad(part, device)).float().cpu().numpy()):
                out[row] = logits
            job.progress.update(min(start + size, len(unique)), len(unique), text, "prompts")
    return np.array([out[tuple(row)] for row in rows], dtype=np.float64).reshape(-1, len(VERDICTS))


def cosine(step: int, steps: int, *, peak: float, warmup: float = 0.05, floor: float = 0.1) -> float:
    """Learning rate at `step`: a linear rise over `warmup`, then half a cosine down to `floor` of the peak."""
    rise = max(1, round(steps * warmup))
    if step < rise:
        return peak * (step + 1) / rise
    along = (step - rise) / max(1, steps - rise)
    return peak * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * along)))


@dataclass
class Checkpoint:
    """One file that appears whole or not at all. `owner` says what run it belongs to."""

    path: Path
    owner: str

    def save(self, state: dict[str, Any]) -> None:
        with atomic_file(self.path) as part:
            torch.save({"owner": self.owner, **state}, part)

    def load(self) -> dict[str, Any] | None:
        """None when there is none, or none of this run: then the step starts from the beginning."""
        if not self.path.exists():
            return None
        try:
            state = torch.load(self.path, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, OSError, ValueError, pickle.UnpicklingError):
            log(f"{self.path} is damaged: starting from the beginning")
            return None
        if state.get("owner") != self.owner:
            log(f"{self.path} belongs to other data, config or code: starting from the beginning")
            return None
        return state

    def remove(self) -> None:
        shutil.rmtree(self.path.parent, ignore_errors=True)


def trainable_state(model: nn.Module) -> dict[str, torch.Tensor]:
    """Copies of the parameters that are being fitted, on the CPU."""
    return {name: p.detach().cpu().clone() for name, p in model.named_parameters() if p.requires_grad}


def restore(model: nn.Module, state: dict[str, torch.Tensor]) -> None:
    """Puts back what `trainable_state` took."""
    own = {name: p for name, p in model.named_parameters() if p.requires_grad}
    if own.keys() != state.keys():
        raise RuntimeError("the checkpoint's parameters are not those of the model")
    with torch.no_grad():
        for name, value in state.items():
            own[name].copy_(value)


def log_loss(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    """Weighted mean cross-entropy over the three verdicts, in nats."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    picked = shifted[np.arange(len(labels)), labels] - np.log(np.exp(shifted).sum(axis=1))
    return float(-(picked * weights).sum() / max(weights.sum(), 1e-12))


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def read_oof(path: Path) -> dict[str, float]:
    """Out-of-fold probability of the gate by record id."""
    out: dict[str, float] = {}
    for number, row in common.read_lines(path, "train_gate"):
        if not isinstance(row.get("id"), str) or not isinstance(row.get("probability"), (int, float)):
            raise UserMistake(f"{path}:{number}: no id and probability", "run train_gate again")
        out[row["id"]] = float(row["probability"])
    return out


def shuffled(rows: Sequence[Any], seed: int) -> Iterator[Any]:
    """`rows` in an order that only depends on their number and the seed."""
    for i in np.random.default_rng(seed).permutation(len(rows)):
        yield rows[i]
