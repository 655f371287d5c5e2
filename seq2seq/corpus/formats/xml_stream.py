"""Reads large XML files element by element with lxml, in flat memory, and the texts in their elements."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seq2seq.corpus.formats.xml_files import local, require_extra
from seq2seq.errors import UserError
from seq2seq.files.bounded_lines import opened
from seq2seq.files.readable import readable
from seq2seq.files.text_encoding import encoding_of
from seq2seq.files.text_head import head_bytes, text_head

CODES = frozenset(("bpt", "ept", "ph", "it", "ut", "sub", "x", "bx", "ex", "cp"))
"""Inline elements of TMX and XLIFF whose content is code of the document's own format. The content of all others, such
as hi, g, mrk and pc, is text."""
_NAMES = {"utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE"}
"""Encodings that are given to lxml. Of any other file, its byte order mark counts, or what it declares."""
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)", re.DOTALL)
_ROOT = re.compile(r"\s*<([\w.:-]+)")


def root_name(text: str) -> str:
    """Return the name of the root element, without its namespace, from the beginning of a file; '' if it has none."""
    place = 0
    while match := _PROLOG.match(text, place):
        place = match.end()
    root = _ROOT.match(text, place)
    return root[1].rpartition(":")[2] if root else ""


def elements(path: Path, root: str, title: str, *names: str) -> Iterator[Any]:
    """Yield the elements with certain names when they are complete; each is emptied when the next one is read.

    Nothing is fetched and no entity is expanded.

    Args:
        path: The file, which may be .gz.
        root: Required name of the root element.
        title: Name of the format, for messages.
        names: Names of the elements, which are not nested.

    Raises:
        UserError: If lxml is missing, or if the file has another root, is damaged, or is not well-formed (names the
            line).
    """
    require_extra("lxml", str(path))
    from lxml import etree

    found = root_name(text_head(path))
    if found and found != root:
        raise UserError(f"{path} is not {title}: its root element is {found}, not {root}.")
    encoding = encoding_of(head_bytes(path))
    try:
        with readable(path), opened(path) as file:
            events = etree.iterparse(
                file,
                tag=[f"{{*}}{name}" for name in names],
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                remove_comments=True,
                remove_pis=True,
                encoding=_NAMES.get(encoding),
            )
            for _, element in events:
                yield element
                element.clear()
                _forget_before(element)
    except etree.XMLSyntaxError as fault:
        raise UserError(f"{path}:{fault.lineno}: not well-formed XML ({fault.msg}).") from fault


def _forget_before(element: Any) -> None:  # noqa: ANN401 - lxml has no types
    """Remove everything before an element from the tree; only its ancestors stay, with their attributes."""
    while (parent := element.getparent()) is not None:
        while element.getprevious() is not None:
            del parent[0]
        element = parent


def children(element: Any, name: str) -> list[Any]:  # noqa: ANN401 - lxml has no types
    """Return the children of an element that have a name."""
    return [child for child in element if local(child) == name]


def text_of(element: Any, place: str) -> str:  # noqa: ANN401 - lxml has no types
    """Return the text of an element, without the codes in it.

    Args:
        element: An element with text and inline elements.
        place: ``FILE:LINE``, for messages.

    Raises:
        UserError: If an entity is in it, the text of which is unknown.
    """
    return "".join(_parts(element, place)).strip()


def _parts(element: Any, place: str) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
    yield element.text or ""
    for child in element:
        if not isinstance(child.tag, str):
            raise UserError(
                f"{place}: the entity {child.text} is not one of XML's own, and no other is expanded: write its text."
            )
        if local(child) not in CODES:
            yield from _parts(child, place)
        yield child.tail or ""
