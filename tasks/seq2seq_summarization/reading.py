r"""How documents, chats and their summaries are read: text with its lines, and on request who says what.

A corpus is one of these, each of which may be ``.gz`` where it is a file:

- ``.jsonl``: objects with ``source``, ``target`` and perhaps ``refs``, a list of all reference summaries. A source or a
  target may be a list of texts (sentences, paragraphs, turns of a chat), each of which becomes a line.
- two aligned text files, or one table (``.tsv``, ``.csv``): a document per line, a summary per line. A line cannot
  hold a line break, and nothing in it stands for one.
- two folders, documents and summaries: ``documents/NAME.txt`` belongs to ``summaries/NAME.txt``.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seq2seq.corpus import Example, Mark, Reader, Text, field_text, normalize
from seq2seq.errors import UserError
from seq2seq.files import document, matched

SPEAKER_WORDS, SPEAKER_CHARACTERS = 4, 30
"""A speaker's name is at most so long: "The mayor of the city said: ..." is no name."""
# A half-width colon needs a blank (or the line's end) after it, which times and addresses lack; a full-width one needs
# none, unless it is that of a time or an address. Marks of punctuation that end or divide clauses are in no name.
_SPEAKER = re.compile(
    r"([^\s:：,;!?，。；！？、][^:：,;!?，。；！？、]*?) ?(?::(?= |$)|(?!(?<=\d)：\d\d(?!\d))：(?!//)) ?(.*)"
)


@dataclass(frozen=True)
class SummaryReader(Reader):
    """How documents and summaries are read.

    Args:
        speakers: Whether sources are chats: each line is a turn, and `Name: text` at its start says who speaks.
    """

    speakers: bool = False

    def read(self, files: Sequence[Path]) -> Iterator[Example]:
        """Read a corpus, one example at a time: files as every reader, or a folder of documents and one of summaries.

        Raises:
            UserError: For every fault of files and folders; at once if folders do not match.
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
        """Return a document; with `speakers` its turns, divided by marks that nobody can type."""
        return turns(text, self.normalization) if self.speakers else super().source(text)

    def _documents(self, pairs: list[tuple[Path, Path]]) -> Iterator[tuple[str, Mapping[str, object]]]:
        for one, two in pairs:
            yield str(one), {self.source_field: document(one), self.target_field: document(two)}


def joined(fields: Mapping[str, object], name: str, place: str, option: str = "") -> str:
    """Return a field that is a text, or a list of texts, each of which becomes a line.

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
        text: Lines; a blank one is no turn.
        normalization: See `corpus.normalize`.

    Returns:
        Turns with `Mark.TURN` between them. In a turn that names its speaker, `Mark.SPEAKER` follows the name. The
        plain text of what is returned, read again, gives the same.
    """
    parts: list[str | Mark] = []
    # Colons are looked for before NFKC, which makes the full-width one a half-width one without its blank.
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
    """Return who speaks a line and what is said; '' and the whole line if it names nobody.

    A speaker is one to four words, at most 30 characters, of which a Chinese one counts two, that begin with no digit,
    before a colon with a blank after it, or a full-width colon.
    """
    found = _SPEAKER.fullmatch(line)
    if not found:
        return "", line
    name, words = found.groups()
    length = sum(2 if one >= "\u2e80" else 1 for one in name)
    if name[0].isdigit() or len(name.split()) > SPEAKER_WORDS or length > SPEAKER_CHARACTERS:
        return "", line
    return name, words
