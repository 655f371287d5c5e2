"""Contents of a checkpoint: loaded without running code, and type-checked before use."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from seq2seq.errors import UserError
from seq2seq.files.parsing import DEPTH
from seq2seq.files.typed_values import Fields, is_whole, kind_of
from seq2seq.network.options import NetworkOptions

ABOUT = "seq2seq"
"""Key of a checkpoint that identifies its model."""
IDENTITY = ("task", "tokenizer", "network")
"""The part that all checkpoints of one model share."""


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Load one of our checkpoints without running code.

    Raises:
        UserError: If the file is missing, damaged, a pickle of something else, or not ours.
    """
    if not path.is_file():
        raise UserError(f"No checkpoint {path}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch warns about unusual pickles, which are refused below
            checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as fault:
        # An untrusted file may fail in the unpickler, the archive reader or torch: every failure means the same.
        raise UserError(
            f"{path} is not a checkpoint of seq2seq: it is damaged, or holds more than weights and numbers "
            f"({type(fault).__name__})."
        ) from fault
    if not isinstance(checkpoint, dict) or ABOUT not in checkpoint or "state_dict" not in checkpoint:
        raise UserError(f"{path} is not a checkpoint of seq2seq: it holds no model of ours.")
    _require_plain(checkpoint, str(path))
    _require_parts(Fields(checkpoint, str(path)))
    return cast(dict[str, Any], checkpoint)


def _require_parts(values: Fields) -> None:
    """Refuse parts of a wrong type; those of the network, the reader and the like are checked when they are built."""
    about = values.section(ABOUT)
    for name in ("task", "tokenizer", "data"):
        about.text(name)
    for name in ("network", "reader", "search", "validation"):
        about.section(name)
    for name in ("sampling", "rerank", "lengths"):
        if name in about:
            about.section(name)
    about.get("seed", int, 0)
    about.whole("validations")
    for name in ("global_step", "epoch"):
        values.whole(name)
    if "scores" in values:
        scores = values.section("scores")
        for name in scores.values:
            scores.get(name, float)
    for name in ("loops", "callbacks"):
        if name in values:
            parts = values.section(name)
            for key in parts.values:
                parts.section(key)
    for name in ("optimizer_states", "lr_schedulers"):
        values.sections(name)
    tensors(values.values["state_dict"], f"{values.place}: state_dict")


def tensors(values: object, place: str) -> dict[str, Tensor]:
    """Return a mapping of names to tensors.

    Raises:
        UserError: If it is anything else.
    """
    found: dict[str, Tensor] = {}
    for name, value in Fields(values, place).values.items():
        if not isinstance(value, Tensor):
            raise UserError(f"{place}: {name} must be a tensor, but it is {kind_of(value)}.")
        found[name] = value
    return found


def _require_plain(checkpoint: object, place: str) -> None:
    """Refuse deep nesting, whole numbers beyond 64 bits, and tensors larger than their stored data.

    Each list is checked once per level: in a pickle a list may hold another many times, and that one a third.
    """
    level = [checkpoint]
    for _ in range(DEPTH):
        for value in level:
            if isinstance(value, int) and not isinstance(value, bool) and not is_whole(value):
                raise UserError(f"{place} is damaged: it holds {kind_of(value)}.")
            if isinstance(value, Tensor) and not _is_stored(value):
                raise UserError(f"{place} is damaged: it holds a tensor that is not stored as a whole.")
        inner = [value for value in level if isinstance(value, dict | list | tuple)]
        parts = (part for value in inner for part in (value.values() if isinstance(value, dict) else value))
        level = list({id(part): part for part in parts}.values())
        if not level:
            return
    raise UserError(f"{place} is nested more than {DEPTH} levels deep, the limit for such a file.")


def _is_stored(value: Tensor) -> bool:
    if value.layout != torch.strided or value.is_quantized or value.device.type != "cpu":
        return False
    return value.untyped_storage().nbytes() >= value.numel() * value.element_size()


def require_same_model(found: dict[str, Any], wanted: dict[str, Any], path: str) -> None:
    """Refuse the checkpoint of another model, naming the options that differ.

    Args:
        found: The model identity in the checkpoint.
        wanted: The model identity of the run.
        path: The checkpoint, for the message.

    Raises:
        UserError: If the shapes cannot be the same.
    """
    differences = []
    for key in IDENTITY:
        value, other = wanted.get(key), found.get(key)
        if key == "network" and isinstance(other, dict):
            other = Fields(other, path, "network").build(NetworkOptions).to_json()  # an older version had fewer options
        if isinstance(value, dict) and isinstance(other, dict):
            names = [name for name in value if other.get(name) != value[name]]
            # Dropout changes no shape: it may change between a run and its continuation.
            names = [name for name in names if "dropout" not in name and name not in ("attention_chunk", "variational")]
            differences += [f"{key}.{name} is {other.get(name)} there, {value[name]} here" for name in names]
        elif other != value:
            differences.append(f"{key} is {other} there, {value} here")
    if differences:
        raise UserError(f"{path} is of another model: {'; '.join(differences)}.")


def require_weights(found: Mapping[str, Any], wanted: Mapping[str, Tensor], place: str) -> None:
    """Refuse weights that do not fit a network, or are not finite.

    Args:
        found: The weights by name.
        wanted: The weights of the network, by the same names.
        place: The checkpoint, for the message.

    Raises:
        UserError: Names the first difference.
    """
    for name in {**wanted, **found}:
        if name not in found or name not in wanted:
            missing = "lacks" if name not in found else "has, but its network has not,"
            raise UserError(f"{place} does not fit its network: it {missing} weight {name}.")
        given, made = found[name], wanted[name]
        if given.shape != made.shape:
            raise UserError(
                f"{place} does not fit its network: weight {name} has the shape {list(given.shape)}, "
                f"but the network makes it {list(made.shape)}."
            )
        if given.is_floating_point() != made.is_floating_point():
            raise UserError(f"{place} is damaged: weight {name} does not consist of floating point numbers.")
