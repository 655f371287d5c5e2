"""Catalogues of gettext (PO): messages without a translation, or with a fuzzy one, get one that is marked fuzzy.

Comments, order and line breaks of the file stay. Each plural form is translated from the singular or the plural,
whichever its numbers need. The number of forms is the header's, or that of the target language if the header has none.
"""

import gettext
import re
from collections.abc import Callable
from typing import Any

from seq2seq.corpus.formats.gettext_catalogue import CHARSET, declared_encoding, in_utf8, parsed
from seq2seq.corpus.protected_spans import key, spans
from seq2seq.documents.languages import Languages
from seq2seq.documents.unit import Unit

_LIMIT = re.compile(r"\bmax-(length|bytes):\s*(\d{1,6})\b")
# One mark before a letter, which may not begin an entity.
_ACCELERATORS = {"_": re.compile(r"[^_]*_[^\W_][^_]*"), "&": re.compile(r"[^&]*&(?!\w+;)\w[^&]*")}
COUNTS = 210
"""Numbers, from 0 on, that distinguish plural forms; no language needs larger ones."""


class Catalogue:
    """A catalogue; see `Document`.

    Args:
        content: The file.
        name: Its name, for messages.
        languages: Languages of the model.

    Raises:
        UserError: If translate-toolkit is missing, or if the file is not a catalogue.
    """

    def __init__(self, content: bytes, name: str, languages: Languages) -> None:
        self._encoding = declared_encoding(content)
        self._file = parsed(in_utf8(content, name), name)
        self._name = name
        self.units: list[Unit] = []
        self.faults: list[str] = []
        self._complete_header(languages)
        forms = self._forms(languages) if any(entry.hasplural() for entry in self._file.units) else []
        marker = self._file.parseheader().get("X-Accelerator-Marker", "")
        for entry in self._file.units:
            if not entry.isheader() and not entry.isobsolete() and not entry.isblank():
                self._add(entry, forms, marker)

    def content(self) -> bytes:
        """Return the catalogue with the translations that were put, in UTF-8 if its encoding lacks a character."""
        content = bytes(self._file)
        if self._encoding.startswith("utf-"):
            return content
        declared = f"charset={self._encoding}".encode()
        try:
            return CHARSET.sub(declared, content, count=1).decode("utf-8").encode(self._encoding)
        except UnicodeEncodeError:
            return content

    def _complete_header(self, languages: Languages) -> None:
        """Add encoding and language to the header of a template."""
        header = self._file.parseheader()
        content_type = header.get("Content-Type", "")
        charset = content_type.rpartition("charset=")[2].strip() if "charset=" in content_type else ""
        if charset in ("", "CHARSET"):
            self._file.updateheader(add=True, Content_Type="text/plain; charset=UTF-8")
            self._file.encoding = "utf-8"
        if not header.get("Language") and languages.target:
            self._file.updateheader(add=True, Language=languages.target.replace("-", "_"))

    def _forms(self, languages: Languages) -> list[list[int]]:
        """Return the numbers, up to `COUNTS`, of each plural form; no form if they are unknown."""
        from translate.lang.data import languages as known

        count, rule = self._file.getheaderplural()
        if not str(count or "").isdecimal() or not rule:
            code = self._file.parseheader().get("Language") or languages.target
            found = known.get(code.replace("-", "_")) or known.get(re.split("[-_]", code)[0])
            if not code or not found or not found[1]:
                return []
            count, rule = str(found[1]), str(found[2]).strip()
            self._file.updateheader(add=True, Plural_Forms=f"nplurals={count}; plural={rule};")
        try:
            # The standard library's own evaluation of plural rules, which accepts only their grammar.
            form_of: Callable[[int], int] = gettext.c2py(str(rule).rstrip("; "))
            forms: list[list[int]] = [[] for _ in range(int(count))]
            for number in range(COUNTS):
                forms[form_of(number)].append(number)
        except (ValueError, IndexError, ZeroDivisionError, OverflowError, RecursionError):
            self.faults.append(f"{self._name}: the plural rule of the header is not valid: {rule}")
            return []
        return forms

    def _add(self, entry: Any, forms: list[list[int]], marker: str) -> None:  # noqa: ANN401 - has no types
        is_wanted = not entry.istranslated()
        place = f"{self._name}: {str(entry.source)[:40]!r}"
        comments = "\n".join([*entry.typecomments, *entry.automaticcomments])
        limits = {kind: int(size) for kind, size in _LIMIT.findall(comments)}

        def unit(text: str, put: Callable[[str], None], where: str) -> Unit:
            return Unit(
                text,
                where,
                put,
                is_wanted,
                accelerator=_accelerator(text, marker),
                most_characters=limits.get("length", 0),
                most_bytes=limits.get("bytes", 0),
            )

        if not entry.hasplural():

            def put(translation: str) -> None:
                entry.target = translation
                entry.markfuzzy()

            self.units.append(unit(str(entry.source), put, place))
            return
        if not forms:
            if is_wanted:
                self.faults.append(
                    f"{place}: the plural forms of the language are unknown; add Plural-Forms to the header"
                )
            return
        one, many = (str(text) for text in entry.source.strings)
        targets = [*map(str, getattr(entry.target, "strings", [entry.target])), *[""] * len(forms)][: len(forms)]

        def put_form(number: int) -> Callable[[str], None]:
            def put(translation: str) -> None:
                targets[number] = translation
                entry.target = list(targets)
                entry.markfuzzy()

            return put

        for number, numbers in enumerate(forms):
            has_singular = 1 in numbers and (numbers == [1] or _formats(one) == _formats(many))
            is_of_singular = has_singular and len(forms) > 1
            self.units.append(unit(one if is_of_singular else many, put_form(number), f"{place}, form {number}"))


def _formats(text: str) -> list[str]:
    return sorted(key(span.text) for span in spans(text))


def _accelerator(text: str, marker: str) -> str:
    """Return the character that marks a keyboard shortcut in a text, if it has one."""
    if marker:
        return marker if text.count(marker) == 1 and not text.endswith(marker) else ""
    for character, form in _ACCELERATORS.items():
        bare = text.replace(character, "")
        is_label = len(text) <= 60 and (bare[:1].isupper() or not bare[:1].isascii() or text.startswith(character))
        if is_label and form.fullmatch(text) and not any(character in span.text for span in spans(text)):
            return character
    return ""
