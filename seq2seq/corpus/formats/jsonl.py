"""JSON files of objects: one object per line (JSONL), one array of objects, or objects over several lines each."""

import json
from collections.abc import Iterator
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.json_stream import json_stream
from seq2seq.files.parsing import json_cause, json_value
from seq2seq.files.text_head import text_head
from seq2seq.files.text_lines import lines

OBJECTS = (".jsonl", ".ndjson", ".json")


def is_objects(path: Path) -> bool:
    """Return whether a file name has a JSON extension."""
    return path.name.removesuffix(".gz").endswith(OBJECTS)


def has_text(line: bytes, field: str) -> bool:
    """Return whether a line is an object with a text under a key."""
    try:
        value = json_value(line.decode("utf-8-sig"))
    except ValueError:
        return False
    return isinstance(value, dict) and isinstance(value.get(field), str)


def objects(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the objects of a JSON file with their places; blank lines are skipped.

    The place of an object is ``FILE:LINE`` if each line is an object, otherwise ``FILE, item N``.

    Raises:
        UserError: If the file is damaged, or contains other values than objects, or none.
    """
    if is_spread(text_head(path)):
        yield from _spread(path)
        return
    filled = False
    for number, line in enumerate(lines(path), start=1):
        if not line.strip():
            continue
        filled = True
        place = f"{path}:{number}"
        try:
            value = json_value(line)
        except ValueError as fault:
            raise UserError(f"{place}: not JSON ({json_cause(fault)}); the line begins with: {line[:60]}") from fault
        if not isinstance(value, dict):
            raise UserError(f"{place}: a JSON object like {{...}} is needed, but the line begins with: {line[:60]}")
        yield place, value
    if not filled:
        raise UserError(f"{path} contains blank lines only.")


def is_spread(text: str) -> bool:
    """Return whether a JSON text begins with an array (empty or of objects) or an object over several lines."""
    first, _, rest = text.lstrip("\ufeff \t\r\n").partition("\n")
    if first.strip() in ("[", "{"):
        return bool(rest.strip())
    return first.startswith("[") and first[1:].lstrip().startswith(("{", "]"))


def _spread(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    stream = json_stream(path)
    number = 0
    if stream.peek() == "[":
        for number in stream.items():
            yield _object(f"{path}, item {number}", stream.value())
        stream.end()
    else:
        while stream.peek():
            number += 1
            yield _object(f"{path}, item {number}", stream.value())
    if not number:
        raise UserError(f"{path} contains no object: its array is empty.")


def _object(place: str, value: object) -> tuple[str, dict[str, object]]:
    if not isinstance(value, dict):
        shown = json.dumps(value, ensure_ascii=False)[:60]
        raise UserError(f"{place}: a JSON object like {{...}} is needed, but it is {shown}.")
    return place, value
