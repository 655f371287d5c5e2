r"""The verb of tasks without a source (``generate``): continues a prompt.

Output for ``--num N`` texts, one after the other:

===============  ==========================================================================================
nothing asked    the prompt and what follows it, as it is written; a line of dashes between several texts
``--no_prompt``  what follows it alone
``--json``       ``{"index": 0, "prompt": "...", "text": "...", "tokens": 200, "log_probability": -301.2}``
===============  ==========================================================================================
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse

    from seq2seq.decoding.method import Decoding
    from seq2seq.decoding.output import Output
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.models.language_model import LanguageModel

EPILOG = r"""
The prompt is TEXT, the content of FILE, or all of standard input, without the line break at its end; without any of
them, a new text is begun. The prompt and its continuation are printed as they are written. A \n in TEXT, or typed at
the terminal, is a line break. Only the last 16,384 pieces of a very long prompt are read.
"""
BETWEEN = "-" * 20
"""Separates several texts."""


def main(arguments: list[str], verb: str) -> int:
    """Continue a prompt.

    Args:
        arguments: The command line after the verb.
        verb: The task's verb.
    """
    from seq2seq.command_line.open_model import load_language_model, of_verb
    from seq2seq.repl.screen import is_terminal

    typed = parser(verb).parse_args(arguments)
    folder, config, task = of_verb(typed.model, verb)
    _check(typed)
    decoding = decoding_of(typed, config)
    if typed.interactive and is_terminal():
        from seq2seq.repl.loop import talk
        from seq2seq.sessions.background_loading import in_background
        from seq2seq.sessions.session import begin

        loading = in_background(folder, typed.threads, typed.device, None)
        session = begin(task, config, loading.model, None, decoding)
        talk(session, config, loading, typed.model, is_kept=not typed.no_history, meant=unescaped)
        return 0
    prompt = prompt_of(typed)

    _write(load_language_model(folder, typed.device, typed.threads), prompt, decoding, typed)
    return 0


def parser(verb: str) -> "argparse.ArgumentParser":
    """Return the verb's parser."""
    from seq2seq.command_line.arguments import Parser, add_options
    from seq2seq.decoding.options import ConstraintOptions, SamplingOptions

    made = Parser(verb, f"{verb.capitalize()} text: seq2seq {verb} MODEL --prompt TEXT\n{EPILOG}")
    made.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    made.add_argument("--prompt", metavar="TEXT", help="what to continue")
    made.add_argument("--prompt_file", metavar="FILE", help="a file with what to continue, .gz too")
    made.add_argument("--max_tokens", metavar="N", type=int, help="pieces to write (default: the model's); 0: no limit")
    made.add_argument("--min_tokens", metavar="N", type=int, help="pieces before which no text ends (default 0)")
    made.add_argument("--num", metavar="N", type=int, default=1, help="texts to write (1)")
    made.add_argument("--stop", metavar="TEXT", action="append", default=[], help="end before this text; repeatable")
    made.add_argument("--no_prompt", action="store_true", help="print what follows the prompt alone")
    made.add_argument("--json", action="store_true", help="print a JSON object for each text, when it is done")
    made.add_argument("--interactive", action="store_true", help="at a terminal: type prompts, /help for more")
    made.add_argument("--no_history", action="store_true", help="with --interactive: keep no history of typed lines")
    made.add_argument("--threads", metavar="N", type=int, help="processor threads (default: PyTorch's choice)")
    made.add_argument("--device", default="cpu", help="cpu (the default) or cuda")
    made.add_argument("--greedy", action="store_true", help="take the likeliest piece each time instead of sampling")
    drawing = add_options(made, "sampling (default: the model's own)", SamplingOptions, skip=["seed"])
    drawing.add_argument("--seed", type=int, metavar="N", help="Seed of the draw.")
    named = ["min_length", "max_length"]  # typed as --min_tokens and --max_tokens
    add_options(made, "against loops and words (default: the model's own)", ConstraintOptions, skip=named)
    made.add_argument("--banned_file", metavar="FILE", help="a file of banned words, one per line")
    return made


def decoding_of(typed: "argparse.Namespace", config: "BundleConfig") -> "Decoding":
    """Return the decoding that the options describe.

    Raises:
        UserError: If options contradict each other.
    """
    from argparse import Namespace

    from seq2seq.command_line.arguments import chosen
    from seq2seq.command_line.decoding_options import banned_words
    from seq2seq.decoding.method import Decoding
    from seq2seq.decoding.options import SamplingOptions

    drawing = [name for name in ("temperature", "top_k", "top_p", "min_p", "seed") if getattr(typed, name) is not None]
    if typed.greedy and drawing:
        raise UserError(f"--{drawing[0]} is for sampling, but --greedy does not sample: leave out one of them.")
    lengths = {"max_length": typed.max_tokens, "min_length": typed.min_tokens}
    if typed.max_tokens and typed.min_tokens and typed.min_tokens > typed.max_tokens:
        raise UserError(f"--min_tokens is {typed.min_tokens}, which is more than --max_tokens {typed.max_tokens}.")
    search = replace(chosen(config.search, typed), banned=banned_words(typed, config.search))
    search = chosen(
        search, Namespace(**lengths), names_typed={"max_length": "--max_tokens", "min_length": "--min_tokens"}
    )
    greedy = typed.greedy or (config.sampling is None and not drawing)
    return Decoding(search, None if greedy else chosen(config.sampling or SamplingOptions(), typed))


def prompt_of(typed: "argparse.Namespace") -> str:
    r"""Return the prompt; a typed ``\n`` is a line break.

    Raises:
        UserError: If the file is missing, or the prompt is not UTF-8.
    """
    from seq2seq.corpus.formats.documents import document
    from seq2seq.files.bounded_lines import DOCUMENT_BYTES
    from seq2seq.files.text_encoding import advice, encoding_of

    if typed.prompt is not None:
        return unescaped(typed.prompt)
    if typed.prompt_file:
        return document(Path(typed.prompt_file))
    if sys.stdin is None or sys.stdin.isatty():  # None: closed by the program that started this one
        return ""
    given = sys.stdin.buffer.read(DOCUMENT_BYTES + 1)
    if len(given) > DOCUMENT_BYTES:
        raise UserError(f"standard input is longer than {DOCUMENT_BYTES:,} bytes, the limit for a prompt.")
    try:
        return given.decode(encoding_of(given)).removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as fault:
        raise UserError(
            f"standard input: not UTF-8 (byte {given[fault.start]:#04x} at position {fault.start + 1}). {advice(given)}"
        ) from fault


def unescaped(text: str) -> str:
    r"""Return a typed text with ``\n`` as a line break."""
    return text.replace("\\n", "\n")


def _check(typed: "argparse.Namespace") -> None:
    """Refuse options that contradict each other or make no sense.

    Raises:
        UserError: For the first contradiction; names the options.
    """
    from seq2seq.command_line.arguments import counted
    from seq2seq.decoding.options import MOST_CANDIDATES
    from seq2seq.options import MOST_THREADS

    if typed.prompt is not None and typed.prompt_file:
        raise UserError("--prompt and --prompt_file both say what to continue: leave out one of them.")
    counted("--num", typed.num, MOST_CANDIDATES)
    counted("--threads", typed.threads, MOST_THREADS)
    if "" in typed.stop:
        raise UserError("--stop is empty, but it is a text that ends the output: leave it out, or give a text.")
    if typed.max_tokens == 0 and (typed.num > 1 or typed.json):
        wrong = "--num" if typed.num > 1 else "--json"
        raise UserError(f"--max_tokens 0 writes one text without a limit: leave out {wrong}, or set a limit.")
    if typed.interactive:
        others = ("prompt", "prompt_file", "json", "no_prompt", "stop")
        wrong = " and ".join(f"--{name}" for name in others if getattr(typed, name))
        if wrong or typed.num > 1:
            raise UserError(f"--interactive is for typing prompts at a terminal: leave out {wrong or '--num'}.")


def _write(model: "LanguageModel", prompt: str, decoding: "Decoding", typed: "argparse.Namespace") -> None:
    from seq2seq.corpus.example import plain
    from seq2seq.models.unknown_characters import UnknownCharacters
    from seq2seq.safe_text import in_line
    from seq2seq.sessions.session import Parts

    stop = [unescaped(one) for one in typed.stop]
    shown = plain(model.reader.source(prompt))
    unknown = UnknownCharacters(model.tokenizers.target)
    unknown.add(shown)
    if unknown.found:
        print(in_line(unknown.sentence()), file=sys.stderr)
    if typed.num == 1 and not typed.json:
        sys.stdout.write("" if typed.no_prompt else shown)
        writing = Parts(model.stream(prompt, decoding, stop=stop))
        for part in writing:
            sys.stdout.write(part)
            sys.stdout.flush()  # so that readers, programs included, see it grow
        sys.stdout.write("\n")
        _say_lost(writing.output)
        return
    (outputs,) = model.decode([prompt], decoding, count=typed.num, stop=stop)
    _say_lost(outputs[0])
    for index, output in enumerate(outputs):
        if typed.json:
            found = {
                "index": index,
                "prompt": shown,
                "text": output.text,
                "tokens": len(output.ids),
                "log_probability": output.log_probability,
            }
            print(json.dumps(found, ensure_ascii=False))
            continue
        if index:
            print(BETWEEN)
        print(("" if typed.no_prompt else shown) + output.text)


def _say_lost(output: "Output") -> None:
    """Print a note if the beginning of the prompt was not read."""
    if output.lost:
        read = len(output.source_pieces)
        print(
            f"Only the last {read:,} of the prompt's {read + output.lost:,} pieces were read: the model remembers no "
            "more.",
            file=sys.stderr,
        )
