"""Read the systems to compare from ``NAME=FOLDER`` arguments, and print their table."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.errors import UserError
from seq2seq.report.report_file import JSON, read


@dataclass(frozen=True)
class System:
    """A system to compare.

    Attributes:
        name: Its name in the table.
        report: Contents of its ``report.json``.
    """

    name: str
    report: dict[str, Any]


def system(argument: str) -> System:
    """Read a system.

    Args:
        argument: ``NAME=FOLDER``.

    Raises:
        UserError: If the name is missing, or if the folder has no report.
    """
    name, separator, folder = argument.partition("=")
    if not (name and separator and folder):
        raise UserError(f"'{argument}' names no system: type NAME=FOLDER, such as beam=runs/chat/evaluation-test.")
    return System(name, read(Path(folder).expanduser() / JSON))


def show(description: str | None, table: Callable[[Sequence[System]], list[str]], argv: Sequence[str] | None) -> None:
    """Print the table; an error is printed as one sentence and exits with code 2.

    Args:
        description: Description in the help.
        table: Function that returns the table's lines.
        argv: Arguments; None takes those of the process.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("systems", metavar="NAME=FOLDER", nargs="+", help="a name and the folder of its report")
    arguments = parser.parse_args(argv)
    try:
        print("\n".join(table([system(argument) for argument in arguments.systems])))
    except UserError as fault:
        parser.exit(2, f"{fault}\n")
