r"""Text files of ParlAI: numbered lines (``1 Hello\tHi``), and logs (``text:Hello\tlabels:Hi``).

A line of a numbered file holds what was said, and after a tab the reply; number 1 begins an episode. Only labels are
replies to learn, because the persona (``your persona: ...``) is theirs. A line without reply is context, which belongs
to the next line.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from seq2seq.corpus.formats.form import EXCHANGES, Form, Head, Placed, Reading, Record, Settings, conversation
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines

OTHER, OWN = "other", "self"
_NUMBERED = re.compile(r"(\d{1,6}) (.*)")
_PERSONA = re.compile(r"(?:your|partner's) persona:\s*(.*)")
_LOG = re.compile(r"text:.*\t(?:\w+:)")
_SILENCE = "__SILENCE__"


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether a file has numbered lines that count from 1 in each episode, and replies after tabs."""
    if not head.lines or not head.lines[0].startswith("1 "):
        return False
    before, follows, replies = 0, 0, 0
    for line in head.lines:
        match = _NUMBERED.fullmatch(line)
        if match is None:
            continue
        number = int(match[1])
        follows += number in (1, before + 1)
        replies += "\t" in match[2] or bool(_PERSONA.match(match[2]))
        before = number
    return follows >= max(2, 0.9 * len(head.lines)) and replies >= max(1, 0.1 * len(head.lines))


def read(path: Path, _settings: Settings, reading: Reading) -> Placed:
    """Yield the episodes of a numbered file.

    Raises:
        UserError: If a line has no number.
    """
    episode = _Episode()
    for number, line in enumerate(lines(path), start=1):
        if not line.strip():
            continue
        match = _NUMBERED.fullmatch(line)
        if match is None:
            raise UserError(
                f"{path}:{number}: a number and a space are expected, but the line begins with: {line[:60]}"
            )
        if int(match[1]) == 1:
            yield from episode.ended()
            episode = _Episode(f"{path}:{number}")
        if persona := _PERSONA.match(match[2]):
            if match[2].startswith("your"):
                episode.persona.append(persona[1])
            else:
                reading.left_out["line of the partner's persona"] += 1
            continue
        said, _, rest = match[2].partition("\t")
        label = rest.split("\t")[0].split("|")[0]
        episode.add(said, label)
    yield from episode.ended()


class _Episode:
    """A conversation that is being read."""

    def __init__(self, place: str = "") -> None:
        self.place = place
        self.turns: list[str] = []
        self.speakers: list[str] = []
        self.persona: list[str] = []
        self._context: list[str] = []

    def add(self, said: str, label: str) -> None:
        """Add what was said, and the reply if there is one."""
        said = said.replace("\\n", "\n").strip()
        if said and said != _SILENCE:
            self._context.append(said)
        if label.strip():
            if self._context:
                self._say(OTHER, "\n".join(self._context))
            self._say(OWN, label.replace("\\n", "\n").strip())
            self._context = []

    def ended(self) -> Iterator[tuple[str, Record]]:
        """Yield the conversation, if there is any."""
        if self._context:
            self._say(OTHER, "\n".join(self._context))
        if self.turns:
            yield self.place, conversation(self.turns, self.speakers, self.persona, OWN)

    def _say(self, speaker: str, text: str) -> None:
        self.turns.append(text)
        self.speakers.append(speaker)


def matches_log(head: Head, _settings: Settings) -> bool:
    """Return whether a file is a log."""
    return head.matches(_LOG.match)


def read_log(path: Path, _settings: Settings, _reading: Reading) -> Placed:
    """Yield the episodes of a log, which end with ``episode_done:True``.

    Raises:
        UserError: If a line has no ``text:``.
    """
    episode = _Episode()
    for number, line in enumerate(lines(path), start=1):
        if not line.strip():
            continue
        fields = dict(part.split(":", 1) for part in line.split("\t") if ":" in part)
        if "text" not in fields:
            raise UserError(f"{path}:{number}: 'text:' is expected, but the line begins with: {line[:60]}")
        if not episode.place:
            episode.place = f"{path}:{number}"
        label = fields.get("labels") or fields.get("eval_labels") or ""
        said = []
        for part in fields["text"].replace("\\n", "\n").split("\n"):
            if persona := _PERSONA.match(part):
                if part.startswith("your"):
                    episode.persona.append(persona[1])
            else:
                said.append(part)
        episode.add("\n".join(said), label.split("|")[0])
        if fields.get("episode_done", "").strip() == "True":
            yield from episode.ended()
            episode = _Episode()
    yield from episode.ended()


PARLAI = Form(
    "parlai", "numbered lines of ParlAI", EXCHANGES, matches, read, "lines like '1 Hello<tab>Hi', numbered from 1"
)
PARLAI_LOG = Form(
    "parlai-log", "a log of ParlAI", EXCHANGES, matches_log, read_log, "lines like 'text:Hello<tab>labels:Hi'"
)
