"""Prepare DailyDialog (everyday conversations in English) for training: ``python data/dailydialog/prepare.py --help``.

Takes a folder you have (``--from``): the authors' ``dialogues_train.txt``, ``dialogues_validation.txt`` and
``dialogues_test.txt``, or ``train.jsonl``, ``valid.jsonl`` and ``test.jsonl`` with a list ``turns`` in each line. Keeps
the files as they came in ``raw/`` and writes ``processed/``, where the text is spaced as people type. Running it again
changes nothing.

There is no download: the authors' page gives an archive of archives to people, not to programs.
"""

import re
import sys
from pathlib import Path

from seq2seq.recipe_dialogues import Corpus, Form, ended, main, ours

_TYPOGRAPHIC = str.maketrans({**dict.fromkeys("’‘′`´", "'"), **dict.fromkeys("“”", '"'), "。": ".", "、": ","})
# "don ' t", "I ' Ve", "o ' clock": the halves of one word. (The capital is the corpus's own slip.)
_HALVES = re.compile(r"(\w)(?: ' ?|' )(s|t|m|re|ve|ll|d|clock|am|em)\b", re.IGNORECASE)
_DOTS = re.compile(r"\.(?: ?\.)+")
# A quotation mark with blanks on both sides, or at an end.
_ALONE = {mark: re.compile(rf"(?:(?<=\s)|^){mark}(?=\s|$)") for mark in "'\""}
_POSSESSIVE = re.compile(r"s '(?= )")
_NO_BLANK_BEFORE = re.compile(r" +(?=[,.?!;:%)\]])")
_NO_BLANK_AFTER = re.compile(r"(?<=[(\[$£¥#]) +")
_TIME = re.compile(r"(?<=\d): (?=\d\d\b)")
_THOUSANDS = re.compile(r"(?<=\b\d), (?=\d{3}\b)|(?<=\b\d\d), (?=\d{3}\b)|(?<=\b\d{3}), (?=\d{3}\b)")
_HYPHEN = re.compile(r"(?<=\d) - (?=[a-z])")
# "now.But": a sentence ends where nothing shows it; ".com" and "U.S." have no such capital, or one before.
_GLUED = re.compile(r"(?<=[a-z0-9][.?!])(?=[A-Z])|(?<=[a-z][?!,;])(?=[A-Za-z])")
_BLANKS = re.compile(" +")


def natural(text: str) -> str:
    """Return a tokenised turn as people type it: ``Well , don ’ t .`` becomes ``Well, don't.``."""
    text = text.translate(_TYPOGRAPHIC)
    text = _HALVES.sub(lambda half: f"{half[1]}'{half[2].lower()}", text)
    text = _DOTS.sub(lambda dots: dots[0].replace(" ", ""), text)
    for mark, alone in _ALONE.items():
        text = _quoted(text, mark, alone)
    text = _NO_BLANK_BEFORE.sub("", text)
    text = _NO_BLANK_AFTER.sub("", text)
    for pattern in (_TIME, _THOUSANDS):
        text = pattern.sub(lambda blank: blank[0].strip(), text)
    text = _HYPHEN.sub("-", text)
    return _BLANKS.sub(" ", _GLUED.sub(" ", text)).strip()


def _quoted(text: str, mark: str, alone: re.Pattern[str]) -> str:
    """Bring quotation marks to the words that they enclose, where they come in pairs."""
    found = list(alone.finditer(text))
    if len(found) % 2 or (mark == '"' and text.count(mark) != len(found)):
        return _POSSESSIVE.sub("s'", text) if mark == "'" else text
    pieces, end = [], 0
    for number, one in enumerate(found):
        before = text[end : one.start()]
        pieces.append(before.rstrip() + mark if number % 2 else before + mark)
        end = one.end()
        if number % 2 == 0:
            end += len(text[end:]) - len(text[end:].lstrip())
    return "".join(pieces) + text[end:]


CORPUS = Corpus(
    title="DailyDialog",
    forms=(
        ours(),
        Form(
            {
                "train": ("dialogues_train.txt",),
                "valid": ("dialogues_validation.txt",),
                "test": ("dialogues_test.txt",),
            },
            ended,
        ),
    ),
    natural=natural,
    checksums={
        "train": "433d82e51efce88c3909b37f4675ce412c6fd3a8ffdef3d57219e3229a75b2dd",
        "valid": "b540511b19ebe4380aff45d245d9a1835366e15e831051e039581a97b54fa0c1",
        "valid_unseen": "bfe976ac5bd00819db9958cc4d1b5ddf70fe2c91d63201e6b46e7c1d54bcd412",
        "test": "cddf4f31b860c3b7667ec6f052c21e62156ff05d6705290de9838a2a8a1bc2fd",
        "test_unseen": "e12cfe10de3fff006c206c3c5c824ae3f443182f5c3545f26d7114efdd16b631",
    },
)

if __name__ == "__main__":
    sys.exit(main(CORPUS, Path(__file__).parent, None))
