"""Text files of conversations, in two forms.

In the first, each line is a turn, which may begin with the speaker's name, and a blank line or ``===`` separates
conversations. In the second (DailyDialog, Ubuntu), each line is a conversation, with ``__eou__`` after each turn.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from seq2seq.corpus.formats.form import (
    CONVERSATIONS,
    NEARLY_ALL,
    Form,
    Head,
    Placed,
    Reading,
    Record,
    Settings,
    conversation,
)
from seq2seq.files.text_lines import lines

MOST_SPEAKERS = 12
"""Maximum number of speakers; if there are more, the words before colons are not treated as names."""
FEWEST_LINES = 4
"""Minimum number of lines for detecting speaker names."""
TURN_END, SPEAKER_END = "__eou__", "__eot__"

_BETWEEN = re.compile(r"\s*={3,}\s*")
_NAMED = re.compile(r"\s*([^\s:：][^:：]{0,29}?)\s*[:：](?!//)\s*(.*)")
_NOT_IN_NAMES = re.compile(r"[.,!?;。，！？；\d]")


def read(path: Path, _settings: Settings, _reading: Reading) -> Placed:
    """Yield the conversations of a file with a turn per line."""
    is_named = bool(speakers_of(Head(path).lines))
    place, turns = "", list[str]()
    for number, line in enumerate(lines(path), start=1):
        if line.strip() and not _BETWEEN.fullmatch(line):
            place = place if turns else f"{path}:{number}"
            turns.append(line)
        elif turns:
            yield place, _conversation(turns, is_named=is_named)
            turns = []
    if turns:
        yield place, _conversation(turns, is_named=is_named)


def speakers_of(head: Sequence[str]) -> list[str]:
    """Return the speakers named before turns, most frequent first; empty if turns have no names.

    Names are only recognised if nearly all lines begin with a name and a colon, and names recur.
    """
    spoken = [line for line in head if not _BETWEEN.fullmatch(line)]
    speakers = [match[1] for line in spoken if (match := _NAMED.fullmatch(line)) and not _NOT_IN_NAMES.search(match[1])]
    names = Counter(speakers)
    if len(spoken) < FEWEST_LINES or len(speakers) < NEARLY_ALL * len(spoken):
        return []
    if not 2 <= len(names) <= MOST_SPEAKERS or len(speakers) < 2 * len(names):
        return []
    return [name for name, _ in names.most_common()]


def _conversation(turns: list[str], *, is_named: bool) -> Record:
    if not is_named:
        return conversation(turns)
    texts: list[str] = []
    speakers: list[str] = []
    for line in turns:
        match = _NAMED.fullmatch(line)
        texts.append(match[2] if match else line)
        speakers.append(match[1] if match else (speakers[-1] if speakers else ""))
    return conversation(texts, speakers)


def matches_marked(head: Head, _settings: Settings) -> bool:
    """Return whether nearly all lines have marks that end turns."""
    return head.share(lambda line: TURN_END in line or SPEAKER_END in line) >= NEARLY_ALL


def read_marked(path: Path, _settings: Settings, _reading: Reading) -> Placed:
    """Yield the conversations of a file with a conversation per line."""
    for number, line in enumerate(lines(path), start=1):
        if turns := _marked(line):
            yield f"{path}:{number}", conversation(turns)


def _marked(line: str) -> list[str]:
    """Return the turns of a line, which end with ``__eot__`` if it occurs (Ubuntu corpus), otherwise ``__eou__``."""
    if SPEAKER_END in line:
        line = line.replace(TURN_END, " ").replace(SPEAKER_END, TURN_END)
    return [turn.strip() for turn in line.split(TURN_END) if turn.strip()]


LINES = Form(
    "lines",
    "text with a turn in each line",
    CONVERSATIONS,
    lambda _head, _settings: False,  # any text could be this, so it is what remains if nothing else matches
    read,
    "a turn per line, and a blank line between conversations",
)
EOU = Form(
    "eou",
    "text with a conversation in each line",
    CONVERSATIONS,
    matches_marked,
    read_marked,
    f"lines with {TURN_END} after each turn",
)
