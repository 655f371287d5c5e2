"""Catalogues of gettext (PO): messages with a finished translation are pairs."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seq2seq.corpus.formats.form import PAIRS, Form, Head, Placed, Reading, Settings
from seq2seq.corpus.formats.language_pair import base, is_turned
from seq2seq.corpus.formats.xml_files import require_extra
from seq2seq.errors import UserError
from seq2seq.files.bounded_lines import opened
from seq2seq.files.readable import readable
from seq2seq.files.text_encoding import advice, encoding_of
from seq2seq.files.text_head import head_bytes

MOST_BYTES = 64 << 20
"""Size of the largest catalogue that is read; translate-toolkit keeps it in memory as a whole."""
FUZZY, OPEN, OBSOLETE = "fuzzy message", "untranslated message", "obsolete message"
CHARSET = re.compile(rb"charset=([\w.:-]+)")
_LINE = re.compile(r'\s*(?:#.*|(?:msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d+\])\s*".*|".*"\s*)')
_LANGUAGE = re.compile(r'^"Language:\s*([A-Za-z]{2,3}(?:[-_][A-Za-z]+)*)', re.MULTILINE)
_FAULT_LINE = re.compile(r" on line (\d+)\b")


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether a file has messages with translations."""
    kinds = {line.split('"')[0].strip() for line in head.lines if line.lstrip().startswith("msg")}
    return "msgid" in kinds and any(kind.startswith("msgstr") for kind in kinds) and head.matches(_LINE.fullmatch)


def parsed(content: bytes, name: str) -> Any:  # noqa: ANN401 - translate-toolkit has no types
    """Return a catalogue as translate-toolkit reads it.

    Raises:
        UserError: If translate-toolkit is missing, or if the file is not a catalogue (names the line if it is known).
    """
    require_extra("translate", name)
    from translate.storage import pypo
    from translate.storage.base import ParseError

    # translate-toolkit would guess another encoding.
    declared = CHARSET.search(content)
    if declared is None or declared[1].upper() in (b"UTF-8", b"CHARSET"):
        try:
            content.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            line = content.count(b"\n", 0, fault.start) + 1
            raise UserError(
                f"{name}:{line}: not UTF-8, and the header names no other encoding. {advice(content)}"
            ) from fault
    try:
        catalogue = pypo.pofile.parsestring(content)  # type: ignore[no-untyped-call]
    except (ParseError, ValueError, LookupError, UnicodeError) as fault:
        line_of = _FAULT_LINE.search(str(fault))
        place = f"{name}:{line_of[1]}" if line_of else name
        raise UserError(f"{place} is not a gettext catalogue that can be read: {fault}") from fault
    except (AttributeError, IndexError, KeyError, TypeError) as fault:  # translate-toolkit's own, at such entries
        raise UserError(
            f"{name} is not a gettext catalogue that can be read: the lines of an entry are damaged."
        ) from fault
    if not catalogue.units:
        raise UserError(f"{name} is not a gettext catalogue: it contains no msgid.")
    return catalogue


def languages(path: Path, settings: Settings) -> tuple[str, str]:
    """Return the source and target language: those of the reader, or that of the header; '' if unknown."""
    wanted = settings.source_language, settings.target_language
    if all(wanted):
        return wanted
    found = _LANGUAGE.search(Head(path).text)
    code = found[1] if found else ""
    if is_turned(str(path), ("", code), settings):
        return wanted[0] or base(code), wanted[1]
    return wanted[0], wanted[1] or base(code)


def read(path: Path, settings: Settings, reading: Reading) -> Placed:
    """Yield the pairs of a catalogue: of a message with plural forms, one of the singular and one of the plural.

    Raises:
        UserError: If the file is malformed, too large or has other languages than the reader, or if no message has a
            finished translation.
    """
    catalogue = parsed(_content(path), str(path))
    header = catalogue.parseheader()
    sides = [settings.source_field, settings.target_field]
    if is_turned(str(path), ("", header.get("Language", "").partition("@")[0].strip()), settings):
        sides.reverse()
    count = str(catalogue.getheaderplural()[0] or "")
    is_some = False
    for entry in catalogue.units:
        if entry.isheader() or entry.isblank():
            continue
        if kind := _unfinished(entry):
            reading.left_out[kind] += 1
            continue
        place = f"{path}:{entry._line_number}"
        for texts in _pairs(entry, int(count) if count.isdecimal() else 0):
            is_some = True
            yield place, dict(zip(sides, texts, strict=True))
    if not is_some:
        raise UserError(f"{path} has no message with a finished translation, so there is nothing to train on.")


def _content(path: Path) -> bytes:
    head_bytes(path)  # refuses a file that cannot be read
    with readable(path), opened(path) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UserError(f"{path} is larger than {MOST_BYTES >> 20} MiB, the limit for a catalogue: divide it.")
    return in_utf8(content, str(path))


def declared_encoding(content: bytes) -> str:
    """Return the encoding of a catalogue: UTF-16, or else that of its header, which is 'utf-8' by default."""
    encoding = encoding_of(content)
    declared = CHARSET.search(content)
    if encoding == "utf-8" and declared and declared[1].upper() not in (b"UTF-8", b"CHARSET"):
        return declared[1].decode("ascii")
    return encoding


def in_utf8(content: bytes, name: str) -> bytes:
    """Return a catalogue in UTF-8 if it is in another encoding: that of its header, or UTF-16.

    Raises:
        UserError: If it is not in that encoding, or if there is no such encoding.
    """
    encoding = declared_encoding(content)
    if encoding == "utf-8":
        return content
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise UserError(f"{name}:{line}: not {encoding.upper()}, although the catalogue says so.") from fault
    except LookupError as fault:
        raise UserError(f"{name}: its header names the encoding '{encoding}', which does not exist.") from fault
    return CHARSET.sub(b"charset=UTF-8", text.encode("utf-8", "replace"), count=1)


def _unfinished(entry: Any) -> str:  # noqa: ANN401 - translate-toolkit has no types
    if entry.isobsolete():
        return OBSOLETE
    if entry.isfuzzy():
        return FUZZY
    return "" if entry.istranslated() else OPEN


def _pairs(entry: Any, forms: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - translate-toolkit has no types
    """Yield the pairs of a message.

    Args:
        entry: The message.
        forms: Number of plural forms of the language; 0 is as many as the message has.
    """
    if not entry.hasplural():
        pairs = [(str(entry.source), str(entry.target))]
    else:
        sources = [str(text) for text in entry.source.strings]
        targets = [str(text) for text in getattr(entry.target, "strings", [entry.target])]
        # A language with one form uses it for all numbers, as English uses its plural for most.
        pairs = list(zip(sources[1:] if (forms or len(targets)) == 1 else sources, targets, strict=False))
    yield from ((source, target) for source, target in pairs if source.strip() and target.strip())


PO = Form(
    "po",
    "a gettext catalogue",
    PAIRS,
    matches,
    read,
    "a gettext catalogue; only finished translations are read",
    unit="pair",
    languages=languages,
)
