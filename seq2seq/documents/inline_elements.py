"""Inline elements of XML as characters in a text, and the elements again from a translation."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from seq2seq.corpus.formats.xml_files import is_comment, local
from seq2seq.corpus.protected_spans import INLINE

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MOST = 0xFFFD


class InlineElements:
    """The inline elements of one text.

    Attributes:
        pairs: Characters of opening and closing tags that belong together.
    """

    def __init__(self) -> None:
        self._written: dict[str, tuple[str, Any]] = {}
        self.pairs: list[tuple[str, str]] = []

    def whole(self, item: Any) -> str:  # noqa: ANN401 - an element or what a format makes of it
        """Return a character for an element that is kept with its content."""
        return self._added("whole", item)

    def pair(self, item: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
        """Return the characters for the tags of an element, the content of which is translated."""
        found = self._added("open", item), self._added("close", item)
        self.pairs.append(found)
        return found

    def tags(self, opening: str, closing: str) -> tuple[str, str]:
        """Return the characters for two tags that are texts; the text between them is translated."""
        found = self._added("open", opening), self._added("close", closing)
        self.pairs.append(found)
        return found

    def literal(self, text: str) -> str:
        """Return a text in which no character is taken for an element."""
        return "".join(
            self._added("literal", character) if ord(character) >= INLINE else character for character in text
        )

    def meaning(self, character: str) -> tuple[str, Any] | None:
        """Return what a character stands for: its role ('whole', 'open', 'close', 'literal') and its item."""
        return self._written.get(character)

    def restored(self, text: str) -> str:
        """Return a text with the items instead of their characters; the items are texts."""
        return "".join(self._written.get(character, ("", character))[1] for character in text)

    def _added(self, role: str, item: Any) -> str:  # noqa: ANN401 - as above
        character = chr(INLINE + min(len(self._written), MOST))
        self._written[character] = role, item
        return character

    def read(self, element: Any, paired: frozenset[str]) -> str:  # noqa: ANN401 - lxml has no types
        """Return the content of an element as a text.

        Args:
            element: An element with text and inline elements.
            paired: Names of inline elements, the content of which is translated; all others are kept whole, except
                comments, which are left out.
        """
        text = self.literal(element.text or "")
        for child in element:
            if local(child) in paired and child.get("translate") != "no" and child.get("mtype") != "protected":
                before, after = self.pair(child)
                text += before + self.read(child, paired) + after
            elif not is_comment(child):
                text += self.whole(child)
            text += self.literal(child.tail or "")
        return text

    def write(self, element: Any, text: str) -> None:  # noqa: ANN401 - lxml has no types
        """Replace the content of an element by a text with inline characters."""
        for child in list(element):
            element.remove(child)
        element.text = None
        opened, last = [element], None
        for character in _ILLEGAL.sub("", text):
            role, item = self._written.get(character, _literal(character))
            if role == "literal":
                if last is None:
                    opened[-1].text = (opened[-1].text or "") + item
                else:
                    last.tail = (last.tail or "") + item
            elif role == "close":
                last = opened.pop()
            else:
                added = deepcopy(item)
                added.tail = None
                if role == "open":
                    for child in list(added):
                        added.remove(child)
                    added.text = None
                opened[-1].append(added)
                last = None if role == "open" else added
                if role == "open":
                    opened.append(added)


def _literal(character: str) -> tuple[str, Any]:
    return "literal", character


def attributes(element: Any, **given: str) -> None:  # noqa: ANN401 - lxml has no types
    """Set attributes; underscores in names become hyphens."""
    values: Mapping[str, str] = given
    for name, value in values.items():
        element.set(name.replace("_", "-"), value)
