"""Writes the graphs of `seq2seq.runtime.graphs`."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from seq2seq.deployment.traced import (
    DialogueGraph,
    EncodeGraph,
    OutputGraph,
    ProjectGraph,
    ReadGraph,
    StepGraph,
    TurnsGraph,
    examples,
    has_own_values,
    traceable,
)
from seq2seq.network.encoder_decoder import Network
from seq2seq.runtime.graphs import AFTER, DIALOGUE, ENCODE, OUTPUT, PROJECT, READ, STEP, TURNS

OPSET = 17
"""Version of ONNX's operators: the first with layer normalisation."""
_AXES = {
    "segments": {0: "segments", 1: "length"},
    "vectors": {0: "segments"},
    "turns": {0: "sources", 1: "turns"},
    "counts": {0: "sources"},
    "after": {0: "sources", 1: "turns"},
    "context": {0: "sources", 1: "turns"},
    "states": {0: "sources", 1: "length"},
    "source": {0: "sources", 1: "length"},
    "lengths": {0: "sources"},
    "ids": {0: "rows", 1: "pieces"},
    "token": {0: "rows"},
    "embedded": {0: "rows"},
    "readout": {0: "rows"},
    "weights": {0: "pieces"},
    "bias": {0: "sources", 1: "pieces"},
    "feed": {0: "rows"},
    "gate": {0: "rows"},
    "scores": {0: "rows", 1: "pieces"},
    "read": {0: "rows", 1: "length"},
    "attention": {0: "rows", 1: "length"},
    "keys": {0: "sources", 1: "length"},
    "values": {0: "sources", 1: "length"},
    "is_token": {0: "sources", 1: "length"},
}


def write_graphs(network: Network, folder: Path, *, has_shortlist: bool = False) -> None:
    """Write the graphs of a network in float32.

    Args:
        network: The network, in evaluation mode, on the CPU.
        folder: An existing folder.
        has_shortlist: Whether the embedding and the output layer are separate, for a shortlist.
    """
    options, whole = network.options, traceable(network)
    projected = ["keys", *(["values"] if has_own_values(options) else [])] if options.attention != "none" else []
    source, lengths = torch.ones(2, 5, dtype=torch.long), torch.tensor([5, 4])
    if options.encoder == "hierarchical":
        turns = torch.zeros(2, 5, options.hidden_size)
        after = ["after", *(["context"] if projected else []), "hidden", "cell"]
        _write(TurnsGraph(whole), folder / TURNS, ["segments", "lengths"], ["states", "vectors"], (source, lengths))
        _write(DialogueGraph(whole), folder / DIALOGUE, ["turns", "counts"], after, (turns, lengths))
        if projected:
            _write(ProjectGraph(network), folder / PROJECT, ["states"], projected, (turns,))
    elif network.has_source:
        outputs = [*projected, "hidden", "cell"]
        _write(EncodeGraph(whole), folder / ENCODE, ["source", "lengths"], outputs, (source, lengths))
    step = StepGraph(network, is_separate=has_shortlist)
    if has_shortlist:
        readout = torch.zeros(6, options.readout_width)
        _write(OutputGraph(network), folder / OUTPUT, ["readout"], ["scores"], (readout,))
    _write(step, folder / STEP, step.inputs, step.outputs, tuple(examples(options, step.inputs)))
    if not network.has_source:
        start = torch.zeros(2, options.decoder_layers, options.hidden_size)
        given = torch.ones(2, 5, dtype=torch.long), start, start
        _write(ReadGraph(whole), folder / READ, ["ids", "hidden", "cell"], ["hidden", "cell"], given)


def _write(
    module: nn.Module, path: Path, inputs: Sequence[str], outputs: Sequence[str], given: tuple[Tensor, ...]
) -> None:
    """Trace a module and write its graph; the states have a row for each source or for each row."""
    rows = {0: "rows" if path.name in (STEP, READ) else "sources"}
    axes = {name: _AXES.get(name, rows) for name in (*inputs, *outputs)}
    named = [AFTER + name if name in inputs else name for name in outputs]
    axes |= {AFTER + name: axes[name] for name in outputs if name in inputs}
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what tracing may lose; the graphs are compared with the network afterwards
        torch.onnx.export(
            module.eval(),
            given,
            str(path),
            input_names=list(inputs),
            output_names=named,
            dynamic_axes={name: axes[name] for name in (*inputs, *named)},
            opset_version=OPSET,
            dynamo=False,
        )
