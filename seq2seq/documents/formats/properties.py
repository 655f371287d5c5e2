r"""Java .properties files: values are translated; keys, comments, order and line breaks stay as they are.

A value with ``{0}`` is a pattern of Java's MessageFormat, in which an apostrophe is doubled. A file that is ASCII stays
so, with other characters written ``\uXXXX``.
"""

import re

from seq2seq.corpus.protected_spans import INLINE
from seq2seq.documents.languages import Languages
from seq2seq.documents.unit import TextDocument, Unit

_ENTRY = re.compile(
    r"""(?P<key>[^\S\r\n]*(?:\\[^\r\n]|[^\\\s=:\#!])(?:\\[^\r\n]|[^\\\s=:])*
        (?:[^\S\r\n]*[=:][^\S\r\n]*|[^\S\r\n]+))
        (?P<value>(?:[^\\\r\n]|\\(?:\r\n|.|\n|\r))*)""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(?:\r\n|\r|\n)[^\S\r\n]*|(.))")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}
_ARGUMENT = re.compile(r"\{\d+[^{}]*\}")


def properties(text: str, encoding: str, name: str, _: Languages) -> TextDocument:
    """Read a file of properties."""
    document = TextDocument([], encoding)
    is_ascii = text.isascii()
    position = 0
    while position < len(text):
        if entry := _ENTRY.match(text, position):
            document.parts += [entry["key"], entry["value"]]
            value = _unescaped(entry["value"])
            if value.strip() and max(map(ord, value)) < INLINE:
                line = text.count("\n", 0, position) + 1
                document.units.append(_unit(document, value, f"{name}:{line}", is_ascii=is_ascii))
            position = entry.end()
        rest = _LINE.match(text, position)
        assert rest is not None  # the pattern matches everywhere
        document.parts.append(rest[0])
        position = rest.end()
    return document


def _unit(document: TextDocument, value: str, place: str, *, is_ascii: bool) -> Unit:
    number = len(document.parts) - 1
    is_pattern = _ARGUMENT.search(value) is not None

    def put(translation: str) -> None:
        text = translation.replace("'", "''") if is_pattern else translation
        document.parts[number] = _escaped(text, is_ascii=is_ascii)

    return Unit(value.replace("''", "'") if is_pattern else value, place, put)


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return _NAMED.get(match[2], match[2]) if match[2] else ""

    plain = _ESCAPE.sub(character, text)
    # Characters above U+FFFF are spelled as two surrogates.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped(text: str, *, is_ascii: bool) -> str:
    written = text.replace("\\", "\\\\")
    for name, character in _NAMED.items():
        written = written.replace(character, f"\\{name}")
    if written.startswith(" "):
        written = "\\" + written
    if is_ascii:
        units = written.encode("utf-16-be")
        codes = [int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2)]
        written = "".join(chr(code) if code < 128 else f"\\u{code:04x}" for code in codes)
    return written
