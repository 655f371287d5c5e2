"""Composition of summaries: new, copied and repeated words, and their length.

All is counted in the words of `seq2seq.metrics.rouge.words`, unstemmed, so Chinese goes by character. Shares are of all
summaries together, so a summary without any n-gram of a size has no say in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.metrics.rouge import words

NOVEL_SIZES = (1, 2, 3, 4)
REPEATED_SIZES = (2, 3)


@dataclass(frozen=True)
class Share:
    """A part of a whole.

    Args:
        part: Number with the property.
        whole: Their total.
    """

    part: int = 0
    whole: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.whole + other.whole)

    def __str__(self) -> str:
        """Return the share as text; 'none' without a total."""
        return f"{100 * self.part / self.whole:.1f} %" if self.whole else "none"


@dataclass(frozen=True)
class Composition:
    """Composition of summaries.

    Args:
        summaries: Number of summaries.
        words: Words of all summaries.
        novel: For n-grams of 1 to 4 words: the share of a summary's distinct n-grams that its source lacks (See et al.
            2017).
        repeated: For n-grams of 2 and 3 words: those that their summary already holds, of all.
        copied: Words of a summary that occur in its source, of all its words.
    """

    summaries: int
    words: int
    novel: tuple[Share, ...]
    repeated: tuple[Share, ...]
    copied: Share

    @property
    def mean_words(self) -> float:
        """Words of a summary."""
        return self.words / max(1, self.summaries)


def composition(summaries: Sequence[str], sources: Sequence[str]) -> Composition:
    """Count the composition of summaries.

    Args:
        summaries: Texts.
        sources: The source of each summary.
    """
    total = 0
    novel = [Share()] * len(NOVEL_SIZES)
    repeated = [Share()] * len(REPEATED_SIZES)
    copied = Share()
    for summary, source in zip(summaries, sources, strict=True):
        said, given = words(summary), words(source)
        total += len(said)
        for place, size in enumerate(NOVEL_SIZES):
            different = set(grams(said, size))
            novel[place] += Share(len(different.difference(grams(given, size))), len(different))
        for place, size in enumerate(REPEATED_SIZES):
            every = grams(said, size)
            repeated[place] += Share(len(every) - len(set(every)), len(every))
        known = set(given)
        copied += Share(sum(word in known for word in said), len(said))
    return Composition(len(summaries), total, tuple(novel), tuple(repeated), copied)


def grams(text: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Return all runs of `size` words, in order.

    Args:
        text: Words.
        size: Words of a run.
    """
    return list(zip(*(text[start:] for start in range(size)), strict=False))


def length_ratio(summaries: Sequence[str], references: Sequence[Sequence[str]]) -> float | None:
    """Return the words of summaries per word of their references; None if these have no word.

    Args:
        summaries: Texts.
        references: All references of each; their mean length counts.
    """
    said = sum(len(words(one)) for one in summaries)
    wanted = sum(sum(len(words(one)) for one in texts) / len(texts) for texts in references)
    return said / wanted if wanted else None
