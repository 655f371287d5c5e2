"""The sample corpus of tales, split so that a model of train could predict the other splits without having seen them.

Every split contains every plot and uses only words of train. No character of one split, such as Mila the fox, is in
another (`cast` divides them by checksum), and no tale of validation or test shares a long run of characters with train:
a model that writes such a run has memorised it.
"""

import re
from collections.abc import Sequence
from itertools import chain

from seq2seq_samples.engine.splits import in_turns
from seq2seq_samples.generation.grammar import Tale, tell
from seq2seq_samples.generation.plots import PLOTS
from seq2seq_samples.generation.repeats import Repeats

LENGTHS = {"en": range(60, 131), "zh": range(90, 201)}
"""Words of an English tale, and characters of a Chinese one, without punctuation."""
RUN = 50
"""No tale of validation or test has a run of this many characters in common with a tale of train."""
# Attempts per plot before giving up.
TRIES = 3000
_WORDS = {"en": re.compile("[a-z]+(?:['-][a-z]+)*"), "zh": re.compile("[一-鿿]")}


def generate(train: int, validation: int, test: int, seed: int) -> dict[str, list[Tale]]:
    """Write the splits; languages and plots alternate.

    Args:
        train: Number of tales to train on.
        validation: Number of tales for validation.
        test: Number of tales for the test.
        seed: Seed of all draws.

    Returns:
        The tales by split, in random order.

    Raises:
        ValueError: If a plot cannot provide the requested number.
    """
    known: set[str] = set()
    learned = Repeats((), RUN)

    def learn(tales: Sequence[Tale]) -> None:
        nonlocal learned
        known.update(chain.from_iterable(map(words_of, tales)))
        learned = Repeats((tale.text for tale in tales), RUN)

    def may_enter(tale: Tale, split: str) -> bool:
        # Only the tales are new in validation and test, not their words.
        return is_fit(tale) and (split == "train" or (words_of(tale) <= known and not learned.find(tale.text)))

    return in_turns(
        PLOTS,
        {"train": train, "validation": validation, "test": test},
        seed,
        tell,
        is_fit=may_enter,
        identity=lambda tale: tale.text,
        learn=learn,
        tries=TRIES,
        failure="The plot '{pattern}' gives no more new tales for {split}.",
    )


def is_fit(tale: Tale) -> bool:
    """Return whether a tale has one of the `LENGTHS` of its language."""
    return len(words_in(tale.text)[tale.language]) in LENGTHS[tale.language]


def words_of(tale: Tale) -> set[str]:
    """Return the English words of a tale, in small letters, or its Chinese characters."""
    return set(words_in(tale.text)[tale.language])


def words_in(text: str) -> dict[str, list[str]]:
    """Return a text's English words, in small letters, and its Chinese characters, by language."""
    return {language: pattern.findall(text.lower()) for language, pattern in _WORDS.items()}
