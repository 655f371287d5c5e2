"""Response times of ``seq2seq chat``: ``python -m benchmarks.chat MODEL [--repeat 5]``.

MODEL is a dialogue model. In a pseudo-terminal, with prompt_toolkit and with the plain keyboard, measured in wall-clock
seconds, the minimum of some runs: until the prompt appears; until the first word of a reply appears after Enter, once
the model is loaded; and until that first reply if Enter comes at once, while the model is still being loaded. Greedy
search, one thread. Wall-clock times need an idle machine.
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
    """Return the seconds until the prompt, until a first reply, and until a later one.

    Args:
        model: Folder of the model.
        first: The first word of its reply to `MESSAGE`.
        without: A package that is hidden, '' for none.
    """
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": folder, "OMP_NUM_THREADS": "1"}
        began = time.monotonic()
        words = command("chat", model, "--beam_size", "1", "--threads", "1", without=without)
        with Terminal(words, environment, Path(folder)) as terminal:
            terminal.wait("> ")
            found["prompt"] = time.monotonic() - began
            for name in ("first reply, model still loading", "first word of a reply"):
                terminal.type(MESSAGE)
                terminal.wait(MESSAGE)
                began = time.monotonic()
                terminal.type(ENTER)
                terminal.wait(first)
                found[name] = time.monotonic() - began
                terminal.wait("> ")
                terminal.type(f"/reset{ENTER}")
                terminal.wait("forgotten.")
                terminal.wait("> ")
            terminal.type(CTRL_D)
            terminal.end()
    return found


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a run folder or a model folder of the task dialogue")
    parser.add_argument("--repeat", type=int, default=5)
    typed = parser.parse_args()
    begun = seq2seq.load(typed.model, threads=1).chat()
    begun.settings = begun.settings.changed("beam_size", "1")
    first = begun.say(MESSAGE).split()[0]
    for name, without in (("with prompt_toolkit", ""), ("plain keyboard", "prompt_toolkit")):
        runs = [waits(str(Path(typed.model).resolve()), first, without) for _ in range(typed.repeat)]
        for what in runs[0]:
            print(f"{name:<20}{what:<34}{min(run[what] for run in runs):6.2f} s")


if __name__ == "__main__":
    main()
