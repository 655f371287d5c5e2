"""Markdown: paragraphs, headings, items and cells are translated; code, links' addresses and layout stay.

markdown-it-py finds the blocks. The lines of a paragraph become one line. A link whose text is its label, ``[label]``,
becomes ``[translation][label]``. Characters of markup that a translation has more often than its source are escaped.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from seq2seq.corpus.formats.xml_files import require_extra
from seq2seq.corpus.languages import separator
from seq2seq.documents.inline_elements import InlineElements
from seq2seq.documents.languages import Languages
from seq2seq.documents.unit import TextDocument, Unit

_CODE = r"(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
_WHOLE = (
    rf"{_CODE}|(?P<image>!\[[^\[\]]*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])?)|(?P<auto><[a-z]+:[^<>\s]+>)"
    r"|(?P<note>\[\^[^\[\]]+\])|(?P<escape>\\[!-/:-@\[-`{-~])|(?P<math>\$\$[^$]+\$\$)|(?P<tag></?[A-Za-z][^<>]*>)"
)
_LINK = r"\[(?P<label>[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\](?P<address>\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])?"
_STRONG = (
    r"(?P<mark>\*{1,3}|~~)(?=\S)(?P<strong>.+?)(?<=\S)(?P=mark)(?!\*)"
    r"|(?<!\w)(?P<line>_{1,3})(?=\S)(?P<weak>.+?)(?<=\S)(?P=line)(?!\w)"
)
_MARKUP = re.compile(f"{_WHOLE}|{_LINK}|{_STRONG}")
_BLOCK_START = re.compile(r">|(?:#{1,6}|[-+*]|\d{1,9}[.)])(?=\s|$)|(?:-+|=+)\s*$|~~~|```")
_MARKS = "`*_[]<~\\"
"""Characters that are markup, unless a backslash precedes them."""
IsKnown = Callable[[str], bool]
"""Returns whether a document defines the address of a label."""
_HARD_BREAK = re.compile(r"(?: {2,}|\\)$")


def markdown(text: str, encoding: str, name: str, _: Languages) -> TextDocument:
    """Read a Markdown document.

    Raises:
        UserError: If markdown-it-py is missing.
    """
    require_extra("markdown_it", name)
    from markdown_it import MarkdownIt
    from markdown_it.common.utils import normalizeReference

    lines = re.split("(?<=\n)", text)
    document = TextDocument(lines, encoding)
    front = _front_matter(lines)
    found: dict[str, dict[str, object]] = {}
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse("".join(lines[front:]), found)
    labels = found.get("references", {})

    def is_known(label: str) -> bool:
        return normalizeReference(label) in labels

    rows: dict[int, _Row] = {}
    for before, token in pairwise(tokens):
        if token.type != "inline" or token.map is None or not token.content.strip():
            continue
        first, last = token.map[0] + front, token.map[1] + front
        if before.type in ("th_open", "td_open"):
            row = rows.setdefault(first, _Row(document, first, is_known))
            row.add(token.content, f"{name}:{first + 1}")
        else:
            _add_paragraph(document, first, last, token.content.split("\n"), name, is_known)
    return document


def _front_matter(lines: list[str]) -> int:
    """Return the number of lines of YAML at the start."""
    if lines[0].rstrip() != "---":
        return 0
    return next((number + 1 for number, line in enumerate(lines) if number and line.rstrip() in ("---", "...")), 0)


def _add_paragraph(
    document: TextDocument, first: int, last: int, content: list[str], name: str, is_known: IsKnown
) -> None:
    """Add the lines of a block; a hard line break divides them into several units."""
    number = first
    run: list[tuple[int, int, str]] = []  # line, where its text starts, and the text
    for wanted in content:
        bare = wanted.strip()
        while number < last and bare not in document.parts[number]:
            number += 1
        if number == last:
            document.faults.append(f"{name}:{first + 1}: a block that could not be found in its lines")
            return
        line = document.parts[number]
        run.append((number, line.index(bare) if bare else 0, bare))
        is_hard = _HARD_BREAK.search(line.rstrip("\r\n")) is not None and len(run) and wanted is not content[-1]
        if is_hard:
            _add_run(document, run, name, is_known)
            run = []
        number += 1
    if run:
        _add_run(document, run, name, is_known)


def _add_run(document: TextDocument, run: list[tuple[int, int, str]], name: str, is_known: IsKnown) -> None:
    bodies = [text.removesuffix("\\") if place == len(run) - 1 else text for place, (_, _, text) in enumerate(run)]
    joined = bodies[0]
    for body in bodies[1:]:
        joined += separator(joined, body) + body
    inline = InlineElements()
    text = _marked(joined, inline, is_known)
    begins = _BLOCK_START.match(joined) is not None

    def put(translation: str) -> None:
        written = restored(translation, text, inline)
        if (start := _BLOCK_START.match(written)) and not begins:  # a digit cannot be escaped, but its full stop can
            place = start.end() - 1 if start[0][0].isdigit() else 0
            written = f"{written[:place]}\\{written[place:]}"
        number, start_of_text, _ = run[0]
        last_line, last_start, _ = run[-1]
        before = document.parts[number][:start_of_text]
        after = document.parts[last_line][last_start + len(bodies[-1]) :]
        document.parts[number : last_line + 1] = [before + written + after, *[""] * (last_line - number)]

    document.units.append(Unit(text, f"{name}:{run[0][0] + 1}", put, pairs=tuple(inline.pairs)))


class _Row:
    """A row of a table, which is rebuilt from its cells, because each cell moves those after it."""

    def __init__(self, document: TextDocument, line: int, is_known: IsKnown) -> None:
        self._document, self._line, self._is_known = document, line, is_known
        self._row = document.parts[line]
        self._cells: list[tuple[int, int, str]] = []

    def add(self, content: str, place: str) -> None:
        """Add the next cell as a unit."""
        written = content.replace("|", r"\|")
        start = self._row.find(written, self._cells[-1][1] if self._cells else 0)
        if start < 0:
            self._document.faults.append(f"{place}: a cell that could not be found in its row")
            return
        own = len(self._cells)
        self._cells.append((start, start + len(written), written))
        inline = InlineElements()
        text = _marked(content, inline, self._is_known)

        def put(translation: str) -> None:
            body = restored(translation, text, inline).replace(r"\|", "|").replace("|", r"\|")
            self._cells[own] = start, start + len(written), body
            parts, after = [], 0
            for first, last, cell in self._cells:
                parts += [self._row[after:first], cell]
                after = last
            self._document.parts[self._line] = "".join([*parts, self._row[after:]])

        self._document.units.append(Unit(text, place, put, pairs=tuple(inline.pairs)))


def restored(translation: str, source: str, inline: InlineElements) -> str:
    """Return a translation with its markup, in one line.

    Args:
        translation: The translation.
        source: The text that was translated, in which characters of markup are only text.
        inline: The markup of both.
    """
    line = " ".join(translation.split("\n"))
    for character in _MARKS:
        if line.count(character) > source.count(character):
            line = line.replace(character, inline.whole(f"\\{character}"))
    return inline.restored(line).strip()


def _marked(text: str, inline: InlineElements, is_known: IsKnown) -> str:
    """Return a text with inline characters for its markup."""
    parts, position = [], 0
    for match in _MARKUP.finditer(text):
        parts.append(inline.literal(text[position : match.start()]))
        position = match.end()
        label, address = match["label"], match["address"]
        if label is not None:
            inner = label, inline, is_known
            if address in (None, "[]") and not is_known(label):
                parts += ["[", _marked(*inner), f"]{address or ''}"]
                continue
            before, after = inline.tags("[", f"][{label}]" if address in (None, "[]") else f"]{address}")
            parts += [before, _marked(*inner), after]
        elif match["mark"] or match["line"]:
            mark = match["mark"] or match["line"]
            before, after = inline.tags(mark, mark)
            parts += [before, _marked(match["strong"] or match["weak"], inline, is_known), after]
        else:
            parts.append(inline.whole(match[0]))
    return "".join([*parts, inline.literal(text[position:])])
