"""Translates the texts of a document: which need it, what limits them, and what is reported about them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from seq2seq.amounts import amount
from seq2seq.corpus.protected_spans import spans
from seq2seq.documents.protected_translation import translated
from seq2seq.documents.steps import Steps
from seq2seq.documents.unit import Document, Unit

_LABEL_END = re.compile(r"(?:\s*(?:\.\.\.|…|:|：))?\s*$")


@dataclass
class DocumentReport:
    """What became of the texts of a document.

    Args:
        units: Number of texts.
        translated: Number of texts that got a translation.
        finished: Number of texts that had one, and kept it.
        notes: What was repaired, and what was left untranslated, a sentence for each text.
    """

    units: int = 0
    translated: int = 0
    finished: int = 0
    notes: list[str] = field(default_factory=list)

    def sentence(self, name: str) -> str:
        """Return a summary."""
        kept = f"; {self.finished:,} had a translation and kept it (--all replaces them)" if self.finished else ""
        return f"{name}: {self.translated:,} of {amount(self.units, 'text')} translated{kept}."


def translate_document(
    document: Document, *, everything: bool = False, has_masks: bool = False
) -> Steps[DocumentReport]:
    """Translate the texts of a document in place, in steps that yield lines of text.

    Args:
        document: The document.
        everything: Whether texts that have a finished translation are translated, too.
        has_masks: Whether the model was trained with masks; see `translated`.
    """
    chosen = [unit for unit in document.units if everything or unit.is_wanted]
    report = DocumentReport(len(document.units), 0, len(document.units) - len(chosen), list(document.faults))
    texts = [unit.text.replace(unit.accelerator, "") if unit.accelerator else unit.text for unit in chosen]
    pairs: Sequence[Sequence[tuple[str, str]]] = [unit.pairs for unit in chosen]
    results = (yield from translated(texts, pairs, has_masks=has_masks)) if chosen else []
    for unit, result in zip(chosen, results, strict=True):
        if result.note:
            report.notes.append(f"{unit.place}: {result.note}")
        if result.text is None:
            continue
        text = with_accelerator(result.text, unit)
        if excess := _excess(text, unit):
            report.notes.append(f"{unit.place}: the translation {excess}: left untranslated")
            continue
        unit.put(text)
        report.translated += 1
    return report


def _excess(text: str, unit: Unit) -> str:
    """Return by what a translation exceeds the limits of its unit; '' if it does not."""
    if unit.most_characters and len(text) > unit.most_characters:
        return f"has {len(text):,} characters, more than the {unit.most_characters:,} of its limit"
    if unit.most_bytes and len(text.encode()) > unit.most_bytes:
        return f"has {len(text.encode()):,} bytes, more than the {unit.most_bytes:,} of its limit"
    return ""


def with_accelerator(text: str, unit: Unit) -> str:
    """Return a translation with the keyboard shortcut of its source.

    The mark is set before the same letter, if possible at the start of a word. If the translation has no such letter,
    as in Chinese, letter and mark follow in parentheses.
    """
    mark = unit.accelerator
    if not mark:
        return text
    letter = unit.text[unit.text.index(mark) + 1]
    kept = [(span.start, span.end) for span in spans(text)]
    text_places = [place for place in range(len(text)) if not any(start <= place < end for start, end in kept)]
    places = [place for place in text_places if text[place].lower() == letter.lower()]
    starts = [place for place in places if place == 0 or not text[place - 1].isalnum()]
    if places:
        place = (starts or places)[0]
        return f"{text[:place]}{mark}{text[place:]}"
    end = _LABEL_END.search(text)
    assert end is not None  # the pattern matches everywhere
    return f"{text[: end.start()]}({mark}{letter.upper()}){text[end.start() :]}"
