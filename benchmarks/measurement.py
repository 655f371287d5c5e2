"""Measurements shared by the benchmarks: CPU time, the speed of a matrix product, and the record of a run.

Times are CPU seconds (user + system), because machines are shared. The speed of a large matrix product is measured
before and after a benchmark, to make machines comparable.
"""

import json
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def cpu_seconds() -> float:
    """Return the CPU seconds (user + system) used by this process."""
    return time.process_time()


def matrix_rate() -> float:
    """Return GFLOP/s of a 2048 x 2048 float32 product on one thread, the best of five."""
    matrix = torch.randn(2048, 2048)
    best = 0.0
    for _ in range(5):
        start = cpu_seconds()
        for _ in range(3):
            matrix @ matrix
        best = max(best, 3 * 2 * 2048**3 / (cpu_seconds() - start) / 1e9)
    return best


def finish(command: str, figures: "Sequence[DataclassInstance]", before: float, path: Path | None, **more: Any) -> None:  # noqa: ANN401 - JSON values
    """Measure the matrix product again, print both speeds, and write a record if a path is given.

    Args:
        command: The benchmark.
        figures: What it measured.
        before: Speed of the matrix product before the benchmark.
        path: JSON file, or None.
        more: Further values of the record.
    """
    after = matrix_rate()
    print(f"matrix product: {before:.0f} and {after:.0f} GFLOP/s on {platform.machine()}, torch {torch.__version__}")
    if path:
        record = {
            "command": command,
            "torch": torch.__version__,
            **more,
            "matrix_gflops": [round(before, 1), round(after, 1)],
            "figures": [asdict(figure) for figure in figures],
        }
        path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
