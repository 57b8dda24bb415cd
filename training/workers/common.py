"""What every worker shares: command line, config, progress lines, records, atomic outputs, seeds, signals.

Does not import torch: a worker that needs none starts fast. Knows nothing of any one step.
"""
from __future__ import annotations

import argparse
import errno
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator

# Threads that wait by spinning take the processor from whatever else runs: two of them were three times slower than one.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

VERDICTS = ("secret", "placeholder", "harmless")
"""Order of every array of three logits."""


class UserMistake(Exception):
    """What a user can cause and mend; ends the worker with exit code 2, one line and a hint."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Stopped(Exception):
    """SIGINT or SIGTERM came in; whoever raises it has saved a checkpoint if there was anything to save."""


@dataclass
class Progress:
    """Tells the runner how far the step is: JSON lines on stdout, or a line a few seconds apart on stderr."""

    step: str
    as_json: bool
    unit: str = "steps"
    _last: float = field(default=0.0, repr=False)

    def update(self, done: int, total: int, text: str = "", unit: str | None = None) -> None:
        """Called as often as one likes; `done` = `total` is always told."""
        now = time.monotonic()
        if done < total and now - self._last < (0.2 if self.as_json else 5.0):
            return
        self._last = now
        unit = unit or self.unit
        if self.as_json:
            line = {"progress": {"step": self.step, "done": done, "total": total, "unit": unit, "text": text}}
            print(json.dumps(line), flush=True)
        else:
            log(f"{self.step}: {done}/{total} {unit} {text}".rstrip())


@dataclass
class Job:
    """One run of one worker."""

    step: str
    run: Path
    config: dict[str, Any]
    progress: Progress
    dry_run: bool = False
    stop: "StopFlag" = field(default_factory=lambda: StopFlag())


def log(text: str) -> None:
    """A line for people; never holds a secret value."""
    print(text, file=sys.stderr, flush=True)


class StopFlag:
    """Remembers SIGINT and SIGTERM, so that a loop ends between two steps and not inside of one.

    A second signal changes nothing: Ctrl-C in a terminal reaches the worker once directly and once from the runner.
    """

    def __init__(self) -> None:
        self.raised = False

    def install(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._set)

    def _set(self, *_: Any) -> None:
        self.raised = True

    def check(self) -> None:
        """Ends the worker where nothing needs saving."""
        if self.raised:
            raise Stopped()


def load_config(step: str, section: str, defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Lays `given` over `defaults`: the whole configuration, or only the step's own section with seed and threads.

    A null keeps the default. Keys that the step does not know are left alone: the runner checks for those.
    """
    layers = [given]
    if section and isinstance(given.get(section), dict):
        layers.append(given[section])
    tuned = given.get("fine_tune")
    if section != "fine_tune" and isinstance(tuned, dict) and "held_fold" in tuned:
        layers.append({"held_fold": tuned["held_fold"]})
    config = dict(defaults)
    for layer in layers:
        for key, default in defaults.items():
            value = layer.get(key)
            if value is None or isinstance(value, dict) != isinstance(default, dict):
                continue
            config[key] = _typed(step, key, value, default)
    return config


def _typed(step: str, key: str, value: Any, default: Any) -> Any:
    wanted = type(default)
    if default is None or wanted is dict or (type(value) is wanted):
        return value
    if wanted is float and type(value) is int:
        return float(value)
    raise UserMistake(
        f"{step}: {key} is {json.dumps(value)}, which is not a {wanted.__name__}", f"the default is {json.dumps(default)}"
    )


def run_worker(
    step: str, *, section: str, defaults: dict[str, Any], work: Callable[[Job], None], doc: str, argv: list[str] | None = None
) -> int:
    """Parses the command line, runs `work`, and returns the exit code: 0, 2 for a user's mistake, 130 when stopped."""
    parser = argparse.ArgumentParser(
        prog=f"{step}.py",
        description=doc,
        epilog=f"defaults: {json.dumps(defaults)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--run", required=True, type=Path, help="folder of the run: inputs are read there, outputs written")
    parser.add_argument("--config", type=Path, help=f"JSON config (default: RUN/config/{step}.json if there, else defaults)")
    parser.add_argument("--json-progress", action="store_true", help="progress as JSON lines on stdout")
    parser.add_argument("--dry-run", action="store_true", help="check the inputs, say what would be done, write nothing")
    args = parser.parse_args(argv)
    try:
        config = load_config(step, section, defaults, _read_config(args.config, args.run, step))
        job = Job(step, args.run, config, Progress(step, args.json_progress), args.dry_run)
        job.stop.install()
        work(job)
        return 0
    except UserMistake as mistake:
        log(f"error: {mistake}")
        log(f"hint: {mistake.hint}")
        return 2
    except (Stopped, KeyboardInterrupt):
        log(f"{step}: stopped; the same command goes on from the last checkpoint")
        return 130
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT):
            raise
        log(f"error: cannot write: {error.strerror}: {error.filename or args.run}")
        log("hint: is the disk full, or the folder write-protected? The same command goes on from the last checkpoint")
        return 2


def _read_config(path: Path | None, run: Path, step: str) -> dict[str, Any]:
    if path is None:
        path = run / "config" / f"{step}.json"
        if not path.exists():
            return {}
    given = read_json(path, "the config")
    if not isinstance(given, dict):
        raise UserMistake(f"{path} is not a JSON object", "give the resolved config as one object")
    return given


def read_json(path: Path, what: str) -> Any:
    """A whole JSON file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserMistake(f"cannot read {what} at {path}: {error.strerror}", "run the step that writes it first") from None
    except ValueError:
        raise UserMistake(f"{what} at {path} is not JSON", "it may have been cut off: run the step that writes it again") from None


def need(path: Path, step: str) -> Path:
    """`path`, which must be there."""
    if not path.exists():
        raise UserMistake(f"{path} is not there", f"run {step} first")
    return path


def read_lines(path: Path, step: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file with their 1-based line numbers. Errors never quote the line: it may hold a value."""
    need(path, step)
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                value = json.loads(line)
            except ValueError:
                value = None
            if not isinstance(value, dict):
                raise UserMistake(
                    f"{path}:{number}: not a JSON object on one line", f"the file may have been cut off: run {step} again"
                )
            yield number, value


def read_records(path: Path, keys: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The records of a file, reduced to `keys`. Nothing is ever fitted on calib or test: such a record ends the worker."""
    keys = tuple(keys)
    seen = False
    for number, record in read_lines(path, "fuse_datasets"):
        split = record.get("split")
        if split != "train":
            raise UserMistake(
                f"{path}:{number}: a record of split {json.dumps(split)}; fitting may only read train",
                "run fuse_datasets again, and do not add calib or test records to this file",
            )
        missing = next((key for key in keys if key not in record), None)
        if missing is None and record.get("label") not in VERDICTS:
            missing = "a known label"
        if missing is not None:
            raise UserMistake(f"{path}:{number}: not a record: {missing} is missing", "run fuse_datasets of this version again")
        seen = True
        yield {key: record[key] for key in keys}
    if not seen:
        raise UserMistake(f"{path} holds no records", "run fuse_datasets again")


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, renamed to it when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def atomic_dir(path: Path) -> Iterator[Path]:
    """A temporary folder beside `path` that takes its place when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for stale in path.parent.glob(f"{path.name}.*.part"):
        shutil.rmtree(stale, ignore_errors=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.mkdir()
    try:
        yield part
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.exists():
            shutil.rmtree(path)
        os.replace(part, path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_json(path: Path, value: Any) -> None:
    """One JSON object, indented, ended by a newline."""
    with atomic_file(path) as part:
        part.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def write_lines(path: Path, values: Iterable[dict[str, Any]]) -> None:
    """JSONL, readable by the owner only: the outputs of a run are private working data."""
    with atomic_file(path) as part:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="\n") as file:
            for value in values:
                file.write(json.dumps(value) + "\n")


def sha256(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(config: dict[str, Any], inputs: Iterable[Path], extra: str = "") -> str:
    """What a checkpoint belongs to: it is only resumed when config, inputs, code and `extra` (versions) are the same."""
    kept = {key: value for key, value in config.items() if key != "checkpoint_every"}
    code = sorted(Path(__file__).parent.glob("*.py"))
    parts = [json.dumps(kept, sort_keys=True), extra, *(f"{p.name} {sha256(p)}" for p in [*inputs, *code])]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def set_seeds(seed: int, threads: int) -> None:
    """Seeds every generator; with torch loaded, also its threads and its deterministic kernels."""
    random.seed(seed)
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if threads > 1 else "false"
    os.environ["RAYON_NUM_THREADS"] = str(threads)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)
        torch.set_num_threads(threads)
        # Some CUDA kernels have no deterministic form: there a warning is enough, on the CPU it is an error.
        torch.use_deterministic_algorithms(True, warn_only=torch.cuda.is_available())
