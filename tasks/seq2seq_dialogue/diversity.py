"""Diversity of replies: distinct-n on equal numbers of words, unique and frequent replies, repetition, length.

Replies are split by `seq2seq.metrics.rouge.words`: lower-case words without punctuation, and single Chinese characters.
Replies with the same words are equal; replies without words are compared as strings.
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
"""Possible numbers of words for distinct-n."""
FREQUENT = 10
"""Number of replies that count as most frequent."""
LOOP = 3
"""A reply is looping if it repeats an n-gram of this size."""


@dataclass(frozen=True)
class Diversity:
    """Diversity of replies; all values but the length are percentages.

    Attributes:
        distinct: Distinct-1 and distinct-2; empty if there are no words.
        unique: Number of distinct replies per 100 replies.
        frequent: Percentage of replies that equal one of the ten most frequent ones.
        looping: Percentage of replies that repeat a trigram.
        length: Mean number of words.
    """

    distinct: tuple[Jackknifed, ...]
    unique: Jackknifed
    frequent: Jackknifed
    looping: Jackknifed
    length: Jackknifed


def same(reply: str) -> tuple[str, ...]:
    """Return a key that equal replies share: the words, or the string if there are none."""
    return words(reply) or (reply.strip(),)


def budget(*systems: Sequence[str]) -> int:
    """Return the number of words for comparing distinct-n between systems; 0 if one of them has too few.

    This is the largest of `BUDGETS` that is at most half the words of each system, which leaves enough words for
    estimating the sampling variation.
    """
    fewest = min(sum(len(words(reply)) for reply in replies) for replies in systems)
    return next((size for size in BUDGETS if 2 * size <= fewest), 0)


def diversity(replies: Sequence[str], among: int) -> Diversity:
    """Return the diversity of at least one reply; `among` is the number of words for distinct-n, from `budget`."""
    spoken = [words(reply) for reply in replies]
    kinds = [same(reply) for reply in replies]
    return Diversity(
        tuple(distinct(spoken, size, among) for size in SIZES) if among else (),
        unique(kinds),
        frequent(kinds),
        mean(np.array([100.0 * is_looping(reply) for reply in spoken])),
        mean(np.array([float(len(reply)) for reply in spoken])),
    )


def distinct(spoken: Sequence[Sequence[str]], size: int, among: int) -> Jackknifed:
    """Return distinct-n (Li et al. 2016) of `among` words: the number of distinct n-grams per 100 words.

    Distinct-n falls as more words are counted, so all systems are compared on the same number of words. Whole replies
    are drawn without replacement, in a number that gives `among` words on average. The mean over all draws has a closed
    form, so no seed is needed (rarefaction: Hurlbert 1971; rescaled from replies to words: Gotelli and Colwell 2001).
    An n-gram that occurs in d of R replies is missing from k drawn replies with probability C(R - d, k) / C(R, k).

    Args:
        spoken: The words of each reply, `among` or more in total.
        size: n; n-grams do not cross replies.
        among: Number of words, at least 1.
    """
    grams_of = [{tuple(reply[place : place + size]) for place in range(len(reply) - size + 1)} for reply in spoken]
    replies_with = Counter(gram for grams in grams_of for gram in grams)
    lengths = np.array([float(len(reply)) for reply in spoken])
    count, total = len(spoken), float(lengths.sum())
    drawn = among * count / total
    spread = np.bincount(list(replies_with.values()) or [0], minlength=1)  # [d], number of n-grams in d replies
    spread[0] = 0
    value = _expected(spread, count, drawn)
    if count < 2:
        return Jackknifed(100 * value / among, np.full(count, 100 * value / among))
    # Without reply i, each of its n-grams occurs in one reply fewer, and the mean reply length changes.
    missed = _missed(count - 1, drawn, len(spread))
    change = missed[1:] - missed[:-1]  # [d - 1], at most 0
    base = _expected(spread, count - 1, drawn)
    without = base + np.array([sum(change[replies_with[gram] - 1] for gram in grams) for grams in grams_of])
    step = min(0.5, drawn)
    slope = (_expected(spread, count - 1, drawn + step) - _expected(spread, count - 1, drawn - step)) / (2 * step)
    left = np.maximum(total - lengths, among)
    return Jackknifed(100 * value / among, 100 * (without + slope * (among * (count - 1) / left - drawn)) / among)


def unique(kinds: Sequence[tuple[str, ...]]) -> Jackknifed:
    """Return the number of distinct replies per 100 replies, given the key (`same`) of each reply."""
    times, count = Counter(kinds), len(kinds)
    is_single = np.array([float(times[kind] == 1) for kind in kinds])
    return Jackknifed(100 * len(times) / count, 100 * (len(times) - is_single) / max(1, count - 1))


def frequent(kinds: Sequence[tuple[str, ...]]) -> Jackknifed:
    """Return the percentage of replies that equal one of the ten most frequent, given the key (`same`) of each."""
    times, count = Counter(kinds), len(kinds)
    ranked = times.most_common(FREQUENT + 1)
    top = dict(ranked[:FREQUENT])
    next_best = ranked[FREQUENT][1] if len(ranked) > FREQUENT else 0
    # Without one occurrence, a top reply is replaced by the next one if they were equally frequent.
    loses = np.array([float(kind in top and times[kind] > next_best) for kind in kinds])
    whole = sum(top.values())
    return Jackknifed(100 * whole / count, 100 * (whole - loses) / max(1, count - 1))


def is_looping(spoken: Sequence[str]) -> bool:
    """Return whether a reply repeats a trigram."""
    runs = [tuple(spoken[place : place + LOOP]) for place in range(len(spoken) - LOOP + 1)]
    return len(set(runs)) < len(runs)


def _missed(count: int, drawn: float, most: int) -> NDArray[np.float64]:
    """Return [most]: entry d is the probability that none of d given replies is among `drawn` of all `count` replies.

    If `drawn` is not an integer, it is rounded up or down at random, with mean `drawn`.
    """
    place = np.arange(most - 1, dtype=np.float64)
    left = np.maximum(count - place, 1.0)
    fewer = math.floor(drawn)
    none = [np.cumprod(np.clip((count - whole - place) / left, 0.0, 1.0)) for whole in (fewer, fewer + 1)]
    return np.concatenate([[1.0], none[0] + (drawn - fewer) * (none[1] - none[0])])


def _expected(spread: NDArray[np.int64], count: int, drawn: float) -> float:
    """Return the mean number of distinct n-grams in `drawn` replies out of `count`."""
    return float(spread @ (1 - _missed(count, drawn, len(spread))))
