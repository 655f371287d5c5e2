"""Tables with a vector for each piece, of which decoding reads a few rows.

A table is a file ``NAME.npy`` with a row for each piece: its vector [R] in 8-bit integers or in float32, the scale of
the integers, and the piece's bias in the output layer (zero in a table of embeddings).
"""

from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seq2seq.errors import UserError

Floats = NDArray[np.float32]
LARGEST = 127
MOST_NUMBERS = 2**21
"""Tables with at most this many numbers (8 MB in float32) are converted once, not for each batch."""
PRECISIONS = {"int8": "i1", "float32": "<f4"}
"""NumPy's names of the types in which vectors are stored."""


def row_type(width: int, precision: str) -> np.dtype[np.void]:
    """Return the type of a row with a vector of a width, stored in one of `PRECISIONS`."""
    return np.dtype([("scale", "<f4"), ("bias", "<f4"), ("vector", PRECISIONS[precision], (width,))])


class PieceTable:
    """A table of vectors.

    Args:
        rows: [V], the rows; see `row_type`.
    """

    def __init__(self, rows: NDArray[np.void]) -> None:
        self.rows = rows

    @classmethod
    def of(cls, vectors: Floats, biases: Floats, precision: str) -> "PieceTable":
        """Store vectors [V, R] and biases [V] in a precision; each vector of integers has its own scale."""
        rows = np.zeros(len(vectors), row_type(vectors.shape[1], precision))
        rows["bias"], rows["scale"] = biases, 1.0
        if precision == "int8":
            largest = np.abs(vectors).max(1)
            rows["scale"] = np.where(largest > 0, largest / LARGEST, 1)
            vectors = np.rint(vectors / rows["scale"][:, None])
        rows["vector"] = vectors
        return cls(rows)

    @classmethod
    def read(cls, path: Path, pieces: int) -> "PieceTable":
        """Read the table of a vocabulary.

        Raises:
            UserError: If the file is missing or damaged, or if it is the table of another vocabulary.
        """
        rows = read_array(path)
        width = rows.dtype["vector"].shape if "vector" in (rows.dtype.names or ()) else ()
        possible = [row_type(size, precision) for size in width for precision in PRECISIONS]
        if rows.dtype not in possible or rows.shape != (pieces,):
            raise UserError(f"{path} does not fit config.json: it is no table of {pieces} pieces.")
        return cls(rows)

    @property
    def is_int8(self) -> bool:
        """Whether the vectors are stored in 8-bit integers."""
        return bool(self.rows.dtype["vector"].base == np.int8)

    def write(self, path: Path) -> None:
        """Write the table to a file."""
        np.save(path, self.rows, allow_pickle=False)

    def vectors(self, pieces: NDArray[np.int64]) -> Floats:
        """Return the vectors of pieces, [N, R]."""
        if self._whole is not None:
            return self._whole.take(pieces, 0)
        return self._floats(self.rows[pieces])

    @cached_property
    def _whole(self) -> Floats | None:
        """[V, R], all vectors, of a table that takes little memory in float32; else None."""
        return self._floats(self.rows) if self.rows["vector"].size <= MOST_NUMBERS else None

    def _floats(self, rows: NDArray[np.void]) -> Floats:
        vectors = rows["vector"].astype(np.float32)
        if self.is_int8:
            vectors *= rows["scale"][:, None]
        return vectors

    def biases(self, pieces: NDArray[np.int64]) -> Floats:
        """Return the biases of pieces, [N]."""
        biases: Floats = self.rows["bias"][pieces]
        return biases


def read_array(path: Path) -> NDArray[np.void]:
    """Read an array from a file, which can hold nothing but numbers.

    Raises:
        UserError: If the file is missing or damaged.
    """
    try:
        with path.open("rb") as file:
            found: NDArray[np.void] = np.lib.format.read_array(file, allow_pickle=False)
    except FileNotFoundError as fault:
        raise UserError(f"{path.parent} is incomplete: {path.name} is missing.") from fault
    except Exception as fault:  # a damaged header raises errors of many kinds
        raise UserError(f"{path} is damaged: it is no array of numbers.") from fault
    return found
