"""Makes the base: a byte-level BPE tokenizer and a small Llama, pretrained on the prompts of the train records.

Reads RUN/data/train.jsonl; writes RUN/base/ (config.json, model.safetensors, tokenizer.json, tokenizer_config.json and
pretrain.json with what was measured). Every prompt is one row: no row sees another, and none is longer than `context`.
Half of the prompts have what the gate says in them (RUN/gate/oof.jsonl), as those of fine_tune do. A prompt is followed by its
verdict and the end token, so that the base knows answers; records of the fold that fine_tune holds out, and records that
a rule has settled, are read without their answer.

With RUN/base-source/ (made by the download step) nothing is trained: that base is copied, and only if its tokenizer
cannot tell the three answers apart by their first token, three tokens are added to it.

The budget is in optimizer steps, so that the result depends on no clock. Stopped or killed, it goes on from its last
checkpoint (RUN/pretrain/) and, on the CPU with the same number of threads, ends in the same weights.
"""
from __future__ import annotations

import common  # first: it sets how threads wait before torch is loaded

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

import lm
from common import (VERDICTS, Job, Stopped, UserMistake, atomic_dir, atomic_file, fingerprint, log, read_records,
                    run_worker, set_seeds)
from tracker import Tracker

DEFAULTS: dict[str, Any] = {
    "seed": 1, "threads": 2, "held_fold": 0,
    "layers": 4, "hidden": 256, "ffn": 768, "heads": 4, "kv_heads": 2, "vocab": 4096, "context": 192,
    "batch": 16, "steps": 2000, "learning_rate": 2e-3, "weight_decay": 0.05,
    "answer_weight": 4.0, "tokenizer_records": 40000, "checkpoint_every": 100,
}  # fmt: skip
SPECIAL = ("<pad>", "<s>", "</s>")
TOKENIZER_CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512, "clean_up_tokenization_spaces": False,
    "add_bos_token": False, "add_eos_token": False,
    "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>",
}  # fmt: skip


def work(job: Job) -> None:
    source = job.run / "base-source"
    if (source / "config.json").exists():
        copy_base(job, source)
        return
    check_shape(job.config)
    records = common.need(job.run / "data" / "train.jsonl", "fuse_datasets")
    if job.dry_run:
        next(read_records(records, ("label", "prompt")))
        log(f"would train a tokenizer of {job.config['vocab']} tokens and {job.config['steps']} steps on {records}")
        return
    pretrain(job, records)


def check_shape(config: dict[str, Any]) -> None:
    hidden, heads, kv = config["hidden"], config["heads"], config["kv_heads"]
    if hidden % heads or heads % kv or (hidden // heads) % 2:
        raise UserMistake(
            f"hidden {hidden}, heads {heads} and kv_heads {kv} do not fit",
            "hidden must be a multiple of heads (an even quotient), heads a multiple of kv_heads",
        )
    for key in ("layers", "ffn", "batch", "steps", "context", "vocab"):
        if config[key] < 1:
            raise UserMistake(f"{key} is {config[key]}", "it must be at least 1")
    if config["vocab"] < 256 + len(SPECIAL) + len(VERDICTS):
        raise UserMistake(f"vocab {config['vocab']} is too small", "256 bytes, 3 special tokens and 3 answers must fit into it")


def copy_base(job: Job, source: Path) -> None:
    """Takes a base as it is; weights are hard-linked where the file system can."""
    lm.check_base(source)
    tokens = lm.first_answer_tokens(lm.load_tokenizer(source))
    distinct = len(set(tokens)) == len(tokens)
    log(f"base from {source.name}: answers begin with tokens {tokens}" + ("" if distinct else ", so three tokens are added"))
    if job.dry_run:
        return
    with atomic_dir(job.run / "base") as part:
        lm.copy_tokenizer(source, part)
        if distinct:
            for path in [*sorted(source.glob("*.json")), *sorted(source.glob("*.safetensors"))]:
                if path.is_file() and not (part / path.name).exists():
                    link_or_copy(path, part / path.name)
        else:
            extend(source, part)
        (part / "pretrain.json").write_text(json.dumps({"source": "base", "added_tokens": 0 if distinct else 3}) + "\n")


def link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)


def extend(source: Path, target: Path) -> None:
    """Adds a token for each answer; its embedding begins as the mean of the tokens that spelled it before."""
    tokenizer = lm.load_tokenizer(source)
    spelled = [tokenizer.encode(lm.answer_of(label), add_special_tokens=False).ids for label in VERDICTS]
    lm.add_answers(tokenizer)
    tokenizer.save(str(target / "tokenizer.json"))
    model = lm.load_base(source)
    rows = max(model.get_input_embeddings().weight.shape[0], tokenizer.get_vocab_size())
    model.resize_token_embeddings(rows, mean_resizing=False)
    with torch.no_grad():
        for layer in {id(e.weight): e for e in (model.get_input_embeddings(), model.get_output_embeddings())}.values():
            means = [layer.weight[ids].mean(dim=0) for ids in spelled]
            for token, mean in zip(lm.verdict_tokens(tokenizer), means):
                layer.weight[token] = mean
    lm.save_model(model, target)


def train_tokenizer(texts: list[str], vocab: int) -> Any:
    """Plain byte-level BPE (GPT-2's pre-tokenizer, no normalizer): loads the same in Python, JavaScript and as GGUF."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab - len(VERDICTS), special_tokens=list(SPECIAL), min_frequency=2, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )  # fmt: skip
    tokenizer.train_from_iterator(texts, trainer)
    lm.add_answers(tokenizer)
    return tokenizer


def read_rows(job: Job, path: Path) -> list[dict[str, Any]]:
    """One row a (prompt, answer) pair: the same prompt twice teaches nothing new. `answer` is None where it must not show."""
    oof = lm.read_oof(job.run / "gate" / "oof.jsonl")
    rows: dict[tuple[str, str | None], dict[str, Any]] = {}
    for record in read_records(path, ("id", "fold", "label", "settled", "prompt", "text")):
        job.stop.check()
        hidden = record["fold"] == job.config["held_fold"] or record["settled"] is not None
        answer = None if hidden else record["label"]
        prompt, probability = record["prompt"], oof.get(record["id"])
        if probability is not None and int(record["id"], 16) % 2:
            prompt = lm.with_gate(prompt, probability)
        rows.setdefault((prompt, answer), {**record, "prompt": prompt, "answer": answer})
    return list(rows.values())


def tokenizer_for(job: Job, rows: list[dict[str, Any]], folder: Path) -> Any:
    """Trained once for a run: a resumed one reads it back, so that ids cannot change in between."""
    path = folder / "tokenizer.json"
    if not path.exists():
        some = list(lm.shuffled(rows, job.config["seed"]))[: job.config["tokenizer_records"]]
        texts = [text.encode("utf-8", "replace").decode() for row in some for text in (row["prompt"], row["text"])]
        tokenizer = train_tokenizer(texts, job.config["vocab"])
        with atomic_file(path) as part:
            tokenizer.save(str(part))
    return lm.load_tokenizer(folder)


def new_model(config: dict[str, Any], tokenizer: Any) -> torch.nn.Module:
    from transformers import LlamaConfig, LlamaForCausalLM

    pad, bos, eos = (tokenizer.token_to_id(token) for token in SPECIAL)
    return LlamaForCausalLM(LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=config["hidden"], intermediate_size=config["ffn"],
        num_hidden_layers=config["layers"], num_attention_heads=config["heads"], num_key_value_heads=config["kv_heads"],
        max_position_embeddings=512, rms_norm_eps=1e-5, tie_word_embeddings=True, use_cache=False,
        pad_token_id=pad, bos_token_id=bos, eos_token_id=eos, attn_implementation="sdpa",
    ))  # fmt: skip


def encode_rows(job: Job, rows: list[dict[str, Any]], tokenizer: Any) -> tuple[list[list[int]], list[int]]:
    """Token ids of each row with answer and end token, and where the answer is (0: there is none)."""
    answers = dict(zip(VERDICTS, lm.verdict_tokens(tokenizer)))
    most = min(job.config["context"] - 2, lm.MAX_TOKENS)
    ids, places = [], []
    for row, tokens in zip(rows, lm.encode(tokenizer, [row["prompt"] for row in rows], job)):
        tokens = lm.fit_tokens(tokens, most)
        places.append(len(tokens) if row["answer"] else 0)
        ids.append([*tokens, answers[row["answer"]], tokenizer.token_to_id("</s>")] if row["answer"] else tokens)
    return ids, places


def step_loss(model: torch.nn.Module, rows: list[list[int]], places: list[int], answer_weight: float, device: Any) -> torch.Tensor:
    """Mean next-token loss over real tokens; the answer counts `answer_weight` times."""
    ids, last = lm.pad(rows, device)
    columns = torch.arange(ids.shape[1] - 1, device=device)
    weights = (columns[None] < last[:, None]).float()
    where = torch.tensor(places, device=device)
    weights[(columns[None] == where[:, None] - 1) & (where[:, None] > 0)] = answer_weight
    hidden = model.model(input_ids=ids[:, :-1], use_cache=False).last_hidden_state
    real = weights > 0
    logits = model.lm_head(hidden[real]).float()
    losses = torch.nn.functional.cross_entropy(logits, ids[:, 1:][real], reduction="none")
    return (losses * weights[real]).sum() / weights[real].sum()


def pretrain(job: Job, records: Path) -> None:
    config = job.config
    set_seeds(config["seed"], config["threads"])
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    owner = fingerprint(config, [records], f"{torch.__version__} {device.type}")
    folder = job.run / "pretrain"
    checkpoint = lm.Checkpoint(folder / "checkpoint.pt", owner)
    if (folder / "owner").exists() and (folder / "owner").read_text() != owner:
        checkpoint.remove()
    with atomic_file(folder / "owner") as part:
        part.write_text(owner)
    job.progress.update(0, config["steps"], "reading records")
    rows = read_rows(job, records)
    tokenizer = tokenizer_for(job, rows, folder)
    ids, places = encode_rows(job, rows, tokenizer)
    torch.manual_seed(config["seed"])
    model = new_model(config, tokenizer).to(device)
    fit(job, model, ids, places, checkpoint=checkpoint, device=device)
    measured = measure(job, model, rows, ids, tokenizer, device)
    log(f"pretrain_base: {json.dumps(measured)}")
    with atomic_dir(job.run / "base") as part:
        lm.save_model(model.cpu(), part)
        shutil.copyfile(folder / "tokenizer.json", part / "tokenizer.json")
        (part / "tokenizer_config.json").write_text(json.dumps(TOKENIZER_CONFIG, indent=2) + "\n")
        (part / "pretrain.json").write_text(json.dumps({"source": "pretrained", **measured}, indent=2) + "\n")
    checkpoint.remove()


def fit(job: Job, model: torch.nn.Module, ids: list[list[int]], places: list[int], *, checkpoint: lm.Checkpoint, device: Any) -> None:
    """AdamW on a cosine schedule. Everything but weights and optimizer follows from the number of the step."""
    config = job.config
    steps, size = config["steps"], config["batch"]
    lengths = [len(row) for row in ids]
    decay = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decay, "weight_decay": config["weight_decay"]}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=config["learning_rate"], betas=(0.9, 0.95), fused=True)
    state = checkpoint.load()
    start = 0
    if state:
        lm.restore(model, state["model"])
        optimizer.load_state_dict(state["optimizer"])
        start = state["step"]
        log(f"pretrain_base: going on from step {start}")
    tracker = Tracker(job, start)
    model.train()
    per_epoch = -(-len(ids) // size)
    epoch, batches = -1, []
    for step in range(start, steps):
        if step // per_epoch != epoch:
            epoch = step // per_epoch
            batches = lm.epoch_batches(lengths, size, config["seed"], epoch)
        batch = batches[step % per_epoch]
        for group in optimizer.param_groups:
            group["lr"] = lm.cosine(step, steps, peak=config["learning_rate"])
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=device.type == "cuda"):
            loss = step_loss(model, [ids[i] for i in batch], [places[i] for i in batch], config["answer_weight"], device)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        done = step + 1
        job.progress.update(done, steps, f"loss {loss.item():.3f}")
        if done % 10 == 0:
            tracker.scalars(done, {"loss": loss.item(), "learning_rate": optimizer.param_groups[0]["lr"]})
        if job.stop.raised or (done % config["checkpoint_every"] == 0 and done < steps):
            checkpoint.save({"step": done, "model": lm.trainable_state(model), "optimizer": optimizer.state_dict()})
        if job.stop.raised:
            tracker.close()
            raise Stopped()
    tracker.close()


def measure(job: Job, model: torch.nn.Module, rows: list[dict[str, Any]], ids: list[list[int]], tokenizer: Any, device: Any) -> dict[str, Any]:
    """What the base knows of the fold that it saw no answer of, on at most 2,000 prompts that no rule settled."""
    held = [i for i, row in enumerate(rows) if row["fold"] == job.config["held_fold"] and row["settled"] is None]
    some = sorted(list(lm.shuffled(held, job.config["seed"]))[:2000])
    out: dict[str, Any] = {
        "rows": len(rows), "tokens": sum(map(len, ids)), "steps": job.config["steps"],
        "vocabulary": tokenizer.get_vocab_size(), "parameters": sum(p.numel() for p in model.parameters()),
    }  # fmt: skip
    if not some:
        return out
    judge = lm.VerdictModel(model, lm.verdict_tokens(tokenizer)).to(device)
    logits = lm.predict(judge, [ids[i] for i in some], job=job, device=device, text="held-out prompts")
    labels = np.array([VERDICTS.index(rows[i]["label"]) for i in some])
    out["held"] = {
        "prompts": len(some),
        "log_loss": round(lm.log_loss(logits, labels, np.ones(len(some))), 4),
        "accuracy": round(float((logits.argmax(axis=1) == labels).mean()), 4),
    }
    return out


def main(argv: list[str] | None = None) -> int:
    return run_worker("pretrain_base", section="pretrain", defaults=DEFAULTS, work=work, doc=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
