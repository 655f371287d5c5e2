"""``seq2seq score MODEL SOURCE TARGET``: print log probabilities of given outputs."""

import math
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.amounts import amount
from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse

    from seq2seq.decoding.output import PairScore

SUMMARY = "print the log probability of given outputs"
EPILOG = """
A model without a source (generation) scores texts, one per line: seq2seq score MODEL TEXTS. --sort ranks them.
- is standard input: of texts, of sources or of outputs; without TARGET, of pairs with a tab between them.

One line for each pair, tab-separated: the natural logarithm of the target's probability, its tokens (pieces and end
token), and the logarithm per token. Totals go to standard error.
"""


def main(arguments: list[str]) -> int:
    """Print one output line for each pair of source and target lines."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.command_line.lines import CHUNK_LINES, STANDARD_INPUT
    from seq2seq.command_line.open_model import add_placement, load_source_model, placement_of
    from seq2seq.corpus.formats.aligned_text import aligned
    from seq2seq.models.bundle import find, read_config
    from seq2seq.plugin import registry
    from seq2seq.plugin.task import TextTask

    parser = Parser("score", f"Score given outputs: seq2seq score MODEL SOURCE TARGET\n{EPILOG}")
    parser.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    parser.add_argument("source", metavar="SOURCE", help="file of sources, .gz too, or -; without a source, of texts")
    parser.add_argument("target", metavar="TARGET", nargs="?", help="file of outputs, a line for each source, or -")
    parser.add_argument(
        "--sort",
        action="store_true",
        help="print texts after their numbers, the most probable per token first",
    )
    add_placement(parser)
    options = parser.parse_args(arguments)
    folder = find(options.model)
    if isinstance(registry.load(read_config(folder).task), TextTask):
        return _texts(options, folder)
    if options.source == options.target == "-":
        raise UserError(
            "Only one of SOURCE and TARGET can be standard input. For pairs with a tab between them: "
            "seq2seq score MODEL - < PAIRS."
        )
    if (options.target is None and options.source != "-") or options.sort:
        wrong = "--sort ranks texts of a model without a source" if options.sort else "The file of outputs is missing"
        raise UserError(f"{wrong}: seq2seq score MODEL SOURCE TARGET.")
    is_typed = "-" in (options.source, options.target)
    held = typed_pairs(options.source, options.target) if is_typed else []
    paths = Path(options.source), Path(options.target or "")
    for _ in () if is_typed else aligned(*paths, "source", "target"):
        pass  # raise any error in the files before scoring

    from seq2seq.corpus.truncation import Truncation

    model = load_source_model(folder, placement_of(options))
    pairs = (
        iter(held)
        if is_typed
        else ((fields["source"], fields["target"]) for _, fields in aligned(*paths, "source", "target"))
    )
    name = STANDARD_INPUT if options.source == "-" else options.source
    totals = Totals()
    truncation = Truncation(model.reader.max_source_pieces)
    while chunk := list(islice(pairs, CHUNK_LINES)):
        for pair in model.score([source for source, _ in chunk], [target for _, target in chunk]):
            print(totals.add(pair))
            truncation.count(pair.source_pieces + pair.lost, pair.lost, f"{name}:{totals.count}")
    if truncation.cut:
        print(truncation.sentence(), file=sys.stderr)
    totals.print("pair")
    return 0


class Totals:
    """Sums of scores."""

    def __init__(self) -> None:
        self.log_probability, self.tokens, self.characters, self.count = 0.0, 0, 0, 0

    def add(self, score: "PairScore") -> str:
        """Add a score, and return its output line."""
        self.log_probability += score.log_probability
        self.tokens += score.tokens
        self.characters += score.characters
        self.count += 1
        return f"{score.log_probability:.4f}\t{score.tokens}\t{score.log_probability / score.tokens:.4f}"

    def print(self, thing: str) -> None:
        """Print the totals to standard error; `thing` is the noun for what was scored.

        Raises:
            UserError: If nothing was scored.
        """
        if not self.count:
            raise UserError("There is nothing to score on standard input.")
        loss = -self.log_probability / self.tokens
        print(
            f"{amount(self.count, thing)}, {amount(self.tokens, 'token')}, {amount(self.characters, 'character')}: "
            f"log probability {self.log_probability:.2f}, "
            f"{loss:.4f} nats per token (perplexity {math.exp(min(loss, 700)):.2f}), "
            f"{-self.log_probability / max(1, self.characters):.4f} nats per character",
            file=sys.stderr,
        )


def typed_pairs(source: str, target: str | None) -> list[tuple[str, str]]:
    """Return pairs of source and target lines, reading the side named '-' from standard input.

    If `target` is None, standard input contains both sides, separated by a tab.

    Raises:
        UserError: If a line does not contain exactly one tab, or if the sides differ in length.
    """
    from seq2seq.command_line.lines import Chunks
    from seq2seq.files.text_lines import lines

    read = [line for chunk in Chunks(["-"]) for line in chunk]
    if target is None:
        pairs = []
        for number, line in enumerate(read, start=1):
            parts = line.split("\t")
            if len(parts) != 2:
                raise UserError(
                    f"standard input:{number}: {len(parts) - 1} tabs, but a line is a source and an output with one "
                    "tab between them."
                )
            pairs.append((parts[0], parts[1]))
        return pairs
    sides = [read if side == "-" else list(lines(Path(side))) for side in (source, target)]
    names = ["standard input" if side == "-" else side for side in (source, target)]
    if len(sides[0]) != len(sides[1]):
        raise UserError(
            f"{names[0]} has {amount(len(sides[0]), 'line')}, but {names[1]} has {len(sides[1]):,}: each source needs "
            "one output."
        )
    return list(zip(*sides, strict=True))


def _texts(options: "argparse.Namespace", folder: Path) -> int:
    """Score each line of a file with a language model."""
    from seq2seq.command_line.lines import CHUNK_LINES, Chunks
    from seq2seq.command_line.open_model import load_language_model, placement_of
    from seq2seq.files.text_lines import lines

    if options.target is not None:
        raise UserError("The model has no source: give one file, of texts. seq2seq score MODEL TEXTS.")
    model = load_language_model(folder, placement_of(options))
    texts = (line for some in Chunks(["-"]) for line in some) if options.source == "-" else lines(Path(options.source))
    ranked: list[tuple[float, str]] = []
    totals = Totals()
    while chunk := list(islice(texts, CHUNK_LINES)):
        for text, score in zip(chunk, model.score(chunk), strict=True):
            line = totals.add(score)
            if options.sort:
                ranked.append((-score.log_probability / score.tokens, f"{line}\t{text}"))
            else:
                print(line)
    for _, line in sorted(ranked, key=lambda pair: pair[0]):
        print(line)
    totals.print("text")
    return 0
