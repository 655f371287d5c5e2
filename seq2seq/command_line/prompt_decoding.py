"""Decoding settings of language models on the command line."""

from dataclasses import fields
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    from argparse import Namespace

    from seq2seq.decoding.method import Decoding
    from seq2seq.models.bundle_config import BundleConfig


def decoding_of(options: "Namespace", config: "BundleConfig") -> "Decoding":
    """Return the decoding settings given by the command line and the model.

    Raises:
        UserError: If options contradict each other.
    """
    from argparse import Namespace

    from seq2seq.command_line.arguments import chosen
    from seq2seq.command_line.decoding_options import search_of
    from seq2seq.decoding.method import Decoding
    from seq2seq.decoding.options import SamplingOptions

    drawing = [field.name for field in fields(SamplingOptions) if getattr(options, field.name) is not None]
    if options.greedy and drawing:
        raise UserError(f"--{drawing[0]} is for sampling, but --greedy does not sample: leave out one of them.")
    lengths = {"max_length": options.max_tokens, "min_length": options.min_tokens}
    if options.max_tokens and options.min_tokens and options.min_tokens > options.max_tokens:
        raise UserError(f"--min_tokens is {options.min_tokens}, which is more than --max_tokens {options.max_tokens}.")
    search = chosen(
        search_of(options, config),
        Namespace(**lengths),
        names_typed={"max_length": "--max_tokens", "min_length": "--min_tokens"},
    )
    greedy = options.greedy or (config.sampling is None and not drawing)
    return Decoding(search, None if greedy else chosen(config.sampling or SamplingOptions(), options))


def check_texts(options: "Namespace") -> None:
    """Check the number of texts and where they stop.

    Raises:
        UserError: If ``--num`` is not a number of texts, or a text of ``--stop`` is empty.
    """
    from seq2seq.command_line.arguments import counted
    from seq2seq.decoding.options import MOST_CANDIDATES

    counted("--num", options.num, MOST_CANDIDATES)
    if "" in options.stop:
        raise UserError("--stop is empty, but it is a text that ends the output: leave it out, or give a text.")


def unescaped(text: str) -> str:
    r"""Replace ``\n`` in a typed text by a line break."""
    return text.replace("\\n", "\n")
