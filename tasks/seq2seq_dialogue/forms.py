"""Parsing of conversations in text files.

In the first format, each line is a turn, which may begin with the speaker's name, and a blank line or ``===`` separates
conversations. In the second (DailyDialog), each line is a conversation, with ``__eou__`` after each turn. Other common
formats are detected and rejected, because their time stamps, numbers and keys would become part of the turns.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from seq2seq.amounts import amount
from seq2seq.files.text_lines import lines
from seq2seq.plugin import UserError

HEAD_LINES = 1000
"""Number of non-blank lines used to detect the format."""
MOST, NEARLY_ALL = 0.5, 0.9
"""Minimum fractions of matching lines: for formats with multi-line records, and for all other formats."""
MOST_SPEAKERS = 12
"""Maximum number of speakers; if there are more, the words before colons are not treated as names."""
FEWEST_LINES = 4
"""Minimum number of lines for detecting speaker names."""
TURN_END, SPEAKER_END = "__eou__", "__eot__"

_JSON = re.compile(r"""\s*(?:[\[\]{}"]|-?\d+(?:\.\d+)?,?\s*$|(?:true|false|null),?\s*$)""")
_BETWEEN = re.compile(r"\s*={3,}\s*")
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u202f]?[AaPp]\.?[Mm]\.?)?"
_DAY = r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?"
# A turn may begin with a time ("7:30 is fine."), so a time stamp also needs a day, brackets or a name.
_STAMPED = re.compile(
    rf"[\u200e\u200f\s]*(?:\[(?:{_DAY}[,T]?\s*)?{_CLOCK}\]|{_DAY}(?:,?\s+|T){_CLOCK}(?!\d)|{_CLOCK}\s+<[^<>\s]+>\s)"
)
_NAMED = re.compile(r"\s*([^\s:：][^:：]{0,29}?)\s*[:：](?!//)\s*(.*)")
_NOT_IN_NAMES = re.compile(r"[.,!?;。，！？；\d]")

_REFUSED: tuple[tuple[str, re.Pattern[str], float, str], ...] = (
    (
        "a log of ParlAI (text:... labels:...)",
        re.compile(r"text:.*\t(?:\w+:)"),
        NEARLY_ALL,
        'write an object {"turns": ["...", "..."]} for each episode into a .jsonl file',
    ),
    (
        "the numbered lines of ParlAI and bAbI",
        re.compile(r"\d+ (?:your persona:|partner's persona:|[^\t]*\t)"),
        NEARLY_ALL,
        'write an object {"turns": ["...", "..."], "persona": ["..."]} for each episode into a .jsonl file',
    ),
    (
        "the Cornell movie corpus (+++$+++)",
        re.compile(r".*\+\+\+\$\+\+\+"),
        NEARLY_ALL,
        'write an object {"turns": ["...", "..."]} for each conversation into a .jsonl file',
    ),
    (
        "subtitles",
        re.compile(r"\d+:\d\d:\d\d[.,]\d+ --> "),
        0.15,
        "write each spoken line as a line, and a blank line between scenes",
    ),
    (
        "a chat export with times before its lines",
        _STAMPED,
        MOST,
        "write each message as a line without time and name, and a blank line where a conversation ends",
    ),
    ("JSONL", re.compile(r"\s*\{.*\}\s*$"), NEARLY_ALL, "rename it to end in .jsonl"),
    (
        "a table with a tab in each line",
        re.compile(r"[^\t]*\S[^\t]*\t[^\t]*\S"),
        NEARLY_ALL,
        "rename it to end in .tsv; where it has no header, name its columns by number: --data.reader.source_field 1 "
        "--data.reader.target_field 2",
    ),
)


def conversations(path: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield the place, the turns and the speakers (may be empty) of each conversation in a text file.

    Raises:
        UserError: If the file has one of the rejected formats.
    """
    head = list(islice((line for line in lines(path) if line.strip()), HEAD_LINES))
    _require_known(path, head)
    if _share(head, lambda line: TURN_END in line or SPEAKER_END in line) >= NEARLY_ALL:
        for number, line in enumerate(lines(path), start=1):
            if turns := _marked(line):
                yield f"{path}:{number}", turns, []
        return
    is_named = bool(speakers_of(head))
    place, turns = "", []
    for number, line in enumerate((*lines(path), ""), start=1):
        if line.strip() and not _BETWEEN.fullmatch(line):
            place = place if turns else f"{path}:{number}"
            turns.append(line)
        elif turns:
            yield _conversation(place, turns, is_named)
            turns = []


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


def understood(turns: Iterable[int], path: Path) -> str:
    """Return a note on how a file was parsed, given the number of turns per conversation; '' if no note is needed."""
    counts = list(turns)
    if not counts:
        return ""
    many = amount(len(counts), "conversation")
    note = f"{path.name}: {many}, {amount(sum(counts), 'turn')}, at most {max(counts):,} in one."
    is_text = path.name.removesuffix(".gz").endswith(".txt")
    names = speakers_of(list(islice((line for line in lines(path) if line.strip()), HEAD_LINES))) if is_text else []
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        note += f" The names before the turns ({', '.join(names[:3])}{more}) are read as speakers."
    if is_text and len(counts) == 1 and counts[0] > 20:
        note += " The file has no blank line between conversations, so all its turns are read as one conversation."
    return note


def _conversation(place: str, turns: list[str], is_named: bool) -> tuple[str, list[str], list[str]]:
    if not is_named:
        return place, turns, []
    texts: list[str] = []
    speakers: list[str] = []
    for line in turns:
        match = _NAMED.fullmatch(line)
        texts.append(match[2] if match else line)
        speakers.append(match[1] if match else (speakers[-1] if speakers else ""))
    return place, texts, speakers


def _marked(line: str) -> list[str]:
    """Return the turns of a line, which end with ``__eot__`` if it occurs (Ubuntu corpus), otherwise ``__eou__``."""
    if SPEAKER_END in line:
        line = line.replace(TURN_END, " ").replace(SPEAKER_END, TURN_END)
    return [turn.strip() for turn in line.split(TURN_END) if turn.strip()]


def _require_known(path: Path, head: Sequence[str]) -> None:
    first = head[0].strip() if head else ""
    # The first line may be a turn that looks like code, so the other lines are checked too.
    is_json = first.startswith(("[", "{")) and _share(head, lambda line: bool(_JSON.match(line))) >= NEARLY_ALL
    is_json = is_json and (first in ("[", "{", "[{") or first.startswith("[{"))
    is_markup = first.lower().startswith(("<?xml", "<!doctype", "<html"))
    is_markup = is_markup and _share(head, lambda line: line.lstrip().startswith("<")) >= MOST and len(head) > 1
    if is_json or is_markup:
        kind = "JSON" if is_json else "XML or HTML"
        raise UserError(
            f'{path} is {kind}, not a turn in each line: write an object {{"turns": ["...", "..."]}} for each '
            "conversation into a .jsonl file."
        )
    if any(line.rstrip() == "conversations:" for line in head[:20]) and any(line.startswith("- - ") for line in head):
        raise UserError(f"{path} is a YAML corpus of ChatterBot: convert it with seq2seq data prepare chatterbot.")
    for name, pattern, least, advice in _REFUSED:
        matches = sum(bool(pattern.match(line)) for line in head)
        if matches >= 2 and matches >= least * len(head):
            raise UserError(f"{path} looks like {name}, not like text with a turn in each line: {advice}.")


def _share(head: Sequence[str], is_such: Callable[[str], bool]) -> float:
    return sum(map(is_such, head)) / len(head) if head else 0.0
