"""Tables of vectors: what is stored comes back, and a damaged file is a sentence."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.errors import UserError
from seq2seq.runtime.piece_table import PieceTable
from tests.properties import examples

VECTORS = np.random.default_rng(1).normal(size=(9, 6)).astype(np.float32)
VECTORS[3] = 0
BIASES = np.arange(9, dtype=np.float32)


@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 0.0), ("int8", 0.5 / 127)])
def test_vectors_come_back(precision: str, tolerance: float, tmp_path: Path) -> None:
    PieceTable.of(VECTORS, BIASES, precision).write(tmp_path / "table.npy")
    table = PieceTable.read(tmp_path / "table.npy", 9)
    pieces = np.array([8, 3, 0, 0])
    largest = np.abs(VECTORS[pieces]).max(1, keepdims=True)
    assert np.all(np.abs(table.vectors(pieces) - VECTORS[pieces]) <= tolerance * largest * 1.001)
    assert table.vectors(pieces).dtype == np.float32
    assert table.biases(pieces).tolist() == [8, 3, 0, 0]


def test_a_damaged_table_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "table.npy"
    with pytest.raises(UserError, match=r"is incomplete: table\.npy is missing\."):
        PieceTable.read(path, 9)
    PieceTable.of(VECTORS, BIASES, "int8").write(path)
    whole = path.read_bytes()
    with pytest.raises(UserError, match=r"table\.npy does not fit config\.json: it is no table of 8 pieces\."):
        PieceTable.read(path, 8)
    for content in (b"", b"no table", whole[:100], whole[:-1], whole.replace(b"descr", b"descb")):
        path.write_bytes(content)
        with pytest.raises(UserError, match=r"table\.npy is damaged: it is no array of numbers\."):
            PieceTable.read(path, 9)
    header = b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999,), }"
    path.write_bytes(header.ljust(127) + b"\n")
    with pytest.raises(UserError, match="is damaged: it is no array of numbers"):
        PieceTable.read(path, 9)
    np.savez(tmp_path / "several.npz", VECTORS)
    (tmp_path / "several.npz").rename(path)
    with pytest.raises(UserError, match="is damaged: it is no array of numbers"):
        PieceTable.read(path, 9)
    np.save(path, np.array([{"pickled": 1}]), allow_pickle=True)
    with pytest.raises(UserError, match="is damaged: it is no array of numbers"):
        PieceTable.read(path, 1)
    for other in (VECTORS, np.zeros(9, [("scale", "<f4"), ("bias", "<f4"), ("vector", "<f8", (6,))])):
        np.save(path, other)
        with pytest.raises(UserError, match=r"does not fit config\.json"):
            PieceTable.read(path, 9)


@examples(100)
@given(place=st.integers(0, 400), byte=st.integers(0, 255))
def test_any_changed_byte_is_a_sentence_or_a_table(
    place: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("changed") / "table.npy"
    PieceTable.of(VECTORS, BIASES, "int8").write(path)
    content = bytearray(path.read_bytes())
    content[place % len(content)] = byte
    path.write_bytes(content)
    try:
        table = PieceTable.read(path, 9)
    except UserError:
        return
    assert table.vectors(np.arange(9)).shape == VECTORS.shape
