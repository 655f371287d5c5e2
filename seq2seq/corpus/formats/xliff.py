"""XLIFF 1.2 and 2: units with a finished translation are pairs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seq2seq.corpus.formats.form import PAIRS, Form, Head, Placed, Reading, Settings
from seq2seq.corpus.formats.language_pair import base, is_turned
from seq2seq.corpus.formats.xml_files import local
from seq2seq.corpus.formats.xml_stream import children, elements, root_name, text_of
from seq2seq.errors import UserError

MACHINE = "seq2seq:machine"
"""Attribute subState of a segment that a model translated (`seq2seq.documents`)."""
UNFINISHED, FIXED = "unit without a finished translation", "unit that must not be translated"
_OPEN_STATES = ("new", "needs-")
UNITS = ("trans-unit", "unit")
"""Elements with a source and its target, of version 1.2 and 2."""


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether the root element of a file is that of XLIFF."""
    return root_name(head.text) == "xliff"


def languages(path: Path, settings: Settings) -> tuple[str, str]:
    """Return the source and target language: those of the reader, or those of the first unit's file; '' if unknown."""
    wanted = settings.source_language, settings.target_language
    if all(wanted):
        return wanted
    first = next(elements(path, "xliff", "XLIFF", *UNITS), None)
    if first is None:
        return wanted
    found = _languages(first)
    if is_turned(f"{path}:{first.sourceline}", found, settings):
        found = found[1], found[0]
    return wanted[0] or base(found[0]), wanted[1] or base(found[1])


def read(path: Path, settings: Settings, reading: Reading) -> Placed:
    """Yield the pairs of a file.

    Raises:
        UserError: If the file is malformed or has other languages than the reader, or if no translation is finished.
    """
    is_some = False
    for element in elements(path, "xliff", "XLIFF", *UNITS):
        place = f"{path}:{element.sourceline}"
        sides = [settings.source_field, settings.target_field]
        if is_turned(place, _languages(element), settings):
            sides.reverse()
        if is_fixed(element):
            reading.left_out[FIXED] += 1
            continue
        for segment, is_open in _segments(element):
            place = f"{path}:{segment.sourceline}"
            given = [next(iter(children(segment, name)), None) for name in ("source", "target")]
            texts = ["" if one is None else text_of(one, place) for one in given]
            if is_open or not all(texts):
                reading.left_out[UNFINISHED] += 1
            else:
                is_some = True
                yield place, dict(zip(sides, texts, strict=True))
    if not is_some:
        raise UserError(f"{path} has no unit with a finished translation, so there is nothing to train on.")


def _segments(element: Any) -> Iterator[tuple[Any, bool]]:  # noqa: ANN401 - lxml has no types
    """Yield what has a source in a unit, and whether its translation is unfinished."""
    if local(element) == "trans-unit":
        yield element, is_open_unit(element, next(iter(children(element, "target")), None))
    else:
        yield from ((segment, is_open_segment(segment)) for segment in children(element, "segment"))


def _languages(element: Any) -> tuple[str, str]:  # noqa: ANN401 - lxml has no types
    for found in element.iterancestors():
        if found.get("source-language") or found.get("target-language"):
            return found.get("source-language", ""), found.get("target-language", "")
        if local(found) == "xliff":
            return found.get("srcLang", ""), found.get("trgLang", "")
    return "", ""


def is_open_unit(element: Any, target: Any) -> bool:  # noqa: ANN401 - lxml has no types
    """Return whether the translation of a unit of version 1.2 is marked as unfinished."""
    state = "" if target is None else target.get("state", "")
    return element.get("approved") != "yes" and bool(state.startswith(_OPEN_STATES))


def is_open_segment(element: Any) -> bool:  # noqa: ANN401 - lxml has no types
    """Return whether the translation of a segment of version 2 is marked as unfinished."""
    return bool(element.get("state") == "initial" or element.get("subState") == MACHINE)


def is_fixed(element: Any) -> bool:  # noqa: ANN401 - lxml has no types
    """Return whether an element must not be translated; it inherits that from those around it."""
    for found in (element, *element.iterancestors()):
        if found.get("translate"):
            return bool(found.get("translate") == "no")
    return False


XLIFF = Form(
    "xliff",
    "XLIFF",
    PAIRS,
    matches,
    read,
    "XLIFF 1.2 or 2; only finished translations are read",
    unit="pair",
    languages=languages,
)
