"""``seq2seq presets``: list the config files for ``-c NAME``."""

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seq2seq.plugin.task import Task

SUMMARY = "list the option files that -c finds by name"
WIDEST, NARROWEST = 120, 80


def main(arguments: list[str]) -> int:
    """Print one entry per config file, grouped by task.

    Raises:
        UserError: If the given task is not installed.
    """
    from seq2seq.command_line.arguments import Parser
    from seq2seq.plugin.registry import load, surveyed

    parser = Parser("presets", "List the option files that -c NAME finds, by task: seq2seq presets [TASK]")
    parser.add_argument("task", metavar="TASK", nargs="?", help="only those for this task (default: all tasks)")
    options = parser.parse_args(arguments)
    tasks = surveyed().tasks
    chosen = {options.task: load(options.task)} if options.task else tasks
    print("\n".join(listing(chosen, list(tasks))))
    return 0


def listing(chosen: "dict[str, Task]", installed: list[str]) -> list[str]:
    """Return lines that list the shared configs and the configs of the chosen tasks.

    A config folder named after an installed task belongs to that task.
    """
    from seq2seq.plugin import config_files

    shared = {name: path for name, path in config_files.available().items() if name.split("/")[0] not in installed}
    groups = {"For every task": shared}
    for name, task in chosen.items():
        groups[f"For {name}"] = {
            known: path
            for known, path in config_files.available(task).items()
            if known not in shared and (known.split("/")[0] == name or "/" not in known)
        }
    width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size((110, 40)).columns))
    column = max((len(name) for group in groups.values() for name in group), default=0) + 4
    lines: list[str] = []
    for title, group in groups.items():
        lines += [f"{title}:"] if group else []
        for name, path in group.items():
            text = textwrap.wrap(about(path), width - column) or [""]
            lines += [f"  {name:<{column - 2}}{text[0]}", *(" " * column + line for line in text[1:])]
        lines += [""] if group else []
    return [*lines, "Use them like this: seq2seq fit TASK -c NAME [-c NAME ...]; later ones override earlier ones."]


def about(path: Path) -> str:
    """Return the first comment of a config file and its network sizes.

    Raises:
        UserError: If the file is not a YAML mapping.
    """
    from seq2seq.files.parsing import parse_yaml, read_text
    from seq2seq.files.typed_values import Fields

    text = read_text(path)
    comment: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comment.append(line.lstrip("# ").strip())
    group = Fields(parse_yaml(text, str(path)) or {}, str(path))
    for name in ("model", "network"):
        group = group.section(name) if name in group else Fields({}, str(path))
    network = group.values
    sizes = [
        f"{word} {network[name]}"
        for name, word in (("embedding_size", "embeddings"), ("hidden_size", "hidden"))
        if name in network
    ]
    layers = [str(network[name]) for name in ("encoder_layers", "decoder_layers") if name in network]
    sizes += [f"layers {'+'.join(layers)}"] if layers else []
    return " ".join([*comment, *([f"({', '.join(sizes)})"] if sizes else [])])
