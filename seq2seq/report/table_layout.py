"""Layout of tables in a terminal."""

import re

from seq2seq.plugin.report_blocks import Cell, Table
from seq2seq.safe_text import width

_NUMBER = re.compile(r"[-+]?[\d,.]+( %| ★)?")


def shown(cell: Cell) -> str:
    """Format a cell."""
    if isinstance(cell, str):
        return cell
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.2f}"


def numeric(table: Table) -> list[bool]:
    """Return, for each column, whether all its nonempty cells are numbers; such columns are right-aligned."""
    cells = [[cell for row in table.rows if (cell := shown(row[place]))] for place in range(len(table.columns))]
    return [bool(column) and all(map(_NUMBER.fullmatch, column)) for column in cells]


def terminal(table: Table) -> list[str]:
    """Format a table as terminal lines, aligned by display width."""
    lines = [list(table.columns), *([shown(cell) for cell in row] for row in table.rows)]
    widths = [max(width(line[place]) for line in lines) for place in range(len(table.columns))]
    right = numeric(table)

    def padded(cell: str, place: int) -> str:
        blanks = " " * (widths[place] - width(cell))
        return blanks + cell if right[place] else cell + blanks

    return ["  ".join(padded(cell, place) for place, cell in enumerate(line)).rstrip() for line in lines]
