"""The sample corpus of text generation: short English and Chinese tales, the same at every call."""

from functools import cache

from seq2seq_generation.grammar import Tale
from seq2seq_generation.tales import told

SEED = 1
SIZES = (6000, 140, 140)
"""Tales of train, validation and test."""


def texts(split: str) -> list[str]:
    """Return the tales of a split.

    Args:
        split: 'train', 'validation' or 'test'.

    Returns:
        Texts of several sentences, with a line break between paragraphs; half of them English, half Chinese.
    """
    return [tale.text for tale in tales()[split]]


@cache
def tales() -> dict[str, list[Tale]]:
    """Return the tales by split, with their metadata."""
    return told(*SIZES, seed=SEED)
