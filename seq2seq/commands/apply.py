"""The verbs of all tasks (``translate``, ``summarize``, ...): lines in, outputs out, in order, one for one.

What is printed for each input line:

====================  ====================================================================
nothing asked for     ``text``
``--scores``          ``text ||| score``
``--alignments``      ``text ||| 0-0 1-1 ...`` (after the score, if that is asked for too)
``--nbest N``         up to N lines, each ``index ||| text ||| score``; the index counts input lines from 0
``--sample``          as above, drawn at random; with ``--nbest N``, N draws of each
====================  ====================================================================

A line break inside an output is printed as a blank, so that lines stay lines.
"""

import json
import re
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    from seq2seq.model import Output

EPILOG = """
One output line for each input line, in order, also for empty lines. With --scores or --alignments the line is
  TEXT ||| SCORE ||| 0-0 1-1 ...      (i-j: piece i of the source is the one most looked at for piece j of the output)
and with --nbest N each input gives up to N lines, with the input's number from 0 in front:
  INDEX ||| TEXT ||| SCORE
"""
_LINE_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class Form:
    """What is printed of an output.

    Args:
        nbest: Whether several outputs are printed, each with the number of its input.
        scores: Whether the score is printed.
        alignments: Whether hard alignments are printed.
    """

    nbest: bool
    scores: bool
    alignments: bool

    def line(self, index: int, output: "Output") -> str:
        """Return the line for an output of the input with this number."""
        parts = [str(index)] if self.nbest else []
        parts.append(one_line(output.text))
        if self.scores or self.nbest:
            parts.append(f"{output.score:.4f}")
        if self.alignments:
            parts.append(" ".join(f"{source}-{target}" for source, target in output.alignments()))
        return " ||| ".join(parts)


def main(arguments: list[str], verb: str) -> int:
    """Apply a model to the lines of files or of standard input.

    Args:
        arguments: What was typed after the verb.
        verb: The task's verb.
    """
    from seq2seq import task as tasks
    from seq2seq.bundle import find, read_config
    from seq2seq.commands.arguments import Parser, add_options, chosen
    from seq2seq.commands.lines import Chunks
    from seq2seq.files import existing
    from seq2seq.options import SamplingOptions, SearchOptions
    from seq2seq.writing import write_atomically

    parser = Parser(verb, f"{verb.capitalize()} lines of text: seq2seq {verb} MODEL < INPUT > OUTPUT\n{EPILOG}")
    parser.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    parser.add_argument(
        "files", metavar="FILE", nargs="*", default=[], help="input, .gz too; without one, standard input"
    )
    parser.add_argument("--output", metavar="FILE", help="write here instead of standard output; whole or not at all")
    parser.add_argument("--nbest", metavar="N", type=int, help="print the N best outputs of each input")
    parser.add_argument(
        "--scores",
        action="store_true",
        help="print what each output is ranked by: its log probability under the length penalty",
    )
    parser.add_argument(
        "--alignments", action="store_true", help="print which source piece belongs to which output piece"
    )
    parser.add_argument(
        "--attention", metavar="FILE", help="write pieces and attention weights, a JSON object per output"
    )
    parser.add_argument("--prefix", metavar="TEXT", help="every output begins with this text")
    parser.add_argument("--sample", action="store_true", help="draw outputs at random instead of searching the best")
    parser.add_argument("--threads", metavar="N", type=int, help="processor threads (default: PyTorch's choice)")
    parser.add_argument("--device", default="cpu", help="cpu (the default) or cuda")
    add_options(parser, "search (default: the model's own settings)", SearchOptions, skip=["n_best"])
    add_options(parser, "drawing, with --sample", SamplingOptions)
    typed = parser.parse_intermixed_args(arguments)  # files may stand before, between and after options

    for file in typed.files:
        if file != "-":
            existing(Path(file))  # before an hour is spent on the files before it
    folder = find(typed.model)
    config = read_config(folder)
    if (own := tasks.load(config.task).verb) != verb:
        raise UserError(f"{typed.model} is a model for '{config.task}': use seq2seq {own} instead of {verb}.")
    search = chosen(config.search, typed)
    count = 1 if typed.nbest is None else typed.nbest
    if count < 1 or (not typed.sample and count > search.beam_size):
        raise UserError(f"--nbest is {count}, but it must lie between 1 and --beam_size ({search.beam_size}).")
    search = replace(search, n_best=1 if typed.sample else count)
    drawing = chosen(SamplingOptions(), typed)
    if not typed.sample and drawing != SamplingOptions():
        raise UserError("--temperature, --top_k, --top_p and --seed are for drawing: add --sample.")
    if typed.sample and (typed.alignments or typed.attention):
        raise UserError("--alignments and --attention belong to a search: leave out --sample.")

    from seq2seq.allocator import keep_freed_memory
    from seq2seq.model import load

    keep_freed_memory()
    model = load(folder, threads=typed.threads, device=typed.device)

    def outputs(texts: list[str], first: int) -> "list[list[Output]]":
        prefixes = [typed.prefix] * len(texts) if typed.prefix else None
        if typed.sample:
            return model.sample(texts, drawing, search, count=count, first=first, prefixes=prefixes)
        wanted = bool(typed.alignments or typed.attention)
        return model.apply(texts, search, prefixes=prefixes, attention=wanted)

    form = Form(typed.nbest is not None, typed.scores, typed.alignments)
    is_typed = "-" in (typed.files or ["-"]) and sys.stdin.isatty()
    is_read = not typed.output and sys.stdout.isatty()
    progress = Progress(is_wanted=sys.stderr.isatty() and not is_typed and not is_read)

    def write(file: IO[bytes], weights: IO[bytes] | None) -> None:
        index = 0
        for texts in Chunks(typed.files):
            for candidates in outputs(texts, index):
                for output in candidates:
                    file.write((form.line(index, output) + "\n").encode())
                    if weights:
                        weights.write((attention_line(index, output) + "\n").encode())
                index += 1
            file.flush()
            progress.show(index)
        progress.end()

    def write_both(file: IO[bytes]) -> None:
        if typed.attention:
            write_atomically(Path(typed.attention), lambda weights: write(file, weights))
        else:
            write(file, None)

    if typed.output:
        write_atomically(Path(typed.output), write_both)
    else:
        write_both(sys.stdout.buffer)
    return 0


def one_line(text: str) -> str:
    """Return a text with blanks for its line breaks, those of Unicode included."""
    return _LINE_BREAKS.sub(" ", text)


def attention_line(index: int, output: "Output") -> str:
    """Return an output's pieces and attention weights (one list for each output piece) as one JSON object."""
    weights = [] if output.attention is None else output.attention.tolist()
    rounded = [[round(weight, 4) for weight in row] for row in weights]
    described = {"index": index, "source": output.source_pieces, "output": output.pieces, "attention": rounded}
    return json.dumps(described, ensure_ascii=False)


class Progress:
    """Lines done and lines a second, on stderr, when it takes long.

    Args:
        is_wanted: Whether stderr is a terminal on which nobody types the input or reads the output.
    """

    AFTER_S = 3.0

    def __init__(self, is_wanted: bool) -> None:
        self.start = self.last = time.monotonic()
        self.is_wanted = is_wanted
        self.is_shown = False

    def show(self, lines: int) -> None:
        """Tell how far it is, at most once a second."""
        now = time.monotonic()
        if self.is_wanted and now - self.start > self.AFTER_S and now - self.last >= 1:
            self.last, self.is_shown = now, True
            print(f"\r{lines:,} lines, {lines / (now - self.start):.1f} lines/s ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self.is_shown:
            print(file=sys.stderr)
