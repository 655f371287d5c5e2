"""Replace a folder, or several files, as a unit: a process killed at any moment leaves the old content or the new.

The new content is written next to the old as ``.NAME.PID.new``, synced, and swapped in by one system call where the
kernel and the file system support it (Linux, RENAME_EXCHANGE). Elsewhere two renames are needed, and a kill between
them leaves ``.NAME.PID.old`` and ``.NAME.PID.new`` without NAME; `tidy` then completes the replacement. It also removes
the leftovers of dead processes. A live writer holds a lock on its files, and its process exists: both are checked,
because process ids are reused and mean nothing on other machines.
"""

import ctypes
import errno
import fcntl
import hashlib
import os
import re
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from seq2seq.errors import UserError, WorldError

_LEFTOVER = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)\.(?P<kind>new|old|ready)")
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_LONGEST_NAME = 230
"""Bytes of a file name that leave room for the process id; file systems allow 255."""
_DIGEST = re.compile("[0-9a-f]{32}")
_LONGEST_WRITE_S = 86_400.0
"""Without locks, another machine may still be writing an unfinished file that is younger."""
_TOGETHER = "files"
"""Name of the folder that holds files to be replaced together."""


def beside(place: Path, kind: str) -> Path:
    """Return this process's temporary name for a place.

    Args:
        place: The file or folder.
        kind: 'new' (being written, or no longer needed), 'old' (set aside) or 'ready' (complete, to be moved).
    """
    return place.with_name(f".{_short(place.name)}.{os.getpid()}.{kind}")


def replace_folder(folder: Path, write: Callable[[Path], object]) -> None:
    """Write a folder so that its path always holds a complete one, the old or the new.

    Args:
        folder: The folder; its parents are made if missing.
        write: Writes the content into an empty folder.

    Raises:
        OSError: If the disk is full or cannot be written; the old folder is untouched.
    """
    folder = Path(folder).resolve()  # "." has no name of its own
    tidy(folder.parent, [folder.name])
    new = beside(folder, "new")
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        with in_use(new):
            write(new)
            for path in [*new.rglob("*"), new]:
                sync(path)
            put_in_place(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def put_in_place(new: Path, folder: Path) -> None:
    """Rename a complete, synced folder to its place; an older folder there is removed afterwards.

    Args:
        new: The folder; its name is made by `beside`.
        folder: The place.
    """
    if not folder.exists():
        new.rename(folder)
    elif not exchange(new, folder):
        old = beside(folder, "old")
        folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        old.rename(new)  # no longer worth restoring
    sync(folder.parent)
    shutil.rmtree(new, ignore_errors=True)


def write_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write several files of a folder so that, after `tidy`, all of them are old or all are new.

    Args:
        folder: The folder; it is made if missing, and its other files stay.
        contents: The content of each file by name.

    Raises:
        WorldError: If the disk is full or cannot be written; the old files are untouched.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in contents:
            if (folder / name).is_dir():
                raise WorldError(f"{folder / name} could not be written: Is a directory.")
        tidy(folder, [_TOGETHER])
        new, ready = (beside(folder / _TOGETHER, kind) for kind in ("new", "ready"))
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            with in_use(new):
                for name, content in contents.items():
                    (new / name).write_bytes(content)
                    sync(new / name)
                sync(new)
                new.rename(ready)
                _move_all(ready)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as fault:
        names = ", ".join(contents)
        raise WorldError(
            f"{folder}: {names} could not be written: {fault.strerror}; the previous ones are untouched."
        ) from fault


def restore(place: Path) -> None:
    """Restore a folder that a kill between two renames left under another name; do nothing if it exists.

    Raises:
        UserError: If it cannot be renamed, for example on a read-only disk.
    """
    place = place.resolve()
    if not place.exists() and _leftovers(place.parent, [place.name]):
        _complete(place.parent, place.name)


def restore_files(folder: Path) -> None:
    """Complete the moves of a killed `write_together`, if any.

    Raises:
        UserError: If they cannot be moved, for example on a read-only disk.
    """
    if any("ready" in kinds for kinds in _leftovers(folder, [_TOGETHER]).values()):
        _complete(folder, _TOGETHER)


def tidy(parent: Path, names: Sequence[str] = ()) -> None:
    """Complete replacements that killed processes began in a folder, and remove their other leftovers.

    Files of living processes and of other users are not touched.

    Args:
        parent: The folder.
        names: Limit this to files and folders of these names; without any, handle all.

    Raises:
        OSError: If a folder cannot be restored.
    """
    for (short, process), kinds in _leftovers(parent, names).items():
        is_unfinished = kinds.keys() == {"new"}
        if not all(_is_abandoned(path, process, is_unfinished=is_unfinished) for path in kinds.values()):
            continue
        if "ready" in kinds:
            _move_all(kinds.pop("ready"))
        known = next((name for name in names if _short(name) == short), None)
        if "old" in kinds and known is None and _DIGEST.fullmatch(short):
            continue  # the digest of a long name: only a caller that knows the name can restore the folder
        place = parent / (known or short)
        if "old" in kinds and not place.exists():
            # The old folder is set aside only when the new one is complete.
            kinds.pop("new" if "new" in kinds else "old").rename(place)
            sync(parent)
        for path in kinds.values():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step; return False if the kernel or the file system cannot.

    Raises:
        OSError: For every other failure.
    """
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number), str(other))


@contextmanager
def in_use(path: Path) -> Iterator[None]:
    """Hold the lock that marks a temporary file or folder as in use."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def lock(descriptor: int) -> None:
    """Mark an open temporary file as in use."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        # Some network file systems have no locks: there only the process id shows whether the writer is alive.
        return


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_alive(process: int) -> bool:
    """Return whether a process of this number exists on this machine."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _complete(parent: Path, name: str) -> None:
    try:
        tidy(parent, [name])
    except OSError as fault:
        raise UserError(
            f"{parent} holds .{_short(name)}.*, which a killed process was about to rename, but that cannot be "
            f"done now: {fault.strerror}."
        ) from fault


def _leftovers(parent: Path, names: Sequence[str]) -> dict[tuple[str, int], dict[str, Path]]:
    """Return the temporary files of a folder by kind, grouped by place and process."""
    wanted = set(map(_short, names))
    groups: dict[tuple[str, int], dict[str, Path]] = defaultdict(dict)
    # A folder that cannot be listed yields nothing; the caller reports what is missing.
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            match = _LEFTOVER.fullmatch(entry.name)
            if match and (not wanted or match["name"] in wanted):
                groups[match["name"], int(match["process"])][match["kind"]] = parent / entry.name
    return groups


def _is_abandoned(path: Path, process: int, *, is_unfinished: bool) -> bool:
    """Return whether a temporary file may be removed: it is this user's, and its writer is dead.

    Args:
        path: The file or folder.
        process: The number of its writer.
        is_unfinished: Whether it may still be written. Without locks its writer may be on another machine, and only
            its age shows that the writer is dead.
    """
    if process != os.getpid() and is_alive(process):
        return False
    try:
        if path.lstat().st_uid != os.geteuid():
            return False
        held = is_locked(path)
        age = time.time() - path.lstat().st_mtime
    except OSError:
        return False
    if held is None:
        return process != os.getpid() and not (is_unfinished and age < _LONGEST_WRITE_S)
    return not held


def is_locked(path: Path) -> bool | None:
    """Return whether a process holds the lock of a file or folder; None if the file system has no locks.

    Raises:
        OSError: If it cannot be opened, or is a link.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return False


def _move_all(ready: Path) -> None:
    """Move all files of a folder into its parent, replacing files of the same names."""
    for path in ready.iterdir():
        path.replace(ready.parent / path.name)
    sync(ready.parent)
    ready.rmdir()


def _short(name: str) -> str:
    """Return a name, or its digest if temporary names would become too long."""
    long = len(os.fsencode(name)) > _LONGEST_NAME
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:32] if long else name
