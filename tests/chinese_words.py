"""Finds English words left on a Chinese page, for the tests of all tasks."""

import re
from collections.abc import Mapping
from typing import ClassVar

import pytest

from seq2seq.plugin.phrases import phrases_in
from seq2seq.plugin.report_blocks import Quoted, Section
from seq2seq.report.html.document import blocks, html_report
from seq2seq.report.language import FOLDER, Catalogue
from seq2seq.report.markdown import markdown_report
from seq2seq.report.report import Report
from seq2seq.report.terminal import lines

PHRASES = phrases_in(FOLDER, "zh")
NAMES = {
    *("BLEU", "chrF", "TER", "ROUGE", "Lsum", "distinct", "dropout", "Dunning", "JavaScript"),
    *("seq", "evaluate", "compare", "report", "json", "subwords", "keep", "resume", "config", "yaml", "metrics", "csv"),
    *("en", "zh", "top"),
}
"""What is called so in Chinese as well: metrics, commands, files, codes of languages."""


class Listening(Catalogue):
    """Records the English words left in its translations of our phrases."""

    left: ClassVar[dict[str, str]] = {}
    depth: ClassVar[int] = 0

    def __call__(self, phrase: str) -> str:
        """Translate a phrase, and record its English words; the variable parts of a phrase are ignored."""
        Listening.depth += 1
        try:
            translation = super().__call__(phrase)
        finally:
            Listening.depth -= 1
        # A signature has bars; a file's path, slashes.
        is_ours = not Listening.depth and not isinstance(phrase, Quoted) and not re.search(r"[|/]", phrase)
        if is_ours and (words := set(re.findall("[A-Za-z]{2,}", translation)) - NAMES):
            Listening.left[phrase] = " ".join(sorted(words))
        return translation


def listen(patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Record the English phrases of every report written from now on, in the returned mapping."""
    Listening.left = {}
    patch.setattr("seq2seq.report.language.Catalogue", Listening)
    return Listening.left


def english_of(sections: list[Section], phrases: Mapping[str, str]) -> dict[str, str]:
    """Return the phrases of sections that contain English on a Chinese page, with their English words."""
    Listening.left = {}
    say = Listening({**PHRASES, **phrases})
    for section in sections:
        say(section.title)
        blocks(section, say)
        for figure in section.figures:
            for part in (figure.name, figure.unit, figure.beside):
                say(part)
    return Listening.left


def english_in(report: Report, phrases: Mapping[str, str]) -> dict[str, str]:
    """Return the phrases of a report that contain English in any of its three Chinese formats."""
    Listening.left = {}
    say = Listening({**PHRASES, **phrases})
    html_report(report, say, "zh")
    markdown_report(report, say)
    lines(report, say)
    return Listening.left
