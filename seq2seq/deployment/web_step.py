"""The step of a model with a shortlist as a page computes it.

At each step, a page passes the weights of the listed pieces to the graph, and copying them takes time. So it passes
8-bit weights as they are stored, which are a quarter of the bytes, and the graph multiplies integers, as in the other
layers. Since a page decodes one source at a time, the graph need not tell sources apart.

Inputs of the graph, in place of weights [K, R] and bias [B, K] of ``step.onnx``: weights [R, K], in int8 or float32;
scales [K] of int8 weights; bias [K].
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnx import ModelProto


def for_page(content: bytes, width: int, *, is_int8: bool) -> bytes:
    """Return the graph for a page.

    Args:
        content: An optimized ``step.onnx`` of a model with a shortlist.
        width: R, the readout width.
        is_int8: Whether the page passes 8-bit weights.
    """
    import onnx
    from onnx import TensorProto, helper

    model = onnx.load_from_string(content)
    graph = model.graph
    (product,) = (node for node in graph.node if "weights" in node.input)
    readout = product.input[0]
    for given in [each for each in graph.input if each.name in ("weights", "bias")]:
        graph.input.remove(given)
    (scores,) = (each for each in graph.output if each.name == "scores")
    graph.output.remove(scores)
    _remove_unused(model, readout)

    kind = TensorProto.INT8 if is_int8 else TensorProto.FLOAT
    graph.input.append(helper.make_tensor_value_info("weights", kind, [width, "pieces"]))
    graph.input.append(helper.make_tensor_value_info("bias", TensorProto.FLOAT, ["pieces"]))
    if is_int8:
        graph.input.append(helper.make_tensor_value_info("scales", TensorProto.FLOAT, ["pieces"]))
        names = [readout, "weights", "scales", "", "bias"]  # weights have no zero point
        graph.node.append(helper.make_node("DynamicQuantizeMatMul", names, ["logits"], domain="com.microsoft"))
    else:
        graph.node.append(helper.make_node("MatMul", [readout, "weights"], ["products"]))
        graph.node.append(helper.make_node("Add", ["products", "bias"], ["logits"]))
    graph.node.append(helper.make_node("LogSoftmax", ["logits"], ["scores"], axis=-1))
    graph.output.append(scores)
    result: bytes = model.SerializeToString()
    return result


def _remove_unused(model: "ModelProto", *kept: str) -> None:
    """Remove the nodes that no output and none of the kept values depends on."""
    graph = model.graph
    while True:
        used = {*kept, *(each.name for each in graph.output)}.union(*(node.input for node in graph.node))
        unused = [node for node in graph.node if used.isdisjoint(node.output)]
        if not unused:
            return
        for node in unused:
            graph.node.remove(node)
