"""Ranking of the true reply among nine replies from other conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from seq2seq.plugin import Example, Figure, Scorer, Section, Table, plain
from seq2seq_dialogue.diversity import same
from seq2seq_dialogue.intervals import bootstrapped

TITLE = "The true reply among ten"
FIRST = "true reply ranked first of ten"
OTHERS = 9
"""Other replies that the true one is ranked with."""
MOST = 1_000
"""Most examples that are ranked: each costs ten scorings."""
FIRST_LOOK = 64
"""Random examples that are searched for others before all are."""


@dataclass(frozen=True)
class Trial:
    """A true reply and the replies that it is ranked among.

    Attributes:
        number: The example with the true reply.
        others: The nine examples whose replies it is ranked with.
    """

    number: int
    others: tuple[int, ...]


def trials(examples: Sequence[Example], *, seed: int, most: int = MOST) -> list[Trial]:
    """Draw the trials: a function of the examples and the seed, so the same for every model.

    Args:
        examples: The test set.
        seed: Seed.
        most: Maximum number of examples; chosen at random if there are more.

    Returns:
        In the order of the test set. The others come from other conversations (other places), and no two of the ten
        replies are the same (`seq2seq_dialogue.diversity.same`). An example without nine such others is left out.
    """
    kinds = [same(plain(one.target)) for one in examples]
    numbers = range(len(examples))
    chosen = sorted(Random(f"{seed} ranked").sample(numbers, most)) if len(examples) > most else list(numbers)
    found = []
    for number in chosen:
        draw = Random(f"{seed} {number}")
        others = _others(number, draw.sample(numbers, min(len(examples), FIRST_LOOK)), examples, kinds)
        if len(others) < OTHERS:
            others = _others(number, draw.sample(numbers, len(examples)), examples, kinds)
        if len(others) == OTHERS:
            found.append(Trial(number, tuple(others)))
    return found


def ranks(model: Scorer, examples: Sequence[Example], asked: Sequence[Trial]) -> list[int]:
    """Return the rank of each true reply among the ten, from 1.

    Replies are ranked by the log probability per piece, the end mark included. Ties count against the true reply.

    Args:
        model: The model.
        examples: The test set.
        asked: The result of `trials`.
    """
    scored = model.score_candidates(
        [examples[one.number] for one in asked],
        [[examples[number] for number in (one.number, *one.others)] for one in asked],
    )
    found = []
    for candidates in scored:
        true, *others = (one.log_probability / one.tokens for one in candidates)
        found.append(1 + sum(other >= true for other in others))
    return found


def section(model: Scorer, examples: Sequence[Example], *, seed: int, samples: int) -> Section:
    """Return how often the true reply is ranked first, and its mean reciprocal rank.

    Args:
        model: The model.
        examples: The test set.
        seed: Seed of the draw and of the bootstrap.
        samples: Number of samples of the bootstrap; 0 gives no intervals.
    """
    asked = trials(examples, seed=seed)
    if not asked:
        return Section(TITLE, ["No example has nine different replies of other conversations to be ranked among."])
    places = np.array(ranks(model, examples, asked))
    one_each = np.ones(len(places))
    first = bootstrapped(100.0 * (places == 1), one_each, seed=seed, samples=samples)
    reciprocal = bootstrapped(100.0 / places, one_each, seed=seed, samples=samples)
    chance = 100 * sum(1 / place for place in range(1, OTHERS + 2)) / (OTHERS + 1)
    return Section(
        TITLE,
        [
            Table(
                ["what", "score", "95% interval", "by chance"],
                [
                    ["true reply ranked first of ten (%)", *first.cells(), 100 / (OTHERS + 1)],
                    ["mean reciprocal rank (of 100)", *reciprocal.cells(), chance],
                ],
            ),
            f"For each of {len(asked):,} examples the true reply and nine replies of other conversations of the test "
            "set, all different, are ranked by their log probability per piece, end mark included; ties count "
            f"against the true one. They are drawn with seed {seed}, the same for every model. Intervals are those "
            "of the bootstrap over examples.",
        ],
        [Figure(FIRST, first.value, first.low, first.high, beside=f"by chance: {100 / (OTHERS + 1):.1f} %")],
    )


def _others(
    number: int, order: Sequence[int], examples: Sequence[Example], kinds: Sequence[tuple[str, ...]]
) -> list[int]:
    """Return the first nine examples of an order whose replies can be ranked with one."""
    seen = {kinds[number], ("",)}
    place = examples[number].place
    found: list[int] = []
    for other in order:
        if other != number and kinds[other] not in seen and not (place and examples[other].place == place):
            seen.add(kinds[other])
            found.append(other)
            if len(found) == OTHERS:
                break
    return found
