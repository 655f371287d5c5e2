"""Prepare WikiText-2 (Wikipedia articles).

Reads a local folder (``--from``) with ``wiki.train.tokens``, ``wiki.valid.tokens`` and ``wiki.test.tokens``. Copies the
originals to ``raw/`` and writes ``processed/``, stripping spaces from each line. Running it again changes nothing.

There is no download, because the authors' URL has changed more than once.
"""

from seq2seq.recipes.recipe import About
from seq2seq.recipes.texts import TextCorpus, recipe

CORPUS = TextCorpus(
    title="WikiText-2",
    forms=({split: f"wiki.{split}.tokens" for split in ("train", "valid", "test")},),
    natural=str.strip,
)

RECIPE = recipe(
    CORPUS,
    About(
        name="wikitext2",
        task="generation",
        languages=("en",),
        size="2 million words",
        source="the authors' archive wikitext-2-v1.zip",
        licence="CC BY-SA",
        configs=("generation/wikitext2",),
    ),
)
