"""Word documents (.docx): paragraphs of the text, tables, headers, footers and notes are translated.

Formatted parts of a paragraph and links are protected tags; pictures, fields, notes' marks and the like are kept whole.
All other parts of the file are copied as they are.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from seq2seq.corpus.formats.xml_files import local, parsed, require_extra, written
from seq2seq.documents.inline_elements import InlineElements
from seq2seq.documents.languages import Languages
from seq2seq.documents.unit import MOST_BYTES, Unit
from seq2seq.errors import UserError

_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CONTAINERS = frozenset(("hyperlink", "ins", "smartTag"))
_DROPPED = frozenset(("proofErr", "lastRenderedPageBreak"))
_UNSEEN = frozenset(("lang", "noProof", "rFonts", "szCs", "bCs", "iCs"))
"""Properties of a run in which it may differ from its neighbors without looking different in one language."""
_PLAIN = frozenset(("t", "tab", "br", "cr", "rPr", "noBreakHyphen", "softHyphen", *_DROPPED))


_TEXT: tuple[str, Any] = "literal", None
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The compressions that the format permits."""
_ENCRYPTED = 1
"""The bit of a flag of an archive's entries."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
"""What reading a damaged or encrypted archive raises."""


def require_size(content: bytes, name: str, most_bytes: int) -> None:
    """Check that a file is an archive, and how large it is when it is unpacked.

    Raises:
        UserError: If it is no archive, if it is too large, or if lxml is missing.
    """
    require_extra("lxml", name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except _DAMAGED as fault:
        raise UserError(f"{name} is not a Word document (.docx): {_kind_of(content)}.") from fault
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise UserError(f"{name} is encrypted: save it without a password.")
    if any(entry.compress_type not in _COMPRESSIONS for entry in entries):
        raise UserError(f"{name} is not a Word document: it is compressed by another method than deflate.")
    if sum(entry.file_size for entry in entries) > most_bytes:
        raise UserError(f"{name} is larger than {most_bytes >> 20} MB when it is unpacked.")


class WordDocument:
    """A Word document; see `Document`.

    Args:
        content: The file.
        name: Its name, for messages.

    Raises:
        UserError: If it is not a Word document, or if it is too large.
    """

    def __init__(self, content: bytes, name: str, _: Languages) -> None:
        self.units: list[Unit] = []
        self.faults: list[str] = []
        self._content, self._name = content, name
        self._trees: dict[str, Any] = {}
        require_size(content, name, 4 * MOST_BYTES)
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for entry in archive.infolist():
                    if _PARTS.fullmatch(entry.filename):
                        self._trees[entry.filename] = parsed(archive.read(entry), f"{name} ({entry.filename})")
        except _DAMAGED as fault:
            raise _damaged(name) from fault
        if "word/document.xml" not in self._trees:
            raise UserError(f"{name} is not a Word document: it contains no word/document.xml.")
        for part, tree in sorted(self._trees.items()):
            for number, paragraph in enumerate(list(tree.iter(f"{_W}p")), 1):
                self._add(paragraph, f"{name}: {part.removeprefix('word/')}, paragraph {number}")

    def content(self) -> bytes:
        """Return the document with the translations that were put.

        Raises:
            UserError: If a part that is copied is damaged.
        """
        new = io.BytesIO()
        try:
            with zipfile.ZipFile(io.BytesIO(self._content)) as old, zipfile.ZipFile(new, "w") as archive:
                for entry in old.infolist():
                    tree = self._trees.get(entry.filename)
                    content = written(tree) if tree is not None else old.read(entry)
                    archive.writestr(entry, content, entry.compress_type)
        except _DAMAGED as fault:
            raise _damaged(self._name) from fault
        return new.getvalue()

    def _add(self, paragraph: Any, place: str) -> None:  # noqa: ANN401 - lxml has no types
        content = _Paragraph(paragraph)
        if any(character.isalpha() for character in content.text):
            self.units.append(Unit(content.text, place, content.put, pairs=tuple(content.inline.pairs)))


def _damaged(name: str) -> UserError:
    return UserError(
        f"{name} is damaged: a part of it cannot be unpacked. Get another copy, or open it in a word processor and "
        "save it again."
    )


def _kind_of(content: bytes) -> str:
    """Return what a file is that is no archive, and what to do."""
    if content.startswith(b"PK"):
        return "it is a damaged or incomplete archive; get another copy"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "it is of the older format .doc, or has a password; save it as .docx without a password"
    if content.startswith(b"{\\rtf"):
        return "it is of the format .rtf; save it as .docx"
    return "it is no archive, as such documents are; save it as .docx, or rename it if it is text"


class _Paragraph:
    """The text of a paragraph.

    Attributes:
        text: Its text; the format of most of it needs no tags.
        inline: Its tags and what is kept whole.
    """

    def __init__(self, element: Any) -> None:  # noqa: ANN401 - lxml has no types
        self._element = element
        self.inline = InlineElements()
        self._before: list[Any] = []
        self._after: list[Any] = []
        sizes: dict[str, int] = {}
        self._formats: dict[str, Any] = {}
        for run in element.iter(f"{_W}r"):
            name = _format(run)
            self._formats.setdefault(name, run.find(f"{_W}rPr"))
            sizes[name] = sizes.get(name, 0) + len("".join(part.text or "" for part in run.iter(f"{_W}t")))
        self._main = max(sizes, key=lambda name: sizes[name], default="")
        self.text = self._read(list(element))

    def _read(self, children: list[Any]) -> str:
        text, runs, name = "", "", self._main
        field: list[Any] = []
        depth = 0

        def closed() -> str:
            if not runs or name == self._main:
                return runs
            before, after = self.inline.pair(self._formats[name])
            return before + runs + after

        for child in children:
            kind = local(child)
            depth += _field_depth(child)
            if field or depth:
                field.append(child)
                if not depth:
                    text, runs = text + closed() + self.inline.whole(field), ""
                    field = []
            elif kind == "r" and all(local(part) in _PLAIN for part in child):
                if _format(child) != name:
                    text, runs, name = text + closed(), "", _format(child)
                runs += self.inline.literal("".join(map(_character, child)))
            elif kind in _CONTAINERS:
                text, runs = text + closed(), ""
                before, after = self.inline.pair(child)
                text += before + self._read(list(child)) + after
            elif kind == "pPr" or kind.startswith("bookmark"):
                (self._after if text or runs else self._before).append(child)
            elif kind not in _DROPPED:
                text, runs = text + closed() + self.inline.whole([child]), ""
        text += closed()
        return text + self.inline.whole(field) if field else text

    def put(self, translation: str) -> None:
        """Replace the text of the paragraph."""
        for child in list(self._element):
            self._element.remove(child)
        self._element.extend(self._before)
        opened, formats = [self._element], [self._formats.get(self._main)]
        tags: list[bool] = []  # whether an open tag is an element, not a format
        for part in _runs(translation, self.inline):
            meaning = self.inline.meaning(part)
            role, item = meaning if meaning else _TEXT
            if role == "whole":
                opened[-1].extend(item)
            elif role == "open":
                is_element = item is not None and local(item) in _CONTAINERS
                tags.append(is_element)
                if is_element:
                    copied = item.makeelement(item.tag, dict(item.attrib), item.nsmap)
                    opened[-1].append(copied)
                    opened.append(copied)
                else:
                    formats.append(item)
            elif role == "close":
                (opened if tags.pop() else formats).pop()
            else:
                opened[-1].append(_run(self._element, formats[-1], part))
        self._element.extend(self._after)


def _format(run: Any) -> str:  # noqa: ANN401 - lxml has no types
    """Return what the format of a run looks like."""
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return ""
    shown = [f"{local(found)} {sorted(found.attrib.items())}" for found in properties if local(found) not in _UNSEEN]
    return "; ".join(sorted(shown))


def _character(part: Any) -> str:  # noqa: ANN401 - as above
    """Return the text of a part of a run."""
    name = local(part)
    if name == "t":
        return part.text or ""
    return {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}.get(name, "")


def _field_depth(element: Any) -> int:  # noqa: ANN401 - as above
    """Return how many fields begin in an element, less those that end."""
    kinds = [found.get(f"{_W}fldCharType") for found in element.iter(f"{_W}fldChar")]
    return kinds.count("begin") - kinds.count("end")


def _runs(text: str, inline: InlineElements) -> Iterator[str]:
    """Yield inline characters, and the texts between them."""
    run = ""
    for character in text:
        meaning = inline.meaning(character)
        if meaning is None or meaning[0] == "literal":
            run += character
            continue
        if run:
            yield run
        run = ""
        yield character
    if run:
        yield run


def _run(paragraph: Any, properties: Any, text: str) -> Any:  # noqa: ANN401 - as above
    """Return a run with a text."""
    run = paragraph.makeelement(f"{_W}r")
    if properties is not None:
        run.append(deepcopy(properties))
    for part in re.split("([\n\t])", text):
        if part:
            name = {"\n": "br", "\t": "tab"}.get(part, "t")
            element = run.makeelement(f"{_W}{name}")
            if name == "t":
                element.text = part
                element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(element)
    return run
