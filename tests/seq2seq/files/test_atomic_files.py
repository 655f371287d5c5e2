"""Writing files atomically."""

import errno
import os
import threading
from pathlib import Path
from typing import IO

import pytest

from seq2seq.errors import WorldError
from seq2seq.files.atomic_files import write_atomically
from tests.seq2seq.synced import require_synced

pytestmark = pytest.mark.usefixtures("real_disk")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    def fail(file: IO[bytes]) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "file"
    with pytest.raises(WorldError, match=r"file could not be written: No space left on device; there was none before"):
        write_atomically(path, fail)
    write_atomically(path, lambda file: file.write(b"old"))
    with pytest.raises(WorldError, match=r"the previous one is untouched"):
        write_atomically(path, fail)
    assert path.read_bytes() == b"old"
    assert [child.name for child in tmp_path.iterdir()] == ["file"]


def test_a_file_is_synced_before_it_gets_its_name(tmp_path: Path) -> None:
    def write() -> None:
        write_atomically(tmp_path / "file", lambda file: file.write(b"text"))

    assert [require_synced(write) for _ in range(2)] == [1, 1]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file, link = tmp_path / "elsewhere" / "file", tmp_path / "link"
    file.write_bytes(b"old")
    link.symlink_to(file)
    write_atomically(link, lambda one: one.write(b"new"))
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()))
    reader.start()
    write_atomically(pipe, lambda one: one.write(b"text"))
    reader.join(10)
    assert found == [b"text"]
    assert pipe.is_fifo()


def test_another_fault_passes_through(tmp_path: Path) -> None:
    def fail(_file: IO[bytes]) -> None:
        raise ValueError("not the disk's")

    with pytest.raises(ValueError, match="not the disk's"):
        write_atomically(tmp_path / "file", fail)
    assert not list(tmp_path.iterdir())
