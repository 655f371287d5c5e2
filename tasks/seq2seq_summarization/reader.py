r"""Reading documents, chats and their summaries: text with its lines, and optionally the speaker of each line.

A corpus is one of these; files may be ``.gz``:

- ``.jsonl``: objects with ``source``, ``target`` and optionally ``refs``, a list of all reference summaries. A source
  or a target may be a list of strings (sentences, paragraphs, turns of a chat), each of which becomes a line.
- two aligned text files, or one table (``.tsv``, ``.csv``): a document per line, a summary per line. A line cannot hold
  a line break, and no escape represents one.
- two folders, documents and summaries: ``documents/NAME.txt`` belongs to ``summaries/NAME.txt``.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from seq2seq.corpus.formats.documents import document, matched
from seq2seq.corpus.normalization import normalize
from seq2seq.corpus.reader import field_text
from seq2seq.plugin import Example, Mark, Reader, Text, UserError

SPEAKER_WORDS, SPEAKER_CHARACTERS = 4, 30
"""Longest name of a speaker: "The mayor of the city said: ..." is not a name."""
# A half-width colon needs a space (or the line's end) after it, which times and addresses lack; a full-width one needs
# none, unless it is that of a time or an address. Names contain no punctuation that ends or divides clauses.
_SPEAKER = re.compile(
    r"([^\s:：,;!?，。；！？、][^:：,;!?，。；！？、]*?) ?(?::(?= |$)|(?!(?<=\d)：\d\d(?!\d))：(?!//)) ?(.*)"
)


@dataclass(frozen=True)
class SummaryReader(Reader):
    """Reader of documents and summaries.

    Args:
        speakers: Whether sources are chats: each line is a turn, and `Name: text` at its start names the speaker.
    """

    STORED_AS: ClassVar[str] = "seq2seq_summarization.reading.SummaryReader"

    speakers: bool = False

    def read(self, files: Sequence[Path]) -> Iterator[Example]:
        """Read a corpus, one example at a time: files as every reader, or a folder of documents and one of summaries.

        Raises:
            UserError: If files are malformed; immediately if folders do not match.
        """
        paths = [Path(file) for file in files]
        folders = [path for path in paths if path.is_dir()]
        if not folders:
            return super().read(paths)
        if len(paths) != 2 or len(folders) != 2:
            raise UserError(
                f"{folders[0]} is a folder: give two folders, documents and summaries, with files NAME.txt of the same "
                f"names, but {' '.join(map(str, paths))} was given."
            )
        return self._examples(self._documents(matched(*paths)))

    def source_of(self, fields: Mapping[str, object], place: str) -> Text:
        """Return the source of a record: a text, or a list of texts, each a line."""
        return self.source(joined(fields, self.source_field, place, "source_field"))

    def target_of(self, fields: Mapping[str, object], place: str) -> Text:
        """Return the target of a record: a text, or a list of texts, each a line."""
        return self.target(joined(fields, self.target_field, place, "target_field"))

    def source(self, text: str) -> Text:
        """Return a document; with `speakers` its turns, separated by marks that users cannot type."""
        return turns(text, self.normalization) if self.speakers else super().source(text)

    def _documents(self, pairs: list[tuple[Path, Path]]) -> Iterator[tuple[str, Mapping[str, object]]]:
        for one, two in pairs:
            yield str(one), {self.source_field: document(one), self.target_field: document(two)}


def joined(fields: Mapping[str, object], name: str, place: str, option: str = "") -> str:
    """Return a field that is a string, or a list of strings, each of which becomes a line.

    Raises:
        UserError: If it is missing (names what exists), or neither.
    """
    value = fields.get(name)
    if not isinstance(value, list):
        return field_text(fields, name, place, option)
    if wrong := [one for one in value if not isinstance(one, str)]:
        shown = json.dumps(wrong[0], ensure_ascii=False)[:60]
        raise UserError(f"{place}: '{name}' must be a text or a list of texts, but the list holds {shown}.")
    return "\n".join(value)


def turns(text: str, normalization: str) -> Text:
    r"""Divide a chat into turns and each turn into speaker and words.

    Args:
        text: Lines; a blank one is not a turn.
        normalization: See `corpus.normalize`.

    Returns:
        Turns with `Mark.TURN` between them. In a turn that names its speaker, `Mark.SPEAKER` follows the name. Reading
        the plain text of the result again gives the same result.
    """
    parts: list[str | Mark] = []
    # Colons are looked for before NFKC, which replaces the full-width one by a half-width one without a space.
    for line in normalize(text, "none" if normalization == "none" else "nfc").split("\n"):
        if not line.strip():
            continue
        if parts:
            parts.append(Mark.TURN)
        name, words = speaker(line)
        if name:
            parts += [normalize(name, normalization), Mark.SPEAKER]
        if words:
            parts.append(normalize(words, normalization))
    said = [part for part in parts if isinstance(part, str)]
    return "".join(said) if len(said) == len(parts) else tuple(parts)


def speaker(line: str) -> tuple[str, str]:
    """Return the speaker of a line and the rest; '' and the whole line if it names none.

    A speaker is one to four words, at most 30 characters, of which a Chinese one counts two, that do not begin with a
    digit, before a colon with a space after it, or a full-width colon.
    """
    found = _SPEAKER.fullmatch(line)
    if not found:
        return "", line
    name, words = found.groups()
    length = sum(2 if one >= "\u2e80" else 1 for one in name)
    if name[0].isdigit() or len(name.split()) > SPEAKER_WORDS or length > SPEAKER_CHARACTERS:
        return "", line
    return name, words
