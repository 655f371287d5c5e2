"""Prepare MSCTD (film dialogues in Chinese) for training.

Reads a local folder (``--from``): the authors' ``enzh`` folder (``chinese_train.txt``, one subtitle per line, with
``image_index_train.txt``, the line numbers of each dialogue; the same for ``dev`` and ``test``), or ``train.jsonl``,
``valid.jsonl`` and ``test.jsonl`` with a list ``turns`` per line; or the authors' public repository (``--download``).
Copies the originals to ``raw/`` and writes ``processed/``. Running it again changes nothing.

UNTESTED: the download URLs could not be reached during development. The authors' format was checked with some of their
files; downloaded files pass the same checks as your own.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines
from seq2seq.recipes.dialogues import Corpus, Form, Placed, ours, recipe
from seq2seq.recipes.recipe import About


def numbered(files: Sequence[Path]) -> Placed:
    """Yield the dialogues given by a file of lines and a file with a list of line numbers per dialogue.

    Raises:
        UserError: If such a list is malformed, or contains a number without a line.
    """
    subtitles = list(lines(files[0]))
    for number, line in enumerate(lines(files[1]), start=1):
        place = f"{files[1]}:{number}"
        try:
            members = json.loads(line)
            turns = [subtitles[member] for member in members if member >= 0]
        except (ValueError, TypeError, IndexError) as fault:
            raise UserError(
                f"{place}: a list of numbers below {len(subtitles):,} (lines of {files[0].name}) is needed, but the "
                f"line begins with: {line[:60]}"
            ) from fault
        yield place, turns


CORPUS = Corpus(
    title="MSCTD",
    forms=(
        ours(),
        Form(
            {
                split: (f"chinese_{name}.txt", f"image_index_{name}.txt")
                for split, name in (("train", "train"), ("valid", "dev"), ("test", "test"))
            },
            numbered,
        ),
    ),
    address="https://raw.githubusercontent.com/XL2248/MSCTD/main/MSCTD_data/enzh/{name}",
    checksums={
        "train": "29744e68fc28616f53d0bae4b01a9fe62908d331b23973b07a7b30bd5b5a5ec7",
        "valid": "70854a63a5558b96326af8a0fac1033ad975b3f43273d775adf7cc1c4f166c47",
        "valid_unseen": "b738a967901723597d68aa6ade5092d2022c328e2e660db1df2143759ee44f90",
        "test": "e55a6eb3753b996b5529d69d474db1c29611b6c29512d813cba284c52823e1d2",
        "test_unseen": "7b84e88672280169c7744346b19ac4098a6856bea11abfdd3bf74be248c6e588",
    },
)

RECIPE = recipe(
    CORPUS,
    About(
        name="msctd_zh",
        task="dialogue",
        languages=("zh",),
        size="14,762 dialogues",
        source="XL2248/MSCTD on GitHub, MSCTD_data/enzh",
        licence="MIT by its repository; subtitles belong to their authors, not for commercial use",
        configs=("size/small dialogue/msctd",),
    ),
)
