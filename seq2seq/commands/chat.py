"""The verb of a conversational task (``chat``): an interactive loop at a terminal, or one reply per input line.

Nothing slow is imported before the loop, so the prompt appears before torch is loaded.
"""

import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import argparse

    from seq2seq.plugin.conversation import Conversation

EPILOG = """
At a terminal, type a message and Enter; /help lists the commands. Elsewhere, each line that comes in is a message of
one conversation, and each reply is one line that goes out; an empty line gives an empty line and changes nothing.
Commands work at a terminal only: in a pipe or a file, a line that begins with a slash is a message like any other.
Use options there: --sample, --temperature, --persona, --load, --save.
"""


def main(arguments: list[str], verb: str) -> int:
    """Hold a conversation with a model."""
    from seq2seq.command_line.decoding_options import companions_of, decoding_of, reverse_of
    from seq2seq.command_line.open_model import of_verb, placement_of
    from seq2seq.repl.loop import talk
    from seq2seq.repl.screen import is_terminal
    from seq2seq.safe_text import in_line
    from seq2seq.sessions.background_loading import in_background
    from seq2seq.sessions.session import begin

    options = parser(verb).parse_args(arguments)
    folder, config, task = of_verb(options.model, verb)
    decoding = decoding_of(options, config)
    loading = in_background(folder, placement_of(options), reverse_of(options, config), companions_of(options))
    # The command line dispatches only verbs of conversational tasks to this module.
    chat = cast("Conversation", begin(task, config, loading.model, loading.reverse, decoding))
    if options.load:
        chat.load(options.load)
    if options.persona:
        chat.persona = list(options.persona)
    if options.save:
        chat.require_place(options.save)
    try:
        if options.prompt is not None:
            print(in_line(chat.say(options.prompt)))
        elif is_terminal():
            talk(chat, config, loading, options.model, is_kept=not options.no_history)
        else:
            answer_lines(chat)
    finally:
        if options.save and chat.history:
            chat.save(options.save)
    return 0


def answer_lines(chat: "Conversation") -> None:
    """Answer each line of standard input with one line."""
    from seq2seq.command_line.lines import Chunks
    from seq2seq.safe_text import in_line

    for chunk in Chunks([]):
        for line in chunk:
            reply = chat.say(line) if chat.cleaned(line) else ""
            sys.stdout.buffer.write(f"{in_line(reply)}\n".encode())
            sys.stdout.buffer.flush()


def parser(verb: str) -> "argparse.ArgumentParser":
    """Return the verb's parser."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.command_line.decoding_options import add_decoding
    from seq2seq.command_line.open_model import add_placement

    command = Parser(verb, f"Talk to a model: seq2seq {verb} MODEL\n{EPILOG}")
    command.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    command.add_argument("-p", "--prompt", metavar="TEXT", help="print the reply to this message, and exit")
    command.add_argument(
        "--persona",
        metavar="TEXT",
        action="append",
        help="a line of background knowledge or of the persona; repeatable",
    )
    command.add_argument("--load", metavar="FILE", help="continue a saved conversation")
    command.add_argument("--save", metavar="FILE", help="save the conversation on exit")
    command.add_argument("--no_history", action="store_true", help="keep no history of typed lines")
    add_placement(command)
    add_decoding(command, has_glossary=False)
    return command
