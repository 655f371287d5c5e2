"""Prepare WikiText-2 (Wikipedia articles): ``python data/wikitext2/prepare.py --help``.

Reads a local folder (``--from``) with ``wiki.train.tokens``, ``wiki.valid.tokens`` and ``wiki.test.tokens``. Copies the
originals to ``raw/`` and writes ``processed/``, stripping spaces from each line. Running it again changes nothing.

There is no download, because the authors' URL has changed more than once.
"""

import sys
from pathlib import Path

from seq2seq.recipes.texts import TextCorpus, main

CORPUS = TextCorpus(
    title="WikiText-2",
    forms=({split: f"wiki.{split}.tokens" for split in ("train", "valid", "test")},),
    natural=str.strip,
)

if __name__ == "__main__":
    sys.exit(main(CORPUS, Path(__file__).parent, None))
