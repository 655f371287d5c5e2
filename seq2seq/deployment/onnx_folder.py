"""Writes a model folder for ONNX Runtime.

It holds what a PyTorch model folder holds (`seq2seq.models.bundle`), with the graphs of `seq2seq.runtime.graphs` in
place of the weights. The graphs are compared with the network that they were made of before the folder is written.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from seq2seq.corpus.example import Example
from seq2seq.deployment.comparison import compared
from seq2seq.deployment.graph_files import write_graphs
from seq2seq.deployment.quantization import quantize
from seq2seq.deployment.shortlist import ShortlistTable, write_shortlist
from seq2seq.models import bundle
from seq2seq.models.bundle import Bundle
from seq2seq.models.bundle_config import ExportCheck
from seq2seq.models.load import model_of
from seq2seq.models.model_card import model_card
from seq2seq.options import choice
from seq2seq.runtime.placement import Placement

PRECISIONS = ("int8", "float32")


def write_onnx(
    folder: Path,
    loaded: Bundle,
    precision: str,
    examples: Sequence[Example],
    shortlist: ShortlistTable | None = None,
) -> ExportCheck:
    """Write a model folder for ONNX Runtime, replacing an existing model.

    Args:
        folder: A new or empty folder, or a model folder to be replaced.
        loaded: The model for PyTorch.
        precision: 'int8' or 'float32'.
        examples: Validation examples for the comparison.
        shortlist: The model's shortlist, if it is to have one.

    Returns:
        The comparison, which is stored in the folder too.

    Raises:
        UserError: If `folder` contains anything else, or if the network has an option that cannot be exported.
        WorldError: If the disk is full or not writable; an existing model is unchanged.
    """
    choice("precision", precision, PRECISIONS)
    folder = folder.resolve()
    bundle.require_free(folder)
    network = loaded.torch_network
    with tempfile.TemporaryDirectory() as place:
        graphs = Path(place)
        write_graphs(network, graphs, has_shortlist=shortlist is not None)
        if precision == "int8":
            for graph in graphs.glob("*.onnx"):
                quantize(graph)
        description = bundle.described(loaded.config, loaded.tokenizers, network.weight_count(), precision)
        if shortlist is not None:
            description["shortlist"] = {"frequent": list(shortlist.frequent)}
            write_shortlist(graphs, network, shortlist, precision)
        bundle.write_description(graphs, description, loaded.tokenizers, card="")
        comparison = compared(model_of(loaded), model_of(bundle.load(graphs, Placement(engine="onnx"))), examples)
        description["export"] = comparison.to_json()
        files = [*sorted(graphs.glob("*.onnx")), *sorted(graphs.glob("*.npy"))]
        contents = {path.name: path.read_bytes() for path in files}

    size = sum(map(len, contents.values()))
    card = model_card(loaded.config, loaded.task, network.weight_count(), size, comparison.sentence())

    def write(new: Path) -> None:
        bundle.write_description(new, description, loaded.tokenizers, card)
        for name, content in contents.items():
            (new / name).write_bytes(content)

    bundle.put(folder, write)
    return comparison
