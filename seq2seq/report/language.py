"""Translates the report's phrases from English with a catalogue.

A phrase is translated when it is shown: the whole phrase is looked up, or else it is matched against templates, in
which ``{}`` stands for a variable part (see `Catalogue`). Phrases missing from the catalogue stay English; text from
models and files (`Quoted`) is never translated. Plugins write English and may add a catalogue
(`seq2seq.plugin.phrases`).
"""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from seq2seq.plugin.phrases import phrases_in
from seq2seq.plugin.report_blocks import Cell, Quoted

FOLDER = Path(__file__).parent
"""Folder of the suite's own translations, read by `seq2seq.plugin.phrases.phrases_in`."""
LANGUAGES = ("en", "zh")
"""Languages of the interface."""
LONGEST = 3_000
"""Maximum length of a phrase in characters; longer texts are not looked up."""
_KINDS = {"": r"((?:(?!\. [A-Z]).)+?)", "#": r" *([-+]?\d[\d.,]*)"}
"""Regular expressions of the placeholders ``{}`` (text within a sentence) and ``{#}`` (a number)."""
_PLACE = re.compile(r"\{(#?)\}")
_SENTENCES, _LIST = re.compile(r"(?<=[.]) (?=[A-Z0-9])"), re.compile(", ")
Say = Callable[[str], str]
"""Translates a phrase into the language of the report."""


def english(phrase: str) -> str:
    """Return a phrase unchanged."""
    return phrase


class Catalogue:
    """Phrases of one language.

    Args:
        phrases: Maps English phrases to translations. In an English phrase, ``{}`` matches any text and ``{#}`` matches
            a number. In a translation, ``{0}``, ``{1}`` and so on insert the translated matches.

    A phrase that is not found is split into sentences or, if these are not all found, at commas. It stays English
    unless all its parts are found.
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self.whole = {phrase: text for phrase, text in phrases.items() if not _PLACE.search(phrase)}
        patterns = [(phrase, text) for phrase, text in phrases.items() if _PLACE.search(phrase)]
        # Try templates with more fixed letters first, because they are more specific.
        patterns.sort(key=lambda pair: -len(_PLACE.sub("", pair[0])))
        self.patterns = [(_pattern(phrase), text) for phrase, text in patterns]

    def __call__(self, phrase: str) -> str:
        """Translate a phrase; return it unchanged if the catalogue lacks it."""
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
        """Return the translation; a phrase without letters unchanged; None for a phrase not in the catalogue."""
        if phrase in self.whole:
            return self.whole[phrase]
        if not any(map(str.isalpha, phrase)):
            return phrase
        for pattern, text in self.patterns:
            if match := pattern.fullmatch(phrase):
                return text.format(*map(self, match.groups()))
        return None


def _pattern(phrase: str) -> "re.Pattern[str]":
    """Return the regular expression of a template, with a group for each placeholder."""
    parts = _PLACE.split(phrase)  # fixed text and placeholder kinds alternate
    matched = "".join(_KINDS[part] if place % 2 else re.escape(part) for place, part in enumerate(parts))
    return re.compile(matched, re.DOTALL)


def cell(value: Cell, say: Say) -> Cell:
    """Translate a table cell; numbers stay unchanged."""
    return say(value) if isinstance(value, str) else value


def say_in(language: str, phrases: Mapping[str, str] | None = None) -> Say:
    """Return the translator for one of `LANGUAGES`, including the task's catalogue `phrases`."""
    if language == "en":
        return english
    return Catalogue({**phrases_in(FOLDER, language), **(phrases or {})})


def language_for(source: str, target: str) -> str:
    """Return the default interface language.

    It is Chinese if the user's locale is Chinese or the model's only language is Chinese, otherwise English.
    """
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    known = {code.split("-")[0].split("_")[0].lower() for code in (source, target) if code}
    return "zh" if locale.lower().startswith("zh") or known == {"zh"} else "en"
