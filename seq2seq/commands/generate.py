r"""The verb of language model tasks (``generate``): continue a prompt.

Output for each of ``--num N`` texts:

===============  ==========================================================================================
no option        the prompt and its continuation, streamed if N is 1; a line of dashes separates texts
``--no_prompt``  only the continuation
``--json``       ``{"index": 0, "prompt": "...", "text": "...", "tokens": 200, "log_probability": -301.2}``
===============  ==========================================================================================

With ``--workers``, a prompt is a line of the files, see `seq2seq.batch_jobs.prompts`.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse

    from seq2seq.decoding.method import Decoding
    from seq2seq.decoding.output import Output
    from seq2seq.models.language_model import LanguageModel

EPILOG = r"""
The prompt is TEXT, the content of FILE, or all of standard input, without the line break at its end; without any of
them, a new text is begun. The prompt and its continuation are printed as they are written. A \n in TEXT, or typed at
the terminal, is a line break. Only the last 16,384 pieces of a very long prompt are read.
"""
BETWEEN = "-" * 20
"""Separator between texts."""


def main(arguments: list[str], verb: str) -> int:
    """Continue a prompt."""
    from seq2seq.batch_jobs.command import is_batch_job, run
    from seq2seq.command_line.open_model import load_language_model, of_verb, placement_of
    from seq2seq.command_line.prompt_decoding import decoding_of, unescaped
    from seq2seq.repl.screen import is_terminal

    options = parser(verb).parse_intermixed_args(arguments)  # allows files between options
    if is_batch_job(options):
        from seq2seq.batch_jobs.prompts import PROMPTS

        options.verb = verb
        return run(options, [verb, *arguments], PROMPTS)
    folder, config, task = of_verb(options.model, verb)
    _check(options)
    decoding = decoding_of(options, config)
    if options.interactive and is_terminal():
        from seq2seq.repl.loop import talk
        from seq2seq.sessions.background_loading import in_background
        from seq2seq.sessions.session import begin

        loading = in_background(folder, placement_of(options), None)
        session = begin(task, config, loading.model, None, decoding)
        talk(session, config, loading, options.model, is_kept=not options.no_history, meant=unescaped)
        return 0
    prompt = prompt_of(options)

    _write(load_language_model(folder, placement_of(options)), prompt, decoding, options)
    return 0


def parser(verb: str) -> "argparse.ArgumentParser":
    """Return the verb's parser."""
    from seq2seq.batch_jobs.command import add_batch_job
    from seq2seq.command_line.arguments import Parser, add_options
    from seq2seq.command_line.open_model import add_placement
    from seq2seq.decoding.options import ConstraintOptions, SamplingOptions

    command = Parser(verb, f"{verb.capitalize()} text: seq2seq {verb} MODEL --prompt TEXT\n{EPILOG}")
    command.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    command.add_argument(
        "files",
        metavar="INPUT",
        nargs="*",
        default=[],
        help="with --workers: files or folders with a prompt in each line",
    )
    command.add_argument("-o", "--output", metavar="FOLDER", help="with --workers: write to this folder")
    command.add_argument("--source_field", metavar="NAME", help="key or column of prompts in tables (prompt)")
    command.add_argument("--prompt", metavar="TEXT", help="the text to continue")
    command.add_argument("--prompt_file", metavar="FILE", help="a file with the text to continue, .gz too")
    command.add_argument(
        "--max_tokens", metavar="N", type=int, help="maximum number of pieces (default: the model's); 0: no limit"
    )
    command.add_argument("--min_tokens", metavar="N", type=int, help="minimum number of pieces (default 0)")
    command.add_argument("--num", metavar="N", type=int, default=1, help="number of texts (1)")
    command.add_argument(
        "--stop", metavar="TEXT", action="append", default=[], help="stop before this text; repeatable"
    )
    command.add_argument("--no_prompt", action="store_true", help="print only the continuation, without the prompt")
    command.add_argument("--json", action="store_true", help="print a JSON object for each finished text")
    command.add_argument("--interactive", action="store_true", help="at a terminal: type prompts, /help for more")
    command.add_argument("--no_history", action="store_true", help="with --interactive: keep no history of typed lines")
    add_batch_job(command, "prompt")
    add_placement(command)
    command.add_argument("--greedy", action="store_true", help="take the most probable piece each time; do not sample")
    drawing = add_options(command, "sampling (default: the model's own)", SamplingOptions, skip=["seed"])
    drawing.add_argument("--seed", type=int, metavar="N", help="Seed for sampling.")
    named = ["min_length", "max_length"]  # given as --min_tokens and --max_tokens
    add_options(command, "repetition and banned words (default: the model's own)", ConstraintOptions, skip=named)
    command.add_argument("--banned_file", metavar="FILE", help="a file of banned words, one per line")
    return command


def prompt_of(options: "argparse.Namespace") -> str:
    r"""Return the prompt; in ``--prompt``, ``\n`` is a line break.

    Raises:
        UserError: If the file is missing, or if the prompt is too long or not valid text.
    """
    from seq2seq.command_line.prompt_decoding import unescaped
    from seq2seq.corpus.formats.documents import document
    from seq2seq.files.bounded_lines import DOCUMENT_BYTES
    from seq2seq.files.text_encoding import advice, encoding_of

    if options.prompt is not None:
        return unescaped(options.prompt)
    if options.prompt_file:
        return document(Path(options.prompt_file))
    if sys.stdin is None or sys.stdin.isatty():  # None if the parent process closed it
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


def _check(options: "argparse.Namespace") -> None:
    """Check the options.

    Raises:
        UserError: If options are invalid or contradict each other; the message names them.
    """
    from seq2seq.command_line.prompt_decoding import check_texts

    for name in ("files", "output", "source_field"):
        if getattr(options, name):
            shown = "INPUT" if name == "files" else f"--{name}"
            raise UserError(
                f"{shown} belongs to a job of several processes, with a prompt in each line: add --workers N, or give "
                "one prompt with --prompt or --prompt_file."
            )
    if options.prompt is not None and options.prompt_file:
        raise UserError("--prompt and --prompt_file both say what to continue: leave out one of them.")
    check_texts(options)
    if options.max_tokens == 0 and (options.num > 1 or options.json):
        wrong = "--num" if options.num > 1 else "--json"
        raise UserError(f"--max_tokens 0 writes one text without a limit: leave out {wrong}, or set a limit.")
    if options.interactive:
        others = ("prompt", "prompt_file", "json", "no_prompt", "stop")
        wrong = " and ".join(f"--{name}" for name in others if getattr(options, name))
        if wrong or options.num > 1:
            raise UserError(f"--interactive is for typing prompts at a terminal: leave out {wrong or '--num'}.")


def _write(model: "LanguageModel", prompt: str, decoding: "Decoding", options: "argparse.Namespace") -> None:
    from seq2seq.command_line.prompt_decoding import unescaped
    from seq2seq.corpus.example import plain
    from seq2seq.generators import Returning
    from seq2seq.models.unknown_characters import UnknownCharacters
    from seq2seq.safe_text import in_line

    stop = [unescaped(text) for text in options.stop]
    shown = plain(model.reader.source(prompt))
    unknown = UnknownCharacters(model.tokenizers.target)
    unknown.add(shown)
    if unknown.characters:
        print(in_line(unknown.sentence()), file=sys.stderr)
    if options.num == 1 and not options.json:
        sys.stdout.write("" if options.no_prompt else shown)
        for part in (parts := Returning(model.stream(prompt, decoding, stop=stop))):
            sys.stdout.write(part)
            sys.stdout.flush()  # stream to the reader
        sys.stdout.write("\n")
        _say_lost(parts.result)
        return
    (outputs,) = model.decode([prompt], decoding, count=options.num, stop=stop)
    _say_lost(outputs[0])
    for index, output in enumerate(outputs):
        if options.json:
            described = {
                "index": index,
                "prompt": shown,
                "text": output.text,
                "tokens": len(output.ids),
                "log_probability": output.log_probability,
            }
            print(json.dumps(described, ensure_ascii=False))
            continue
        if index:
            print(BETWEEN)
        print(("" if options.no_prompt else shown) + output.text)


def _say_lost(output: "Output") -> None:
    """Print a note if the beginning of the prompt was not read."""
    if output.lost:
        read = len(output.source_pieces)
        print(
            f"Only the last {read:,} of the prompt's {read + output.lost:,} pieces were read: the model's limit.",
            file=sys.stderr,
        )
