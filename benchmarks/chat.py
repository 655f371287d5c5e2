"""Response times of ``seq2seq chat``: ``python -m benchmarks.chat MODEL [--repeat 5]``.

MODEL is a dialogue model. Prints two wall-clock times in seconds: from startup to the prompt, and from Enter to the
first word of a reply. The second time is measured both while the model is loading and after it has loaded. Each value
is the minimum of several runs in a pseudo-terminal. Everything is measured with prompt_toolkit and again with the plain
keyboard. Uses greedy search and one thread. Needs an idle machine.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import seq2seq
from tests.seq2seq.repl.terminal import CTRL_D, ENTER, Terminal
from tests.seq2seq.repl.terminal import seq2seq as command

MESSAGE = "Hello, how are you?"


def waits(model: str, first: str, without: str) -> dict[str, float]:
    """Return three durations in seconds: startup to prompt, and Enter to first word for the first and a later reply.

    Args:
        model: Folder of the model.
        first: First word of its reply to `MESSAGE`.
        without: Package to hide; '' hides none.
    """
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": folder, "OMP_NUM_THREADS": "1"}
        began = time.monotonic()
        words = command("chat", model, "--beam_size", "1", "--threads", "1", without=without)
        with Terminal(words, environment, Path(folder)) as terminal:
            terminal.wait("> ")
            seconds["prompt"] = time.monotonic() - began
            for name in ("first reply, model still loading", "first word of a reply"):
                terminal.type(MESSAGE)
                terminal.wait(MESSAGE)
                began = time.monotonic()
                terminal.type(ENTER)
                terminal.wait(first)
                seconds[name] = time.monotonic() - began
                terminal.wait("> ")
                terminal.type(f"/reset{ENTER}")
                terminal.wait("forgotten.")
                terminal.wait("> ")
            terminal.type(CTRL_D)
            terminal.end()
    return seconds


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a run folder or a model folder of the task dialogue")
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    chat = seq2seq.load(arguments.model, threads=1).chat()
    chat.settings = chat.settings.changed("beam_size", "1")
    first = chat.say(MESSAGE).split()[0]
    for name, without in (("with prompt_toolkit", ""), ("plain keyboard", "prompt_toolkit")):
        runs = [waits(str(Path(arguments.model).resolve()), first, without) for _ in range(arguments.repeat)]
        for what in runs[0]:
            print(f"{name:<20}{what:<34}{min(run[what] for run in runs):6.2f} s")


if __name__ == "__main__":
    main()
