"""Prepare DailyDialog (everyday conversations in English) for training.

Reads a local folder (``--from``): the authors' ``dialogues_train.txt``, ``dialogues_validation.txt`` and
``dialogues_test.txt``, or ``train.jsonl``, ``valid.jsonl`` and ``test.jsonl`` with a list ``turns`` per line. Copies
the originals to ``raw/`` and writes ``processed/``, with natural spacing. Running it again changes nothing.

There is no download, because programs cannot download from the authors' page.
"""

import re

from seq2seq.recipes.dialogues import Corpus, Form, ended, ours, recipe
from seq2seq.recipes.recipe import About

_TYPOGRAPHIC = str.maketrans({**dict.fromkeys("’‘′`´", "'"), **dict.fromkeys("“”", '"'), "。": ".", "、": ","})
# Parts of one word: "don ' t", "I ' Ve", "o ' clock". (The capital is an error of the corpus.)
_HALVES = re.compile(r"(\w)(?: ' ?|' )(s|t|m|re|ve|ll|d|clock|am|em)\b", re.IGNORECASE)
_DOTS = re.compile(r"\.(?: ?\.)+")
# A quotation mark with spaces (or the end of the text) on both sides.
_ALONE = {mark: re.compile(rf"(?:(?<=\s)|^){mark}(?=\s|$)") for mark in "'\""}
_POSSESSIVE = re.compile(r"s '(?= )")
_NO_SPACE_BEFORE = re.compile(r" +(?=[,.?!;:%)\]])")
_NO_SPACE_AFTER = re.compile(r"(?<=[(\[$£¥#]) +")
_TIME = re.compile(r"(?<=\d): (?=\d\d\b)")
_THOUSANDS = re.compile(r"(?<=\b\d), (?=\d{3}\b)|(?<=\b\d\d), (?=\d{3}\b)|(?<=\b\d{3}), (?=\d{3}\b)")
_HYPHEN = re.compile(r"(?<=\d) - (?=[a-z])")
# A missing space between sentences: "now.But"; not ".com" or "U.S.".
_GLUED = re.compile(r"(?<=[a-z0-9][.?!])(?=[A-Z])|(?<=[A-Z]{2}[.?!])(?=[A-Z][a-z])|(?<=[a-z][?!,;])(?=[A-Za-z])")
_IRISH = re.compile(r"(?<=\bO) ' (?=[A-Z])")
_SPACES = re.compile(" +")


def natural(text: str) -> str:
    """Return a tokenized turn with natural spacing: ``Well , don ’ t .`` becomes ``Well, don't.``."""
    text = text.translate(_TYPOGRAPHIC)
    text = _HALVES.sub(lambda half: f"{half[1]}'{half[2].lower()}", text)
    text = _IRISH.sub("'", text)
    text = _DOTS.sub(lambda dots: dots[0].replace(" ", ""), text)
    for mark, alone in _ALONE.items():
        text = _quoted(text, mark, alone)
    text = _NO_SPACE_BEFORE.sub("", text)
    text = _NO_SPACE_AFTER.sub("", text)
    for pattern in (_TIME, _THOUSANDS):
        text = pattern.sub(lambda match: match[0].strip(), text)
    text = _HYPHEN.sub("-", text)
    return _SPACES.sub(" ", _GLUED.sub(" ", text)).strip()


def _quoted(text: str, mark: str, alone: re.Pattern[str]) -> str:
    """Remove the spaces inside pairs of quotation marks."""
    matches = list(alone.finditer(text))
    if mark == "'" and all(text[: match.start()].endswith("s ") for match in matches):
        return _POSSESSIVE.sub("s'", text)
    if len(matches) % 2 or (mark == '"' and text.count(mark) != len(matches)):
        return _POSSESSIVE.sub("s'", text) if mark == "'" else text
    pieces, end = [], 0
    for number, match in enumerate(matches):
        before = text[end : match.start()]
        pieces.append(before.rstrip() + mark if number % 2 else before + mark)
        end = match.end()
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
        "train": "03881a3048906812c8f650273243d3e554935e17fdc5c2b9ad52d9f272e22f4c",
        "valid": "e9491ecb87aca4f8f25f3fe0d7f892be4f20fcf307f41e228bbe22d3cf65a0bf",
        "valid_unseen": "45be25a57a80e581e4c7c12559e60749cb8fafc0808a654196be115cd33c49ab",
        "test": "ae39a1476c43a9b766b6f19c6bdac6b1c2d3e9ee7a37d6a5f4630c33f2ef4324",
        "test_unseen": "6d2eb21ee53379a28bc82506a8ab8a13116128b854aaed8c2dc7980c013b22d3",
    },
)

RECIPE = recipe(
    CORPUS,
    About(
        name="dailydialog",
        task="dialogue",
        languages=("en",),
        size="13,118 conversations",
        source="the authors' archive ijcnlp_dailydialog.zip, see the paper (arXiv 1710.03957)",
        licence="CC BY-NC-SA 4.0; not for commercial use",
        configs=("size/small dialogue/dailydialog",),
    ),
)
