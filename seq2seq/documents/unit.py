"""What every kind of document has: units of text, and a way to write the document again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from seq2seq.errors import UserError

MOST_BYTES = 64 << 20
"""Size of the largest document that is read; a document is kept in memory as a whole."""


@dataclass(frozen=True)
class Unit:
    r"""A text of a document that is translated on its own.

    Args:
        text: The text. Inline elements of the document, such as tags, are single characters from
            `seq2seq.corpus.protected_spans.INLINE` on. A "\n" is a line break that the translation needs, too.
        place: Where it is, for messages.
        put: Writes a translation to the document.
        is_wanted: Whether it needs a translation: it has none, or one that is marked as unfinished.
        pairs: Inline characters that belong together, as opening and closing tag.
        accelerator: The character that marks a keyboard shortcut in this text; '' if there is none.
        most_characters: Maximum length of the translation; 0 is no limit.
        most_bytes: Maximum length in bytes (UTF-8); 0 is no limit.
    """

    text: str
    place: str
    put: Callable[[str], None]
    is_wanted: bool = True
    pairs: tuple[tuple[str, str], ...] = ()
    accelerator: str = ""
    most_characters: int = 0
    most_bytes: int = 0


class Document(Protocol):
    """A document with texts to translate."""

    @property
    def units(self) -> Sequence[Unit]:
        """Its texts, in order."""

    @property
    def faults(self) -> Sequence[str]:
        """What cannot be translated, a sentence for each place."""

    def content(self) -> bytes:
        """Return the document with the translations that were put."""


@dataclass
class TextDocument:
    """A document of text; some of its parts are translated, and all others stay as they are.

    Args:
        parts: The whole document, in parts.
        encoding: Its encoding.
        units: See `Document`.
        faults: See `Document`.
    """

    parts: list[str]
    encoding: str = "utf-8"
    units: list[Unit] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def content(self) -> bytes:
        """Return the document with the translations that were put.

        Raises:
            UserError: If the document's encoding lacks a character of a translation.
        """
        text = "".join(self.parts)
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as fault:
            raise UserError(
                f"The document is {self.encoding.upper()}, which cannot spell {text[fault.start]!r} of a translation: "
                "convert it to UTF-8 first."
            ) from fault
