"""Writes the merged model as GGUF files for llama.cpp and Ollama: one of 32-bit floats, and one for each of `quantize`.

Reads RUN/merged/; writes RUN/gguf/smart-secrets-scanner.<TYPE>.gguf and RUN/gguf/files.json. A plain Llama with byte-level BPE is
written here; any other architecture by convert_hf_to_gguf.py of the checkout `llama_cpp`. Quantized by the program `quantizer`
(llama-quantize), or else by the library `library` (libllama). Every file is checked before it gets its name.
"""
from __future__ import annotations

import common  # noqa: F401

import ctypes
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import gguf_file
from common import Job, UserMistake, atomic_file, log, need, run_worker, write_json

DEFAULTS: dict[str, Any] = {"threads": 2, "quantize": ["Q4_K_M", "Q8_0"], "llama_cpp": "", "quantizer": "", "library": "", "metadata": {}}
TYPES = {
    "F16": 1, "BF16": 32, "Q2_K": 10, "Q3_K_S": 11, "Q3_K_M": 12, "Q3_K_L": 13, "Q4_0": 2, "Q4_1": 3, "Q4_K_S": 14, "Q4_K_M": 15,
    "Q5_0": 8, "Q5_1": 9, "Q5_K_S": 16, "Q5_K_M": 17, "Q6_K": 18, "Q8_0": 7,
}  # fmt: skip
"""Kinds of files by the number that llama.cpp gives them; the same names are in config-limits.ts."""


class QuantizeParameters(ctypes.Structure):
    """The first fields have been the same for years; what follows is the library's own business, and left as it sets it."""

    _fields_ = [("threads", ctypes.c_int32), ("kind", ctypes.c_int32), ("others", ctypes.c_byte * 504)]


def ran(command: list[str]) -> str | None:
    """Runs a program of llama.cpp. @returns None, or the last that it said when it failed"""
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    for line in (ended.stdout + ended.stderr).splitlines():
        log(line)
    said = [line.strip() for line in ended.stderr.splitlines() if line.strip()]
    return None if ended.returncode == 0 else (said or [f"exit code {ended.returncode}"])[-1]


def quantize_by_library(library: Path, source: Path, target: Path, kind: str, threads: int) -> bool:
    try:
        llama = ctypes.CDLL(str(library))
    except OSError as error:
        raise UserMistake(f"{library} cannot be loaded: {error}", "remove the folder .llama beside the runs: it is fetched again") from None
    llama.llama_backend_init()
    llama.llama_model_quantize_default_params.restype = QuantizeParameters
    parameters = llama.llama_model_quantize_default_params()
    parameters.threads, parameters.kind = threads, TYPES[kind]
    llama.llama_model_quantize.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(QuantizeParameters)]
    llama.llama_model_quantize.restype = ctypes.c_uint32
    return llama.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(parameters)) == 0


def said_in(job: Job) -> Path:
    return job.run / "logs" / "convert_to_gguf.log"


def quantize(job: Job, source: Path, target: Path, kind: str) -> None:
    config = job.config
    if config["quantizer"]:
        done = ran([config["quantizer"], str(source), str(target), kind, str(config["threads"])]) is None
    else:
        done = quantize_by_library(Path(config["library"]), source, target, kind, config["threads"])
    if done and target.exists():
        return
    free = shutil.disk_usage(target.parent).free
    if free < source.stat().st_size:
        raise UserMistake(f"there is no room for the {kind} file: {free} bytes are free", "make room, and run the same command again")
    raise UserMistake(f"the model cannot be quantized as {kind}", f"what llama.cpp said is in {said_in(job)}")


def convert_foreign(job: Job, merged: Path, target: Path, why: str) -> None:
    """Any architecture that llama.cpp knows, by its own script."""
    checkout = job.config["llama_cpp"]
    if not checkout:
        raise UserMistake(
            f"this model is not converted here: {why}", "clone https://github.com/ggml-org/llama.cpp and name the folder as gguf.llama_cpp in a file for --config"
        )
    script = Path(checkout) / "convert_hf_to_gguf.py"
    if not script.is_file():
        raise UserMistake(f"there is no convert_hf_to_gguf.py in {checkout}", "gguf.llama_cpp names a checkout of https://github.com/ggml-org/llama.cpp")
    with tempfile.TemporaryDirectory(dir=target.parent, suffix=".part") as folder:
        converted = Path(folder) / "converted.gguf"
        command = [sys.executable, str(script), str(merged), "--outfile", str(converted), "--outtype", "f32"]
        problem = ran(command)
        if problem is not None or not converted.exists():
            lacks = "ModuleNotFoundError" in (problem or "")
            hint = f"its script needs packages of its own: add the one that is named here by {sys.executable} -m pip install" if lacks else f"all it said is in {said_in(job)}"
            raise UserMistake(f"llama.cpp cannot convert this model: {problem or 'it wrote nothing'}", hint)
        gguf_file.with_metadata(converted, target, job.config["metadata"])


def file_name(kind: str) -> str:
    return f"{gguf_file.NAME}.{kind}.gguf"


def clear_leftovers(folder: Path, wanted: list[str]) -> None:
    """What a worker that was killed has left, and files that are no longer wanted."""
    for stale in folder.glob("*.part"):
        shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
    for stale in folder.glob("*.gguf"):
        if stale.name not in wanted:
            stale.unlink()


def work(job: Job) -> None:
    merged, metadata = need(job.run / "merged", "merge_adapter"), job.config["metadata"]
    unknown = next((kind for kind in job.config["quantize"] if kind not in TYPES), None)
    if unknown is not None:
        raise UserMistake(f"there is no quantization {unknown}", f"they are {', '.join(TYPES)}")
    why = gguf_file.foreign(merged)
    if job.dry_run:
        log(f"would write F32, {', '.join(job.config['quantize'])} of {merged.name}")
        return
    folder = job.run / "gguf"
    clear_leftovers(folder, [file_name(kind) for kind in ("F32", *job.config["quantize"])])
    plain = folder / file_name("F32")
    kinds = [kind for kind in TYPES if kind in job.config["quantize"]]
    files: dict[str, Any] = {}

    def note(kind: str, part: Path) -> None:
        name = file_name(kind)
        files[name] = {"type": kind, **gguf_file.checked(part, name, metadata)}
        if kind != "F32" and files[name]["matrices"] == ["F32"]:
            raise RuntimeError(f"nothing was quantized for {kind}")

    with atomic_file(plain) as part:
        job.progress.update(0, len(kinds) + 1, "F32", "files")
        if why is None:
            gguf_file.write_llama(merged, part, metadata)
        else:
            convert_foreign(job, merged, part, why)
        note("F32", part)
    for done, kind in enumerate(kinds, 1):
        job.stop.check()
        job.progress.update(done, len(kinds) + 1, kind, "files")
        with atomic_file(folder / file_name(kind)) as part:
            quantize(job, plain, part, kind)
            note(kind, part)
    for name, facts in files.items():
        log(f"{name}: {facts['bytes']} bytes, {', '.join(f'{count} {kind}' for kind, count in facts['tensors'].items())}")
    write_json(folder / "files.json", files)
    job.progress.update(len(kinds) + 1, len(kinds) + 1, "", "files")


def main(argv: list[str] | None = None) -> int:
    return run_worker("convert_to_gguf", section="", defaults=DEFAULTS, work=work, doc=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
