"""Subtitles (SRT and WebVTT): each spoken line is a turn, and silence begins a new conversation.

A cue that begins with a hyphen holds the lines of several speakers. A cue that does not end a sentence continues in the
next one. Descriptions of sounds, lyrics and formatting are left out.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from seq2seq.corpus.formats.form import CONVERSATIONS, Form, Head, Placed, Reading, Settings, conversation
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines

SILENCE_S = 10.0
"""Seconds of silence after which a new conversation begins."""
SHARE = 0.15
"""Minimum fraction of lines with times."""
_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}.*")
_FORMATTING = re.compile(r"<[^<>\n]{1,100}>|\{\\[^{}\n]{1,100}\}")
_SOUNDS = re.compile(r"\[[^\[\]\n]{0,200}\]|\([^()\n]{0,200}\)|（[^（）\n]{0,200}）|【[^【】\n]{0,200}】")
_LYRICS = re.compile(r"[♪♫]")
_SPEECH = re.compile(r"^[-–—‐]\s*")
_NAME = re.compile(r"^[A-Z][A-Z0-9 .'#]{1,25}:\s*(?=\S)")
_ENDED = re.compile(r"""[.!?…。！？](?:["'”’»)\]]*)$""")


class Cue(NamedTuple):
    """A subtitle; times in seconds."""

    place: str
    begin: float
    end: float
    lines: list[str]


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether a file has the times of subtitles."""
    return head.matches(_TIMES.match, SHARE) or (head.share(_TIMES.match) >= SHARE and len(head.lines) < 8)


def read(path: Path, _settings: Settings, reading: Reading) -> Placed:
    """Yield the conversations in subtitles.

    Raises:
        UserError: If there are no times.
    """
    place, turns = "", list[str]()
    before: float | None = None
    is_open = False
    is_some = False
    for cue in _cues(path):
        is_some = True
        if before is not None and abs(cue.begin - before) > SILENCE_S and turns:
            yield place, conversation(turns)
            turns, is_open = [], False
        before = cue.end
        texts = _spoken(cue.lines, reading)
        if not texts:
            continue
        place = place if turns else cue.place
        if is_open and turns and not _SPEECH.match(texts[0]):
            turns[-1] = f"{turns[-1]} {texts.pop(0)}"
        turns += [_SPEECH.sub("", text) for text in texts]
        is_open = not _ENDED.search(turns[-1])
    if turns:
        yield place, conversation(turns)
    if not is_some:
        raise UserError(f"{path} contains no subtitles: lines like '00:00:01,000 --> 00:00:02,500' before the texts.")


def _spoken(given: list[str], reading: Reading) -> list[str]:
    """Return the turns of a cue; those of several speakers begin with hyphens, which stay."""
    turns: list[str] = []
    for line in given:
        text = _FORMATTING.sub("", line)
        if _LYRICS.search(text):
            reading.left_out["line of a song"] += 1
            continue
        words = _SOUNDS.sub("", text).strip()
        is_speech = bool(_SPEECH.match(words))
        words = _NAME.sub("", _SPEECH.sub("", words)).strip()
        if not any(map(str.isalnum, words)):
            reading.left_out["description of a sound"] += 1
        elif is_speech or not turns:
            turns.append(f"- {words}" if is_speech else words)
        else:
            turns[-1] += f" {words}"
    return turns


def _cues(path: Path) -> Iterator[Cue]:
    cue: Cue | None = None
    blank = False
    for number, line in enumerate(lines(path), start=1):
        if match := _TIMES.fullmatch(line):
            if cue:
                # Where no blank line ends a cue, the number of the next one is at its end.
                if not blank and cue.lines and cue.lines[-1].strip().isdecimal():
                    cue.lines.pop()
                yield cue
            parts = match.groups()
            cue = Cue(f"{path}:{number}", _seconds(*parts[:4]), _seconds(*parts[4:]), [])
            blank = False
        elif not line.strip():
            blank = True
        elif cue and not blank:
            cue.lines.append(line)
    if cue:
        yield cue


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    return 3600 * int(hours or 0) + 60 * int(minutes) + float(f"{seconds}.{fraction}")


SUBTITLES = Form(
    "srt", "subtitles", CONVERSATIONS, matches, read, "texts after lines like '00:00:01,000 --> 00:00:02,500'"
)
