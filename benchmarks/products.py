"""Compare float32 matrix products on one thread: PyTorch's own (MKL), oneDNN, and packed oneDNN.

    python benchmarks/products.py

The shapes are those of the output layer and of a decoder step, as in ``seq2seq/network/cpu_products.py``.
"""

import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from seq2seq.malloc import keep_freed_memory
from seq2seq.network.cpu_products import linear, packed

SHAPES = [(32, 256, 8006), (160, 256, 8006), (160, 512, 8006), (160, 768, 2048), (512, 256, 8006), (512, 8006, 256)]


def rate(product: Callable[[], Tensor], operations: int) -> float:
    """Return GFLOP per CPU second, the best of five runs of ten products."""
    product()
    best = 0.0
    for _ in range(5):
        start = time.process_time()
        for _ in range(10):
            product()
        best = max(best, 10 * operations / (time.process_time() - start) / 1e9)
    return best


def main() -> None:
    """Measure each shape and print a table."""
    torch.set_num_threads(1)
    keep_freed_memory()
    print(f"{'rows x input x output':>24} {'own':>6} {'oneDNN':>7} {'packed':>7}  GFLOP/s, torch {torch.__version__}")
    with torch.inference_mode():
        for rows, inputs, outputs in SHAPES:
            x, weight, bias = torch.randn(rows, inputs), torch.randn(outputs, inputs), torch.randn(outputs)
            with_packed = packed(weight, bias)
            operations = 2 * rows * inputs * outputs
            rates = (
                rate(lambda x=x, w=weight, b=bias: functional.linear(x, w, b), operations),  # type: ignore[misc]
                rate(lambda x=x, w=weight, b=bias: linear(x, w, b), operations),  # type: ignore[misc]
                rate(lambda x=x, product=with_packed: product(x), operations),  # type: ignore[misc]
            )
            print(f"{f'{rows} x {inputs} x {outputs}':>24} {rates[0]:6.0f} {rates[1]:7.0f} {rates[2]:7.0f}")


if __name__ == "__main__":
    main()
