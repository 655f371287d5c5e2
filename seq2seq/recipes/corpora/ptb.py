"""Prepare the Penn Treebank as used for language models.

Reads a local folder (``--from``) with Mikolov's ``ptb.train.txt``, ``ptb.valid.txt`` and ``ptb.test.txt``. Copies the
originals to ``raw/`` and writes ``processed/``, stripping spaces from each line. Running it again changes nothing.

There is no download, because the treebank is licensed by the Linguistic Data Consortium.
"""

from seq2seq.recipes.recipe import About
from seq2seq.recipes.texts import TextCorpus, recipe

CORPUS = TextCorpus(
    title="Penn Treebank",
    forms=({split: f"ptb.{split}.txt" for split in ("train", "valid", "test")},),
    natural=str.strip,
)

RECIPE = recipe(
    CORPUS,
    About(
        name="ptb",
        task="generation",
        languages=("en",),
        size="1 million words",
        source="Mikolov's simple-examples",
        licence="LDC user agreement; not free",
        configs=("generation/ptb",),
    ),
)
