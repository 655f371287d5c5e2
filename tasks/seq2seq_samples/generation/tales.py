"""The sample corpus of tales, split so that a model of train could predict the other splits without having seen them.

Every split tells every plot, with words that train has. No character of one split, such as Mila the fox, is in another
(`cast` divides them by checksum), and no tale of validation or test shares a long run of characters
with train: a model that writes such a run has memorised it.
"""

import re
from itertools import chain
from random import Random

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


def generate(train: int, validation: int, test: int, seed: int) -> dict[str, list[str]]:
    """Tell the corpus as plain texts.

    Args:
        train: Number of tales to train on.
        validation: Number of tales for validation.
        test: Number of tales for the test.
        seed: Seed of all draws.

    Returns:
        The tales of 'train', 'validation' and 'test', in random order; paragraphs are separated by line breaks.
        Languages and plots alternate.

    Raises:
        ValueError: If a plot cannot provide the requested number.
    """
    return {split: [tale.text for tale in tales] for split, tales in told(train, validation, test, seed=seed).items()}


def told(train: int, validation: int, test: int, *, seed: int) -> dict[str, list[Tale]]:
    """Generate the same corpus with the metadata of each tale; arguments and errors are those of `generate`."""
    random = Random(seed)
    plots = list(chain.from_iterable(zip(*PLOTS.values(), strict=True)))
    known: set[str] = set()
    learned = Repeats((), RUN)
    seen: set[str] = set()
    splits: dict[str, list[Tale]] = {}
    for split, size in (("train", train), ("validation", validation), ("test", test)):
        tales: list[Tale] = []
        for number in range(size):
            plot = plots[number % len(plots)]
            for _ in range(TRIES):
                tale = tell(plot, random, split)
                if not is_fit(tale) or tale.text in seen:
                    continue
                # Only the tales are new in validation and test, not their words.
                if split == "train" or (words_of(tale) <= known and not learned.find(tale.text)):
                    break
            else:
                raise ValueError(f"The plot '{plot.name}' gives no more new tales for {split}.")
            seen.add(tale.text)
            tales.append(tale)
        if split == "train":
            known = set(chain.from_iterable(map(words_of, tales)))
            learned = Repeats((tale.text for tale in tales), RUN)
        random.shuffle(tales)
        splits[split] = tales
    return splits


def is_fit(tale: Tale) -> bool:
    """Return whether a tale has one of the `LENGTHS` of its language."""
    return len(words_in(tale.text)[tale.language]) in LENGTHS[tale.language]


def words_of(tale: Tale) -> set[str]:
    """Return the English words of a tale, in small letters, or its Chinese characters."""
    return set(words_in(tale.text)[tale.language])


def words_in(text: str) -> dict[str, list[str]]:
    """Return a text's English words, in small letters, and its Chinese characters, by language."""
    return {language: pattern.findall(text.lower()) for language, pattern in _WORDS.items()}
