"""Memory-mapped records of unequal length: one array of all values, and the start of each record.

The operating system reads the pages it needs and reclaims them when memory is short. Mapped memory is bounded too:
after a number of reads the mapping releases its pages (they stay in the system's cache, shared by all processes), so
that a large corpus does not count as a large process.
"""

import mmap
import os
from array import array
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from seq2seq.errors import UserError

# A read maps up to 64 KiB around it: about 1 MiB of each file stays mapped.
READS_BETWEEN_RELEASES = 16
# Lengths are looked up in blocks of this size, for the same reason.
LOOKUPS_BETWEEN_RELEASES = 1024
# Offsets are written in blocks of this size.
BLOCK = 8192


class MappedArray:
    """A file of numbers as a read-only array.

    Args:
        path: The file; may be empty.
        dtype: Type of the numbers.
    """

    def __init__(self, path: Path, dtype: DTypeLike) -> None:
        self._reads = 0
        self._map: mmap.mmap | None = None
        if path.stat().st_size == 0:
            self._values: NDArray[Any] = np.zeros(0, dtype)
            return
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # A plain array on top of the map: an np.memmap object per record would cost ten times as much.
        self._values = np.frombuffer(self._map, dtype)

    def __len__(self) -> int:
        return len(self._values)

    def read(self, place: "slice | NDArray[Any]") -> NDArray[Any]:
        """Return a copy of some values."""
        values: NDArray[Any] = self._values[place]
        if isinstance(place, slice):
            values = values.copy()
        self._reads += 1
        if self._reads >= READS_BETWEEN_RELEASES or not isinstance(place, slice):
            self._release()
        return values

    def _release(self) -> None:
        self._reads = 0
        if self._map is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


class Column:
    """The records of one kind, by index.

    Args:
        folder: Folder of ``NAME.values`` and ``NAME.offsets``.
        name: Name of the column.
        dtype: Type of the values.

    Raises:
        UserError: If the files are missing or do not belong together.
    """

    def __init__(self, folder: Path, name: str, dtype: DTypeLike) -> None:
        try:
            self._values = MappedArray(folder / f"{name}.values", dtype)
            self._offsets = MappedArray(folder / f"{name}.offsets", np.int64)
        except OSError as fault:
            raise UserError(f"The token store {folder} is incomplete ({fault.strerror}: {name}): delete it.") from fault
        end = self._offsets.read(slice(-1, None))
        if len(end) != 1 or int(end[0]) != len(self._values):
            raise UserError(f"The token store {folder} is damaged ({name}): delete it and it will be built again.")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> NDArray[Any]:
        """Return the values of a record (a copy)."""
        if not 0 <= number < len(self):
            raise IndexError(f"record {number} of {len(self)}")
        start, end = self._offsets.read(slice(number, number + 2))
        return self._values.read(slice(start, end))

    @property
    def total(self) -> int:
        """The number of values of all records."""
        return len(self._values)

    def values(self, start: int, end: int) -> NDArray[Any]:
        """Return some values (a copy), counted over all records."""
        return self._values.read(slice(start, end))

    def lengths(self, numbers: NDArray[Any]) -> NDArray[np.int32]:
        """Return the numbers of values of some records."""
        lengths = np.empty(len(numbers), np.int32)
        ascending = np.argsort(numbers)
        for begin in range(0, len(numbers), LOOKUPS_BETWEEN_RELEASES):
            places = ascending[begin : begin + LOOKUPS_BETWEEN_RELEASES]
            starts = numbers[places]
            lengths[places] = np.diff(self._offsets.read(np.stack([starts, starts + 1])), axis=0)[0]
        return lengths


class ColumnWriter:
    """Writes the two files of a column, record by record.

    Args:
        folder: Folder to write to.
        name: Name of the column.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._values = (folder / f"{name}.values").open("wb", buffering=1 << 18)
        self._offsets = (folder / f"{name}.offsets").open("wb", buffering=0)
        self._block = array("q", [0])
        self._end = 0

    def append(self, values: bytes, count: int) -> None:
        """Write one record: its bytes, and the number of values in them."""
        self._values.write(values)
        self._end += count
        self._block.append(self._end)
        if len(self._block) >= BLOCK:
            self._write_block()

    def finish(self) -> None:
        """Flush the buffer and sync it to disk."""
        self._write_block()
        for file in (self._values, self._offsets):
            file.flush()
            os.fsync(file.fileno())
            file.close()

    def abandon(self) -> None:
        """Close the files, even with unwritten data; the folder is about to be deleted."""
        for file in (self._values, self._offsets):
            try:
                file.close()
            except OSError:
                # If the disk was full at the last write, writing the rest fails too; only the first failure is
                # reported, and the file is closed all the same.
                continue

    def _write_block(self) -> None:
        self._offsets.write(self._block.tobytes())
        self._block = array("q")
