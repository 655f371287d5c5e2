"""Folders and groups of files are replaced as one, even if the writer is killed."""

import errno
import fcntl
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seq2seq.errors import UserError, WorldError
from seq2seq.files import atomic_folders
from seq2seq.files.atomic_folders import beside, exchange, replace_folder, restore, restore_files, tidy, write_together
from tests.seq2seq.kills import kills, names
from tests.seq2seq.synced import require_synced

pytestmark = pytest.mark.usefixtures("real_disk")

NAMES = ("one", "two")


def no_swap(_one: Path, _other: Path) -> bool:
    """The exchange of a file system that has none."""
    return False


def fill(folder: Path, text: str) -> None:
    for name in NAMES:
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "deep").mkdir()
    (folder / "deep" / "three").write_text(text, encoding="utf-8")


def texts(folder: Path) -> set[str]:
    return {path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}


def dead() -> int:
    """Return the number of a process that is over."""
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return process.pid


@pytest.mark.parametrize("swap", [None, no_swap])
def test_a_kill_at_any_change_leaves_a_whole_folder(tmp_path: Path, swap: Callable[[Any, Any], bool] | None) -> None:
    place = tmp_path / "place"
    replace_folder(place, lambda new: fill(new, "0"))
    seen: set[str] = set()
    missing = 0
    for number in kills(lambda: replace_folder(place, lambda new: fill(new, "1")), swap):
        missing += not place.exists()
        restore(place)
        (text,) = texts(place)
        seen.add(text)
        assert len(list(place.rglob("*"))) == 4, number
        tidy(tmp_path)
        assert names(tmp_path) == {"place"}
        replace_folder(place, lambda new: fill(new, "0"))
    assert texts(place) == {"1"}
    assert seen == {"0", "1"}
    assert missing == (1 if swap else 0)


def test_a_first_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "place"
    for _ in kills(lambda: replace_folder(place, lambda new: fill(new, "1"))):
        assert not place.exists() or len(list(place.rglob("*"))) == 4
        tidy(place.parent)
        if place.exists():
            place.rename(tmp_path / "aside")
            place.parent.rmdir()
            subprocess.run(["rm", "-r", tmp_path / "aside"], check=True)
    assert texts(place) == {"1"}


def test_a_kill_at_any_change_leaves_all_files_old_or_all_new(tmp_path: Path) -> None:
    old, new = (dict.fromkeys(NAMES, text) for text in (b"0", b"1"))
    write_together(tmp_path, old)
    (tmp_path / "other").write_text("kept", encoding="utf-8")
    seen = set()
    for number in kills(lambda: write_together(tmp_path, new)):
        restore_files(tmp_path)
        (text,) = {(tmp_path / name).read_bytes() for name in NAMES}
        seen.add(text)
        tidy(tmp_path)
        assert names(tmp_path) == {"one", "other", "two"}, number
        write_together(tmp_path, old)
    assert seen == {b"0", b"1"}
    assert {(tmp_path / name).read_bytes() for name in NAMES} == {b"1"}


def test_files_are_synced_before_they_get_their_names(tmp_path: Path) -> None:
    assert require_synced(lambda: replace_folder(tmp_path / "place", lambda new: fill(new, "1"))) == 1
    assert require_synced(lambda: write_together(tmp_path, dict.fromkeys(NAMES, b"1"))) == 1 + len(NAMES)


def test_two_names_are_swapped(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).write_text(name, encoding="utf-8")
    if not exchange(tmp_path / "one", tmp_path / "two"):
        pytest.skip("this file system cannot swap names")
    assert (tmp_path / "one").read_text(encoding="utf-8") == "two"
    with pytest.raises(FileNotFoundError, match="nothing"):
        exchange(tmp_path / "one", tmp_path / "nothing")


def test_only_what_the_dead_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = dead()
    for name in (f".out.txt.{number}.new", f".{'x' * 9}.{os.getppid()}.new", ".hidden", f".out.{number}.newer"):
        (tmp_path / name).touch()
    (tmp_path / f".model.{number}.new").mkdir()
    mine = beside(tmp_path / "own", "new")
    with mine.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        tidy(tmp_path)
        assert mine.exists()
    kept = {f".{'x' * 9}.{os.getppid()}.new", ".hidden", f".out.{number}.newer"}
    assert names(tmp_path) == {*kept, mine.name}
    tidy(tmp_path)  # nobody holds it any more, and this process is not writing it
    assert names(tmp_path) == kept
    other = tmp_path / f".out.txt.{number}.new"
    other.touch()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    tidy(tmp_path)
    assert other.exists()


def test_a_lock_counts_even_if_the_process_is_not_seen(tmp_path: Path) -> None:
    """The writer may be in another container, or on another machine."""
    path = tmp_path / f".out.{dead()}.new"
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        tidy(tmp_path)
        assert path.exists()
    tidy(tmp_path)
    assert not path.exists()


def test_without_locks_the_process_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", fail)
    replace_folder(tmp_path / "place", lambda new: fill(new, "1"))
    number = dead()
    left = {f".out.{process}.new" for process in (number, os.getpid())}
    for name in left:
        (tmp_path / name).touch()
    tidy(tmp_path)
    assert names(tmp_path) == {*left, "place"}  # another machine may be writing them
    for name in left:
        os.utime(tmp_path / name, (0, 0))
    tidy(tmp_path)
    assert names(tmp_path) == {f".out.{os.getpid()}.new", "place"}
    (tmp_path / f".place.{number}.new").mkdir()
    (tmp_path / "place").rename(tmp_path / f".place.{number}.old")
    tidy(tmp_path)  # a kill between two renames is repaired at once
    assert names(tmp_path) == {f".out.{os.getpid()}.new", "place"}


def test_what_cannot_be_put_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = dead()
    (tmp_path / f".place.{number}.old").mkdir()

    def fail(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(
        UserError, match=r"contains \.place\.\*, which a killed process was about .* Read-only file system"
    ):
        restore(tmp_path / "place")
    monkeypatch.undo()
    restore(tmp_path / "place")
    assert names(tmp_path) == {"place"}
    restore(tmp_path / "no folder" / "place")


def test_a_fault_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "place"
    replace_folder(place, lambda new: fill(new, "0"))

    def fail(new: Path) -> None:
        fill(new, "1")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        replace_folder(place, fail)
    monkeypatch.setattr(atomic_folders, "exchange", no_swap)
    original = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError(errno.EIO, "Input/output error")
        return original(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="Input/output"):
        replace_folder(place, lambda new: fill(new, "1"))
    assert names(tmp_path) == {"place"}
    assert texts(place) == {"0"}


def test_files_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    with pytest.raises(WorldError, match=r"two could not be written: Is a directory\."):
        write_together(tmp_path, dict.fromkeys(NAMES, b""))
    assert names(tmp_path) == {"two"}
    (tmp_path / "file").touch()
    with pytest.raises(
        WorldError, match=r"deep: one, two could not be written: Not a directory; the previous ones are"
    ):
        write_together(tmp_path / "file" / "deep", dict.fromkeys(NAMES, b""))


def test_a_name_of_the_greatest_length(tmp_path: Path) -> None:
    place = tmp_path / ("长" * 85)
    replace_folder(place, lambda new: fill(new, "1"))
    beside(place, "old").mkdir()
    tidy(tmp_path, [place.name])
    assert names(tmp_path) == {place.name}
    old = beside(place, "old")
    place.rename(old)
    tidy(tmp_path)  # which cannot know the name
    assert names(tmp_path) == {old.name}
    tidy(tmp_path, [place.name])
    assert names(tmp_path) == {place.name}
