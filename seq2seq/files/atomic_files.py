"""Write a file so that its path always holds a complete one."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO

from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_folders import beside, lock, sync


def write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file so that its path always holds a complete one, the old or the new.

    A link stays a link: its target is replaced. A file keeps its permissions. A pipe or a device is written to
    directly. `atomic_folders.tidy` removes the leftovers of a killed process.

    Args:
        path: The file; its folder is made if missing.
        write: Writes the content to an open file.

    Raises:
        WorldError: If the disk is full or cannot be written; the old file is untouched.
    """
    place = path.resolve()
    new = beside(place, "new")
    try:
        if place.exists() and not place.is_file() and not place.is_dir():
            with place.open("wb") as pipe:
                write(pipe)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            lock(file.fileno())
            if place.is_file():
                os.fchmod(file.fileno(), stat.S_IMODE(place.stat().st_mode))
            write(file)
            file.flush()
            os.fsync(file.fileno())
            new.replace(place)
        sync(place.parent)  # the rename itself must survive a power cut
    except BaseException as fault:
        new.unlink(missing_ok=True)
        # torch.save wraps a disk error into a RuntimeError of its own.
        cause = fault if isinstance(fault, OSError) else fault.__context__
        # An error with its own sentence (about an input, for example) does not concern this file.
        if not isinstance(cause, OSError) or isinstance(fault, UserError | WorldError):
            raise
        kept = "the previous one is untouched" if path.exists() else "there was none before"
        raise WorldError(f"{path} could not be written: {cause.strerror}; {kept}.") from cause
