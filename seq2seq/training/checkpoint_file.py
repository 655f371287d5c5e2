"""Checkpoint files: written atomically, and loaded without running code."""

import math
import warnings
from pathlib import Path
from typing import Any, cast

import torch
from lightning.fabric.plugins.io.torch_io import TorchCheckpointIO
from lightning.fabric.utilities.types import _PATH
from torch import Tensor

from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_files import write_atomically
from seq2seq.files.parsing import DEPTH
from seq2seq.files.typed_values import Fields, is_whole, kind_of
from seq2seq.training.identity import ABOUT, tensors


class AtomicCheckpointIO(TorchCheckpointIO):
    """Lightning's checkpoint I/O with atomic writes, for every checkpoint of a run, even from user callbacks."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: _PATH, storage_options: Any | None = None) -> None:  # noqa: ANN401
        """Write a checkpoint; see `write_atomically`."""
        write_atomically(Path(path), lambda file: torch.save(checkpoint, file))

    def load_checkpoint(
        self,
        path: _PATH,
        map_location: Any = None,  # noqa: ANN401 - Lightning's own signature
        weights_only: bool | None = None,
    ) -> dict[str, Any]:
        """Load a checkpoint to the CPU without running code; see `read_checkpoint`."""
        return read_checkpoint(Path(path))


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Load a checkpoint without running code.

    Raises:
        UserError: If the file is missing or damaged, or is not a seq2seq checkpoint.
    """
    if not path.is_file():
        raise UserError(f"No checkpoint {path}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch warns about unusual pickles, which we refuse below
            checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as fault:
        # An untrusted file may fail in the unpickler, the archive reader or torch: all failures get one message.
        raise UserError(
            f"{path} is not a checkpoint of seq2seq: it is damaged, or contains more than weights and numbers "
            f"({type(fault).__name__})."
        ) from fault
    if not isinstance(checkpoint, dict) or ABOUT not in checkpoint or "state_dict" not in checkpoint:
        raise UserError(f"{path} is not a checkpoint of seq2seq: it contains no model of ours.")
    _require_plain(checkpoint, str(path))
    _require_parts(Fields(checkpoint, str(path)))
    return cast(dict[str, Any], checkpoint)


def _require_parts(values: Fields) -> None:
    """Refuse checkpoint entries of the wrong type.

    Options of the network and the reader are checked later, when each is built.
    """
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


def _require_plain(checkpoint: object, place: str) -> None:
    """Refuse deep nesting, integers beyond 64 bits, and tensors larger than their stored data.

    A container that is referenced several times is checked only once per level. Otherwise a small pickle could require
    exponentially many checks.
    """
    level = [checkpoint]
    for _ in range(DEPTH):
        for value in level:
            if isinstance(value, int) and not isinstance(value, bool) and not is_whole(value):
                raise UserError(f"{place} is damaged: it contains {kind_of(value)}.")
            if isinstance(value, Tensor) and not _is_stored(value):
                raise UserError(f"{place} is damaged: it contains a tensor whose data is not all stored.")
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


def require_finite(weights: dict[str, Tensor], path: Path) -> None:
    """Refuse to replace a good checkpoint with broken weights.

    Raises:
        WorldError: If a weight is NaN or infinite.
    """
    for name, weight in weights.items():
        if weight.is_floating_point() and not math.isfinite(weight.sum().item()) and not weight.isfinite().all():
            raise WorldError(f"Weight {name} is no longer finite; {path} was not replaced. Lower the learning rate.")
