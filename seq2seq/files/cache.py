"""Cache of token stores: private to the user, limited in size, listed and cleared by ``seq2seq cache``.

All runs with the same data and tokenizers share a store. A store can be removed at any time and is rebuilt when needed,
but a store that a process has open is locked against removal.
"""

import os
import re
import shutil
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_folders import beside, is_locked, tidy

VARIABLE = "SEQ2SEQ_CACHE_SIZE"
"""Environment variable with the maximum size of the cache."""
DEFAULT = "20GB"
META = "store.json"
"""File that marks a folder as a store; its modification time is the time of last use."""
UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_UNFINISHED = (".part", ".old")  # suffixes used by earlier versions
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Entry:
    """Store in the cache.

    Args:
        path: Path of the store's folder.
        size: Size on disk in bytes.
        used: Time of last use, in seconds since 1970.
        is_open: Whether a process has it open.
    """

    path: Path
    size: int
    used: float
    is_open: bool


def place(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the user's cache folder (XDG Base Directory Specification)."""
    folder = environment.get("XDG_CACHE_HOME", "")
    return (Path(folder) if folder.startswith("/") else Path.home() / ".cache") / "seq2seq"


def make_private(folder: Path) -> None:
    """Create a cache folder that only the user can read.

    An existing folder at the default path is made private; other folders keep their permissions.

    Raises:
        UserError: If the folder belongs to another user, who could replace its contents.
        WorldError: If it cannot be created.
    """
    advice = "name a folder of your own with --data.cache_dir or the environment variable XDG_CACHE_HOME"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.stat()
        if status.st_uid == os.geteuid() and folder == place() and stat.S_IMODE(status.st_mode) & 0o077:
            folder.chmod(0o700)
    except OSError as fault:
        raise WorldError(f"The cache folder {folder} cannot be used: {fault.strerror}; {advice}.") from fault
    if status.st_uid != os.geteuid():
        raise UserError(
            f"The cache folder {folder} belongs to another user (number {status.st_uid}), who could change your data: "
            f"{advice}."
        )


def limit(environment: Mapping[str, str] = os.environ) -> int:
    """Return the maximum size of the cache in bytes.

    Raises:
        UserError: If the environment variable is not a size.
    """
    text = environment.get(VARIABLE, "") or DEFAULT
    match = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*([kmgt]b)\s*", text, re.IGNORECASE)
    if match is None:
        raise UserError(f"{VARIABLE} is '{text}', but it must be a size such as 500MB or 20GB.")
    units = {name.lower(): size for name, size in UNITS.items()}
    return int(float(match[1]) * units[match[2].lower()])


def entries(folder: Path) -> list[Entry]:
    """Return the stores in a cache, most recently used first."""
    stores = []
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            with suppress(FileNotFoundError, NotADirectoryError):  # removed by another process in the meantime
                meta = path / META
                if meta.is_file() or (path.suffix in _UNFINISHED and path.is_dir()):
                    size = sum(child.stat().st_size for child in path.iterdir())
                    used = (meta if meta.is_file() else path).stat().st_mtime
                    stores.append(Entry(path, size, used, _is_open(meta)))
    return sorted(stores, key=lambda entry: (-entry.used, entry.path.name))


def remove(entry: Entry) -> bool:
    """Remove a store from the cache unless it is in use, and return whether it is gone.

    Raises:
        WorldError: If it cannot be removed.
    """
    path = entry.path
    name = path.name if path.suffix not in _UNFINISHED else path.stem
    lock = FileLock(path.with_name(name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:  # being built, or about to be opened
        return False
    try:
        if _is_open(path / META):
            return False
        gone = beside(path, "new")
        path.rename(gone)
        shutil.rmtree(gone)
        path.with_name(name + ".lock").unlink(missing_ok=True)
    except FileNotFoundError:
        return True  # another process was faster
    except OSError as fault:
        raise WorldError(f"{path} could not be removed from the cache: {fault.strerror}.") from fault
    finally:
        lock.release()
    return True


def keep_within(folder: Path, most: int) -> list[Entry]:
    """Remove least recently used stores not in use until at most `most` bytes remain, and return the removed ones."""
    with suppress(OSError):  # temporary files that cannot be removed must not stop training
        tidy(folder)
    stores = entries(folder)
    total = sum(entry.size for entry in stores)
    removed = []
    for entry in reversed(stores):
        if total <= most:
            break
        with suppress(WorldError):  # the same holds for stores that cannot be removed, such as another user's
            if not entry.is_open and remove(entry):
                total -= entry.size
                removed.append(entry)
    return removed


def written_size(size: int) -> str:
    """Format a number of bytes in a suitable unit, such as ``4.2 MB``."""
    name = next((name for name in reversed(UNITS) if size >= UNITS[name]), "kB")
    return f"{size / UNITS[name]:.1f} {name}"


def _is_open(meta: Path) -> bool:
    """Return whether a process has a store open; without file locks, whether it was used in the last day."""
    try:
        held = is_locked(meta)
        return time.time() - meta.stat().st_mtime < _DAY_S if held is None else held
    except FileNotFoundError:
        return False
