"""Where the curves of a fit go: TensorBoard, and Weights & Biases when it is configured. Numbers only."""
from __future__ import annotations

import importlib.util
import os
import shutil

from common import Job, log


class Tracker:
    """TensorBoard always; Weights & Biases when its package is there and WANDB_PROJECT or WANDB_API_KEY is set."""

    def __init__(self, job: Job, resumed_at: int = 0) -> None:
        from torch.utils.tensorboard import SummaryWriter

        folder = job.run / "tensorboard" / job.step
        if not resumed_at:
            shutil.rmtree(folder, ignore_errors=True)
        self._board = SummaryWriter(str(folder), purge_step=resumed_at or None)
        self._wandb = None
        wanted = os.environ.get("WANDB_PROJECT") or os.environ.get("WANDB_API_KEY")
        if wanted and importlib.util.find_spec("wandb"):
            import wandb

            project = os.environ.get("WANDB_PROJECT", "smart-secrets-scanner")
            self._wandb = wandb.init(
                project=project, name=f"{job.run.name}/{job.step}", dir=str(job.run), config=job.config, resume="allow"
            )
        elif wanted:
            log("Weights & Biases is configured but its package is not installed; TensorBoard only")

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Numbers only: no text of a record ever leaves the run's folder."""
        for name, value in values.items():
            self._board.add_scalar(name, value, step)
        if self._wandb:
            self._wandb.log(values, step=step)

    def close(self) -> None:
        self._board.close()
        if self._wandb:
            self._wandb.finish()
