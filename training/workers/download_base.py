"""Downloads a base model from the Hugging Face hub into a folder.

Does: fetches config, tokenizer and safetensors of one model, at the revision behind `--revision` (default: main).
Does not: convert anything, run code of the model, or take weights in formats that can hold code (pickles).
"""

from __future__ import annotations

import argparse
import sys

PATTERNS = ["*.json", "*.safetensors", "tokenizer.model", "merges.txt", "vocab.txt"]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="name of the model: owner/name")
    parser.add_argument("--out", required=True, help="folder to download into")
    parser.add_argument("--revision", default="main", help="branch, tag or commit")
    options = parser.parse_args(argv)
    try:
        from huggingface_hub import snapshot_download
    except ImportError:
        return fail("huggingface_hub is not installed", "run setup_env again: --target-step setup_env --recreate")
    try:
        snapshot_download(options.base, revision=options.revision, local_dir=options.out, allow_patterns=PATTERNS)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # The hub's own errors, those of its HTTP client, and those of the system.
        name = type(error).__name__
        print(f"{name}: {error}", file=sys.stderr)
        if name in ("RepositoryNotFoundError", "GatedRepoError", "RevisionNotFoundError"):
            return fail(f"the hub has no {options.base} that this machine may read", "is the name right (owner/name)?")
        if isinstance(error, OSError) and error.errno == 28:
            return fail("the disk is full", "make room")
        return fail(
            f"{options.base} cannot be downloaded: the hub does not answer",
            "go online once, or download it elsewhere and name its folder with --base",
        )
    return 0


def fail(message: str, hint: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    print(f"hint: {hint}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
