"""Files of attention weights: JSON lines, or a picture of the first outputs."""

import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from seq2seq.errors import UserError
from seq2seq.report.html.attention_picture import MOST, PICTURES, Picture, picture_file
from seq2seq.report.html.attention_table import Reading

if TYPE_CHECKING:
    from seq2seq.decoding.output import Output

OTHER_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf")


class Weights(Protocol):
    """Writes the attention of outputs."""

    def put(self, index: int, place: str, output: "Output") -> None:
        """Take an output of the source with this number and place."""

    def finish(self) -> None:
        """Write the rest."""


class WeightLines:
    """A JSON object for each output.

    Args:
        file: Where to.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def put(self, index: int, place: str, output: "Output") -> None:
        """Write an output's pieces and weights."""
        self.file.write((attention_line(index, output) + "\n").encode())

    def finish(self) -> None:
        """Do nothing: all lines are written."""


class WeightPictures:
    """A picture for each of the first outputs.

    Args:
        file: Where to.
        path: The file's path, whose name determines the format.
    """

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self.file, self.path = file, path
        self.pictures: list[Picture] = []
        self.total = 0

    def put(self, index: int, place: str, output: "Output") -> None:
        """Keep an output, or only count it."""
        self.total += 1
        if len(self.pictures) < MOST:
            weights = [] if output.attention is None else output.attention.tolist()[: len(output.pieces)]
            reading = Reading(output.source_pieces, output.pieces, weights)
            self.pictures.append(Picture(f"{index + 1:,} · {place}", reading, output.copied))

    def finish(self) -> None:
        """Draw."""
        self.file.write(picture_file(self.path, self.pictures, self.total).encode("utf-8", "replace"))
        if self.total > MOST:
            print(
                f"{self.path} shows the first {MOST} of {self.total:,} outputs; a .jsonl file would hold all.",
                file=sys.stderr,
            )


def require_drawable(path: Path, attention: str) -> None:
    """Refuse a picture that cannot be drawn.

    Args:
        path: The value of ``--attention``.
        attention: The network's kind of attention.

    Raises:
        UserError: If it is of another format, or there is no attention.
    """
    if path.suffix in OTHER_PICTURES:
        raise UserError(f"--attention draws .html and .svg and writes JSON lines otherwise, but no '{path.suffix}'.")
    if path.suffix in PICTURES and attention == "none":
        raise UserError(f"The model has no attention, so there is nothing to draw: leave out --attention {path}.")


def weights_to(path: Path, file: IO[bytes]) -> Weights:
    """Return the writer of attention to an open file, in the format that its name implies."""
    return WeightPictures(file, path) if path.suffix in PICTURES else WeightLines(file)


def attention_line(index: int, output: "Output") -> str:
    """Return an output's pieces and attention weights (one list for each output piece) as one JSON object."""
    weights = [] if output.attention is None else output.attention.tolist()
    rounded = [[round(weight, 4) for weight in row] for row in weights]
    described = {"index": index, "source": output.source_pieces, "output": output.pieces, "attention": rounded}
    return json.dumps(described, ensure_ascii=False)
