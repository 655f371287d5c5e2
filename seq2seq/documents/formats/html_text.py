"""The texts of an HTML document, which are translated while its markup stays.

Tags, comments and declarations are copied as they are. Scripts, styles and elements with ``translate="no"`` are not
translated. `HtmlText` translates each text node on its own, so a sentence that a tag divides is translated in parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from itertools import accumulate, pairwise

UNREAD = frozenset(("script", "style"))
EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())
"""Elements without content."""


class HtmlText:
    """The texts of a document, in order.

    Args:
        document: The document, or a fragment of one.

    Attributes:
        texts: The texts, without blanks around them, with their entities replaced.
    """

    def __init__(self, document: str) -> None:
        self._parts = _parts(document)
        self.texts = [unescape(raw).strip() for raw, is_text in self._parts if is_text]

    def with_texts(self, texts: Sequence[str]) -> str:
        """Return the document with other texts, as many as it has."""
        following = iter(texts)
        written = []
        for raw, is_text in self._parts:
            if not is_text:
                written.append(raw)
                continue
            size = len(raw) - len(raw.lstrip())
            written += [raw[:size], escape(next(following), quote=False), raw[len(raw.rstrip()) :]]
        return "".join(written)


@dataclass(frozen=True)
class Part:
    """A part of a document.

    Args:
        raw: The part as it is written.
        is_text: Whether it is a text that is translated.
        tag: Of a tag its name, with a slash before it if it ends an element and after it if it has no content.
    """

    raw: str
    is_text: bool
    tag: str = ""


def _parts(document: str) -> list[tuple[str, bool]]:
    """Return the parts of a document, and of each whether it is a text that is translated."""
    return [(part.raw, part.is_text) for part in html_parts(document)]


def html_parts(document: str) -> list[Part]:
    """Return the parts of a document; adjacent texts are one part."""
    # Behind the last > there is no whole tag. The parser would search that text for one from every <, again and again.
    size = document.rfind(">") + 1
    parser = _Parser(document[:size])
    starts = [(0, False, ""), *parser.starts, (size, not parser.is_unread, ""), (len(document), False, "")]
    parts: list[Part] = []
    for (start, is_text, tag), (end, _, _) in pairwise(starts):
        if start == end:
            continue
        if parts and is_text and parts[-1].is_text:
            parts[-1] = Part(parts[-1].raw + document[start:end], is_text=True)
        else:
            parts.append(Part(document[start:end], is_text, tag))
    return [Part(part.raw, part.is_text and bool(unescape(part.raw).strip()), part.tag) for part in parts]


class _Parser(HTMLParser):
    """Finds where markup and texts start.

    Attributes:
        starts: Where each piece of markup or text starts, whether it is a text that is translated, and the tag's name.
    """

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=False)
        self.starts: list[tuple[int, bool, str]] = []
        self._lines = [0, *accumulate(len(line) + 1 for line in document.split("\n"))]
        self._unread: list[str] = []  # the outermost element that is not translated, and open ones in it
        self.feed(document)
        self.close()

    @property
    def is_unread(self) -> bool:
        """Whether what follows is not translated."""
        return bool(self._unread)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and whether its content is translated."""
        self._note(tag=f"{tag}/" if tag in EMPTY else tag)
        is_unread = tag in UNREAD or any(name == "translate" and (value or "").lower() == "no" for name, value in attrs)
        if (self._unread or is_unread) and tag not in EMPTY:
            self._unread.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag without content."""
        self._note(tag=f"{tag}/")

    def handle_endtag(self, tag: str) -> None:
        """Note an end tag, which also ends elements inside that were not ended."""
        self._note(tag=f"/{tag}")
        if tag in self._unread:
            while self._unread.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self._note(is_text=not self._unread)

    def handle_entityref(self, name: str) -> None:
        """Note an entity, which belongs to a text."""
        self._note(is_text=not self._unread)

    def handle_charref(self, name: str) -> None:
        """Note a numeric entity, which belongs to a text."""
        self._note(is_text=not self._unread)

    def handle_comment(self, data: str) -> None:
        """Note a comment."""
        self._note()

    def handle_decl(self, decl: str) -> None:
        """Note a declaration."""
        self._note()

    def unknown_decl(self, data: str) -> None:
        """Note a CDATA section."""
        self._note()

    def handle_pi(self, data: str) -> None:
        """Note a processing instruction."""
        self._note()

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Take ``<![`` as the beginning of a comment, as browsers do; the standard library's parser may fail at it."""
        return self.parse_bogus_comment(i, report)

    def _note(self, *, is_text: bool = False, tag: str = "") -> None:
        line, offset = self.getpos()
        self.starts.append((self._lines[line - 1] + offset, is_text, tag))
