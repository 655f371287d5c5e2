"""The verb of a task that converses (``chat``): a loop at a terminal, lines in and replies out elsewhere.

The prompt stands before torch is imported: nothing at the top of this module, or before the loop, is heavy.
"""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse

    from seq2seq.session import Session, Settings

EPILOG = """
At a terminal, type a message and Enter; /help lists the commands. Elsewhere, each line that comes in is a message of
one conversation, and each reply is one line that goes out; an empty line gives an empty line and changes nothing.
"""


def main(arguments: list[str], verb: str) -> int:
    """Talk to a model.

    Args:
        arguments: What was typed after the verb.
        verb: The task's verb.
    """
    from seq2seq import task as tasks
    from seq2seq.bundle import find, read_config
    from seq2seq.repl.characters import in_line
    from seq2seq.repl.loading import in_background
    from seq2seq.repl.loop import talk
    from seq2seq.repl.screen import is_terminal

    typed = parser(verb).parse_args(arguments)
    folder = find(typed.model)
    config = read_config(folder)
    task = tasks.load(config.task)
    if task.verb != verb:
        raise UserError(f"{typed.model} is a model for '{config.task}': use seq2seq {task.verb} instead of {verb}.")
    task.require_verb(config.reader, typed.model)
    loading = in_background(folder, typed.threads, typed.device)
    session = task.conversation(config, loading.model)
    assert session is not None, "the command line knows this verb as one of a task that converses"
    session.settings = settled(session.settings, typed)
    if typed.load:
        session.load(typed.load)
    if typed.persona:
        session.persona = list(typed.persona)
    if typed.save:
        session.require_place(typed.save)
    try:
        if typed.prompt is not None:
            print(in_line(session.say(typed.prompt)))
        elif is_terminal():
            talk(session, loading, typed.model, is_kept=not typed.no_history)
        else:
            answer_lines(session)
    finally:
        if typed.save and session.history:
            session.save(typed.save)
    return 0


def answer_lines(session: "Session") -> None:
    """Answer each line of standard input with a line."""
    from seq2seq.commands.lines import Chunks
    from seq2seq.repl.characters import in_line

    for chunk in Chunks([]):
        for line in chunk:
            reply = session.say(line) if session.cleaned(line) else ""
            sys.stdout.buffer.write(f"{in_line(reply)}\n".encode())
            sys.stdout.buffer.flush()


def settled(settings: "Settings", typed: "argparse.Namespace") -> "Settings":
    """Return settings changed by what was typed."""
    from seq2seq.commands.arguments import chosen

    return replace(
        chosen(settings, typed), search=chosen(settings.search, typed), sampling=chosen(settings.sampling, typed)
    )


def parser(verb: str) -> "argparse.ArgumentParser":
    """Return the verb's parser."""
    from seq2seq.commands.arguments import Parser, add_options
    from seq2seq.options import SamplingOptions, SearchOptions
    from seq2seq.session import NOT_SET, Settings

    made = Parser(verb, f"Talk to a model: seq2seq {verb} MODEL\n{EPILOG}")
    made.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    made.add_argument("-p", "--prompt", metavar="TEXT", help="print the reply to this message, and leave")
    made.add_argument(
        "--persona",
        metavar="TEXT",
        action="append",
        help="what the model knows of itself or of the matter; give it once for each line",
    )
    made.add_argument("--load", metavar="FILE", help="go on with a conversation that was saved")
    made.add_argument("--save", metavar="FILE", help="save the conversation when you leave")
    made.add_argument("--no_history", action="store_true", help="do not keep what you type for the arrow keys")
    made.add_argument("--threads", metavar="N", type=int, help="processor threads (default: PyTorch's choice)")
    made.add_argument("--device", default="cpu", help="cpu (the default) or cuda")
    add_options(made, "how replies are made (default: the model's own settings)", Settings, skip=["search", "sampling"])
    add_options(made, "drawing", SamplingOptions)
    add_options(made, "search, and what no reply may be", SearchOptions, skip=NOT_SET)
    return made
