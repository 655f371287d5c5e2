"""Chats that WhatsApp exports as text, on Android (``31/12/23, 21:45 - Ann: Hi``) and iOS (``[31/12/23, 21:45:10]``).

The phone's language decides how dates and placeholders look. A line without a time belongs to the message before it.
Lines without a name are notices of the program. On iOS, texts of the program begin with U+200E.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from seq2seq.corpus.conversations.message_log import EMPTY, MEDIA, SYSTEM, Message, conversations
from seq2seq.corpus.conversations.message_times import INVISIBLE, STAMP, date_order, parts_of, time_of
from seq2seq.corpus.conversations.placeholders import words_of
from seq2seq.corpus.formats.form import CONVERSATIONS, Form, Head, Placed, Reading, Settings
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines

BY_PROGRAM = "\u200e"
"""First character of a text that the program wrote, on iOS."""
FIRST_LINES, SHARE = 3, 0.1
"""One of the first lines, and this fraction of all lines, must begin with a time; messages may have many lines."""
_ANDROID = re.compile(rf"{STAMP}[ \u00a0\u202f]+[-–—][ \u00a0\u202f]*(?P<rest>.*)")
_IOS = re.compile(rf"[{INVISIBLE}]*\[{STAMP}\][ \u00a0\u202f]*(?P<rest>.*)")
_NAME = re.compile(r"(?P<name>[^:：\"“”„«»]{1,80}?)[ \u00a0\u202f]?[:：](?:[ \u00a0\u202f]|$)(?P<text>.*)", re.DOTALL)
_LEVELS = frozenset("TRACE DEBUG INFO NOTICE WARN WARNING ERROR CRITICAL FATAL SEVERE".split())
"""Names that make a file the log of a program."""
_AMERICAN = re.compile(r"[AP]M")


def stamped(line: str) -> "re.Match[str] | None":
    """Return the match of a line that begins a message, or None."""
    match = _ANDROID.match(line) or _IOS.match(line)
    # Android writes no seconds, but the logs of programs do.
    return None if match and match.re is _ANDROID and match["second"] else match


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether a file is such an export: times, and names before most texts."""
    begun = [match for line in head.lines if (match := stamped(line))]
    if len(begun) < max(2, SHARE * len(head.lines)) or not any(map(stamped, head.lines[:FIRST_LINES])):
        return False
    names = [match["name"].strip(INVISIBLE + " ") for one in begun if (match := _NAME.match(one["rest"]))]
    if not names or sum(name.upper() in _LEVELS for name in names) > len(names) / 2:
        return False
    return len(names) >= 2 and len(names) >= len(begun) / 4


def read(path: Path, settings: Settings, reading: Reading) -> Placed:
    """Yield the conversations of an export.

    Raises:
        UserError: If no line begins with a time.
    """
    begun = [match for line in lines(path) if (match := stamped(line))]
    if not begun:
        raise UserError(f"{path} contains no message of WhatsApp: a line like '31/12/2023, 21:45 - Ann: Hi'.")
    is_american = any(_AMERICAN.fullmatch(match["after"] or "") for match in begun[:1000])
    order = date_order((parts_of(match) for match in begun), is_american=is_american)
    yield from conversations(_messages(path, order, reading), settings.pause_hours)


def _messages(path: Path, order: str, reading: Reading) -> Iterator[Message]:
    for place, match, text in _joined(path):
        named = _NAME.match(text)
        if named is None:
            reading.left_out[SYSTEM] += 1
            continue
        body = named["text"]
        words, kind = words_of(body)
        if match.re is _IOS and body.startswith(BY_PROGRAM):
            words, kind = "", kind if kind not in ("", EMPTY) else MEDIA if _is_short(body) else SYSTEM
        if kind:
            reading.left_out[kind] += 1
        else:
            yield Message(place, time_of(match, order), named["name"].strip(INVISIBLE + "~ \u00a0\u202f"), words)


def _is_short(text: str) -> bool:
    """Return whether a text of the program is one like ``image omitted`` or ``图片已忽略``, and not a notice."""
    return len(text.split()) <= 3 and len(text) <= 30


def _joined(path: Path) -> Iterator[tuple[str, "re.Match[str]", str]]:
    """Yield the place, the match of the first line, and the text after the time of each message."""
    place, match, parts = "", None, list[str]()
    for number, line in enumerate(lines(path), start=1):
        if begun := stamped(line):
            if match:
                yield place, match, "\n".join(parts).rstrip("\n")
            place, match, parts = f"{path}:{number}", begun, [begun["rest"]]
        elif match:
            parts.append(line)
    if match:
        yield place, match, "\n".join(parts).rstrip("\n")


WHATSAPP = Form(
    "whatsapp", "a WhatsApp export", CONVERSATIONS, matches, read, "lines like '31/12/2023, 21:45 - Ann: Hi'"
)
