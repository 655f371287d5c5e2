"""Replaces a folder, or several files, as a unit: a process killed at any time leaves the old or the new content.

The new content is written to ``.NAME.PID.new`` beside the old one, synced, and swapped in by one system call if the
kernel and the file system support it (Linux, RENAME_EXCHANGE). Otherwise two renames are needed, and a kill between
them leaves ``.NAME.PID.old`` and ``.NAME.PID.new`` without NAME; `tidy` then completes the replacement. It also removes
temporary files of dead processes. A writer counts as alive if it holds the lock on its files or if its process exists:
process ids alone do not suffice, because they are reused and differ between machines.
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
"""Maximum length of a file name in bytes that leaves room for the process id; file systems allow 255."""
_DIGEST = re.compile("[0-9a-f]{32}")
_LONGEST_WRITE_S = 86_400.0
"""Without file locks, unfinished files are kept for this time, because another machine may still be writing them."""
_TOGETHER = "files"
"""Name of the temporary folder for files that are replaced together."""


def beside(place: Path, kind: str) -> Path:
    """Return this process's temporary name for a file or folder.

    Args:
        place: Path of the file or folder.
        kind: 'new' (incomplete or obsolete), 'old' (previous version) or 'ready' (complete, to be moved).
    """
    return place.with_name(f".{_short(place.name)}.{os.getpid()}.{kind}")


def is_temporary(name: str) -> bool:
    """Return whether a file or folder has a temporary name, as a killed process leaves it behind."""
    return _LEFTOVER.fullmatch(name) is not None


def replace_folder(folder: Path, write: Callable[[Path], object]) -> None:
    """Write a folder atomically: its path always holds either the complete old or the complete new content.

    Args:
        folder: Path of the folder; missing parents are created.
        write: Function that writes the content into an empty folder.

    Raises:
        OSError: If the disk is full or cannot be written to; the old folder is unchanged.
    """
    folder = Path(folder).resolve()  # because "." has no name
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
    """Rename a complete, synced folder to its final path, and remove an older folder there.

    Args:
        new: Path of the folder, created by `beside`.
        folder: Final path.
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
        old.rename(new)  # marks the old folder as obsolete
    sync(folder.parent)
    shutil.rmtree(new, ignore_errors=True)


def write_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write several files of a folder so that, after `tidy`, all of them are old or all are new.

    Args:
        folder: Path of the folder, created if missing; its other files stay.
        contents: Content of each file by name.

    Raises:
        WorldError: If the disk is full or cannot be written to; the old files are unchanged.
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
    """Restore a folder that a killed process left under a temporary name; do nothing if the folder exists.

    Raises:
        UserError: If it cannot be renamed, for example on a read-only disk.
    """
    place = place.resolve()
    if not place.exists() and _leftovers(place.parent, [place.name]):
        _complete(place.parent, place.name)


def restore_files(folder: Path) -> None:
    """Complete the moves of a killed `write_together`, if there are any.

    Raises:
        UserError: If they cannot be moved, for example on a read-only disk.
    """
    if any("ready" in kinds for kinds in _leftovers(folder, [_TOGETHER]).values()):
        _complete(folder, _TOGETHER)


def tidy(parent: Path, names: Sequence[str] = ()) -> None:
    """Complete the replacements that killed processes began in a folder, and remove their temporary files.

    Files of running processes and of other users are left alone.

    Args:
        parent: Path of the folder.
        names: Names of the files and folders to handle; empty handles all.

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
            continue  # the digest of a long name: only a caller who knows the name can restore the folder
        place = parent / (known or short)
        if "old" in kinds and not place.exists():
            # The old folder is renamed only when the new one is complete.
            kinds.pop("new" if "new" in kinds else "old").rename(place)
            sync(parent)
        for path in kinds.values():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def exchange(path: Path, other: Path) -> bool:
    """Swap two paths atomically; return False if the kernel or the file system does not support it.

    Raises:
        OSError: If swapping fails for another reason.
    """
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(path), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
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
        # Some network file systems have no locks; then only the process id shows whether the writer is alive.
        return


def sync(path: Path) -> None:
    """Flush a file or the entries of a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_alive(process: int) -> bool:
    """Return whether a process with this id exists on this machine."""
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
            f"{parent} contains .{_short(name)}.*, which a killed process was about to rename, but that cannot be "
            f"done now: {fault.strerror}."
        ) from fault


def _leftovers(parent: Path, names: Sequence[str]) -> dict[tuple[str, int], dict[str, Path]]:
    """Return the temporary files of a folder by kind, grouped by name and process id."""
    wanted = set(map(_short, names))
    groups: dict[tuple[str, int], dict[str, Path]] = defaultdict(dict)
    # A folder that cannot be listed yields nothing, and the caller reports what is missing.
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            match = _LEFTOVER.fullmatch(entry.name)
            if match and (not wanted or match["name"] in wanted):
                groups[match["name"], int(match["process"])][match["kind"]] = parent / entry.name
    return groups


def _is_abandoned(path: Path, process: int, *, is_unfinished: bool) -> bool:
    """Return whether a temporary file may be removed, because it is this user's and its writer is dead.

    Args:
        path: Path of the file or folder.
        process: Process id of the writer.
        is_unfinished: Whether it may still be incomplete. Without file locks, its writer may be on another machine, so
            only its age shows that the writer is dead.
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
    """Return whether a process has locked a file or folder; None if the file system has no locks.

    Raises:
        OSError: If it cannot be opened or is a link.
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
    """Move all files of a folder into its parent, replacing files with the same names."""
    for path in ready.iterdir():
        path.replace(ready.parent / path.name)
    sync(ready.parent)
    ready.rmdir()


def _short(name: str) -> str:
    """Return a name, or its digest if the name is too long for temporary names."""
    long = len(os.fsencode(name)) > _LONGEST_NAME
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:32] if long else name
