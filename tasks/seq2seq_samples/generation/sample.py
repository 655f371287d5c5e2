"""The generation sample corpus: short English and Chinese tales."""

from seq2seq.corpus.example import Example, Mark
from seq2seq_samples.generation.tales import generate

SEED = 1
SIZES = (6000, 140, 140)
"""Numbers of tales for training, validation and test."""


def sample() -> dict[str, list[Example]]:
    """Return the tales of each split as documents, with a line break between paragraphs."""
    return {
        split: [Example("", (tale.text, Mark.END), place=f"{split}:{number}") for number, tale in enumerate(tales, 1)]
        for split, tales in generate(*SIZES, SEED).items()
    }
