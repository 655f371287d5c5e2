"""Training examples: source and target texts, with separators between their parts."""

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """Separator inside a text, inserted as a special token and never parsed from user text.

    It does not subclass str, so the text "turn" never equals `Mark.TURN`.
    """

    TURN = "turn"
    SPEAKER = "speaker"
    LINE = "line"
    END = "end"
    """End of a document inside a running text; it has the id of the end token."""


@dataclass(frozen=True)
class Mask:
    """In place of a protected span, for a tokenizer; see `seq2seq.corpus.masks`.

    Args:
        number: Its number, from 0.
    """

    number: int


MASKS = 8
"""Most masks of a source."""

# Text form of each separator.
WRITTEN = {Mark.TURN: "\n", Mark.SPEAKER: ": ", Mark.LINE: "\n", Mark.END: ""}
# A string, or a sequence of strings and separators. A "\n" inside a string stands for Mark.LINE.
Text = str | tuple[str | Mark, ...]
MaskedText = str | tuple[str | Mark | Mask, ...]


@dataclass(frozen=True)
class Example:
    """Pair for training or evaluation.

    Args:
        source: Encoder input.
        target: Decoder output.
        references: All references; empty if the target is the only one.
        place: ``FILE:LINE``, for messages.
        corpus: Index of its corpus, if several were read.
        links: Word alignment: beginning and end of a source unit, and of the target unit linked to it, in characters of
            the texts as `plain` returns them.
    """

    source: Text
    target: Text
    references: tuple[str, ...] = ()
    place: str = ""
    corpus: int = 0
    links: tuple[tuple[int, int, int, int], ...] = ()


def plain(text: Text) -> str:
    """Return a text as one string for display, with each line and turn on its own line and a colon after a speaker."""
    if isinstance(text, str):
        return text
    return "".join(WRITTEN[part] if isinstance(part, Mark) else part for part in text)
