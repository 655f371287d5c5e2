"""HTML documents: a paragraph is one text, in which tags of inline elements such as ``<b>`` are protected.

Other tags divide texts. The content of code is kept. Attributes are not translated.
"""

import re
from html import escape, unescape

from seq2seq.documents.formats.html_text import Part, html_parts
from seq2seq.documents.inline_elements import InlineElements
from seq2seq.documents.languages import Languages
from seq2seq.documents.unit import TextDocument, Unit

INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big cite del dfn em font i ins label mark q s small span strike strong sub sup time tt u"
    " wbr img".split()
)
KEPT = frozenset("code kbd samp var pre textarea".split())
"""Elements whose content is not translated."""
_BLANKS = re.compile("[ \t\r\n\f]+")


def html(text: str, encoding: str, name: str, _: Languages) -> TextDocument:
    """Read an HTML document, or a fragment of one."""
    parts = html_parts(text)
    document = TextDocument([part.raw for part in parts], encoding)
    line, position = 1, 0
    for start, end in _paragraphs(parts):
        line += sum(part.raw.count("\n") for part in parts[position:start])
        position = start
        document.units.append(_unit(document, parts, start, end, f"{name}:{line}"))
    return document


def _paragraphs(parts: list[Part]) -> list[tuple[int, int]]:
    """Return where each text begins and ends among the parts, with its inline tags."""
    found: list[tuple[int, int]] = []
    start, has_text, kept = 0, False, ""
    for number, part in enumerate([*parts, Part("", is_text=False, tag="p")]):
        name = part.tag.strip("/")
        if kept:
            kept = "" if part.tag == f"/{kept}" else kept
        elif part.tag in ("code", "kbd", "samp", "var") or (part.tag in KEPT and not has_text):
            kept = part.tag
        elif name and name not in INLINE_TAGS:
            if has_text:
                found.append((start, number))
            start, has_text = number + 1, False
        else:
            has_text = has_text or part.is_text
    return found


def _unit(document: TextDocument, parts: list[Part], start: int, end: int, place: str) -> Unit:
    inline = InlineElements()
    text = ""
    closes = _matched(parts, start, end)
    closing: dict[int, str] = {}
    number = start
    while number < end:
        part = parts[number]
        if part.tag in KEPT and number in closes:
            text += inline.whole("".join(found.raw for found in parts[number : closes[number] + 1]))
            number = closes[number]
        elif number in closes:
            before, closing[closes[number]] = inline.tags(part.raw, parts[closes[number]].raw)
            text += before
        elif number in closing:
            text += closing[number]
        elif part.is_text or not (part.tag or part.raw.strip()):
            text += inline.literal(_BLANKS.sub(" ", unescape(part.raw)))
        else:
            text += inline.whole(part.raw)
        number += 1
    first, last = parts[start].raw, parts[end - 1].raw
    before = first[: len(first) - len(first.lstrip())]
    after = last[len(last.rstrip()) :] if end - start > 1 or first.strip() else ""

    def written(character: str) -> str:
        role, item = inline.meaning(character) or ("literal", character)
        return escape(item, quote=False) if role == "literal" else str(item)

    def put(translation: str) -> None:
        body = "".join(map(written, " ".join(translation.split("\n")).strip(" ")))
        document.parts[start:end] = [before + body + after, *[""] * (end - start - 1)]

    return Unit(text.strip(" "), place, put, pairs=tuple(inline.pairs))


def _matched(parts: list[Part], start: int, end: int) -> dict[int, int]:
    """Return the place of the end tag of each start tag of a paragraph that has one, properly nested."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for number in range(start, end):
        tag = parts[number].tag
        if tag.startswith("/"):
            if opened and parts[opened[-1]].tag == tag[1:]:
                found[opened.pop()] = number
        elif tag and not tag.endswith("/"):
            opened.append(number)
    return found
