r"""Reader of documents and chats with summaries.

Supported corpora, optionally with ``.gz``:

- ``.jsonl``: objects with ``source``, ``target`` and optionally ``refs``, a list of all reference summaries. A source
  or target may be a list of strings (sentences, paragraphs, turns of a chat), each of which becomes a line.
- two aligned text files, or one table (``.tsv``, ``.csv``), with a document and a summary per line. Texts cannot
  contain line breaks, and there is no escape sequence for them.
- two folders: ``documents/NAME.txt`` is summarized by ``summaries/NAME.txt``.
- other forms of pairs that `seq2seq.corpus.recognition` knows: JSON of SAMSum and CNN/DailyMail, folders of stories.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from seq2seq.corpus.formats.documents import document, matched
from seq2seq.corpus.formats.published_pairs import SAMSUM
from seq2seq.corpus.formats.story import SUFFIX, stories
from seq2seq.corpus.normalization import normalize
from seq2seq.corpus.reader import field_text
from seq2seq.plugin import Example, Mark, Reader, Text, UserError

SPEAKER_WORDS, SPEAKER_CHARACTERS = 4, 30
"""Maximum length of a speaker's name, so "The mayor of the city said: ..." names no speaker."""
# A half-width colon must be followed by a space or the end of the line, which excludes times and URLs. A full-width
# colon counts unless it is part of a time or URL. Names contain no sentence or clause punctuation.
_SPEAKER = re.compile(
    r"([^\s:：,;!?，。；！？、][^:：,;!?，。；！？、]*?) ?(?::(?= |$)|(?!(?<=\d)：\d\d(?!\d))：(?!//)) ?(.*)"
)


@dataclass(frozen=True)
class SummaryReader(Reader):
    """Reader of documents and summaries.

    Args:
        speakers: Whether sources are chats, with a turn per line. Lines of the form `Name: text` name the speaker.
    """

    STORED_AS: ClassVar[str] = "seq2seq_summarization.reading.SummaryReader"
    SOURCE_FORM: ClassVar[str] = "turns"

    speakers: bool = False

    def read(self, files: Sequence[Path]) -> Iterator[Example]:
        """Yield the examples of a corpus: folders of documents and summaries, or files supported by every reader.

        Raises:
            UserError: If a file is malformed, or if the files of two folders do not match (raised by the call itself).
        """
        paths = [Path(file) for file in files]
        folders = [path for path in paths if path.is_dir()]
        if all(map(stories, folders)):
            return super().read(paths)
        if len(paths) != 2 or len(folders) != 2:
            raise UserError(
                f"{folders[0]} is a folder: give two folders, documents and summaries, with files NAME.txt of the same "
                f"names, or one with stories (NAME{SUFFIX}), but {' '.join(map(str, paths))} was given."
            )
        return self._examples(self._documents(matched(*paths)))

    def understood(self, files: Sequence[Path]) -> str:
        """Return a sentence on how files were interpreted, or '' if that is obvious."""
        is_matched = all(Path(file).is_dir() for file in files) and not all(stories(Path(file)) for file in files)
        return "" if is_matched else super().understood(files)

    def advice(self, files: Sequence[Path]) -> str:
        """Return a sentence on marking speakers, if the sources are chats."""
        is_read = all(Path(file).is_file() for file in files)
        if (
            self.speakers
            or not is_read
            or not any(SAMSUM in self.recognized(group).forms for group in self.corpora(files))
        ):
            return ""
        return "Its sources are chats: to mark who says what, add --data.reader.speakers true."

    def source_of(self, fields: Mapping[str, object], place: str) -> Text:
        """Return the source of a record: a string, or a list of strings, which become lines."""
        return self.source(joined(fields, self.source_field, place, "source_field"))

    def target_of(self, fields: Mapping[str, object], place: str) -> Text:
        """Return the target of a record: a string, or a list of strings, which become lines."""
        return self.target(joined(fields, self.target_field, place, "target_field"))

    def source(self, text: str) -> Text:
        """Return a document, or, with `speakers`, the turns of a chat with special tokens between them."""
        return turns(text, self.normalization) if self.speakers else super().source(text)

    def _documents(self, pairs: list[tuple[Path, Path]]) -> Iterator[tuple[str, Mapping[str, object]]]:
        for source, target in pairs:
            yield str(source), {self.source_field: document(source), self.target_field: document(target)}


def joined(fields: Mapping[str, object], name: str, place: str, option: str = "") -> str:
    """Return a field as text; the strings of a list become lines.

    Raises:
        UserError: If the field is missing, or is neither a string nor a list of strings.
    """
    value = fields.get(name)
    if not isinstance(value, list):
        return field_text(fields, name, place, option)
    if wrong := [text for text in value if not isinstance(text, str)]:
        shown = json.dumps(wrong[0], ensure_ascii=False)[:60]
        raise UserError(f"{place}: '{name}' must be a text or a list of texts, but the list contains {shown}.")
    return "\n".join(value)


def turns(text: str, normalization: str) -> Text:
    r"""Split a chat into turns, and each turn into speaker and words.

    Args:
        text: A turn per line; blank lines are skipped.
        normalization: See `seq2seq.corpus.normalization.normalize`.

    Returns:
        Turns with `Mark.TURN` between them and `Mark.SPEAKER` after speaker names. Parsing the plain text of the result
        again gives the same result.
    """
    parts: list[str | Mark] = []
    # Find colons before NFKC, which replaces full-width colons by half-width ones without a space.
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
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(parts) else tuple(parts)


def speaker(line: str) -> tuple[str, str]:
    """Return the speaker of a line and the remaining text; '' and the line if it names no speaker.

    A speaker's name precedes a full-width colon, or a colon and a space. It has at most four words and 30 characters,
    where Chinese characters count twice, and does not begin with a digit.
    """
    match = _SPEAKER.fullmatch(line)
    if not match:
        return "", line
    name, words = match.groups()
    length = sum(2 if character >= "\u2e80" else 1 for character in name)
    if name[0].isdigit() or len(name.split()) > SPEAKER_WORDS or length > SPEAKER_CHARACTERS:
        return "", line
    return name, words
