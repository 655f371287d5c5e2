"""Prepare XDailyDialog (DailyDialog in Chinese) for training.

Reads a local folder (``--from``): the authors' ``data`` folder, or ``part1k.jsonl``, ``valid.jsonl`` and ``test.jsonl``
with a list ``turns`` per line; or the authors' public repository (``--download``). Copies the originals to ``raw/`` and
writes ``processed/``. Running it again changes nothing.

UNTESTED: the download URLs could not be reached during development. The authors' format was checked with their files;
downloaded files pass the same checks as your own.
"""

from seq2seq.recipes.dialogues import Corpus, Form, ended, ours, recipe
from seq2seq.recipes.recipe import About

CORPUS = Corpus(
    title="XDailyDialog",
    forms=(
        ours("part1k"),
        Form(
            {
                "train": ("1k_part_data/dialogues_text_Zh.txt",),
                "valid": ("zh_dev_human.txt",),
                "test": ("zh_test_human.txt",),
            },
            ended,
        ),
    ),
    address="https://raw.githubusercontent.com/liuzeming01/XDailyDialog/main/data/{name}",
    checksums={
        "train": "0585970a45d7382fe5b2996975544be7b7928cae79e1c989a6953b201fcdbac3",
        "valid": "296d047881f7893e7b55bf094a6395e60b1781e0bd016880aa0139ea465e4ebd",
        "valid_unseen": "3897ca9d16d3be94c9653daf393ef446a24566da7d95589279955bb30dfa8ced",
        "test": "64ef524125a873b796206f71147df46bab737aa4e2aeda0a1f2e9b1609405765",
        "test_unseen": "6e2e9844be576c0c443c3705d8d3b2c39c82eec0981e555707e30cdefd7ff5a9",
    },
)

RECIPE = recipe(
    CORPUS,
    About(
        name="xdailydialog",
        task="dialogue",
        languages=("zh",),
        size="2,991 conversations",
        source="liuzeming01/XDailyDialog on GitHub",
        licence="CC BY-NC-SA 4.0; not for commercial use",
        configs=("size/small dialogue/xdailydialog",),
    ),
)
