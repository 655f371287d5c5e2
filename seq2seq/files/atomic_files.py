"""Atomic writing of single files."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO

from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_folders import beside, lock, sync


def write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file atomically: its path always holds either the complete old or the complete new content.

    If the path is a link, the link's target is replaced. Existing permissions are kept. Pipes and devices are written
    directly. `atomic_folders.tidy` removes temporary files of killed processes.

    Args:
        path: Path of the file; a missing folder is created.
        write: Function that writes the content to an open file.

    Raises:
        WorldError: If the disk is full or cannot be written to; the old file is unchanged.
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
        sync(place.parent)  # makes the rename survive a power failure
    except BaseException as fault:
        new.unlink(missing_ok=True)
        # torch.save wraps disk errors in its own RuntimeError.
        cause = fault if isinstance(fault, OSError) else fault.__context__
        # Our own errors (about an input, for example) do not concern this file.
        if not isinstance(cause, OSError) or isinstance(fault, UserError | WorldError):
            raise
        kept = "the previous one is untouched" if path.exists() else "there was none before"
        raise WorldError(f"{path} could not be written: {cause.strerror}; {kept}.") from cause
