"""GGUF files: writing our own architecture, adding keys to a file, and checking what was written.

Does not import torch. Every function that writes takes the path of a file that is renamed afterwards.
"""
from __future__ import annotations

import common  # noqa: F401

import errno
import json
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Iterator

import numpy as np

from common import UserMistake, need, read_json

NAME = "smart-secrets-scanner"
"""`general.name` of every model that reads the scanner's prompts, and what its own keys begin with."""

PLAIN_PRETOKENIZER = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True}


def foreign(folder: Path) -> str | None:
    """Why a model is not of the one architecture that is written here; None: it is."""
    config = read_json(need(folder / "config.json", "merge_adapter"), "the model's config")
    tokenizer = read_json(need(folder / "tokenizer.json", "merge_adapter"), "the tokenizer")
    if config.get("model_type") != "llama":
        return f"its architecture is {config.get('model_type')}"
    if config.get("attention_bias") or config.get("mlp_bias"):
        return "its layers have biases"
    if config.get("hidden_act", "silu") != "silu":
        return f"its activation is {config['hidden_act']}"
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if rope.get("rope_type", rope.get("type", "default")) != "default":
        return "its rotary positions are scaled"
    split = tokenizer.get("pre_tokenizer") or {}
    byte_level = tokenizer["model"].get("type") == "BPE" and not tokenizer["model"].get("byte_fallback")
    plain = all(split.get(key, value) == value for key, value in PLAIN_PRETOKENIZER.items()) and split.get("type") == "ByteLevel"
    if not byte_level or not plain or tokenizer.get("normalizer"):
        return "its tokenizer is not plain byte-level BPE"
    return None


def safetensors_of(folder: Path) -> Iterator[tuple[str, np.ndarray]]:
    """All tensors of a folder by name, one in memory at a time."""
    from safetensors import SafetensorError, safe_open

    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise UserMistake(f"there are no *.safetensors in {folder}", "run merge_adapter first")
    for path in files:
        try:
            with safe_open(str(path), framework="numpy") as file:
                for name in file.keys():
                    yield name, file.get_tensor(name)
        except (SafetensorError, TypeError) as error:
            raise UserMistake(f"{path} cannot be read: {error}", "it may have been cut off: run the step that writes it again") from None


def interleaved(weight: np.ndarray, heads: int) -> np.ndarray:
    """Rows of a query or key projection in the order of llama.cpp: pairs side by side instead of halves."""
    halves = weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
    return halves.swapaxes(1, 2).reshape(weight.shape)


LAYER = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
}  # fmt: skip
OUTER = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}


def gguf_name(name: str) -> str:
    if name in OUTER:
        return OUTER[name]
    parts = name.split(".")
    inner = ".".join(parts[3:-1])
    if parts[:2] != ["model", "layers"] or inner not in LAYER or parts[-1] != "weight":
        raise UserMistake(f"the model has a tensor {name}, which a Llama does not have", "set gguf.llama_cpp to a checkout of llama.cpp")
    return f"blk.{parts[2]}.{LAYER[inner]}.weight"


@contextmanager
def writing(target: Path, architecture: str) -> Iterator[Any]:
    """A writer that is closed whatever happens. NumPy does not say that a disk is full, only that it wrote less than it should."""
    from gguf import GGUFWriter

    writer = GGUFWriter(str(target), architecture)
    try:
        yield writer
        writer.close()
    except OSError as error:
        if error.errno is not None:
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from error
    finally:
        with suppress(OSError):
            writer.close()


def write_llama(folder: Path, target: Path, metadata: dict[str, Any]) -> None:
    """The model of a folder in the format of Hugging Face as a GGUF file of 32-bit floats."""
    config = read_json(folder / "config.json", "the model's config")
    heads = config["num_attention_heads"]
    kv_heads = config.get("num_key_value_heads") or heads
    size = config.get("head_dim") or config["hidden_size"] // heads
    with writing(target, "llama") as writer:
        add_metadata(writer, metadata)
        writer.add_file_type(0)
        writer.add_vocab_size(config["vocab_size"])
        writer.add_context_length(config["max_position_embeddings"])
        writer.add_embedding_length(config["hidden_size"])
        writer.add_block_count(config["num_hidden_layers"])
        writer.add_feed_forward_length(config["intermediate_size"])
        writer.add_head_count(heads)
        writer.add_head_count_kv(kv_heads)
        writer.add_key_length(size)
        writer.add_value_length(size)
        writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
        writer.add_rope_dimension_count(size)
        rope = config.get("rope_parameters") or {}
        writer.add_rope_freq_base(float(rope.get("rope_theta", config.get("rope_theta", 10000.0))))
        add_tokenizer(writer, folder, config)
        for name, weight in safetensors_of(folder):
            if name == "lm_head.weight" and config.get("tie_word_embeddings"):
                continue
            weight = weight.astype(np.float32)
            if name.endswith("q_proj.weight"):
                weight = interleaved(weight, heads)
            elif name.endswith("k_proj.weight"):
                weight = interleaved(weight, kv_heads)
            writer.add_tensor(gguf_name(name), np.ascontiguousarray(weight))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()


def add_metadata(writer: Any, metadata: dict[str, Any]) -> None:
    writer.add_name(NAME)
    writer.add_version(metadata["version"])
    writer.add_license(metadata["licence"])
    writer.add_uint32(f"{NAME}.prompt_version", metadata["prompt_version"])
    writer.add_uint32(f"{NAME}.max_tokens", metadata["max_tokens"])
    writer.add_array(f"{NAME}.verdict_tokens", metadata["verdict_tokens"])


def add_tokenizer(writer: Any, folder: Path, config: dict[str, Any]) -> None:
    """The vocabulary. Special tokens are control tokens; the answers are found in a text before it is split, as in tokenizer.json."""
    from gguf import TokenType

    data = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    texts = {number: text for text, number in data["model"]["vocab"].items()}
    kinds = dict.fromkeys(texts, TokenType.NORMAL)
    for token in data["added_tokens"]:
        texts[token["id"]] = token["content"]
        kinds[token["id"]] = TokenType.CONTROL if token["special"] else TokenType.USER_DEFINED
    if max(texts) >= config["vocab_size"]:
        raise UserMistake(f"the tokenizer in {folder} has more tokens than the model", "run the step that makes the model again")
    numbers = range(config["vocab_size"])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([texts.get(i, f"[UNUSED{i}]") for i in numbers])
    writer.add_token_types([kinds.get(i, TokenType.UNUSED) for i in numbers])
    writer.add_token_merges([pair if isinstance(pair, str) else " ".join(pair) for pair in data["model"]["merges"]])
    for key, add in (("bos", writer.add_bos_token_id), ("eos", writer.add_eos_token_id), ("pad", writer.add_pad_token_id)):
        number = config.get(f"{key}_token_id")
        if isinstance(number, int):
            add(number)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)


def with_metadata(source: Path, target: Path, metadata: dict[str, Any]) -> None:
    """A copy of a file that another program wrote, with our keys."""
    from gguf import GGUFReader, GGUFValueType

    reader = GGUFReader(str(source))
    with writing(target, reader.get_field("general.architecture").contents()) as writer:
        own = ("general.architecture", "general.name", "general.version", "general.license")
        for key, field in reader.fields.items():
            if key in own or key.startswith(("GGUF.", f"{NAME}.")):
                continue
            inner = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
            writer.add_key_value(key, field.contents(), field.types[0], inner)
        add_metadata(writer, metadata)
        for tensor in reader.tensors:
            writer.add_tensor_info(tensor.name, tensor.data.shape, tensor.data.dtype, tensor.data.nbytes, tensor.tensor_type)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for tensor in reader.tensors:
            writer.write_tensor_data(tensor.data)


def checked(path: Path, name: str, metadata: dict[str, Any]) -> dict[str, Any]:
    """What is in a file: bytes, tensors by type. @raises UserMistake when it is no whole GGUF file with our keys."""
    from gguf import GGUFReader

    def broken(why: str) -> UserMistake:
        return UserMistake(f"{name} {why}", "run convert_to_gguf again; if it stays so, is the disk full?")

    size = path.stat().st_size
    try:
        reader = GGUFReader(str(path))
    except Exception as error:  # whatever numpy says of bytes that are not there
        raise broken(f"is no whole GGUF file ({size} bytes): {str(error).splitlines()[0] if str(error) else type(error).__name__}") from None
    if not reader.tensors:
        raise broken("has no weights")
    wanted = {
        "general.name": NAME, "general.version": metadata["version"], f"{NAME}.prompt_version": metadata["prompt_version"],
        f"{NAME}.max_tokens": metadata["max_tokens"], f"{NAME}.verdict_tokens": metadata["verdict_tokens"],
    }  # fmt: skip
    for key, value in wanted.items():
        field = reader.get_field(key)
        if field is None or field.contents() != value:
            raise broken(f"does not have the {key} of this model")
    types: dict[str, int] = {}
    for tensor in reader.tensors:
        types[tensor.tensor_type.name] = types.get(tensor.tensor_type.name, 0) + 1
    matrices = {tensor.tensor_type.name for tensor in reader.tensors if len(tensor.shape) > 1}
    return {"bytes": size, "tensors": dict(sorted(types.items())), "matrices": sorted(matrices)}
