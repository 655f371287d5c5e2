"""The language of a report's own words: English, or the translations of a catalogue of phrases.

Reports are written in English; a phrase is translated when it is shown, by looking it up whole or by a pattern with
``{}`` for its variable parts (see `Catalogue`). Phrases missing from the catalogue stay English, and texts of models
and files (`Quoted`) are never looked up. So plugins need not care about languages; they may add
a catalogue (`seq2seq.plugin.phrases`).
"""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from seq2seq.plugin.phrases import phrases_in
from seq2seq.plugin.report_blocks import Cell, Quoted

FOLDER = Path(__file__).parent
"""Holds the suite's own translations, as `seq2seq.plugin.phrases.phrases_in` reads them."""
LANGUAGES = ("en", "zh")
"""Languages of the interface."""
LONGEST = 3_000
"""A longer text is not one of our phrases."""
_KINDS = {"": r"((?:(?!\. [A-Z]).)+?)", "#": r" *([-+]?\d[\d.,]*)"}
"""Pattern of a placeholder: some text within a sentence, or a number in the reports' notation."""
_PLACE = re.compile(r"\{(#?)\}")
_SENTENCES, _LIST = re.compile(r"(?<=[.]) (?=[A-Z0-9])"), re.compile(", ")
Say = Callable[[str], str]
"""Returns a phrase in the language of the report."""


def english(phrase: str) -> str:
    """Return a phrase unchanged."""
    return phrase


class Catalogue:
    """Phrases of one language.

    Args:
        phrases: From English to the language. In English ``{}`` matches any text and ``{#}`` a number, which ``{0}``,
            ``{1}`` ... insert into the translation. Matched text is looked up too.

    A phrase that is not found is looked up sentence by sentence, and then by the items of its list; it stays English
    unless all of them are found.
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self.whole = {phrase: text for phrase, text in phrases.items() if not _PLACE.search(phrase)}
        patterns = [(phrase, text) for phrase, text in phrases.items() if _PLACE.search(phrase)]
        # Of two matching patterns, the one with more fixed letters is more specific.
        patterns.sort(key=lambda pair: -len(_PLACE.sub("", pair[0])))
        self.patterns = [(_pattern(phrase), text) for phrase, text in patterns]

    def __call__(self, phrase: str) -> str:
        """Return a phrase in the language; unchanged if the catalogue lacks it."""
        if isinstance(phrase, Quoted) or len(phrase) > LONGEST:
            return phrase
        if (translation := self._found(phrase)) is not None:
            return translation
        for boundary, between in ((_SENTENCES, ""), (_LIST, self.whole.get(", ", ", "))):
            parts = [self._found(part) for part in boundary.split(phrase)]
            if len(parts) > 1 and None not in parts:
                return between.join(filter(None, parts))
        return phrase

    def _found(self, phrase: str) -> str | None:
        """Return a phrase that is in the catalogue, or has no letters; None for others."""
        if phrase in self.whole:
            return self.whole[phrase]
        if not any(map(str.isalpha, phrase)):
            return phrase
        for pattern, text in self.patterns:
            if match := pattern.fullmatch(phrase):
                return text.format(*map(self, match.groups()))
        return None


def _pattern(phrase: str) -> "re.Pattern[str]":
    """Return a phrase of a catalogue as a pattern with a group for each place."""
    parts = _PLACE.split(phrase)  # fixed text and placeholder kinds alternate
    matched = "".join(_KINDS[part] if place % 2 else re.escape(part) for place, part in enumerate(parts))
    return re.compile(matched, re.DOTALL)


def cell(value: Cell, say: Say) -> Cell:
    """Return a cell of a table in the language of the report; numbers as they are."""
    return say(value) if isinstance(value, str) else value


def say_in(language: str, phrases: Mapping[str, str] | None = None) -> Say:
    """Return the translator to one of `LANGUAGES`, with the task's own catalogue of phrases."""
    if language == "en":
        return english
    return Catalogue({**phrases_in(FOLDER, language), **(phrases or {})})


def language_for(source: str, target: str) -> str:
    """Return the language of the interface, if the user chose none.

    Chinese if the user's locale is, or if the model reads and writes only Chinese; else English.
    """
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    known = {code.split("-")[0].split("_")[0].lower() for code in (source, target) if code}
    return "zh" if locale.lower().startswith("zh") or known == {"zh"} else "en"
