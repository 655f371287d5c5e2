"""Prepare DialogSum (spoken dialogues and their summaries) for training.

Reads a local folder (``--from``: the authors' ``dialogsum.train.jsonl``, ``dialogsum.dev.jsonl`` and
``dialogsum.test.jsonl``, or ``train.jsonl``, ``valid.jsonl`` and ``test.jsonl`` with the keys ``source``, ``target``
and ``refs``) or the authors' public repository (``--download``), copies the originals to ``raw/`` and writes
``processed/``. Running it again changes nothing.

UNTESTED: the download URLs could not be reached during development. The authors' format was checked with their test
file; downloaded files pass the same checks as your own.
"""

from seq2seq.corpus.reader import field_text
from seq2seq.recipes.documents import Corpus, Form, Record, recipe
from seq2seq.recipes.recipe import About

# The test dialogues have three summaries.
SUMMARIES = ("summary1", "summary2", "summary3")


def uniform(record: Record, place: str) -> Record:
    """Map an authors' record to our keys."""
    several = [field_text(record, key, place) for key in SUMMARIES if key in record]
    return {
        "id": field_text(record, "fname", place),
        "source": field_text(record, "dialogue", place),
        "target": several[0] if several else field_text(record, "summary", place),
        "refs": several,
    }


CORPUS = Corpus(
    title="DialogSum",
    authors=Form(
        {"train": "dialogsum.train.jsonl", "valid": "dialogsum.dev.jsonl", "test": "dialogsum.test.jsonl"}, uniform
    ),
    address="https://raw.githubusercontent.com/cylnlp/dialogsum/main/DialogSum_Data/{name}",
    checksums={
        "train": "931d94a97693b4441f03289d4ff29e42096c4aa4c266dd5c03a17e486fd0ea8b",
        "valid": "23fd1925c37637971c5eaff1a76e05a2b5f0d46de08c672c03b0a11fc5cc9f23",
        "test": "7b046b397978f76a20961c6590b27d1cbd41aaf6262fdf63fc63b00eced2f90c",
    },
)

RECIPE = recipe(
    CORPUS,
    About(
        name="dialogsum",
        task="summarization",
        languages=("en",),
        size="13,392 dialogues",
        source="cylnlp/dialogsum on GitHub, DialogSum_Data",
        licence="CC BY-NC-SA 4.0; not for commercial use",
        configs=("size/small summarization/dialogsum",),
    ),
)
