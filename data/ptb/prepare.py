"""Prepare the Penn Treebank as language models know it: ``python data/ptb/prepare.py --help``.

Takes a folder you have (``--from``) with Mikolov's ``ptb.train.txt``, ``ptb.valid.txt`` and ``ptb.test.txt``. Keeps the
files as they came in ``raw/`` and writes ``processed/``, without the blanks at both ends of each line. Running it again
changes nothing.

There is no download: the treebank is the Linguistic Data Consortium's.
"""

import sys
from pathlib import Path

from seq2seq.recipes.texts import TextCorpus, main

CORPUS = TextCorpus(
    title="Penn Treebank",
    forms=({split: f"ptb.{split}.txt" for split in ("train", "valid", "test")},),
    natural=str.strip,
)

if __name__ == "__main__":
    sys.exit(main(CORPUS, Path(__file__).parent, None))
