"""Write ``docs/cli.md`` from the help of every command: ``python docs/make_cli.py`` (``--check`` only compares)."""

import contextlib
import io
import os
import sys
from pathlib import Path

from seq2seq.cli import main
from seq2seq.plugin.registry import load, surveyed
from seq2seq.plugin.task import Task
from seq2seq.run_setup.option_help import blocks
from seq2seq.verbs import VERBS

PAGE = Path(__file__).parent / "cli.md"
WIDTH = 110
HEAD = """# Every command

The output of `--help`, written by `python docs/make_cli.py`. `MODEL` is a run folder or an exported model folder. Exit
codes: 0 for success; 2 for a usage error and 1 for a failure of the system, with a one-sentence message; 130 after
Ctrl-C, 143 after SIGTERM, 129 after SIGHUP.
"""


def printed(*words: str) -> str:
    """Return the output of a command."""
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        try:
            code = main(list(words))
        except SystemExit as end:  # argparse exits after printing help
            code = int(end.code or 0)
    if code != 0:
        raise SystemExit(f"seq2seq {' '.join(words)} ended with {code}")
    # Defaults may contain the home folder, which must not appear on the page.
    lines = shown.getvalue().replace(str(Path.home()), "~").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


def page() -> str:
    """Return the page."""
    os.environ["COLUMNS"] = str(WIDTH)  # otherwise argparse wraps at the width of the terminal
    commands = [["--help"], *([verb, "--help"] for verb in sorted({*VERBS, *(task.verb for task in ours())}))]
    commands += [["fit", "translation", f"--{group}.help"] for group in blocks(load("translation"))]
    # Tasks have different readers; language models have other data options.
    commands += [["fit", name, "--data.reader.help"] for name in ("summarization", "dialogue", "generation")]
    commands += [["fit", "generation", "--data.help"], ["fit", "generation", "--data.streams.help"]]
    parts = [HEAD]
    for words in commands:
        title = words[0] if words[1:] == ["--help"] else " ".join(words)
        parts.append(f"## seq2seq {title}".replace(" --help", "") + f"\n\n```text\n{printed(*words)}\n```\n")
    return "\n".join(parts)


def ours() -> list[Task]:
    """Return the tasks of this distribution, without other installed plugins."""
    return [task for plugin, task in surveyed().plugins if plugin.is_ours and isinstance(task, Task)]


if __name__ == "__main__":
    new = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(new, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != new:
        raise SystemExit(f"{PAGE} differs from --help: rewrite it with python docs/make_cli.py")
    else:
        print(f"{PAGE.name} is fresh")
