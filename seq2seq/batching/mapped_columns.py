"""Memory-mapped records of varying length: one array of all values, and the start of each record.

The operating system loads pages on demand and reclaims them when memory is short. The mapping also releases its pages
after a number of reads (they stay in the system's cache, shared by all processes), so a large corpus does not inflate
the memory use of the process.
"""

import mmap
import os
from array import array
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from seq2seq.errors import UserError

# Each read maps up to 64 KiB around it, so about 1 MiB of each file stays mapped.
READS_BETWEEN_RELEASES = 16
# Block size for looking up lengths, limited for the same reason.
LOOKUPS_BETWEEN_RELEASES = 1024
# Block size for writing offsets.
BLOCK = 8192


class MappedArray:
    """Read-only array in a file, which may be empty."""

    def __init__(self, path: Path, dtype: DTypeLike) -> None:
        self._reads = 0
        self._map: mmap.mmap | None = None
        if path.stat().st_size == 0:
            self._values: NDArray[Any] = np.zeros(0, dtype)
            return
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # A plain array over the mapping: an np.memmap object per record would take ten times as long.
        self._values = np.frombuffer(self._map, dtype)

    def __len__(self) -> int:
        return len(self._values)

    def read(self, place: "slice | NDArray[Any]") -> NDArray[Any]:
        """Return a copy of the selected values."""
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
    """Records of one kind, by index.

    Args:
        folder: Folder of ``NAME.values`` and ``NAME.offsets``.
        name: Name of the column.
        dtype: Type of the values.

    Raises:
        UserError: If the files are missing or inconsistent.
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
        """Return a copy of a record's values."""
        if not 0 <= number < len(self):
            raise IndexError(f"record {number} of {len(self)}")
        start, end = self._offsets.read(slice(number, number + 2))
        return self._values.read(slice(start, end))

    @property
    def total(self) -> int:
        """Total number of values."""
        return len(self._values)

    def values(self, start: int, end: int) -> NDArray[Any]:
        """Return a copy of a range of the concatenated values of all records."""
        return self._values.read(slice(start, end))

    def lengths(self, numbers: NDArray[Any]) -> NDArray[np.int32]:
        """Return the number of values in each given record."""
        lengths = np.empty(len(numbers), np.int32)
        ascending = np.argsort(numbers)
        for begin in range(0, len(numbers), LOOKUPS_BETWEEN_RELEASES):
            places = ascending[begin : begin + LOOKUPS_BETWEEN_RELEASES]
            starts = numbers[places]
            lengths[places] = np.diff(self._offsets.read(np.stack([starts, starts + 1])), axis=0)[0]
        return lengths


class ColumnWriter:
    """Writes the files of a column, record by record."""

    def __init__(self, folder: Path, name: str) -> None:
        self._values = (folder / f"{name}.values").open("wb", buffering=1 << 18)
        self._offsets = (folder / f"{name}.offsets").open("wb", buffering=0)
        self._block = array("q", [0])
        self._end = 0

    def append(self, values: bytes, count: int) -> None:
        """Write a record: its bytes, and the number of values in them."""
        self._values.write(values)
        self._end += count
        self._block.append(self._end)
        if len(self._block) >= BLOCK:
            self._write_block()

    def finish(self) -> None:
        """Write remaining data, sync the files to disk, and close them."""
        self._write_block()
        for file in (self._values, self._offsets):
            file.flush()
            os.fsync(file.fileno())
            file.close()

    def abandon(self) -> None:
        """Close the files, even with unwritten data, because the folder is about to be deleted."""
        for file in (self._values, self._offsets):
            try:
                file.close()
            except OSError:
                # If the disk is full, flushing on close fails too. Only the first failure is reported, and the file
                # is closed anyway.
                continue

    def _write_block(self) -> None:
        self._offsets.write(self._block.tobytes())
        self._block = array("q")
