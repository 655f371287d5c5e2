"""Array functions for decoding that work with both NumPy and PyTorch.

Decoding uses the arrays of the library that computes the network: PyTorch tensors on any device, or NumPy arrays if
PyTorch is not installed. `namespace` returns the functions of the array API standard (https://data-apis.org/array-api)
for an array; this module adds the few functions that the standard lacks.
"""

import sys
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = Any
"""A NumPy array or a PyTorch tensor."""

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Bool, Float, Int
else:
    # Importing jaxtyping takes time that a short command notices. Shape checkers import it before this module.
    class _Shaped:
        """An annotation such as ``Float[Array, "rows vocabulary"]``, whose shape is for readers."""

        def __class_getitem__(cls, _described: object) -> object:
            return Array

    Bool = Float = Int = _Shaped

__all__ = ["Array", "Bool", "Float", "Int", "at", "beside", "capped", "counted", "is_numpy", "namespace"]
__all__ += ["largest", "running_sum", "softmax", "to_numpy", "topk", "widened"]

SORTED, SEARCHED = 64, 16
"""Rows of up to `SORTED` numbers are sorted for their largest; of longer rows up to `SEARCHED` are found in turn."""


def namespace(array: Array) -> Any:  # noqa: ANN401 - a module
    """Return the module with the standard's functions for an array."""
    if isinstance(array, np.ndarray):
        return np
    import array_api_compat.torch

    return array_api_compat.torch


def is_numpy(array: Array) -> bool:
    """Return whether an array is NumPy's and not PyTorch's."""
    return isinstance(array, np.ndarray)


def to_numpy(array: Array) -> NDArray[Any]:
    """Return an array as NumPy's, without its gradients."""
    return array if isinstance(array, np.ndarray) else cast(NDArray[Any], array.detach().cpu().numpy())


def beside(values: ArrayLike, array: Array) -> Array:
    """Return values as an array of the same library and device as another array; they may share memory."""
    values = to_numpy(values) if hasattr(values, "detach") else np.asarray(values)
    return values if isinstance(array, np.ndarray) else namespace(array).asarray(values, device=array.device)


def counted(count: int, array: Array) -> Array:
    """Return the numbers from 0 below `count` as an array of the same library and device as another array."""
    return namespace(array).arange(count, device=_device(array))


def largest(scores: Array) -> Array:
    """Return the place of the largest score of each row (last axis); of a NaN, if there is one."""
    return scores.argmax(-1) if isinstance(scores, np.ndarray) else scores.max(-1).indices


def topk(scores: Array, count: int) -> tuple[Array, Array]:
    """Return the largest scores of each row (last axis), in order, and their places; `count` is at most their number.

    With NumPy, equal scores are in the order of their places.
    """
    if not isinstance(scores, np.ndarray):
        values, places = scores.topk(count, -1)
        return values, places
    if count == 1:
        places = scores.argmax(-1)[..., None]
        return scores.max(-1, keepdims=True), places
    if scores.shape[-1] > SORTED and count <= SEARCHED and scores.ndim == 2:
        values, places = _largest_in_turn(scores, count)
        (few,) = np.nonzero(values[:, -1] == -np.inf)
        if len(few):  # in a row with fewer finite scores, places are found twice
            values[few], places[few] = _sorted_in_part(scores[few], count)
        return values, places
    return _sorted_in_part(scores, count)


def _sorted_in_part(scores: NDArray[Any], count: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    if 4 * count < scores.shape[-1]:
        places = np.argpartition(scores, scores.shape[-1] - count, -1)[..., -count:]
        places.sort(-1)
        values = np.take_along_axis(scores, places, -1)
        order = np.argsort(-values, -1, kind="stable")
        return np.take_along_axis(values, order, -1), np.take_along_axis(places, order, -1)
    places = np.argsort(-scores, -1, kind="stable")[..., :count]
    return at(scores, places) if scores.ndim == 2 else np.take_along_axis(scores, places, -1), places


def _largest_in_turn(scores: NDArray[Any], count: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Find the largest score of each row again and again, because vector instructions find a maximum quickly."""
    rows, width = scores.shape
    left = scores.flatten()
    table, begin = left.reshape(rows, width), np.arange(0, rows * width, width)
    values, places = np.empty((count, rows), scores.dtype), np.empty((count, rows), np.int64)
    for value, place in zip(values, places, strict=True):
        np.add(table.argmax(1), begin, out=place)
        left.take(place, out=value)
        left[place] = -np.inf
    return values.T, (places - begin).T


def at(values: Array, places: Array) -> Array:
    """Return the values at places of each row, [N, M], like ``take_along_axis(values, places, axis=1)``."""
    if isinstance(values, np.ndarray):
        return values[np.arange(len(values))[:, None], places]
    return values.gather(1, places)


def capped(values: Array, most: int) -> Array:
    """Return whole numbers of at most `most`, without the overhead of NumPy's `clip`."""
    return np.minimum(values, most) if isinstance(values, np.ndarray) else values.clamp(max=most)


def softmax(scores: Array) -> Array:
    """Return the probabilities of each row (last axis) of scores."""
    if not isinstance(scores, np.ndarray):
        return scores.softmax(-1)
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def running_sum(values: Array) -> Array:
    """Return the running sum of each row (last axis) in double precision."""
    if not isinstance(values, np.ndarray):
        return values.double().cumsum(-1)
    return values.cumsum(-1, dtype=np.float64)


def widened(array: Array, width: int, value: float = 0) -> Array:
    """Return an array with each row (last axis) filled up to a width."""
    missing = width - array.shape[-1]
    if missing <= 0:
        return array
    xp = namespace(array)
    filling = xp.full((*array.shape[:-1], missing), value, dtype=array.dtype, device=_device(array))
    return xp.concat([array, filling], axis=-1)


def _device(array: Array) -> Any:  # noqa: ANN401 - NumPy's is a word
    """Return the device of an array, as the standard's functions take it."""
    return "cpu" if isinstance(array, np.ndarray) else array.device
