"""The page's step scores pieces as the step of the exported model does."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from seq2seq.deployment.graph_files import write_graphs
from seq2seq.deployment.graph_optimization import optimized
from seq2seq.deployment.quantization import quantize
from seq2seq.deployment.web_step import for_page
from seq2seq.network.options import NetworkOptions
from seq2seq.runtime.piece_table import PieceTable
from tests.recorded import models

INT8_TOLERANCE = 0.05
"""Of log probabilities, which the quantization of the readout changes."""


@pytest.mark.parametrize("is_int8", [False, True])
@pytest.mark.parametrize("shape", [{}, {"attention": "none"}, {"input_feeding": True, "coverage": True}])
def test_scores_and_states_are_those_of_the_model(shape: dict[str, object], tmp_path: Path, *, is_int8: bool) -> None:
    options = NetworkOptions(embedding_size=16, hidden_size=24, **shape)  # type: ignore[arg-type]
    network = models.drawn(options, models.trained(), seed=2, end_bias=0)
    write_graphs(network, tmp_path, has_shortlist=True)
    path = tmp_path / "step.onnx"
    if is_int8:
        quantize(path)
    content = optimized(path)
    whole, page = (
        onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
        for graph in (content, for_page(content, options.readout_width, is_int8=is_int8))
    )
    bias = network.output.bias.detach().numpy()
    table = PieceTable.of(network.output.weight.detach().numpy(), bias, "int8" if is_int8 else "float32")
    pieces = np.array([3, 7, 50, 51, 200])
    draw, rows, length = np.random.default_rng(1), 3, 4
    shapes = {
        "embedded": (rows, options.embedding_size),
        "hidden": (rows, 1, options.hidden_size),
        "cell": (rows, 1, options.hidden_size),
        "feed": (rows, options.readout_width),
        "read": (rows, length),
        "keys": (1, length, options.hidden_size),
        "values": (1, length, options.hidden_size),
    }
    given = {name: draw.uniform(-1, 1, size).astype(np.float32) for name, size in shapes.items()}
    given |= {"is_token": np.ones((1, length), np.bool_)}
    listed = {"weights": table.vectors(pieces), "bias": table.biases(pieces)[None]}
    stored = {
        "weights": np.ascontiguousarray(table.rows["vector"][pieces].T),
        "scales": table.rows["scale"][pieces],
        "bias": table.biases(pieces),
    }
    wanted, found = (
        dict(
            zip(
                [one.name for one in session.get_outputs()],
                session.run(None, {one.name: (given | more)[one.name] for one in session.get_inputs()}),
                strict=True,
            )
        )
        for session, more in ((whole, listed), (page, stored))
    )
    assert set(found) == set(wanted)
    for name, values in wanted.items():
        tolerance = INT8_TOLERANCE if is_int8 and name == "scores" else 1e-5
        np.testing.assert_allclose(found[name], values, atol=tolerance, err_msg=name)
