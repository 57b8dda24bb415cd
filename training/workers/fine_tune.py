"""Fits the base to the verdicts: LoRA, on what the gate finds hard, and only the three verdict logits count.

Reads RUN/data/train.jsonl, RUN/gate/oof.jsonl and RUN/base/; writes RUN/phase1/model_best/ (a PEFT adapter),
RUN/phase1/held.jsonl (logits of the held-out fold's records in the band, and of a sample outside of it) and
RUN/phase1/fine_tune.json (what was measured). Fitted are records whose out-of-fold gate probability lies in
[hard_low, hard_high] and a share of the others, each with that probability in its prompt; never records that a rule has settled, never the held-out fold.
The epoch with the lowest log loss on the held-out fold's band is kept.

On CUDA with bitsandbytes a big base is loaded in 4 bits (`qlora`: auto, on or off). Several GPUs:
`torchrun --nproc_per_node N -- training/workers/fine_tune.py --run RUN --config FILE` (without `--` torchrun takes `--run` for
its own); `batch_size` is that of all of them together, so the same config gives the same steps. Stopped or killed, it goes on from RUN/phase1/checkpoint/ and, on the CPU
with the same number of threads, ends in the same adapter. It does not touch the base and does not merge.
"""
from __future__ import annotations

import common  # noqa: F401  first: it sets how threads wait before torch is loaded

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

import lm
from common import (VERDICTS, Job, Stopped, UserMistake, atomic_dir, fingerprint, log, need, read_records,
                    run_worker, set_seeds, write_json, write_lines)
from tracker import Tracker

DEFAULTS: dict[str, Any] = {
    "seed": 1, "threads": 2, "held_fold": 0,
    "epochs": 3, "batch_size": 32, "learning_rate": 1e-3, "weight_decay": 0.01, "lora_rank": 32, "lora_alpha": 64.0,
    "lora_dropout": 0.0, "hard_low": 0.02, "hard_high": 0.98, "easy_share": 0.1, "max_examples": 60000,
    "held_outside": 1000, "checkpoint_every": 50, "qlora": "auto",
}  # fmt: skip
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
BIG = 300_000_000
"""Parameters from which four bits save more than they cost."""


def work(job: Job) -> None:
    world = int(os.environ.get("WORLD_SIZE", "1"))
    records = job.run / "data" / "train.jsonl"
    oof = lm.read_oof(job.run / "gate" / "oof.jsonl")
    lm.check_base(need(job.run / "base", "pretrain_base"))
    fitted, held = choose(job, records, oof)
    log(f"fine_tune: {len(fitted)} examples to fit, {len(held)} held-out ones to judge, {world} process(es)")
    if not job.dry_run:
        fine_tune(job, fitted, held, [records, job.run / "gate" / "oof.jsonl", *sorted((job.run / "base").glob("*.*"))])


def choose(job: Job, records: Path, oof: dict[str, float]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What to fit, equal examples as one with their weights added; and what of the held-out fold to judge.

    A record that is not settled and has no out-of-fold probability counts as outside of the band.
    """
    config = job.config
    hard: dict[tuple[str, str], dict[str, Any]] = {}
    easy: dict[tuple[str, str], dict[str, Any]] = {}
    inside, outside = [], []
    known = 0
    for record in read_records(records, ("id", "fold", "label", "weight", "settled", "prompt")):
        job.stop.check()
        if record["settled"] is not None:
            continue
        probability = oof.get(record["id"])
        known += probability is not None
        in_band = probability is not None and config["hard_low"] <= probability <= config["hard_high"]
        prompt = record["prompt"] if probability is None else lm.with_gate(record["prompt"], probability)
        row = {"id": record["id"], "prompt": prompt, "label": VERDICTS.index(record["label"]), "weight": record["weight"]}
        row["in_band"] = in_band
        if record["fold"] == config["held_fold"]:
            (inside if in_band else outside).append(row)
            continue
        if not row["weight"] > 0:
            continue
        pool = hard if in_band else easy
        first = pool.setdefault((prompt, record["label"]), row)
        if first is not row:
            first["weight"] += row["weight"]
    if not known:
        raise UserMistake("no record of data/train.jsonl is in gate/oof.jsonl", "they are of different runs: run train_gate again")
    if not hard:
        raise UserMistake(f"the gate finds nothing hard in [{config['hard_low']}, {config['hard_high']}]", "widen fine_tune.hard_low and hard_high")
    some = list(lm.shuffled(list(easy.values()), config["seed"]))[: round(len(easy) * config["easy_share"])]
    # Hard examples first: when there are too many, the easy ones go.
    fitted = [*lm.shuffled(list(hard.values()), config["seed"]), *some][: config["max_examples"]]
    sample = list(lm.shuffled(outside, config["seed"]))[: config["held_outside"]]
    if not inside:
        log(f"fold {config['held_fold']} has no record in the band: the last epoch is kept, and nothing can be stacked on it")
    return fitted, [*inside, *sample]


def load_model(job: Job, device: torch.device) -> tuple[torch.nn.Module, list[int]]:
    """The base with a new adapter, and the verdict tokens."""
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

    base = job.run / "base"
    tokens = lm.verdict_tokens(lm.load_tokenizer(base))
    four_bits = wants_four_bits(job.config["qlora"], base, device)
    if four_bits:
        from transformers import BitsAndBytesConfig

        quantized = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=torch.bfloat16
        )
        model = lm.load_base(base, quantization_config=quantized, dtype=torch.bfloat16, device_map={"": device})
        model = prepare_model_for_kbit_training(model)
        log("fine_tune: base in 4 bits")
    else:
        model = lm.load_base(base).to(device)
    torch.manual_seed(job.config["seed"])
    settings = LoraConfig(
        r=job.config["lora_rank"], lora_alpha=job.config["lora_alpha"], lora_dropout=job.config["lora_dropout"],
        target_modules=TARGETS, task_type="CAUSAL_LM",
    )  # fmt: skip
    return lm.VerdictModel(get_peft_model(model, settings), tokens).to(device), tokens


def wants_four_bits(qlora: str, base: Path, device: torch.device) -> bool:
    if qlora not in ("auto", "on", "off"):
        raise UserMistake(f"fine_tune.qlora is {qlora}", "it is auto, on or off")
    there = device.type == "cuda" and importlib.util.find_spec("bitsandbytes") is not None
    if qlora == "on" and not there:
        raise UserMistake("fine_tune.qlora is on, but CUDA or bitsandbytes is not there", "install training/requirements-cuda.txt, or set it to auto")
    size = sum(path.stat().st_size for path in base.glob("*.safetensors"))
    return there and (qlora == "on" or (qlora == "auto" and size > 2 * BIG))


def fine_tune(job: Job, fitted: list[dict[str, Any]], held: list[dict[str, Any]], inputs: list[Path]) -> None:
    from accelerate import Accelerator

    config = job.config
    set_seeds(config["seed"], config["threads"])
    cuda = torch.cuda.is_available()
    accelerator = Accelerator(cpu=not cuda, mixed_precision="bf16" if cuda else "no")
    device, lead = accelerator.device, accelerator.is_main_process
    if not lead:
        job.progress.update = lambda *_, **__: None  # type: ignore[method-assign]
    tokenizer = lm.load_tokenizer(job.run / "base")
    for rows in (fitted, held):
        for row, ids in zip(rows, lm.encode(tokenizer, [row["prompt"] for row in rows], job)):
            row["ids"] = lm.fit_tokens(ids)
    model, _ = load_model(job, device)
    owner = fingerprint(config, inputs, f"{torch.__version__} {device.type} {accelerator.num_processes}")
    checkpoint = lm.Checkpoint(job.run / "phase1" / "checkpoint" / "checkpoint.pt", owner)
    fit = Fit(job, model, fitted, held, accelerator, checkpoint)
    fit.run()
    if lead:
        fit.finish()
    accelerator.wait_for_everyone()
    accelerator.end_training()


class Fit:
    """The loop with what it holds: model, optimizer, checkpoint. A step follows from its number, the seed and the data."""

    def __init__(self, job: Job, model: torch.nn.Module, fitted: list[dict[str, Any]], held: list[dict[str, Any]], accelerator: Any, checkpoint: lm.Checkpoint) -> None:
        self.job, self.model, self.fitted, self.held = job, model, fitted, held
        self.accelerator, self.checkpoint, self.config = accelerator, checkpoint, job.config
        self.device, self.lead = accelerator.device, accelerator.is_main_process
        self.best: dict[str, Any] = {}
        self.history: list[dict[str, Any]] = []
        parameters = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(parameters, lr=self.config["learning_rate"], weight_decay=self.config["weight_decay"], fused=True)
        self.step = 0

    def run(self) -> None:
        config, lengths = self.config, [len(row["ids"]) for row in self.fitted]
        per_epoch = -(-len(lengths) // config["batch_size"])
        total = per_epoch * config["epochs"]
        state = self.checkpoint.load()
        if state:
            lm.restore(self.model, state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.best, self.history = state["step"], state["best"], state["history"]
            log(f"fine_tune: going on from step {self.step}")
        tracker = Tracker(self.job, self.step) if self.lead else None
        # Weights are read and written through `self.model`; the wrapped one only adds up gradients.
        wrapped = self.accelerator.prepare_model(self.model) if self.accelerator.num_processes > 1 or self.device.type == "cuda" else self.model
        for epoch in range(config["epochs"]):
            batches = lm.epoch_batches(lengths, config["batch_size"], config["seed"], epoch)
            for batch in batches[max(0, self.step - epoch * per_epoch) :] if self.step < (epoch + 1) * per_epoch else []:
                loss = self.one_step(wrapped, batch, total)
                self.job.progress.update(self.step, total, f"loss {loss:.3f}", "batches")
                if tracker and self.step % 10 == 0:
                    tracker.scalars(self.step, {"loss": loss, "learning_rate": self.optimizer.param_groups[0]["lr"]})
                stop = self.asked_to_stop()
                if stop or self.step % config["checkpoint_every"] == 0:
                    self.save()
                if stop:
                    if tracker:
                        tracker.close()
                    raise Stopped()
            if len(self.history) <= epoch:
                self.end_of_epoch(epoch, tracker)
        if tracker:
            tracker.close()

    def one_step(self, wrapped: torch.nn.Module, batch: list[int], total: int) -> float:
        """Each process takes its rows of the batch; the loss is the mean over the whole batch, by weight."""
        world, rank = self.accelerator.num_processes, self.accelerator.process_index
        whole = sum(self.fitted[i]["weight"] for i in batch)
        rows = [self.fitted[i] for i in batch[rank::world]]
        weights = [row["weight"] for row in rows]
        if not rows:  # fewer rows than processes: a row without weight, as every process must take part
            rows, weights = [self.fitted[batch[0]]], [0.0]
        torch.manual_seed((self.config["seed"] * 1_000_003 + self.step) * 64 + rank)  # dropout follows from the step too
        for group in self.optimizer.param_groups:
            group["lr"] = lm.cosine(self.step, total, peak=self.config["learning_rate"], floor=0.02)
        wrapped.train()
        with self.accelerator.autocast():
            logits = wrapped(*lm.pad([row["ids"] for row in rows], self.device))
        losses = torch.nn.functional.cross_entropy(logits, torch.tensor([row["label"] for row in rows], device=self.device), reduction="none")
        loss = (losses * torch.tensor(weights, device=self.device)).sum() / whole
        self.optimizer.zero_grad(set_to_none=True)
        self.accelerator.backward(loss * world)
        torch.nn.utils.clip_grad_norm_([p for p in self.model.parameters() if p.requires_grad], 1.0)
        self.optimizer.step()
        self.step += 1
        return loss.item()

    def asked_to_stop(self) -> bool:
        """True for all processes as soon as one was asked."""
        if self.accelerator.num_processes == 1:
            return self.job.stop.raised
        flag = torch.tensor([float(self.job.stop.raised)], device=self.device)
        torch.distributed.all_reduce(flag)
        return flag.item() > 0

    def save(self) -> None:
        if self.lead:
            self.checkpoint.save({
                "step": self.step, "model": lm.trainable_state(self.model), "optimizer": self.optimizer.state_dict(),
                "best": self.best, "history": self.history,
            })  # fmt: skip

    def end_of_epoch(self, epoch: int, tracker: Tracker | None) -> None:
        """Judges the held-out band, keeps the adapter if it is the best so far. Begins and ends with a checkpoint."""
        self.save()
        if self.lead:
            inside = [row for row in self.held if row["in_band"]]
            loss = float(epoch) * -1
            if inside:
                logits = lm.predict(self.model, [row["ids"] for row in inside], job=self.job, device=self.device, text=f"held-out, epoch {epoch + 1}")
                loss = lm.log_loss(logits, np.array([row["label"] for row in inside]), np.array([row["weight"] for row in inside], dtype=float))
            self.history.append({"epoch": epoch + 1, "held_log_loss": round(loss, 6) if inside else None})
            log(f"fine_tune: epoch {epoch + 1}: held-out log loss in the band {loss:.4f} ({len(inside)} records)")
            if tracker and inside:
                tracker.scalars(self.step, {"held_log_loss": loss})
            if not self.best or loss < self.best["loss"]:
                self.best = {"epoch": epoch + 1, "loss": loss}
                save_adapter(self.model.lm, self.job.run / "phase1" / "model_best")
        else:
            self.history.append({})
        self.accelerator.wait_for_everyone()
        self.save()

    def finish(self) -> None:
        """held.jsonl with the best epoch's adapter; the checkpoint goes."""
        from peft import load_peft_weights, set_peft_model_state_dict

        folder = self.job.run / "phase1"
        set_peft_model_state_dict(self.model.lm, load_peft_weights(str(folder / "model_best"), device="cpu"))
        logits = lm.predict(self.model, [row["ids"] for row in self.held], job=self.job, device=self.device, text="held-out logits")
        write_lines(folder / "held.jsonl", ({"id": row["id"], "logits": [round(v, 6) for v in values]} for row, values in zip(self.held, logits.tolist())))
        inside = sum(row["in_band"] for row in self.held)
        write_json(folder / "fine_tune.json", {
            "fitted": len(self.fitted), "held": {"band": inside, "outside": len(self.held) - inside},
            "best_epoch": self.best["epoch"], "epochs": self.history,
        })  # fmt: skip
        self.checkpoint.remove()


def save_adapter(model: Any, target: Path) -> None:
    """A PEFT adapter that names its base by the place in the run's folder: the same bytes on every machine."""
    with atomic_dir(target) as part:
        model.save_pretrained(str(part), save_embedding_layers=False)
        (part / "README.md").unlink(missing_ok=True)
        path = part / "adapter_config.json"
        settings = json.loads(path.read_text())
        settings["base_model_name_or_path"] = "../../base"
        settings["target_modules"] = sorted(settings["target_modules"])
        path.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")


def main(argv: list[str] | None = None) -> int:
    return run_worker("fine_tune", section="fine_tune", defaults=DEFAULTS, work=work, doc=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
