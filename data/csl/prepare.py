"""Prepare CSL's titles (Chinese abstracts and their titles) for training: ``python data/csl/prepare.py --help``.

Takes a folder you have (``--from``): tables without header, title and abstract, named ``summarization_csl_train.tsv``,
``summarization_csl_dev.tsv`` and ``summarization_csl_test.tsv``, or ``train.jsonl``, ``valid.jsonl`` and ``test.jsonl``
with the keys ``source`` and ``target``. Keeps the files as they came in ``raw/`` and writes ``processed/``. Running it
again changes nothing.

There is no download: no public address of these 3,500 pairs is known to be stable.
"""

import re
import sys
from pathlib import Path

from seq2seq.corpus.reader import field_text
from seq2seq.recipes.documents import Corpus, Form, Record, main

# A spreadsheet's way of writing a text that has quotation marks: all of it quoted, the marks inside doubled.
_QUOTED = re.compile(r'"((?:[^"]|"")*)"', re.DOTALL)


def unquoted(text: str) -> str:
    """Undo a spreadsheet's quotation marks, which some abstracts of the table came with."""
    quoted = _QUOTED.fullmatch(text)
    return quoted[1].replace('""', '"') if quoted else text


def from_table(record: Record, place: str) -> Record:
    """Return a row of the tables under our keys."""
    return from_ours({"target": record.get("1"), "source": record.get("2")}, place)


def from_ours(record: Record, place: str) -> Record:
    """Return a record without a spreadsheet's quotation marks."""
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

if __name__ == "__main__":
    sys.exit(main(CORPUS, Path(__file__).parent, None))
