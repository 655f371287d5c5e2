"""Writes a verb's outputs: text or JSON lines to a stream, or one file per document."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from seq2seq.command_line.inputs import Input
from seq2seq.errors import UserError
from seq2seq.files.atomic_files import write_atomically
from seq2seq.safe_text import encodable

if TYPE_CHECKING:
    from seq2seq.decoding.output import Output

_LINE_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class Form:
    """Format of an output line.

    Args:
        nbest: Whether to print several outputs per input, each with the input's index.
        scores: Whether to print the score.
        alignments: Whether to print hard alignments.
        is_json: Whether to print a JSON object, which always includes index and score, the missed terms if terms are
            required, and the lost placeholders if any are lost, and keeps line breaks.
    """

    nbest: bool
    scores: bool
    alignments: bool
    is_json: bool = False

    def line(self, index: int, place: str, output: "Output") -> str:
        """Format an output for the input at this index and position."""
        if self.is_json:
            described = {
                "index": index,
                "place": encodable(place),
                "output": output.text,
                "score": round(output.score, 4),
            }
            if self.alignments:
                described["alignments"] = output.alignments()
            if output.required:
                described["missed"] = output.missed
            if output.lost_spans:
                described["lost"] = output.lost_spans
            return json.dumps(described, ensure_ascii=False)
        parts = [str(index)] if self.nbest else []
        parts.append(one_line(output.text))
        if self.scores or self.nbest:
            parts.append(f"{output.score:.4f}")
        if self.alignments:
            parts.append(" ".join(f"{source}-{target}" for source, target in output.alignments()))
        return " ||| ".join(parts)


class Destination(Protocol):
    """Destination of outputs."""

    def put(self, index: int, given: Input, outputs: "list[Output]") -> None:
        """Write the outputs of an input."""

    def flush(self) -> None:
        """Flush the output."""


@dataclass(frozen=True)
class Stream:
    """Writes one line per output to a file."""

    file: IO[bytes]
    form: Form

    def put(self, index: int, given: Input, outputs: "list[Output]") -> None:
        """Write the outputs of an input."""
        for output in outputs:
            self.file.write((self.form.line(index, given.place, output) + "\n").encode())

    def flush(self) -> None:
        """Flush the output for a waiting program."""
        self.file.flush()


@dataclass(frozen=True)
class Folder:
    """Writes a file for each document to a folder (created if missing), keeping the output's line breaks."""

    path: Path

    def put(self, index: int, given: Input, outputs: "list[Output]") -> None:
        """Write the best output of a document."""
        text = outputs[0].text
        content = (text + "\n" if text else "").encode()
        write_atomically(self.path / Path(given.place).name, lambda file: file.write(content))

    def flush(self) -> None:
        """Do nothing because each file is already written."""


def require_folder(output: str, inputs: list[str], form: Form) -> Path:
    """Return the output folder, given ``--output`` and inputs that include a folder of documents.

    Raises:
        UserError: If `output` is not a valid output folder, or if the options do not apply to folders.
    """
    path = Path(output).expanduser()
    if len(inputs) > 1:
        raise UserError(
            f"With --output, a folder of documents is the only input, but {' '.join(inputs)} was given: apply the "
            "model to one after the other, or leave out --output and redirect what is printed."
        )
    if path.exists() and not path.is_dir():
        raise UserError(
            f"{output} is a file, but --output is a folder where the input is one: it gets a file for each document. "
            f"For one line each, leave out --output and redirect: > {output}."
        )
    if path.is_dir() and path.resolve() == Path(inputs[0]).resolve():
        raise UserError(f"--output is the folder of the documents, {output}, which would be overwritten: name another.")
    if form != Form(nbest=False, scores=False, alignments=False):
        raise UserError(
            "--nbest, --scores, --alignments and --json print lines, but a folder gets a file of text for each "
            "document: leave out --output and redirect what is printed."
        )
    return path


def one_line(text: str) -> str:
    """Replace all line breaks, including Unicode line separators, with spaces."""
    return _LINE_BREAKS.sub(" ", text)
