"""Finds English words left on a Chinese page: for the tests of all tasks."""

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
    """Keeps the English words in what it returns for phrases of ours."""

    left: ClassVar[dict[str, str]] = {}
    depth: ClassVar[int] = 0

    def __call__(self, phrase: str) -> str:
        """Translate; only whole phrases are looked at, not what varies in them."""
        Listening.depth += 1
        try:
            found = super().__call__(phrase)
        finally:
            Listening.depth -= 1
        # A signature has bars; a file's path, slashes.
        is_ours = not Listening.depth and not isinstance(phrase, Quoted) and not re.search(r"[|/]", phrase)
        if is_ours and (words := set(re.findall("[A-Za-z]{2,}", found)) - NAMES):
            Listening.left[phrase] = " ".join(sorted(words))
        return found


def listen(patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Listen to every report that is written from now on; return where English phrases will be kept."""
    Listening.left = {}
    patch.setattr("seq2seq.report.language.Catalogue", Listening)
    return Listening.left


def english_of(sections: list[Section], phrases: Mapping[str, str]) -> dict[str, str]:
    """Return the phrases of some sections that are not all Chinese on a Chinese page, with their English words."""
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
    """Return the phrases of a whole report that are not all Chinese in its three Chinese forms."""
    Listening.left = {}
    say = Listening({**PHRASES, **phrases})
    html_report(report, say, "zh")
    markdown_report(report, say)
    lines(report, say)
    return Listening.left
