"""The cache: private, bounded, and never deleted while in use."""

import errno
import fcntl
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.batching.token_store import TokenStore
from seq2seq.commands import fit
from seq2seq.corpus.example import Example
from seq2seq.errors import UserError, WorldError
from seq2seq.files import atomic_folders, cache
from seq2seq.files.cache import Entry, entries, keep_within, limit, make_private, place, remove, written_size
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq.kills import names
from tests.seq2seq.trained import here

pytestmark = pytest.mark.usefixtures("real_disk")

__all__ = ["here"]

NAMES = ("toy-a", "toy-b", "toy-c")


@pytest.fixture
def folder(tmp_path: Path, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache, with three stores that were last used one, two and three days ago."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = tmp_path / "seq2seq"
    make_private(found)
    for days, name in enumerate(NAMES, start=1):
        TokenStore.build([Example("the dog", "狗。")], toy_tokenizers, found / name, fingerprint="1")
        used = time.time() - 86_400 * days
        os.utime(found / name / cache.META, (used, used))
    return found


def stores(folder: Path) -> set[str]:
    return {name for name in names(folder) if not name.endswith(".lock")}


def test_the_cache_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "deep" / "cache"))
    make_private(place())
    assert place().stat().st_mode & 0o777 == 0o700
    place().chmod(0o755)  # of an older version
    make_private(place())
    assert place().stat().st_mode & 0o777 == 0o700
    named = tmp_path / "named"
    named.mkdir(mode=0o755)
    make_private(named)
    assert named.stat().st_mode & 0o777 == 0o755
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(
        UserError, match=rf"{place()} belongs to another user \(number {os.getuid()}\), who could .*own"
    ):
        make_private(place())
    assert place({"XDG_CACHE_HOME": "relative"}) == Path.home() / ".cache" / "seq2seq"


def test_a_cache_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        WorldError, match=r"file/cache cannot be used: .*; name a folder of your own with --data\.cache"
    ):
        make_private(tmp_path / "file" / "cache")


def test_sizes_are_read_and_written() -> None:
    assert limit({}) == 20 * 10**9
    assert limit({cache.VARIABLE: "1.5 mb"}) == 1_500_000
    assert limit({cache.VARIABLE: "0kB"}) == 0
    for wrong in ("20", "much", "-1GB", "1e9GB", "1" * 5000 + "GB"):
        with pytest.raises(UserError, match=r"SEQ2SEQ_CACHE_SIZE is '.*', but it must be a size such as 500MB or 20GB"):
            limit({cache.VARIABLE: wrong})
    assert [written_size(size) for size in (0, 1234, 20 * 10**9)] == ["0.0 kB", "1.2 kB", "20.0 GB"]


def test_the_least_recently_used_goes_first(folder: Path) -> None:
    found = entries(folder)
    assert [entry.path.name for entry in found] == list(NAMES)
    size = found[0].size
    assert keep_within(folder, 3 * size) == []
    assert [entry.path.name for entry in keep_within(folder, 2 * size + 1)] == ["toy-c"]
    assert names(folder) == {"toy-a", "toy-a.lock", "toy-b", "toy-b.lock"}


def test_what_cannot_be_removed_stops_no_training(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = entries(folder)[0].size
    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if path.name == "toy-c":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    assert [entry.path.name for entry in keep_within(folder, 2 * size)] == ["toy-b"]
    with pytest.raises(WorldError, match=r"toy-c could not be removed from the cache: Permission denied"):
        remove(Entry(folder / "toy-c", size, 0.0, False))


def test_what_is_open_stays_even_beyond_the_limit(folder: Path, toy_tokenizers: Tokenizers) -> None:
    store = TokenStore.build([], toy_tokenizers, folder / "toy-c", fingerprint="1")
    found = entries(folder)
    assert [(entry.path.name, entry.is_open) for entry in found] == [
        ("toy-c", True),  # opening is using
        ("toy-a", False),
        ("toy-b", False),
    ]
    keep_within(folder, 0)
    assert stores(folder) == {"toy-c"}
    # Somebody opened it after it had been listed as free.
    assert not remove(Entry(folder / "toy-c", 1, 0.0, False))
    assert store.target_text(0) == "狗。"
    del store
    keep_within(folder, 0)
    assert names(folder) == set()


def test_a_store_is_held_even_if_another_process_looks_at_it_meanwhile(folder: Path) -> None:
    meta = folder / "toy-a" / cache.META
    descriptor = os.open(meta, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)  # as `is_locked` does, for a moment
    looking = threading.Timer(0.2, os.close, (descriptor,))
    looking.start()
    store = TokenStore(folder / "toy-a")
    looking.join()
    assert [entry.path.name for entry in entries(folder) if entry.is_open] == ["toy-a"]
    assert len(store) == 1


def test_a_store_that_another_container_builds_is_not_swept(
    tmp_path: Path, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There its builder has a number that means nothing here."""

    def examples() -> Iterator[Example]:
        yield Example("the dog", "狗。")
        with monkeypatch.context() as patch:
            patch.setattr(atomic_folders, "is_alive", lambda number: False)
            patch.setattr(os, "getpid", lambda: 1)
            keep_within(tmp_path, 0)

    store = TokenStore.build(examples(), toy_tokenizers, tmp_path / "toy", fingerprint="1")
    assert store.target_text(0) == "狗。"


def test_a_worker_holds_the_store_too(folder: Path) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        store = TokenStore(folder / "toy-a")
        os.write(writing, b".")
        signal.pause()  # until it is killed
        os._exit(len(store))
    try:
        os.close(writing)
        assert os.read(reading, 1) == b"."
        assert [entry.path.name for entry in keep_within(folder, 0)] == ["toy-c", "toy-b"]
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert [entry.path.name for entry in keep_within(folder, 0)] == ["toy-a"]


def test_without_locks_what_was_used_today_stays(
    folder: Path, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(folder / "toy-b" / cache.META)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", fail)
    assert [entry.path.name for entry in entries(folder) if entry.is_open] == ["toy-b"]


def test_what_an_older_version_left_is_cleared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "toy-d.part").mkdir()
    assert cli.main(["cache", "--clear", "toy-d.part"]) == 0
    assert stores(folder) == set(NAMES)


def test_the_verb_shows_and_clears(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = TokenStore(folder / "toy-a")
    assert cli.main(["cache"]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{folder}: 3 entries, ")
    assert first.endswith(" of at most 20.0 GB")
    assert [line.split()[0] for line in lines] == list(NAMES)
    assert lines[0].endswith("in use")
    assert f"last used {time.strftime('%Y-')}" in lines[1] or "last used" in lines[1]
    assert cli.main(["cache", "--clear", "--older_than", "2.5"]) == 0
    assert capsys.readouterr().out.startswith("Removed 1 entry, ")
    assert stores(folder) == {"toy-a", "toy-b"}
    assert cli.main(["cache", "--clear", "toy-b"]) == 0
    assert stores(folder) == {"toy-a"}
    capsys.readouterr()
    assert cli.main(["cache", "--clear"]) == 0
    assert capsys.readouterr().out.splitlines() == ["Removed 0 entries, 0.0 kB.", "In use, kept: toy-a"]
    assert len(held) == 1
    assert cli.main(["cache", "--cache_dir", str(folder / "nowhere")]) == 0
    assert "nowhere: 0 entries, 0.0 kB" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["toy-a"], "toy-a chooses what to remove: add --clear."),
        (["--older_than", "3"], "--older_than chooses what to remove: add --clear."),
        (["--clear", "--older_than", "-1"], "--older_than is -1, but it must be a number of days, at least 0."),
        (["--clear", "toy-x"], "has no entry 'toy-x'. Did you mean 'toy-"),
    ],
)
def test_mistakes_of_the_verb(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert cli.main(["cache", *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert stores(folder) == set(NAMES)


def test_a_store_that_cannot_be_removed_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(WorldError, match="toy-a could not be removed from the cache: Read-only file system"):
        remove(entries(folder)[0])


def test_training_works_with_a_cache_that_is_too_small(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, "0kB")
    options = ["--trainer.max_steps", "2"]
    assert fit.main(["reversing", "--run_dir", "one", *options]) == 0
    assert place().stat().st_mode & 0o777 == 0o700
    first = entries(place())
    assert len(first) == 2
    shutil.copytree(first[0].path, place() / "reversing-train-unused")
    assert fit.main(["reversing", "--run_dir", "two", *options]) == 0
    assert {entry.path for entry in entries(place())} == {entry.path for entry in first}
