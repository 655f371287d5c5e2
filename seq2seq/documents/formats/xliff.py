"""XLIFF 1.2 and 2: units without a translation, or with an unfinished one, get one that is marked for review.

Version 1.2 gets ``state="needs-review-translation" state-qualifier="leveraged-mt"``, and version 2, which has no such
state, ``state="translated" subState="seq2seq:machine"``. Inline elements are kept; those with text of their own (g,
mrk, pc) enclose their translation.
"""

from collections.abc import Callable
from typing import Any

from seq2seq.corpus.formats.xliff import MACHINE, is_fixed, is_open_segment, is_open_unit
from seq2seq.corpus.formats.xml_files import local, parsed, written
from seq2seq.corpus.formats.xml_stream import children
from seq2seq.documents.inline_elements import InlineElements, attributes
from seq2seq.documents.languages import Languages
from seq2seq.documents.unit import Unit
from seq2seq.errors import UserError

PAIRED = frozenset(("g", "mrk", "pc"))


class Xliff:
    """A document of XLIFF; see `Document`.

    Args:
        content: The file.
        name: Its name, for messages.
        languages: Languages of the model.

    Raises:
        UserError: If it is not XLIFF, or if it lacks a target language and the model has none either.
    """

    def __init__(self, content: bytes, name: str, languages: Languages) -> None:
        self._tree = parsed(content, name)
        root = self._tree.getroot()
        if local(root) != "xliff":
            raise UserError(f"{name} is not XLIFF: its root element is {local(root) or 'none'}, not xliff.")
        self._name = name
        self.units: list[Unit] = []
        self.faults: list[str] = []
        if str(root.get("version", "1.2")).startswith("2"):
            self._read_2(root, languages)
        else:
            self._read_1(root, languages)

    def content(self) -> bytes:
        """Return the document with the translations that were put."""
        return written(self._tree)

    def _read_1(self, root: Any, languages: Languages) -> None:  # noqa: ANN401 - lxml has no types
        for file in children(root, "file"):
            if not file.get("target-language") and languages.target:
                file.set("target-language", languages.target)
            for element in file.iter():
                if local(element) != "trans-unit" or is_fixed(element):
                    continue
                source = next(iter(children(element, "seg-source") or children(element, "source")), None)
                if source is None:
                    self.faults.append(f"{self._place(element)}: a trans-unit without source")
                    continue
                target = next(iter(children(element, "target")), None)
                unit, width = element.get("size-unit", "pixel"), _number(element.get("maxwidth"))
                self._add(
                    element,
                    source,
                    target,
                    is_wanted=is_open_unit(element, target) or _is_empty(target),
                    mark=lambda new, _: attributes(
                        new, state="needs-review-translation", state_qualifier="leveraged-mt"
                    ),
                    most_characters=width if unit == "char" else 0,
                    most_bytes=_number(element.get("maxbytes")) or (width if unit == "byte" else 0),
                )

    def _read_2(self, root: Any, languages: Languages) -> None:  # noqa: ANN401 - lxml has no types
        if not root.get("trgLang"):
            if not languages.target:
                raise UserError(
                    f"{self._name} has no target language (trgLang), and neither has the model: add the attribute "
                    'to the element xliff, for example trgLang="de".'
                )
            root.set("trgLang", languages.target)
        for element in root.iter():
            if local(element) != "segment" or is_fixed(element):
                continue
            source, target = (next(iter(children(element, name)), None) for name in ("source", "target"))
            if source is None:
                self.faults.append(f"{self._place(element)}: a segment without source")
                continue
            self._add(
                element,
                source,
                target,
                is_wanted=is_open_segment(element) or _is_empty(target),
                mark=lambda _, segment: attributes(segment, state="translated", subState=MACHINE),
            )

    def _add(
        self,
        element: Any,  # noqa: ANN401 - lxml has no types
        source: Any,  # noqa: ANN401 - as above
        target: Any,  # noqa: ANN401 - as above
        *,
        is_wanted: bool,
        mark: Callable[[Any, Any], None],
        most_characters: int = 0,
        most_bytes: int = 0,
    ) -> None:
        inline = InlineElements()

        def put(translation: str) -> None:
            new = target
            if new is None:
                new = source.makeelement(source.tag.rpartition("}")[0] + "}target" if "}" in source.tag else "target")
                new.tail = source.tail
                source.getparent().insert(source.getparent().index(source) + 1, new)
            space = source.get("{http://www.w3.org/XML/1998/namespace}space")
            if space:
                new.set("{http://www.w3.org/XML/1998/namespace}space", space)
            inline.write(new, translation)
            mark(new, element)

        self.units.append(
            Unit(
                inline.read(source, PAIRED),
                self._place(element),
                put,
                is_wanted,
                tuple(inline.pairs),
                most_characters=most_characters,
                most_bytes=most_bytes,
            )
        )

    def _place(self, element: Any) -> str:  # noqa: ANN401 - lxml has no types
        named = element.get("id") or next((found.get("id") for found in element.iterancestors() if found.get("id")), "")
        return f"{self._name}:{element.sourceline}" + (f" ({named})" if named else "")


def _is_empty(element: Any) -> bool:  # noqa: ANN401 - lxml has no types
    return element is None or not ("".join(element.itertext()).strip() or len(element))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
