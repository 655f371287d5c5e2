"""Optimizes graphs ahead of time.

ONNX Runtime fuses operators whenever it loads a graph. In a browser this delays the first output, so a page gets graphs
that are optimized already.
"""

import tempfile
from pathlib import Path

from seq2seq.runtime import telemetry

_ERRORS = 3


def optimized(path: Path) -> bytes:
    """Return the content of a graph after the optimizations that do not depend on the processor."""
    telemetry.disable()
    import onnxruntime

    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / path.name
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(new)
        options.log_severity_level = _ERRORS  # it warns that the file depends on the level
        options.intra_op_num_threads = 1
        onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        return new.read_bytes()
