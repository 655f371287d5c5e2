"""Training examples: a source, a target, and the marks that separate their parts."""

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """A separator inside a text. It is inserted as an id and never parsed from user text.

    Not a string: the text "turn" must never equal `Mark.TURN`, in a comparison or as a key.
    """

    TURN = "turn"
    SPEAKER = "speaker"
    LINE = "line"
    END = "end"
    """Ends a document inside a running text; it has the id of the end mark."""


# Text form of each mark.
WRITTEN = {Mark.TURN: "\n", Mark.SPEAKER: ": ", Mark.LINE: "\n", Mark.END: ""}
# A plain text, or strings and marks in turn. A "\n" inside a string is Mark.LINE.
Text = str | tuple[str | Mark, ...]


@dataclass(frozen=True)
class Example:
    """One pair for training or evaluation.

    Args:
        source: Encoder input.
        target: Decoder output.
        references: All references, the first included; empty means the target alone.
        place: ``FILE:LINE``, for messages.
    """

    source: Text
    target: Text
    references: tuple[str, ...] = ()
    place: str = ""


def plain(text: Text) -> str:
    """Return a text as one string for display: each line and turn on a line of its own, a colon after a speaker."""
    if isinstance(text, str):
        return text
    return "".join(WRITTEN[part] if isinstance(part, Mark) else part for part in text)
