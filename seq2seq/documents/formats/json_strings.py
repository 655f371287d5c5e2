"""JSON files of user interfaces: the strings of all values are translated, and everything else stays as it is.

Of the files of browser extensions (``{"name": {"message": "..."}}``) only the messages are translated. Keys that begin
with ``@`` describe others (as in ARB files) and are kept.
"""

import json
import re

from seq2seq.corpus.protected_spans import INLINE
from seq2seq.documents.languages import Languages
from seq2seq.documents.unit import TextDocument, Unit
from seq2seq.errors import UserError
from seq2seq.files.parsing import json_cause, json_value

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]')
_IDENTIFIER = re.compile(r"[\w./#:@-]*[\d_/#@][\w./#:@-]*|[a-z]+[A-Z]\w*")


def json_strings(text: str, encoding: str, name: str, _: Languages) -> TextDocument:
    """Read a JSON document.

    Raises:
        UserError: If it is not JSON.
    """
    try:
        value = json_value(text)
    except ValueError as fault:
        raise UserError(f"{name} is not JSON: {json_cause(fault)}. Correct it there.") from fault
    entries = list(value.values()) if isinstance(value, dict) else []
    has_messages = bool(entries) and all(isinstance(entry, dict) and "message" in entry for entry in entries)
    document = TextDocument([], encoding)
    is_ascii = text.isascii() and r"\u" in text
    path: list[str | int] = []
    position = 0
    tokens = [*_TOKEN.finditer(text)]
    for number, token in enumerate(tokens):
        kind = token[0][0]
        following = tokens[number + 1][0] if number + 1 < len(tokens) else ""
        if kind == "{":
            path.append("")
        elif kind == "[":
            path.append(0)
        elif kind in "}]":
            path.pop()
        elif kind == "," and isinstance(path[-1], int):
            path[-1] += 1
        elif kind == '"' and following == ":":
            path[-1] = json.loads(token[0])
        elif kind == '"':
            string = json.loads(token[0])
            is_message = not has_messages or path[1:] == ["message"]
            is_described = any(isinstance(key, str) and key.startswith("@") for key in path)
            if is_message and not is_described and _is_text(string):
                document.parts += [text[position : token.start()], token[0]]
                position = token.end()
                place = f"{name}: {'.'.join(map(str, path))}"
                document.units.append(_unit(document, string, place, is_ascii=is_ascii))
    document.parts.append(text[position:])
    return document


def _is_text(string: str) -> bool:
    """Return whether a string is for people; identifiers, paths and colors are not."""
    return bool(string.strip()) and not _IDENTIFIER.fullmatch(string) and max(map(ord, string)) < INLINE


def _unit(document: TextDocument, string: str, place: str, *, is_ascii: bool) -> Unit:
    number = len(document.parts) - 1

    def put(translation: str) -> None:
        document.parts[number] = json.dumps(translation, ensure_ascii=is_ascii)

    return Unit(string, place, put)
