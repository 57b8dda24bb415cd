"""Merges the adapter into the base: one plain model.

Reads RUN/base/ and RUN/phase1/model_best/; writes RUN/merged/ (config.json, model.safetensors and the base's tokenizer
files). Refuses when merging changed a verdict logit of the sample by `tolerance` or more. The sample is made of token ids drawn
at random, so no record is read. It does not quantize.
"""
from __future__ import annotations

import common  # noqa: F401  first: it sets how threads wait before torch is loaded

import sys
from typing import Any

import numpy as np
import torch

import lm
from common import Job, UserMistake, atomic_dir, log, need, run_worker, set_seeds

DEFAULTS: dict[str, Any] = {"seed": 1, "threads": 2, "tolerance": 1e-4}


def work(job: Job) -> None:
    base, adapter = need(job.run / "base", "pretrain_base"), need(job.run / "phase1" / "model_best", "fine_tune")
    lm.check_base(base)
    tokenizer = lm.load_tokenizer(base)
    tokens = lm.verdict_tokens(tokenizer)
    if job.dry_run:
        log("would merge phase1/model_best into base")
        return
    from peft import PeftModel

    set_seeds(job.config["seed"], job.config["threads"])
    rng = np.random.default_rng(job.config["seed"])
    rows = [rng.integers(0, tokenizer.get_vocab_size(), size=length).tolist() for length in (1, 7, 40, 90, 120, 160)]
    plain = lm.load_base(base)
    try:
        adapted = PeftModel.from_pretrained(plain, str(adapter))
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise UserMistake(f"the adapter does not fit the base: {str(error).splitlines()[0]}", "run fine_tune again on this base") from None
    before = judge(job, adapted, tokens, rows)
    merged = adapted.merge_and_unload()
    after = judge(job, merged, tokens, rows)
    change = float(np.abs(before - after).max())
    log(f"merge_adapter: logits changed by at most {change:.2e}")
    if not change < job.config["tolerance"]:
        raise RuntimeError(f"merging changed a logit by {change:.2e}, more than {job.config['tolerance']:.0e}")
    with atomic_dir(job.run / "merged") as part:
        lm.save_model(merged, part)
        lm.copy_tokenizer(base, part)


def judge(job: Job, model: torch.nn.Module, tokens: list[int], rows: list[list[int]]) -> np.ndarray:
    return lm.predict(lm.VerdictModel(model, tokens), rows, job=job, device="cpu", size=1, text="checking")


def main(argv: list[str] | None = None) -> int:
    return run_worker("merge_adapter", section="merge_adapter", defaults=DEFAULTS, work=work, doc=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
