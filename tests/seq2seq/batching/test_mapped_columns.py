"""Records on disk."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.batching import mapped_columns
from seq2seq.batching.mapped_columns import Column, ColumnWriter
from seq2seq.errors import UserError

pytestmark = pytest.mark.usefixtures("real_disk")


def write(folder: Path, records: list[list[int]]) -> Column:
    writer = ColumnWriter(folder, "x")
    for record in records:
        writer.append(np.array(record, np.uint16).tobytes(), len(record))
    writer.finish()
    return Column(folder, "x", np.uint16)


@given(records=st.lists(st.lists(st.integers(0, 65535), max_size=5), max_size=30))
def test_records_come_back(tmp_path_factory: pytest.TempPathFactory, records: list[list[int]]) -> None:
    column = write(tmp_path_factory.mktemp("column"), records)
    assert [column[number].tolist() for number in range(len(column))] == records
    some = np.arange(len(records))[::-2]
    assert column.lengths(some).tolist() == [len(records[number]) for number in some]


def test_records_are_plain_arrays_and_stay_when_the_map_lets_go(tmp_path: Path) -> None:
    count = 3 * mapped_columns.READS_BETWEEN_RELEASES + 1
    column = write(tmp_path, [[number, number + 1] for number in range(count)])
    assert type(column[0]) is np.ndarray
    kept = [column[number] for number in range(count)]
    assert [one.tolist() for one in kept] == [[number, number + 1] for number in range(count)]


def test_a_number_outside_is_refused(tmp_path: Path) -> None:
    column = write(tmp_path, [[1]])
    for number in (-1, 1):
        with pytest.raises(IndexError, match=r"record -?1 of 1"):
            column[number]


def test_many_offsets_are_written_in_blocks(tmp_path: Path) -> None:
    count = 2 * mapped_columns.BLOCK + 3
    column = write(tmp_path, [[7]] * count)
    assert len(column) == count
    assert column[count - 1].tolist() == [7]


def test_a_damaged_column_is_named(tmp_path: Path) -> None:
    write(tmp_path, [[1, 2], [3]])
    with (tmp_path / "x.values").open("ab") as file:
        file.write(b"\0\0")
    with pytest.raises(UserError, match=r"The token store .* is damaged \(x\)"):
        Column(tmp_path, "x", np.uint16)
    (tmp_path / "x.offsets").unlink()
    with pytest.raises(UserError, match=r"The token store .* is incomplete \(No such file or directory: x\)"):
        Column(tmp_path, "x", np.uint16)
