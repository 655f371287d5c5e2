r"""Subtitles: SubRip (.srt), WebVTT (.vtt) and SubStation Alpha (.ass).

Only the text of a cue changes. Times, positions, styles, notes and tags stay as they are. The lines of a cue are
translated as one text, which is divided into as many lines again, unless they are the lines of two speakers ("- ").
"""

import re

from seq2seq.corpus.languages import separator
from seq2seq.documents.inline_elements import InlineElements
from seq2seq.documents.languages import Languages
from seq2seq.documents.unit import TextDocument, Unit
from seq2seq.errors import UserError

_TIMES = re.compile(r"\s*(?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3}\s*-->")
_MARKUP = re.compile(r"<[^<>\n]{1,200}>|\{\\[^{}\n]{1,200}\}")
_SPEAKER = re.compile(r"\s*(?:<[^<>]*>\s*)?[-–—]")


def subrip(text: str, encoding: str, name: str, _: Languages) -> TextDocument:
    """Read subtitles in which a line of times precedes the lines of each text.

    Raises:
        UserError: If there is no cue.
    """
    document = TextDocument([], encoding)
    line_break = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    number = 0
    while number < len(lines):
        document.parts.append(lines[number])
        number += 1
        if not _TIMES.match(lines[number - 1]):
            continue
        start = number
        while number < len(lines) and lines[number].strip():
            number += 1
        if number > start:
            body = "".join(lines[start:number])
            bare = body.rstrip("\r\n")
            document.parts += [bare, body[len(bare) :]]
            _add(document, len(document.parts) - 2, re.split("\r\n|\r|\n", bare), line_break, f"{name}:{start + 1}")
    if not document.units:
        raise UserError(f"{name} contains no subtitles: a line like 00:00:01,000 --> 00:00:02,000 precedes each text.")
    return document


def substation(text: str, encoding: str, name: str, _: Languages) -> TextDocument:
    r"""Read subtitles that are lines ``Dialogue: FIELD,FIELD,...,TEXT``, in which ``\N`` breaks a line.

    Raises:
        UserError: If there is no dialogue.
    """
    document = TextDocument([], encoding)
    fields = 10
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if line.startswith("Format:"):
            fields = line.count(",") + 1
        parts = line.split(",", fields - 1)
        if not line.startswith("Dialogue:") or len(parts) < fields or r"\p1" in line:
            document.parts.append(line)
            continue
        bare = parts[-1].rstrip("\r\n")
        document.parts += [",".join([*parts[:-1], ""]), bare, parts[-1][len(bare) :]]
        _add(document, len(document.parts) - 2, re.split(r"\\[Nn]", bare), r"\N", f"{name}:{number}")
    if not document.units:
        raise UserError(f"{name} contains no subtitles: lines like Dialogue: 0,0:00:01.00,0:00:02.00,...,TEXT.")
    return document


def _add(document: TextDocument, place: int, lines: list[str], line_break: str, where: str) -> None:
    """Add the lines of a cue as one unit, or as one for each speaker."""
    inline = InlineElements()
    marked = [_MARKUP.sub(lambda match: inline.whole(match[0]), inline.literal(line)) for line in lines]
    are_spoken = sum(bool(_SPEAKER.match(line)) for line in lines) > 1
    text = seen = ""
    for number, (line, inner) in enumerate(zip(lines, marked, strict=True)):
        bare = _MARKUP.sub("", line).strip()
        between = "\n" if number else ""
        text += (between if are_spoken else separator(seen, bare)) + inner.strip()
        seen = bare or seen

    def put(translation: str) -> None:
        written = translation.split("\n") if are_spoken else wrapped(" ".join(translation.split("\n")), len(lines))
        document.parts[place] = inline.restored(line_break.join(line for line in written if line.strip()))

    document.units.append(Unit(text, where, put))


def wrapped(text: str, count: int) -> list[str]:
    """Divide a text into at most `count` lines of similar length, at spaces or between Chinese characters."""
    lines = []
    for left in range(count, 1, -1):
        size = len(text) / left
        places = [place for place in range(1, len(text)) if _may_break(text, place)]
        if not places or len(text) < 20:
            break
        place = min(places, key=lambda end: abs(end - size))
        lines.append(text[:place].strip())
        text = text[place:].strip()
    return [*lines, text]


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    is_closing = after in "，。！？、；：）」』》”’,.!?;:)" or before in "（「『《“‘("
    return after == " " or (not separator(before, after) and not is_closing)
