"""Diversity of replies: distinct-n on equal numbers of words, unique and frequent replies, loops, length.

Words are those of `seq2seq.metrics.rouge.words`: in lower case, without punctuation, Chinese by character. Two replies
are the same if their words are; a reply without words is compared literally.

Shapes: ``R`` replies, ``N`` words.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seq2seq.metrics.rouge import words
from seq2seq_dialogue.intervals import Jackknifed, mean

SIZES = (1, 2)
"""N-gram sizes of distinct-n."""
BUDGETS = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Round numbers of words on which distinct-n is compared."""
FREQUENT = 10
"""Number of most frequent replies."""
LOOP = 3
"""A reply that repeats a run of this many words goes in circles."""


@dataclass(frozen=True)
class Diversity:
    """Diversity of replies, in percent except for the length.

    Attributes:
        distinct: Distinct runs of 1 and 2 words per 100 words, among N words; empty if there are no words.
        unique: Different replies for each 100 replies.
        frequent: Replies that are one of the ten most frequent ones.
        looping: Replies that repeat a run of three words.
        length: Words of a reply.
    """

    distinct: tuple[Jackknifed, ...]
    unique: Jackknifed
    frequent: Jackknifed
    looping: Jackknifed
    length: Jackknifed


def same(reply: str) -> tuple[str, ...]:
    """Return the key by which replies are the same: their words, or else their characters."""
    return words(reply) or (reply.strip(),)


def budget(*systems: Sequence[str]) -> int:
    """Return the number of words on which distinct-n of some systems is compared; 0 if one of them has none.

    It is the largest of `BUDGETS` that is at most half of the words of each, so that the words left out show the
    sampling variation.
    """
    fewest = min(sum(len(words(reply)) for reply in replies) for replies in systems)
    return next((one for one in BUDGETS if 2 * one <= fewest), 0)


def diversity(replies: Sequence[str], among: int) -> Diversity:
    """Return the diversity of replies.

    Args:
        replies: The replies, at least one.
        among: N, the number of words for distinct-n, from `budget`.
    """
    spoken = [words(reply) for reply in replies]
    kinds = [same(reply) for reply in replies]
    return Diversity(
        tuple(distinct(spoken, size, among) for size in SIZES) if among else (),
        unique(kinds),
        frequent(kinds),
        mean(np.array([100.0 * is_looping(one) for one in spoken])),
        mean(np.array([float(len(one)) for one in spoken])),
    )


def distinct(spoken: Sequence[Sequence[str]], size: int, among: int) -> Jackknifed:
    """Return distinct-n (Li et al. 2016): distinct runs of `size` words per 100 words, on `among` words.

    The number falls as more words are counted, so it is that of an equal number of words for all systems: as many whole
    replies as have `among` words on average, drawn without replacement. The mean over all such draws is known in closed
    form and needs no seed (rarefaction: Hurlbert 1971; rescaled from replies to words: Gotelli and Colwell 2001). A run
    that occurs in d of R replies is missing from k of them with probability C(R - d, k) / C(R, k).

    Args:
        spoken: The words of each reply, at least `among` in all.
        size: Words of a run; runs do not cross replies.
        among: N, at least 1.
    """
    runs = [{tuple(one[place : place + size]) for place in range(len(one) - size + 1)} for one in spoken]
    replies_with = Counter(run for found in runs for run in found)
    lengths = np.array([float(len(one)) for one in spoken])
    count, total = len(spoken), float(lengths.sum())
    drawn = among * count / total
    spread = np.bincount(list(replies_with.values()) or [0], minlength=1)  # [d], runs in d replies
    spread[0] = 0
    value = _expected(spread, count, drawn)
    if count < 2:
        return Jackknifed(100 * value / among, np.full(count, 100 * value / among))
    # Without reply i, each of its runs is in one reply fewer, and the mean length of the others differs.
    missed = _missed(count - 1, drawn, len(spread))
    change = missed[1:] - missed[:-1]  # [d - 1], not more than 0
    base = _expected(spread, count - 1, drawn)
    without = base + np.array([sum(change[replies_with[run] - 1] for run in found) for found in runs])
    step = min(0.5, drawn)
    slope = (_expected(spread, count - 1, drawn + step) - _expected(spread, count - 1, drawn - step)) / (2 * step)
    left = np.maximum(total - lengths, among)
    return Jackknifed(100 * value / among, 100 * (without + slope * (among * (count - 1) / left - drawn)) / among)


def unique(kinds: Sequence[tuple[str, ...]]) -> Jackknifed:
    """Return different replies for each 100.

    Args:
        kinds: The result of `same` for each reply.
    """
    times, count = Counter(kinds), len(kinds)
    is_single = np.array([float(times[kind] == 1) for kind in kinds])
    return Jackknifed(100 * len(times) / count, 100 * (len(times) - is_single) / max(1, count - 1))


def frequent(kinds: Sequence[tuple[str, ...]]) -> Jackknifed:
    """Return the share, of 100, of the replies that are one of the ten most frequent.

    Args:
        kinds: The result of `same` for each reply.
    """
    times, count = Counter(kinds), len(kinds)
    ranked = times.most_common(FREQUENT + 1)
    top = dict(ranked[:FREQUENT])
    next_best = ranked[FREQUENT][1] if len(ranked) > FREQUENT else 0
    # With one reply fewer, another of the same frequency takes its place.
    loses = np.array([float(kind in top and times[kind] > next_best) for kind in kinds])
    whole = sum(top.values())
    return Jackknifed(100 * whole / count, 100 * (whole - loses) / max(1, count - 1))


def is_looping(spoken: Sequence[str]) -> bool:
    """Return whether three words in a row occur a second time in a reply."""
    runs = [tuple(spoken[place : place + LOOP]) for place in range(len(spoken) - LOOP + 1)]
    return len(set(runs)) < len(runs)


def _missed(count: int, drawn: float, most: int) -> NDArray[np.float64]:
    """Return [most] for d = 0, 1, ...: the probability that none of d out of `count` replies is among those drawn.

    If `drawn` is between two whole numbers, one of them is chosen at random so that the mean is `drawn`.
    """
    place = np.arange(most - 1, dtype=np.float64)
    left = np.maximum(count - place, 1.0)
    fewer = math.floor(drawn)
    none = [np.cumprod(np.clip((count - whole - place) / left, 0.0, 1.0)) for whole in (fewer, fewer + 1)]
    return np.concatenate([[1.0], none[0] + (drawn - fewer) * (none[1] - none[0])])


def _expected(spread: NDArray[np.int64], count: int, drawn: float) -> float:
    """Return the mean number of distinct runs among a number of replies drawn out of `count`."""
    return float(spread @ (1 - _missed(count, drawn, len(spread))))
