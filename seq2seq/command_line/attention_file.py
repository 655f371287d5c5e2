"""Writes attention weights to a file, as JSON lines or as pictures of the first outputs."""

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
    """Writer of attention weights."""

    def put(self, index: int, place: str, output: "Output") -> None:
        """Add an output for the source at this index and position."""

    def finish(self) -> None:
        """Finish the file."""


class WeightLines:
    """Writes a JSON object for each output."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def put(self, index: int, place: str, output: "Output") -> None:
        """Write an output's pieces and weights."""
        self.file.write((attention_line(index, output) + "\n").encode())

    def finish(self) -> None:
        """Do nothing because all lines are already written."""


class WeightPictures:
    """Draws the first outputs, in the format given by the path's suffix."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self.file, self.path = file, path
        self.pictures: list[Picture] = []
        self.total = 0

    def put(self, index: int, place: str, output: "Output") -> None:
        """Count an output, and keep it if it is to be drawn."""
        self.total += 1
        if len(self.pictures) < MOST:
            weights = [] if output.attention is None else output.attention.tolist()[: len(output.pieces)]
            reading = Reading(output.source_pieces, output.pieces, weights)
            self.pictures.append(Picture(f"{index + 1:,} · {place}", reading, output.copied))

    def finish(self) -> None:
        """Draw the outputs."""
        self.file.write(picture_file(self.path, self.pictures, self.total).encode("utf-8", "replace"))
        if self.total > MOST:
            print(
                f"{self.path} shows the first {MOST} of {self.total:,} outputs; a .jsonl file would hold all.",
                file=sys.stderr,
            )


def require_drawable(path: Path, attention: str) -> None:
    """Check that a picture can be drawn with the network's kind of attention.

    Raises:
        UserError: If the format is not supported, or if the network has no attention.
    """
    if path.suffix in OTHER_PICTURES:
        raise UserError(f"--attention draws .html and .svg and writes JSON lines otherwise, but no '{path.suffix}'.")
    if path.suffix in PICTURES and attention == "none":
        raise UserError(f"The model has no attention, so there is nothing to draw: leave out --attention {path}.")


def weights_to(path: Path, file: IO[bytes]) -> Weights:
    """Return the writer for an open file; the suffix of `path` determines the format."""
    return WeightPictures(file, path) if path.suffix in PICTURES else WeightLines(file)


def attention_line(index: int, output: "Output") -> str:
    """Return an output's pieces and attention weights (one list per output piece) as a JSON object."""
    weights = [] if output.attention is None else output.attention.tolist()
    rounded = [[round(weight, 4) for weight in row] for row in weights]
    described = {"index": index, "source": output.source_pieces, "output": output.pieces, "attention": rounded}
    return json.dumps(described, ensure_ascii=False)
