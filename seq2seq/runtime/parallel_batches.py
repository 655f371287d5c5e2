"""Compute several batches at a time.

ONNX Runtime and NumPy release Python's lock while they compute, so batches in threads of their own use several
processors; for the small products of a step, this is faster than several threads for each product.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def computed(compute: Callable[[Item], Result], items: Iterable[Item], at_a_time: int) -> list[Result]:
    """Return what a function computes of each item, in order.

    Args:
        compute: The function; safe to call from several threads.
        items: The items.
        at_a_time: Number of items to compute at a time; 1 computes them in the caller's thread.

    Raises:
        Exception: The first that `compute` raised, in the order of the items; no other item is begun then.
    """
    waiting = list(items)
    if at_a_time == 1 or len(waiting) < 2:
        return [compute(item) for item in waiting]
    from concurrent.futures import ThreadPoolExecutor  # importing it takes milliseconds

    with ThreadPoolExecutor(at_a_time) as pool:
        futures = [pool.submit(compute, item) for item in waiting]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
