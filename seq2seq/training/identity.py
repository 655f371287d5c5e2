"""Identity of a checkpoint's model (task, tokenizers, network), and checks that its weights fit."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from seq2seq.errors import UserError
from seq2seq.files.typed_values import Fields, kind_of
from seq2seq.network.options import NetworkOptions, shapes_weights

ABOUT = "seq2seq"
"""Checkpoint key of the model's identity and settings."""
IDENTITY = ("task", "tokenizer", "network")
"""The settings that all checkpoints of one model share."""


def require_same_model(stored: dict[str, Any], wanted: dict[str, Any], path: str) -> None:
    """Refuse a checkpoint of another model, naming the options that differ.

    Args:
        stored: Identity in the checkpoint.
        wanted: Identity of the run's model.
        path: Name of the checkpoint in the message.

    Raises:
        UserError: If an option that determines the weights' shapes differs.
    """
    differences = []
    for key in IDENTITY:
        value, other = wanted.get(key), stored.get(key)
        if key == "network" and isinstance(other, dict):
            other = Fields(other, path, "network").build(NetworkOptions).to_json()  # adds options of newer versions
        if isinstance(value, dict) and isinstance(other, dict):
            names = [name for name in value if other.get(name) != value[name]]
            names = [name for name in names if shapes_weights(name)]
            differences += [f"{key}.{name} is {other.get(name)} there, {value[name]} here" for name in names]
        elif other != value:
            differences.append(f"{key} is {other} there, {value} here")
    if differences:
        raise UserError(f"{path} belongs to another model: {'; '.join(differences)}.")


def require_weights(stored: Mapping[str, Any], wanted: Mapping[str, Tensor], place: str) -> None:
    """Refuse weights that do not fit a network.

    Args:
        stored: Weights by name.
        wanted: The network's weights by name.
        place: Name of the checkpoint in the message.

    Raises:
        UserError: If names, shapes or number types differ; the message gives the first difference.
    """
    for name in {**wanted, **stored}:
        if name not in stored or name not in wanted:
            missing = "it lacks" if name not in stored else "the network lacks"
            raise UserError(f"{place} does not fit its network: {missing} weight {name}.")
        weight, expected = stored[name], wanted[name]
        if weight.shape != expected.shape:
            raise UserError(
                f"{place} does not fit its network: weight {name} has the shape {list(weight.shape)}, "
                f"but the network expects {list(expected.shape)}."
            )
        if weight.is_floating_point() != expected.is_floating_point():
            raise UserError(f"{place} is damaged: weight {name} does not hold floating-point numbers.")


def tensors(values: object, place: str) -> dict[str, Tensor]:
    """Check that a value maps names to tensors, and return it.

    Raises:
        UserError: If it does not map names to tensors.
    """
    checked: dict[str, Tensor] = {}
    for name, value in Fields(values, place).values.items():
        if not isinstance(value, Tensor):
            raise UserError(f"{place}: {name} must be a tensor, but it is {kind_of(value)}.")
        checked[name] = value
    return checked
