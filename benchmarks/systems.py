"""Tables of several systems: each is named on the command line with the folder of its report, ``NAME=FOLDER``."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.errors import UserError
from seq2seq.report.report_file import JSON, read


@dataclass(frozen=True)
class System:
    """A system of a table.

    Attributes:
        name: Its name in the table.
        report: Its ``report.json``.
    """

    name: str
    report: dict[str, Any]


def system(typed: str) -> System:
    """Read a system.

    Args:
        typed: ``NAME=FOLDER``.

    Raises:
        UserError: If there is no name, or no report in the folder.
    """
    name, separator, folder = typed.partition("=")
    if not (name and separator and folder):
        raise UserError(f"'{typed}' names no system: type NAME=FOLDER, such as beam=runs/chat/evaluation-test.")
    return System(name, read(Path(folder).expanduser() / JSON))


def show(
    description: str | None, table: Callable[[Sequence[System]], list[str]], arguments: Sequence[str] | None
) -> None:
    """Print the table of the systems that are named on the command line; a mistake is a sentence and exit code 2.

    Args:
        description: Text for the help.
        table: Returns the table's lines.
        arguments: The command line; None is that of the process.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("systems", metavar="NAME=FOLDER", nargs="+", help="a name and the folder of its report")
    typed = parser.parse_args(arguments)
    try:
        print("\n".join(table([system(one) for one in typed.systems])))
    except UserError as fault:
        parser.exit(2, f"{fault}\n")
