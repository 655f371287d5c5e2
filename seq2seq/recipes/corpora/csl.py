"""Prepare CSL's titles (Chinese abstracts and their titles) for training.

Reads a local folder (``--from``): ``summarization_csl_train.tsv``, ``summarization_csl_dev.tsv`` and
``summarization_csl_test.tsv``, with columns title and abstract and no header row, or ``train.jsonl``, ``valid.jsonl``
and ``test.jsonl`` with the keys ``source`` and ``target``. Copies the originals to ``raw/`` and writes ``processed/``.
Running it again changes nothing.

There is no download, because we know of no stable URL for these 3,500 pairs.
"""

import re

from seq2seq.corpus.reader import field_text
from seq2seq.recipes.documents import Corpus, Form, Record, recipe
from seq2seq.recipes.recipe import About

# CSV-style quoting: the field is in quotation marks, and quotation marks inside it are doubled.
_QUOTED = re.compile(r'"((?:[^"]|"")*)"', re.DOTALL)


def unquoted(text: str) -> str:
    """Remove CSV-style quotation marks, which some abstracts have."""
    quoted = _QUOTED.fullmatch(text)
    return quoted[1].replace('""', '"') if quoted else text


def from_table(record: Record, place: str) -> Record:
    """Map a table row to our keys."""
    return from_ours({"target": record.get("1"), "source": record.get("2")}, place)


def from_ours(record: Record, place: str) -> Record:
    """Return a record without CSV-style quotation marks."""
    return {
        **record,
        "source": unquoted(field_text(record, "source", place)),
        "target": unquoted(field_text(record, "target", place)),
    }


CORPUS = Corpus(
    title="CSL's titles",
    authors=Form(
        {
            "train": "summarization_csl_train.tsv",
            "valid": "summarization_csl_dev.tsv",
            "test": "summarization_csl_test.tsv",
        },
        from_table,
    ),
    ours=from_ours,
    checksums={
        "train": "107b7a40750f705a30e77b9ae2a324e2afbdf81d8b04a1bc9de55e7d86e48c69",
        "valid": "d1b14bb5b17e8da894264634c752909f45035ca46d30822ce1cfbe2b33528acd",
        "test": "05ff261d28cebeba8d3bc48352314008465c0ebb3ac74e60008491b8f5a29c16",
    },
)

RECIPE = recipe(
    CORPUS,
    About(
        name="csl",
        task="summarization",
        languages=("zh",),
        size="3,500 abstracts",
        source="SunnyGJing/t5-pegasus-chinese on GitHub, data",
        licence="MIT by its licence file; for research, do not ship the text",
        configs=("size/small summarization/csl",),
    ),
)
