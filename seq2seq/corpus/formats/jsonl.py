"""JSONL files: one JSON object per line."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.parsing import json_value
from seq2seq.files.text_lines import lines

OBJECTS = (".jsonl", ".ndjson", ".json")


def is_objects(path: Path) -> bool:
    """Return whether a file name has a JSONL extension."""
    return path.name.removesuffix(".gz").endswith(OBJECTS)


def objects(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the objects of a JSONL file; blank lines are skipped."""
    filled = False
    for number, line in enumerate(lines(path), start=1):
        if not line.strip():
            continue
        filled = True
        place = f"{path}:{number}"
        try:
            value = json_value(line)
        except ValueError as fault:
            require_object_in_each_line(path, number, line)
            raise UserError(f"{place}: not JSON ({fault}); the line begins with: {line[:60]}") from fault
        if not isinstance(value, dict):
            require_object_in_each_line(path, number, line)
            raise UserError(f"{place}: a JSON object like {{...}} is needed, but the line begins with: {line[:60]}")
        yield place, value
    if not filled:
        raise UserError(f"{path} contains blank lines only.")


def require_object_in_each_line(path: Path, number: int, line: str) -> None:
    """Refuse a file that is one JSON list, or whose objects span several lines.

    Raises:
        UserError: If the first line looks like that; the message explains how to convert the file.
    """
    if number == 1 and (line.strip() in ("[", "{", "[{") or line.lstrip().startswith(("[{", "[ {"))):
        program = ".[]" if line.lstrip().startswith("[") else "."
        given, lines_file = (
            shlex.quote(str(path)),
            shlex.quote(f"{path.with_name(path.name.split('.')[0])}-lines.jsonl"),
        )
        command = f"gzip -dc {given} | jq -c '{program}'" if path.suffix == ".gz" else f"jq -c '{program}' {given}"
        raise UserError(
            f"{path} is JSON, but not with one object in each line (JSONL): convert it with {command} > {lines_file}"
        )
