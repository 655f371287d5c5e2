"""Prepare SciTLDR (abstracts and one-sentence summaries) for training.

Reads a local folder (``--from``: the authors' ``train.jsonl``, ``dev.jsonl`` and ``test.jsonl`` of ``SciTLDR-A``, or
``train.jsonl``, ``valid.jsonl`` and ``test.jsonl`` with the keys ``source``, ``target`` and ``refs``) or the authors'
public repository (``--download``), copies the originals to ``raw/`` and writes ``processed/``. Running it again changes
nothing.

UNTESTED: the download URLs come from the repository's list of files, but could not be reached during development.
Downloaded files pass the same checks as your own.
"""

from seq2seq.corpus.reader import field_text
from seq2seq.errors import UserError
from seq2seq.recipes.documents import Corpus, Form, Record, recipe
from seq2seq.recipes.recipe import About


def texts(record: Record, key: str, place: str) -> list[str]:
    """Return a field that is a list of strings: sentences or summaries.

    Raises:
        UserError: If it is not such a list, or if it is empty.
    """
    value = record.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(part, str) for part in value):
        raise UserError(f"{place}: '{key}' must be a list of texts, as in the authors' files.")
    return value


def uniform(record: Record, place: str) -> Record:
    """Map an authors' record, whose abstract is a list of sentences, to our keys."""
    summaries = texts(record, "target", place)
    return {
        "id": field_text(record, "paper_id", place),
        "source": " ".join(texts(record, "source", place)),
        "target": summaries[0],
        "refs": summaries if len(summaries) > 1 else [],
    }


CORPUS = Corpus(
    title="SciTLDR (abstracts)",
    authors=Form({"train": "train.jsonl", "valid": "dev.jsonl", "test": "test.jsonl"}, uniform),
    address="https://raw.githubusercontent.com/allenai/scitldr/master/SciTLDR-Data/SciTLDR-A/{name}",
    checksums={
        "train": "49cff1964074fb73121a1db28d470045cda02aed96310aec844cb0f73478198e",
        "valid": "27e08c19975bdbc373ee9be2a6518471a4dd1df59a233f5b9ab11881b09fbc91",
        "test": "c2f4a10aebdbe55f04e6610ae9296ccbcaf2c5f01ce759826131ec88cfb9cc59",
    },
)

RECIPE = recipe(
    CORPUS,
    About(
        name="scitldr",
        task="summarization",
        languages=("en",),
        size="3,225 abstracts",
        source="allenai/scitldr on GitHub, SciTLDR-Data/SciTLDR-A",
        licence="Apache-2.0",
        configs=("size/small summarization/scitldr",),
    ),
)
