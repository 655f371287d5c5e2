"""TSV and CSV files: one record per row."""

import csv
from collections.abc import Iterator
from pathlib import Path

from seq2seq.errors import UserError, nearest
from seq2seq.files.text_lines import lines

TABLES = {".tsv": "\t", ".csv": ","}
# A quoted CSV field may span lines, but an unclosed quote must not load the whole file into memory.
LONGEST_FIELD = 1 << 24


def rows(path: Path, delimiter: str, wanted: tuple[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a table as values by column; without a header, columns are named '1', '2', ..."""
    table = _tabbed(path) if delimiter == "\t" else _quoted(path, delimiter)
    columns: list[str] = []
    filled = False
    for number, row in table:
        place = f"{path}:{number}"
        if not columns and not wanted[0].isdecimal():
            columns = row
            for name in wanted:
                if name not in columns:
                    raise UserError(
                        f"{path} has no column '{name}'. {nearest(name, columns)}Its first line is: "
                        f"{' | '.join(columns)}. If that is a header, name two of its columns as "
                        "data.reader.source_field and data.reader.target_field. If not, number them: "
                        "--data.reader.source_field 1 --data.reader.target_field 2 (evaluate: --source_field 1 "
                        "--target_field 2)."
                    )
            continue
        filled = True
        names = columns or [str(column) for column in range(1, len(row) + 1)]
        if len(row) > len(names):
            raise UserError(f"{place}: the line has {len(row)} columns, but the header names {len(names)}.")
        fields = dict(zip(names, row, strict=False))
        for name in wanted:
            if name not in fields:
                raise UserError(f"{place}: column {name} is missing; the line has {len(row)} columns.")
        yield place, fields
    if not filled:
        raise UserError(f"{path} contains a header but no rows.")


def _tabbed(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a TSV file. Quotation marks are plain text, because a sentence may begin with one."""
    return ((number, line.split("\t")) for number, line in enumerate(lines(path), start=1) if line)


def _quoted(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file, each with the number of its last line."""
    csv.field_size_limit(LONGEST_FIELD)
    table = csv.reader((line + "\n" for line in lines(path)), delimiter=delimiter, strict=True)
    try:
        for row in table:
            if row:
                yield table.line_num, row
    except csv.Error as fault:
        raise UserError(f"{path}, line {table.line_num}: not a valid table ({fault}).") from fault
