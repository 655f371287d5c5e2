"""Translation memories (TMX): units without a segment in the target language get one that is marked as machine output.

The mark is ``changeid="lstm-seq2seq"`` and the property ``x-machine-translated``, because TMX has no states.
"""

from typing import Any

from seq2seq.corpus.formats.xml_files import local, parsed, written
from seq2seq.documents.inline_elements import InlineElements
from seq2seq.documents.languages import Languages, same
from seq2seq.documents.unit import Unit
from seq2seq.errors import UserError

PAIRED = frozenset(("hi",))
CHANGER, PROPERTY = "lstm-seq2seq", "x-machine-translated"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Memory:
    """A translation memory; see `Document`.

    Args:
        content: The file.
        name: Its name, for messages.
        languages: Languages of the model.

    Raises:
        UserError: If it is not TMX, or if the languages are unknown.
    """

    def __init__(self, content: bytes, name: str, languages: Languages) -> None:
        self._tree = parsed(content, name)
        root = self._tree.getroot()
        if local(root) != "tmx":
            raise UserError(f"{name} is not TMX: its root element is {local(root) or 'none'}, not tmx.")
        header = next((found for found in root if local(found) == "header"), None)
        source = languages.source or ("" if header is None else header.get("srclang", ""))
        if not languages.target or source in ("", "*all*"):
            raise UserError(
                f"{name} names the language of each segment, but the model's are unknown: {languages.advice}."
            )
        self.units: list[Unit] = []
        self.faults: list[str] = []
        for element in root.iter():
            if local(element) == "tu":
                self._add(element, f"{name}:{element.sourceline}", Languages(source, languages.target))

    def content(self) -> bytes:
        """Return the memory with the translations that were put."""
        return written(self._tree)

    def _add(self, element: Any, place: str, languages: Languages) -> None:  # noqa: ANN401 - lxml has no types
        variants = [child for child in element if local(child) == "tuv"]
        source, target = (
            next((found for found in variants if same(_language(found), code)), None)
            for code in (languages.source, languages.target)
        )
        segment = None if source is None else _segment(source)
        if segment is None:
            self.faults.append(f"{place}: no segment in {languages.source}")
            return
        inline = InlineElements()

        def put(translation: str) -> None:
            variant = target
            if variant is None:
                assert source is not None
                variant = element.makeelement(source.tag)
                variant.set(_LANG if source.get(_LANG) else "lang", languages.target)
                variant.text, variant.tail = source.text, source.tail
                element.insert(element.index(source) + 1, variant)
            new = _segment(variant)
            if new is None:
                new = variant.makeelement(segment.tag)
                new.tail = segment.tail
                variant.append(new)
            inline.write(new, translation)
            variant.set("changeid", CHANGER)
            if not any(local(child) == "prop" and child.get("type") == PROPERTY for child in variant):
                mark = variant.makeelement(segment.tag.replace("seg", "prop"), {"type": PROPERTY})
                mark.text, mark.tail = "true", variant.text
                variant.insert(variant.index(new), mark)

        found = None if target is None else _segment(target)
        is_machine = target is not None and target.get("changeid") == CHANGER
        is_empty = found is None or not ("".join(found.itertext()).strip() or len(found))
        self.units.append(Unit(inline.read(segment, PAIRED), place, put, is_empty or is_machine, tuple(inline.pairs)))


def _language(variant: Any) -> str:  # noqa: ANN401 - lxml has no types
    return str(variant.get(_LANG) or variant.get("lang") or "")


def _segment(variant: Any) -> Any:  # noqa: ANN401 - lxml has no types
    return next((child for child in variant if local(child) == "seg"), None)
