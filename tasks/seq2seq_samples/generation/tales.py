"""Generate the sample tales, in splits that share plots and words but no characters or long passages.

Every split uses all plots, and only words of the training set. No character, such as Mila the fox, occurs in two
splits (`cast` assigns them by checksum). No validation or test tale shares a long run of characters with the training
set, so a model that generates such a run has memorised it.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain

from seq2seq_samples.engine.splits import in_turns
from seq2seq_samples.generation.grammar import Tale, tell
from seq2seq_samples.generation.plots import PLOTS
from seq2seq_samples.generation.repeats import Repeats

LENGTHS = {"en": range(60, 131), "zh": range(90, 201)}
"""Permitted numbers of English words or Chinese characters per tale, without punctuation."""
RUN = 50
"""Minimum length of the runs of characters that validation and test tales must not share with training tales."""
# Maximum number of attempts per tale.
TRIES = 3000
_WORDS = {"en": re.compile("[a-z]+(?:['-][a-z]+)*"), "zh": re.compile("[一-鿿]")}


@cache
def generate(train: int, validation: int, test: int, seed: int) -> dict[str, list[Tale]]:
    """Generate the splits; languages and plots alternate.

    Returns:
        The tales by split, in random order.

    Raises:
        ValueError: If a plot cannot yield enough different tales.
    """

    def rule(tales: Sequence[Tale]) -> Callable[[Tale], bool]:
        # In validation and test, the tales are new, but their words are not.
        known = set(chain.from_iterable(map(words_of, tales)))
        learned = Repeats((tale.text for tale in tales), RUN)
        return lambda tale: words_of(tale) <= known and not learned.find(tale.text)

    return in_turns(
        PLOTS,
        {"train": train, "validation": validation, "test": test},
        seed,
        tell,
        is_fit=lambda tale, split: is_fit(tale),
        identity=lambda tale: tale.text,
        rule=rule,
        tries=TRIES,
        failure="The plot '{pattern}' gives no more new tales for {split}.",
    )


def is_fit(tale: Tale) -> bool:
    """Return whether the length of a tale is in the `LENGTHS` of its language."""
    return len(words_in(tale.text)[tale.language]) in LENGTHS[tale.language]


def words_of(tale: Tale) -> set[str]:
    """Return the lower-case English words or the Chinese characters of a tale."""
    return set(words_in(tale.text)[tale.language])


def words_in(text: str) -> dict[str, list[str]]:
    """Return the lower-case English words and the Chinese characters of a text, by language."""
    return {language: pattern.findall(text.lower()) for language, pattern in _WORDS.items()}
