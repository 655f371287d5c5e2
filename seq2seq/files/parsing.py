"""Parses untrusted JSON and YAML with limits on bytes, nesting and number of values.

Every error is one sentence with the file, the cause and the limit. `seq2seq.files.typed_values` checks the types of the
values.
"""

import json
import re
from pathlib import Path
from typing import Any

from seq2seq.errors import UserError

MIB = 1 << 20
CONFIG_BYTES = 4 * MIB
"""Maximum size of an option file; ours have a few kilobytes."""
DEPTH = 64
"""Maximum nesting of lists and mappings. Ours have six levels; Python's own parsers fail at about 1,000."""
YAML_VALUES = 100_000
"""Maximum number of values in a YAML document, counting each alias as its full expansion."""
NUMBER_CHARACTERS = 400
"""Maximum length of a number; the largest float has 309 digits. Converting long numbers takes quadratic time."""
_NUMBER = re.compile(r"[-+]?[0-9.][0-9._:]*")
_JSON_SPACES = " \t\n\r"
_JSON_CAUSES = {
    "Expecting value": "a value is expected",
    "Expecting property name": "a key in double quotation marks is expected",
    "Expecting ',' delimiter": "a comma or a closing bracket is expected",
    "Expecting ':' delimiter": "a colon is expected",
    "Unterminated string": "a text without closing quotation mark begins",
    "Invalid control character": "a line break or control character is not written as an escape such as \\n",
    "Invalid \\": "an escape that JSON does not have is",
    "Illegal trailing comma": "a comma has nothing after it",
    "Extra data": "more text follows",
}
"""What the messages of Python's parser, by their beginnings, mean."""


def read_bytes(path: Path, most: int) -> bytes:
    """Return the contents of a file.

    Raises:
        UserError: If the file is larger than `most` bytes or cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as fault:
        raise UserError(f"{path} could not be read: {fault.strerror}.") from fault
    if len(content) > most:
        raise UserError(f"{path} is larger than {size(most)}, the limit for such a file: is it another kind of file?")
    return content


def read_text(path: Path, most: int = CONFIG_BYTES) -> str:
    """Return the contents of a UTF-8 file.

    Raises:
        UserError: If the file is larger than `most` bytes, is not UTF-8, or cannot be read.
    """
    content = read_bytes(path, most)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UserError(
            f"{path} is not UTF-8 (byte {content[fault.start]:#04x} at position "
            f"{fault.start + 1}): it is damaged, or must be saved as UTF-8."
        ) from fault


def read_json(path: Path, most: int = CONFIG_BYTES) -> object:
    """Return the value in a JSON file.

    Raises:
        UserError: If the file is larger than `most` bytes, damaged, or nested too deeply.
    """
    return parse_json(read_text(path, most), str(path))


def parse_json(text: str, place: str) -> object:
    """Parse a JSON text.

    Raises:
        UserError: If the text is not JSON or is nested too deeply.
    """
    try:
        return json_value(text)
    except TooDeepError as fault:
        raise UserError(f"{place} is {fault}, the limit for such a file.") from fault
    except ValueError as fault:
        raise UserError(f"{place} is damaged or not JSON: {json_cause(fault)}.") from fault


class TooDeepError(ValueError):
    """Lists and mappings are nested more than `DEPTH` levels deep."""

    def __init__(self) -> None:
        super().__init__(f"nested more than {DEPTH} levels deep")


def json_cause(fault: ValueError) -> str:
    """Return what is wrong with a JSON text, and where, as part of a sentence."""
    if not isinstance(fault, json.JSONDecodeError):
        return str(fault)
    return f"{json_message(fault)} at line {fault.lineno:,}, column {fault.colno:,}"


def json_message(fault: json.JSONDecodeError) -> str:
    """Return what is wrong with a JSON text, without the place."""
    return next((cause for begin, cause in _JSON_CAUSES.items() if fault.msg.startswith(begin)), fault.msg)


def json_value(text: str) -> object:
    r"""Parse a JSON text; unpaired surrogates, which cannot be encoded, become U+FFFD.

    Raises:
        ValueError: If the text is not JSON or is nested too deeply.
    """
    value, end = json_value_at(text, len(text) - len(text.lstrip(_JSON_SPACES)))
    if rest := text[end:].strip(_JSON_SPACES):
        raise json.JSONDecodeError("Extra data", text, len(text) - len(rest))
    return value


def json_value_at(text: str, begin: int) -> tuple[object, int]:
    """Parse the JSON value that begins at an index of a text, and return it with the index of its end.

    Raises:
        ValueError: See `json_value`.
    """
    try:
        value, end = _DECODER.raw_decode(text, begin)
    except RecursionError as fault:
        raise TooDeepError from fault
    # Counting brackets is enough for most texts.
    if text.count("[", begin, end) + text.count("{", begin, end) > DEPTH and is_deeper(value, DEPTH):
        raise TooDeepError
    is_escaped = text.find("\\ud", begin, end) >= 0 or text.find("\\uD", begin, end) >= 0
    return _encodable(value) if is_escaped else value, end


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_encodable(part) for part in value]
    if isinstance(value, dict):
        return {_encodable(key): _encodable(part) for key, part in value.items()}
    return value


def read_yaml(path: Path, most: int = CONFIG_BYTES) -> object:
    """Return the value in a YAML file; None if the file has only comments.

    Raises:
        UserError: If the file is damaged, too large or nested too deeply. Aliases count as their expansions.
    """
    return parse_yaml(read_text(path, most), str(path))


def parse_yaml(text: str, place: str) -> object:
    """Parse a YAML text; see `read_yaml`."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _require_small(yaml.parse(text, Loader=loader), place)
        return yaml.load(text, Loader=loader)
    except RecursionError as fault:
        raise _too_deep(place) from fault
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError) as fault:
        if "nesting depth" in str(fault):  # libyaml looks ahead and reaches its own limit first
            raise _too_deep(place) from fault
        # PyYAML's constructors of numbers, dates, sets and pairs also raise other errors.
        raise UserError(f"{place} is damaged or not YAML: {_problem(fault)}.") from fault


def _problem(fault: Exception) -> str:
    """Return PyYAML's message with its line, as part of a sentence."""
    mark = getattr(fault, "problem_mark", None)
    text = getattr(fault, "problem", None) or str(fault)
    return " ".join(text.split()) + (f", line {mark.line + 1}" if mark else "")


def _require_small(events: Any, place: str) -> None:  # noqa: ANN401 - yaml's events have no common type
    """Check the size of a YAML document from its events, without recursion."""
    import yaml

    sizes: dict[str, int] = {}  # number of values by anchor
    opened: list[tuple[str | None, int]] = []  # anchor and initial count of each open list or mapping
    count = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise UserError(f"{place} has an alias of a value that contains the alias, or of an undefined anchor.")
            count += sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            count += 1
            if event.anchor:
                sizes[event.anchor] = 1
            is_plain = event.implicit[0]
            if is_plain and len(event.value) > NUMBER_CHARACTERS and _NUMBER.fullmatch(event.value):
                raise UserError(f"{place} contains a number of more than {NUMBER_CHARACTERS} characters.")
        elif isinstance(event, yaml.CollectionStartEvent):
            sizes.pop(event.anchor or "", None)
            opened.append((event.anchor, count))
            count += 1
            if len(opened) > DEPTH:
                raise _too_deep(place)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            if anchor:
                sizes[anchor] = count - before
        if count > YAML_VALUES:
            raise UserError(f"{place} contains more than {YAML_VALUES:,} values, counting what its aliases repeat.")


def is_deeper(value: object, most: int) -> bool:
    """Return whether lists and mappings are nested more than `most` levels deep."""
    level, depth = [value], 0
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        if depth > most:
            return True
        level = [part for one in level for part in (one.values() if isinstance(one, dict) else one)]
    return False


def size(count: int) -> str:
    """Format a size in MiB if that is an integer, otherwise in bytes."""
    return f"{count // MIB:,} MiB" if count % MIB == 0 else f"{count:,} bytes"


def _whole(digits: str) -> int:
    if len(digits) > NUMBER_CHARACTERS:
        raise ValueError(f"a number of more than {NUMBER_CHARACTERS} characters")
    return int(digits)


def _too_deep(place: str) -> UserError:
    return UserError(f"{place} is {TooDeepError()}, the limit for such a file.")


_DECODER = json.JSONDecoder(parse_int=_whole)
