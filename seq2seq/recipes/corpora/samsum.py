"""Prepare SAMSum (messenger chats and their summaries) for training.

Reads a local folder (``--from``): the authors' ``train.json`` and ``val.json`` (and ``test.json``, if you have it), or
``train.jsonl`` and ``valid.jsonl`` with the keys ``id``, ``source`` and ``target``. Copies the originals to ``raw/``
and writes ``processed/``. 800 training dialogues are held out as ``choose.jsonl``, to choose checkpoints and settings,
while results are reported on ``valid.jsonl``. Running it again changes nothing.

There is no download, because the authors distribute a 7z archive, which Python cannot unpack. Unpack it yourself.
"""

from seq2seq.corpus.reader import field_text
from seq2seq.recipes.documents import Corpus, Form, Record, recipe
from seq2seq.recipes.recipe import About


def uniform(record: Record, place: str) -> Record:
    """Map an authors' record to our keys."""
    return {
        "id": field_text(record, "id", place),
        "source": field_text(record, "dialogue", place),
        "target": field_text(record, "summary", place),
    }


CORPUS = Corpus(
    title="SAMSum",
    authors=Form({"train": "train.json", "valid": "val.json", "test": "test.json"}, uniform),
    needed=("train", "valid"),
    held_out=800,
    checksums={
        "train": "a2b8816a932bab82d153fdf21afdc56e17a58b87e3797a6971197b469b6e95f7",
        "choose": "72cadc4711aa601f41ad1fa63ad14f87ece8795904eb250dc0d2fcf5454190ce",
        "valid": "fa4bc153d4315d1e38756ade54b02c907a92eecfd314ed72b7987695740940cf",
    },
)

RECIPE = recipe(
    CORPUS,
    About(
        name="samsum",
        task="summarization",
        languages=("en",),
        size="15,471 chats",
        source="the authors' archive corpus.7z, see the paper (arXiv 1911.12237)",
        licence="CC BY-NC-ND 4.0; not for commercial use, do not ship the processed text",
        configs=("size/small summarization/samsum",),
    ),
)
