"""Composition of summaries: novel, copied and repeated words, and length.

Words are split by `seq2seq.metrics.rouge.words`, unstemmed; each Chinese character is a word. Fractions are computed
over all summaries together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.metrics.rouge import words

NOVEL_SIZES = (1, 2, 3, 4)
REPEATED_SIZES = (2, 3)


@dataclass(frozen=True)
class Share:
    """A fraction.

    Args:
        part: Number of items with a property.
        whole: Number of all items.
    """

    part: int = 0
    whole: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.whole + other.whole)

    def __str__(self) -> str:
        """Return the percentage; 'none' if there are no items."""
        return f"{100 * self.part / self.whole:.1f} %" if self.whole else "none"


@dataclass(frozen=True)
class Composition:
    """Composition of summaries.

    Args:
        summaries: Number of summaries.
        words: Total number of words.
        novel: For n = 1 to 4, the fraction of distinct n-grams that the source lacks (See et al. 2017).
        repeated: For n = 2 and 3, the fraction of n-grams that already occurred in the same summary.
        copied: Fraction of words that occur in the source.
    """

    summaries: int
    words: int
    novel: tuple[Share, ...]
    repeated: tuple[Share, ...]
    copied: Share

    @property
    def mean_words(self) -> float:
        """Mean number of words per summary."""
        return self.words / max(1, self.summaries)


def composition(summaries: Sequence[str], sources: Sequence[str]) -> Composition:
    """Return the composition of summaries, given the source of each."""
    total = 0
    novel = [Share()] * len(NOVEL_SIZES)
    repeated = [Share()] * len(REPEATED_SIZES)
    copied = Share()
    for summary, source in zip(summaries, sources, strict=True):
        summary_words, source_words = words(summary), words(source)
        total += len(summary_words)
        for place, size in enumerate(NOVEL_SIZES):
            different = set(grams(summary_words, size))
            novel[place] += Share(len(different.difference(grams(source_words, size))), len(different))
        for place, size in enumerate(REPEATED_SIZES):
            every = grams(summary_words, size)
            repeated[place] += Share(len(every) - len(set(every)), len(every))
        known = set(source_words)
        copied += Share(sum(word in known for word in summary_words), len(summary_words))
    return Composition(len(summaries), total, tuple(novel), tuple(repeated), copied)


def grams(text: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Return all n-grams of `size` words, in order."""
    return list(zip(*(text[start:] for start in range(size)), strict=False))


def length_ratio(summaries: Sequence[str], references: Sequence[Sequence[str]]) -> float | None:
    """Return the total words of the summaries divided by those in the references; None if the references have no words.

    If a summary has several references, their mean length is used.
    """
    total = sum(len(words(text)) for text in summaries)
    wanted = sum(sum(len(words(text)) for text in texts) / len(texts) for texts in references)
    return total / wanted if wanted else None
