"""Stores the weights of a graph as 8-bit integers.

Each weight matrix is scaled per output channel; the inputs of its products are scaled when they are computed (dynamic
quantization). Embedding tables are scaled as a whole. Everything else stays in float32.

Weights of products use the range from -64 to 64. On processors with AVX2 but without VNNI, products of 8-bit numbers
are added in pairs in 16 bits (the instruction ``vpmaddubsw``), where larger weights overflow: 2 x 255 x 64 is the
largest multiple of 2 x 255 below 2^15. Products are then exact on every processor.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.runtime import telemetry

if TYPE_CHECKING:
    from onnx import ModelProto

OPERATORS = ["MatMul", "Gemm", "LSTM", "Gather"]


def quantize(path: Path) -> None:
    """Replace a graph's weights by 8-bit integers."""
    import logging

    import onnx

    telemetry.disable()
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared, small = path.with_suffix(".prepared.onnx"), path.with_suffix(".int8.onnx")
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # the library advises on what is done here already
    try:
        quant_pre_process(str(path), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(small),
            op_types_to_quantize=OPERATORS,
            nodes_to_exclude=_with_vectors(onnx.load(prepared)),
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )
        small.replace(path)
    finally:
        root.setLevel(level)
        prepared.unlink(missing_ok=True)
        small.unlink(missing_ok=True)


def _with_vectors(model: "ModelProto") -> list[str]:
    """Return the names of the nodes that multiply by a stored vector, which has no channels to scale."""
    vectors = {weight.name for weight in model.graph.initializer if len(weight.dims) < 2}
    products = (node for node in model.graph.node if node.op_type in ("MatMul", "Gemm"))
    return [node.name for node in products if vectors.intersection(node.input[:2])]
