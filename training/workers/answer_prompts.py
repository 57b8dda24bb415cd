"""What a model in the format of Hugging Face makes of prompts: token ids, and for some the verdict logits, in 32-bit floats.

Reads the folder `model` and the JSONL file `prompts` ({"prompt", "ask"}); writes the JSONL file `answers` ({"ids", "logits"}) in the
same order. Fits nothing, and is told no labels.
"""
from __future__ import annotations

import common  # noqa: F401  first: it sets how threads wait before torch is loaded

import sys
from pathlib import Path
from typing import Any

import lm
from common import Job, log, read_lines, run_worker, set_seeds, write_lines

DEFAULTS: dict[str, Any] = {"seed": 1, "threads": 2, "model": "", "prompts": "", "answers": ""}


def work(job: Job) -> None:
    folder = Path(job.config["model"])
    rows = [row for _, row in read_lines(Path(job.config["prompts"]), "compare_gguf")]
    tokenizer = lm.load_tokenizer(folder)
    ids = lm.encode(tokenizer, [row["prompt"] for row in rows], job)
    asked = [i for i, row in enumerate(rows) if row["ask"]]
    if job.dry_run:
        log(f"would ask {folder.name} about {len(asked)} of {len(rows)} prompts")
        return
    set_seeds(job.config["seed"], job.config["threads"])
    model = lm.VerdictModel(lm.load_base(folder), lm.verdict_tokens(tokenizer))
    fitting = [lm.fit_tokens(ids[i]) for i in asked]
    logits = lm.predict(model, fitting, job=job, device="cpu", size=16, text="weights")
    answers = dict(zip(asked, logits.tolist()))
    write_lines(Path(job.config["answers"]), ({"ids": row, "logits": answers.get(i)} for i, row in enumerate(ids)))


def main(argv: list[str] | None = None) -> int:
    return run_worker("answer_prompts", section="", defaults=DEFAULTS, work=work, doc=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
