"""The weights of a model folder: a safetensors file, checked by its header before memory is allocated."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seq2seq.errors import UserError
from seq2seq.network.options import NetworkOptions

if TYPE_CHECKING:
    from torch import Tensor

CONFIG = "config.json"
Shapes = dict[str, list[int]]
_FLOATS = ("F16", "F32", "F64")  # known to numpy; we write the first two
_PICKLES = (b"PK\x03\x04", *(bytes([0x80, protocol]) for protocol in range(2, 6)))


def shapes(path: Path) -> Shapes:
    """Return the shape of each weight, from the file's header.

    Raises:
        UserError: If the file is missing, a pickle, or damaged.
    """
    from safetensors import SafetensorError

    if not path.is_file():
        raise UserError(f"{path.parent} is incomplete: {path.name} is missing.")
    try:
        with path.open("rb") as start:
            if is_pickle(start.read(9), path.stat().st_size):
                raise UserError(f"{path} is a pickle under another name; pickles are never loaded.")
        with opened(path) as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 - it is not a dictionary
            return {name: list(one.get_shape()) for name, one in slices.items()}
    except SafetensorError as fault:
        raise UserError(f"{path} is damaged or not a safetensors file ({fault}).") from fault
    except OSError as fault:
        raise UserError(f"{path} could not be read: {fault.strerror or fault}.") from fault


@contextmanager
def opened(path: Path) -> Iterator[Any]:  # the library has no types
    """Open a safetensors file; a path that is not UTF-8, which the library refuses, is opened by its descriptor."""
    from safetensors import safe_open

    try:
        str(path).encode()
    except UnicodeEncodeError:
        with path.open("rb") as file, safe_open(f"/dev/fd/{file.fileno()}", framework="numpy") as weights:
            yield weights
        return
    with safe_open(path, framework="numpy") as weights:
        yield weights


@contextmanager
def shapes_alone() -> Iterator[None]:
    """Build networks without allocating weights.

    Initialization is skipped: on the meta device it would import PyTorch's compiler, which takes seconds.
    """
    import torch
    from torch import Tensor, nn
    from torch.overrides import TorchFunctionMode

    draws = (Tensor.normal_, nn.init.normal_)

    class Undrawn(TorchFunctionMode):
        def __torch_function__(
            self,
            func: Callable[..., object],
            types: object,
            args: Sequence[object] = (),
            kwargs: Mapping[str, object] | None = None,
        ) -> object:
            given = kwargs or {}
            if func in draws:
                return args[0] if args else given["tensor"]
            return func(*args, **given)

    with torch.device("meta"), Undrawn():
        yield


def is_pickle(start: bytes, size: int) -> bool:
    """Return whether a file is a pickle and not a safetensors file.

    A safetensors file begins with the length of its header, eight bytes, little-endian; a header of 640 bytes begins
    like a pickle of protocol 2.

    Args:
        start: The first nine bytes.
        size: Size of the file in bytes.
    """
    is_safetensors = start[8:9] == b"{" and 8 + int.from_bytes(start[:8], "little") <= size
    return start.startswith(_PICKLES) and not is_safetensors


def require_possible(found: Shapes, options: NetworkOptions, path: Path | str, what: str = CONFIG) -> None:
    """Refuse options too large for the weight file before building the network.

    Args:
        found: The shapes in the file.
        options: The options.
        path: The file, for the message.
        what: Origin of the options, for the message.

    Raises:
        UserError: If one does not fit; names the first such option, and the file's size.
    """
    largest = max((side for shape in found.values() for side in shape), default=0)
    for name in ("hidden_size", "embedding_size", "readout_size", "heads"):
        size = getattr(options, name)
        if size > max(largest, 4):  # unused heads have a default
            raise UserError(
                f"{path} does not fit {what}: {name} is {size:,}, but the largest side of a weight is {largest:,}."
            )
    layers = options.encoder_layers + options.decoder_layers
    if layers > max(len(found), 2):
        raise UserError(
            f"{path} does not fit {what}: encoder and decoder have {layers:,} layers, but it holds "
            f"{len(found):,} weights."
        )


def require_fit(found: Shapes, wanted: Mapping[str, "Tensor"], path: Path) -> None:
    """Refuse a file whose weights do not fit a network.

    Args:
        found: From `shapes`.
        wanted: The network's weights, by the names in the file; on the meta device they take no memory.
        path: The file, for the message.

    Raises:
        UserError: Names the first difference.
    """
    for name, tensor in wanted.items():
        if name not in found:
            raise UserError(f"{path} does not fit config.json: weight {name} is missing.")
        if found[name] != list(tensor.shape):
            raise UserError(
                f"{path} does not fit config.json: weight {name} has the shape {found[name]}, "
                f"but the options make it {list(tensor.shape)}."
            )
    for name in found:
        if name not in wanted:
            raise UserError(f"{path} does not fit config.json: the options know no weight {name}.")


def fill(wanted: Mapping[str, "Tensor"], path: Path) -> None:
    """Read the weights of a network.

    Args:
        wanted: The network's weights, by the names in the file.
        path: The file, which fits them.

    Raises:
        UserError: If a weight is NaN or infinite, or does not consist of floating point numbers.
    """
    import torch
    from safetensors.torch import load

    given = load(path.read_bytes())
    with torch.no_grad():
        for name, tensor in wanted.items():
            if not given[name].is_floating_point():
                raise UserError(f"{path} is damaged: weight {name} does not consist of floating point numbers.")
            tensor.copy_(given[name])
            # A sum is faster: it is finite only if every weight is. But it may overflow.
            if not math.isfinite(tensor.sum().item()) and not tensor.isfinite().all():
                raise UserError(
                    f"{path} cannot be used: weight {name} holds NaN or infinite numbers. Its training diverged, or "
                    "the file is damaged."
                )


def not_finite(path: Path) -> list[str]:
    """Return the names of the weights that hold NaN or infinite numbers, without PyTorch.

    Raises:
        UserError: See `shapes`.
    """
    import numpy as np

    found = shapes(path)
    with opened(path) as file:
        kinds = {name: file.get_slice(name).get_dtype() for name in found}
        return [name for name in found if kinds[name] in _FLOATS and not np.isfinite(file.get_tensor(name)).all()]
