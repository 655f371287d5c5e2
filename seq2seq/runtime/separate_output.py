"""The output layer of a model with a shortlist, which is separate from the graph of the step.

Shapes: ``B`` sources, ``N`` rows, ``K`` pieces, ``V`` vocabulary, ``E`` embedding width, ``R`` readout width.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import UserError
from seq2seq.network.options import NetworkOptions
from seq2seq.runtime.graphs import CANDIDATES, EMBEDDING_TABLE, OUTPUT, OUTPUT_TABLE, Graph
from seq2seq.runtime.memory import Floats
from seq2seq.runtime.piece_table import PieceTable, read_array
from seq2seq.runtime.shortlist import Shortlist


@dataclass(frozen=True)
class SeparateOutput:
    """The output layer as a graph and by pieces, and the embeddings by pieces.

    Args:
        graph: The graph that scores all pieces.
        table: The weights and biases of each piece.
        embedding: The embedding of each piece.
        shortlist: The candidates of each source piece; None if search uses the whole vocabulary.
    """

    graph: Graph
    table: PieceTable
    embedding: PieceTable
    shortlist: Shortlist | None

    @classmethod
    def read(
        cls,
        folder: Path,
        options: NetworkOptions,
        sizes: tuple[int, int],
        frequent: Sequence[int],
        *,
        uses_shortlist: bool = True,
    ) -> "SeparateOutput":
        """Read the files of a model with a shortlist; see `seq2seq.runtime.graphs`.

        Args:
            folder: The model folder.
            options: The architecture.
            sizes: Numbers of source ids and of target ids.
            frequent: Target pieces that belong to every shortlist.
            uses_shortlist: Whether search uses the shortlist.

        Raises:
            UserError: If a file is missing or damaged.
        """
        source_size, size = sizes
        table = embedding = PieceTable.read(folder / OUTPUT_TABLE, size)
        if options.tied_embeddings == "none":
            embedding = PieceTable.read(folder / EMBEDDING_TABLE, size)
        candidates = read_array(folder / CANDIDATES)
        is_fit = candidates.dtype.kind == "u" and candidates.ndim == 2 and len(candidates) == source_size
        highest = max(int(candidates.max(initial=0)) if is_fit else size, max(frequent, default=0))
        if highest >= size or min(frequent, default=0) < 0:
            raise UserError(f"{folder / CANDIDATES} does not fit config.json: it has no pieces of the vocabularies.")
        shortlist = Shortlist(candidates, frequent, size) if uses_shortlist else None
        return cls(Graph(folder / OUTPUT, ["scores"]), table, embedding, shortlist)

    def scores(self, readout: Floats) -> Floats:
        """Return the log probabilities of all pieces, [N, V], for readout states [N, R]."""
        scores: Floats = self.graph.run({"readout": readout})["scores"]
        return scores

    def no_pieces(self, sources: int) -> dict[str, NDArray[np.float32]]:
        """Return the step's inputs for no shortlist: one piece for each of B sources, whose score is not used."""
        width = self.table.rows.dtype["vector"].shape[0]
        return {"weights": np.zeros((1, width), np.float32), "bias": np.zeros((sources, 1), np.float32)}
