"""The language of a report's own words: English, or what a catalogue of phrases has for them.

Reports are written in English; a phrase is translated when it is shown, by looking it up whole or by a pattern with
``{}`` for what varies. What a catalogue lacks stays English, and texts of models and files (`report.Quoted`) are never
looked up. So plugins need not know of languages; `Task.phrases` may add a catalogue of theirs.
"""

import os
import re
from collections.abc import Callable, Mapping

from seq2seq.report import Cell, Quoted

LANGUAGES = ("en", "zh")
"""Languages of the interface."""
LONGEST = 3_000
"""A longer text is no phrase of ours."""
Say = Callable[[str], str]
"""Returns a phrase in the language of the report."""


def english(phrase: str) -> str:
    """Return a phrase as it is."""
    return phrase


class Catalogue:
    """Phrases of one language.

    Args:
        phrases: From English to the language; ``{}`` in English stands for what varies, which ``{0}``, ``{1}`` ...
            put into the translation. What varies is looked up as well, as a whole phrase.
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self.whole = {phrase: text for phrase, text in phrases.items() if "{}" not in phrase}
        patterns = [(phrase, text) for phrase, text in phrases.items() if "{}" in phrase]
        # Of two patterns that fit, the one with more fixed letters says more.
        patterns.sort(key=lambda pair: -len(pair[0]))
        self.patterns = [
            (re.compile("(.+?)".join(map(re.escape, phrase.split("{}"))), re.DOTALL), text) for phrase, text in patterns
        ]

    def __call__(self, phrase: str) -> str:
        """Return a phrase in the language; as it is where the catalogue lacks it."""
        if isinstance(phrase, Quoted) or not phrase or len(phrase) > LONGEST:
            return phrase
        if phrase in self.whole:
            return self.whole[phrase]
        for pattern, text in self.patterns:
            if found := pattern.fullmatch(phrase):
                return text.format(*(self.whole.get(part, part) for part in found.groups()))
        return phrase


def cell(value: Cell, say: Say) -> Cell:
    """Return a cell of a table in the language of the report; numbers as they are."""
    return say(value) if isinstance(value, str) else value


def say_in(language: str, phrases: Mapping[str, str] | None = None) -> Say:
    """Return what says phrases in a language.

    Args:
        language: One of `LANGUAGES`.
        phrases: The task's own catalogue for it.
    """
    if language == "en":
        return english
    from seq2seq.report_chinese import PHRASES

    return Catalogue({**PHRASES, **(phrases or {})})


def language_for(source: str, target: str) -> str:
    """Return the language of the interface where nobody chose one.

    Chinese where the user's locale is, or where the model reads and writes nothing but Chinese; else English.

    Args:
        source: Language that the model reads; may be empty.
        target: Language that it writes; may be empty.
    """
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    known = {code.split("-")[0].split("_")[0].lower() for code in (source, target) if code}
    return "zh" if locale.lower().startswith("zh") or known == {"zh"} else "en"
