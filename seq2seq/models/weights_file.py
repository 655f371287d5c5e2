"""Read weights in safetensors format; a file's header is checked before memory is allocated."""

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
_FLOATS = ("F16", "F32", "F64")  # the types that numpy supports; we write only the first two
_PICKLES = (b"PK\x03\x04", *(bytes([0x80, protocol]) for protocol in range(2, 6)))


def shapes(path: Path) -> Shapes:
    """Return the shape of each weight, from the file's header.

    Raises:
        UserError: If the file is missing, damaged or a pickle.
    """
    from safetensors import SafetensorError

    if not path.is_file():
        raise UserError(f"{path.parent} is incomplete: {path.name} is missing.")
    try:
        with path.open("rb") as start:
            if is_pickle(start.read(9), path.stat().st_size):
                raise UserError(f"{path} is a pickle under another name; pickles are never loaded.")
        with opened(path) as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 - the file is not a dictionary
            return {name: list(part.get_shape()) for name, part in slices.items()}
    except SafetensorError as fault:
        raise UserError(f"{path} is damaged or not a safetensors file ({fault}).") from fault
    except OSError as fault:
        raise UserError(f"{path} could not be read: {fault.strerror or fault}.") from fault


@contextmanager
def opened(path: Path) -> Iterator[Any]:  # the library has no types
    """Open a safetensors file; if the path is not UTF-8, which the library rejects, use a file descriptor."""
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
    """Build networks on the meta device, without allocating weights.

    Initialization is skipped because on the meta device it imports PyTorch's compiler, which takes seconds.
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

    A safetensors file begins with its header length in eight bytes, little-endian. If this is 640, the file begins like
    a pickle of protocol 2. `start` must be the first nine bytes, and `size` the file size in bytes.
    """
    is_safetensors = start[8:9] == b"{" and 8 + int.from_bytes(start[:8], "little") <= size
    return start.startswith(_PICKLES) and not is_safetensors


def require_possible(stored: Shapes, options: NetworkOptions, path: Path | str, what: str = CONFIG) -> None:
    """Check, before a network is built, that its options are not too large for the shapes in a weight file.

    In the message, `path` names the file, and `what` says where the options come from.

    Raises:
        UserError: If an option is too large.
    """
    largest = max((side for shape in stored.values() for side in shape), default=0)
    for name in ("hidden_size", "embedding_size", "readout_size", "heads"):
        size = getattr(options, name)
        if size > max(largest, 4):  # the minimum of 4 is the default of `heads`, which may be unused
            raise UserError(
                f"{path} does not fit {what}: {name} is {size:,}, but the largest side of a weight is {largest:,}."
            )
    layers = options.encoder_layers + options.decoder_layers
    if layers > max(len(stored), 2):
        raise UserError(
            f"{path} does not fit {what}: encoder and decoder have {layers:,} layers, but it contains "
            f"{len(stored):,} weights."
        )


def require_fit(stored: Shapes, wanted: Mapping[str, "Tensor"], path: Path) -> None:
    """Check that a weight file matches a network.

    Args:
        stored: The shapes in the file.
        wanted: The network's weights by name; they may be on the meta device.
        path: The file, for the message.

    Raises:
        UserError: If names or shapes differ.
    """
    for name, tensor in wanted.items():
        if name not in stored:
            raise UserError(f"{path} does not fit config.json: weight {name} is missing.")
        if stored[name] != list(tensor.shape):
            raise UserError(
                f"{path} does not fit config.json: weight {name} has the shape {stored[name]}, "
                f"but the options make it {list(tensor.shape)}."
            )
    for name in stored:
        if name not in wanted:
            raise UserError(f"{path} does not fit config.json: the options know no weight {name}.")


def fill(wanted: Mapping[str, "Tensor"], path: Path) -> None:
    """Load a file into a network's weights, given by name. The caller must call `require_fit` first.

    Raises:
        UserError: If a weight contains NaN or infinity, or is not floating point.
    """
    import torch
    from safetensors.torch import load

    given = load(path.read_bytes())
    with torch.no_grad():
        for name, tensor in wanted.items():
            if not given[name].is_floating_point():
                raise UserError(f"{path} is damaged: weight {name} does not consist of floating point numbers.")
            tensor.copy_(given[name])
            # Summing is faster than checking each weight, and a finite sum proves that every weight is finite. But the
            # sum of finite weights may overflow, so then each weight is checked.
            if not math.isfinite(tensor.sum().item()) and not tensor.isfinite().all():
                raise UserError(
                    f"{path} cannot be used: weight {name} contains NaN or infinite numbers. Its training diverged, or "
                    "the file is damaged."
                )


def not_finite(path: Path) -> list[str]:
    """Return the names of weights that contain NaN or infinity, without importing PyTorch.

    Raises:
        UserError: See `shapes`.
    """
    import numpy as np

    names = shapes(path)
    with opened(path) as file:
        kinds = {name: file.get_slice(name).get_dtype() for name in names}
        return [name for name in names if kinds[name] in _FLOATS and not np.isfinite(file.get_tensor(name)).all()]
