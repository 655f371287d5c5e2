"""Errors of reading a file, in one sentence."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from seq2seq.errors import UserError


@contextmanager
def readable(path: Path, progress: Callable[[], str] = str) -> Iterator[None]:
    """Turn the errors of reading a file, which may be compressed, into one sentence.

    Args:
        path: The file.
        progress: Returns how far it has been read, such as "after line 3"; '' says nothing.

    Raises:
        UserError: If the file is damaged or cannot be read.
    """
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        place = f" ({said})" if (said := progress()) else ""
        raise UserError(f"{path} is damaged or not a gzip file{place}: {fault}.") from fault
    except OSError as fault:
        raise UserError(f"{path} could not be read: {fault.strerror}.") from fault
