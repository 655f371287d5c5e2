"""Where an exception was raised, also if that was in another process."""

import traceback

PLACE = "seq2seq_place"
"""Attribute of an exception from another process: file and line."""


def place_of(fault: BaseException) -> str:
    """Return the file and line where an exception was raised, for a log."""
    if place := str(getattr(fault, PLACE, "")):
        return place
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{frame.filename}, line {frame.lineno}"
