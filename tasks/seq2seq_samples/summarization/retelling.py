"""Derive summaries from documents, with knowledge of the templates but not of the drawn values.

If exactly one summary is found, the document determines it, so a perfect model could generate it verbatim.
"""

import re
from functools import cache

from seq2seq_samples.engine.templates import CHOICE, SLOT
from seq2seq_samples.engine.values import kind_of
from seq2seq_samples.summarization.grammar import Pattern
from seq2seq_samples.summarization.reports import PATTERNS
from seq2seq_samples.summarization.values import SLOTS


def sentences_of(language: str, document: str) -> list[str]:
    """Split a document into its sentences."""
    return re.split(r"(?<=\.) ", document) if language == "en" else re.findall("[^。]+。", document)


def retell(language: str, document: str) -> set[str]:
    """Return every summary that the templates allow for a document; an unambiguous document has only one."""
    sentences = sentences_of(language, document)
    return {
        SLOT.sub(lambda slot, reading=reading: reading[slot[1]], pattern.summary.text)  # type: ignore[misc]
        for pattern in PATTERNS[language]
        if all(_landmark(line.text) in document for line in pattern.told)
        for reading in _readings(pattern, sentences)
    }


def _readings(pattern: Pattern, sentences: list[str]) -> list[dict[str, str]]:
    """Return all possible values of a template's slots, or an empty list if the document does not match."""
    readings: list[dict[str, str]] = [{}]
    for line in pattern.told:
        expression = _expression(pattern.language, line.text)
        matches = [match.groupdict() for sentence in sentences if (match := expression.fullmatch(sentence))]
        readings = [
            known | match
            for known in readings
            for match in matches
            if all(known.get(slot, text) == text for slot, text in match.items())
        ]
    return readings


@cache
def _landmark(text: str) -> str:
    """Return the longest fixed part of a line; a document without it cannot match."""
    return max(re.split(r"\{[^}]*\}|\[[^]]*\]", text), key=len)


@cache
def _expression(language: str, text: str) -> re.Pattern[str]:
    """Return a regular expression that matches every expansion of a line."""
    parts: list[str] = []
    end = 0
    for match in re.finditer(f"{SLOT.pattern}|{CHOICE.pattern}", text):
        slot, wordings = match.groups()
        parts.append(re.escape(text[end : match.start()]))
        if slot is None:
            parts.append(f"(?:{'|'.join(map(re.escape, wordings.split('|')))})")
        elif f"{{{slot}}}" in text[: match.start()]:
            parts.append(f"(?P={slot})")
        else:
            parts.append(f"(?P<{slot}>{SLOTS[language][kind_of(slot)].expression})")
        end = match.end()
    return re.compile("".join(parts) + re.escape(text[end:]))
