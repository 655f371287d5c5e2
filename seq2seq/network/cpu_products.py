"""Matrix multiplication on CPU, with oneDNN where available.

PyTorch uses MKL for float32 products, which falls back to slower code on non-Intel CPUs. On one thread of an AMD EPYC
(Zen 4), a [512 x 256] by [256 x 8006] product ran at 47 GFLOP/s with MKL and 83 GFLOP/s with oneDNN; with pre-packed
weights, 32 rows ran at 65 instead of 25 GFLOP/s. ``benchmarks/products.py`` measures both.

There is no autograd support, because the loss computes its own gradients and search needs none.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

Product = Callable[[Tensor], Tensor]
"""A product with fixed weights, from [N, I] to [N, O]."""


def has_onednn(tensor: Tensor) -> bool:
    """Return whether oneDNN is available for this tensor: float32 on a CPU, in a PyTorch build with oneDNN."""
    return (
        tensor.device.type == "cpu"
        and tensor.dtype == torch.float32
        and torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
        and hasattr(torch.ops.mkldnn, "_linear_pointwise")
    )


def linear(
    x: Float[Tensor, "rows input"], weight: Float[Tensor, "output input"], bias: Float[Tensor, " output"] | None = None
) -> Float[Tensor, "rows output"]:
    """Return ``x @ weight.T + bias``."""
    if not has_onednn(x) or x.shape[0] == 0:
        return functional.linear(x, weight, bias)
    product: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
    return product


def packed(
    weight: Float[Tensor, "output input"], bias: Float[Tensor, " output"] | None, activation: str = "none"
) -> Product:
    """Return a matmul with pre-packed weights and a fused activation ('none' or 'tanh'), for calls with few rows."""
    if not has_onednn(weight):
        if activation == "tanh":
            return lambda x: torch.tanh(functional.linear(x, weight, bias))
        return lambda x: functional.linear(x, weight, bias)
    laid_out = torch.ops.mkldnn._reorder_linear_weight(weight.detach().contiguous())

    def product(x: Tensor) -> Tensor:
        # Under autocast the input may be bfloat16, but the packed weights are float32.
        result: Tensor = torch.ops.mkldnn._linear_pointwise(x.float(), laid_out, bias, activation, [], "")
        return result

    return product
