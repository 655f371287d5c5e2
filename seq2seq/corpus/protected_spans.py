"""Spans that a translation must contain unchanged: placeholders, tags, code, URLs, e-mail addresses, amounts.

Code is that of reStructuredText, in which Sphinx's catalogues are written: ``literals`` and texts with a :role:`...`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

INLINE = 0x100000
"""Code points from here on stand for inline elements of a document (`seq2seq.documents`), such as a tag of XLIFF."""

_URL = r"(?:(?:https?|ftps?|file)://|mailto:|www\.)[!#-&*-;=?-~]+(?<![.,;:!?])"
_EMAIL = r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}(?![A-Za-z0-9])"
_CODE = r"``(?![`\s])[^`]{0,200}?(?<!\s)``|:[A-Za-z][\w:.+-]{0,60}:`[^`]{1,200}`"
_TAG = (
    r"<(?:https?|ftps?|file|mailto):[!#-;=?-~]{1,2000}>|<!--.{0,500}?-->"
    r"|</?[A-Za-z][\w:.-]{0,63}(?:\s[^<>]{0,1000})?/?>"
)
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
# Without the space flag, because "100% of" is text. After a digit, a letter may not follow ("100%completed"). The
# flag - needs a width, because "%-style" is text.
_FORMAT = (
    r"%(?:\d{1,2}\$)?(?:[+0#']|-(?=[-+0#'\d*])){0,5}(?:\*|\d{1,3})?(?:\.(?:\*|\d{1,3})?)?(?:hh?|ll?|[Lqjzt]|I64|I32)?"
    r"[diouxXeEfFgGaAcCrsSpn@]"
)
_PERCENT = (
    r"%\([\w .-]{1,60}\)[-+0# ]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]|%[A-Za-z_][\w.]{2,40}%(?![A-Za-z(\d%])"
    rf"|%%|%\{{\w{{1,60}}\}}|(?<!\d){_FORMAT}|(?<=\d){_FORMAT}(?![A-Za-z])|(?<!\d)%L?\d{{1,2}}(?!\w)"
)
_BRACES = r"\$?\{\{[^{}\n]{0,120}\}\}|[$#]?\{[\w.\-\[\]!:<>=^+#$%,/@|*?]{0,80}\}|\$[A-Za-z_]\w{0,60}\$?"
_ESCAPE = r"\\[nrt](?![A-Za-z])"
_UNITS = (
    "%|‰|°C|°F|°|[kKMGT]i?B/s|[kKMGT]i?B|[kMG]?bit/s|[kMG]?bps|[kMGT]?Hz|km/h|km²|m²|cm²|m³|km|cm|mm|µm|μm|nm|m|ft|mi"
    "|kg|mg|µg|μg|g|lb|oz|ml|mL|l|L|ms|µs|μs|ns|s|h|min|kWh|Wh|kW|MW|W|kV|mV|V|mA|mAh|kPa|hPa|Pa|bar|px|pt|em|rem|dpi"
    "|fps|rpm|dB"
)
_NUMBER = (
    rf"(?<![A-Za-z0-9_.,])(?:[$€£¥]\s?\d[\d.,]{{0,30}}(?<![.,])|\d(?:[\d.,\u00a0\u202f]{{0,30}}\d)?[ \u00a0\u202f]?"
    rf"(?:{_UNITS}|€|£)(?![A-Za-z0-9_]))"
)
_OWN = r"[\U00100000-\U0010ffff]"
_KINDS = {
    "inline": _OWN,
    "code": _CODE,
    "url": _URL,
    "email": _EMAIL,
    "tag": _TAG,
    "entity": _ENTITY,
    "number": _NUMBER,
    "percent": _PERCENT,
    "brace": _BRACES,
    "escape": _ESCAPE,
}
_CHOICE = re.compile(r"\{\s*[\w.]{1,60}\s*,\s*(?:plural|select|selectordinal|choice|number|date|time)\s*[,}]")
_UNNUMBERED = re.compile(r"%(?!\(|\{|%|L?\d{1,2}(?:\$|$))(?![A-Za-z_][\w.]{2,40}%$)|\{\}")


@dataclass(frozen=True)
class Span:
    """A protected part of a text.

    Args:
        start: Index of its first character.
        end: Index after its last character.
        text: Its text.
        kind: 'inline', 'code', 'url', 'email', 'tag', 'entity', 'percent' (a printf format), 'brace', 'number' or
            'escape'.
    """

    start: int
    end: int
    text: str
    kind: str


def spans(text: str) -> list[Span]:
    """Return the protected spans of a text, in order."""
    found: list[Span] = []
    pattern, choices = _pattern(), _choices(text)
    position = 0
    while True:
        match = pattern.search(text, position)
        while choices and choices[0][0] < position:
            choices.pop(0)
        if choices and (match is None or choices[0][0] <= match.start()):
            start, end = choices.pop(0)
            found.append(Span(start, end, text[start:end], "brace"))
        elif match:
            found.append(Span(match.start(), match.end(), match[0], match.lastgroup or ""))
        else:
            return found
        position = found[-1].end


@cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of all spans, which takes milliseconds to compile."""
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()), re.ASCII)


def _choices(text: str) -> list[tuple[int, int]]:
    """Return start and end of each outermost block of ICU's MessageFormat with a type, such as a plural."""
    found: list[tuple[int, int]] = []
    position = 0
    while match := _CHOICE.search(text, position):
        position = _balanced(text, match.start())
        found.append((match.start(), position))
    return found


def _balanced(text: str, start: int) -> int:
    """Return the index after the brace that closes the one at `start`; the end of the text if none does."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place + 1
    return len(text)


def key(span: str) -> str:
    """Return the form in which spans are compared: without spaces, which normalization may change."""
    return "".join(span.split())


def pieces(text: str) -> list[str]:
    """Split a text at its spans: text and spans alternate, and the list begins and ends with a text."""
    parts, position = [], 0
    for span in spans(text):
        parts += [text[position : span.start], span.text]
        position = span.end
    return [*parts, text[position:]]


@dataclass(frozen=True)
class Difference:
    """How the spans of an output differ from those of its source.

    Args:
        lost: Spans of the source that the output lacks.
        invented: Spans of the output that the source lacks.
        is_reordered: Whether formats without a number or name, which refer to arguments by their order, are in another
            order.
    """

    lost: tuple[str, ...]
    invented: tuple[str, ...]
    is_reordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.lost or self.invented or self.is_reordered)


def difference(source: str, output: str) -> Difference:
    """Compare the spans of an output with those of its source, by number and spelling."""
    ours, theirs = spans(source), spans(output)
    wanted, given = Counter(key(span.text) for span in ours), Counter(key(span.text) for span in theirs)
    orders = [[key(span.text) for span in found if _UNNUMBERED.match(span.text)] for found in (ours, theirs)]
    lost, invented = wanted - given, given - wanted
    return Difference(
        tuple(lost.elements()), tuple(invented.elements()), not (lost or invented) and orders[0] != orders[1]
    )


def respelled(source: str, output: str) -> str:
    """Return an output with its spans spelled as in the source; spaces in them may differ."""
    spellings: dict[str, list[str]] = {}
    for span in spans(source):
        spellings.setdefault(key(span.text), []).append(span.text)
    parts = pieces(output)
    for place in range(1, len(parts), 2):
        if known := spellings.get(key(parts[place])):
            parts[place] = known.pop(0) if len(known) > 1 else known[0]
    return "".join(parts)
