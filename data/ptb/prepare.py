"""Prepare the Penn Treebank as used for language models: ``python data/ptb/prepare.py --help``.

Reads a local folder (``--from``) with Mikolov's ``ptb.train.txt``, ``ptb.valid.txt`` and ``ptb.test.txt``. Copies the
originals to ``raw/`` and writes ``processed/``, stripping spaces from each line. Running it again changes nothing.

There is no download, because the treebank is licensed by the Linguistic Data Consortium.
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
