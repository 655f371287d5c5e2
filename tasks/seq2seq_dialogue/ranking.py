"""Ranking of the reference reply among nine replies from other conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from seq2seq.plugin import Example, Figure, Scorer, Section, Table, plain
from seq2seq_dialogue.diversity import same
from seq2seq_dialogue.intervals import bootstrapped

TITLE = "The reference reply among ten"
FIRST = "true reply ranked first of ten"
OTHERS = 9
"""Number of other replies per trial."""
MOST = 1_000
"""Maximum number of trials; each scores ten replies."""
FIRST_LOOK = 64
"""Number of random examples searched for other replies before the search covers all examples."""


@dataclass(frozen=True)
class Trial:
    """A reference reply and nine others.

    Attributes:
        number: Index of the example with the reference reply.
        others: Indices of the examples with the other replies.
    """

    number: int
    others: tuple[int, ...]


def trials(examples: Sequence[Example], *, seed: int, most: int = MOST) -> list[Trial]:
    """Draw the trials, which only depend on the examples and the seed.

    Args:
        examples: The test set.
        seed: Random seed.
        most: Maximum number of trials; examples are chosen at random if there are more.

    Returns:
        The trials, in test set order. The other replies come from other conversations (examples with another place),
        and no two of the ten are the same (`seq2seq_dialogue.diversity.same`). Examples without nine such replies are
        skipped.
    """
    kinds = [same(plain(example.target)) for example in examples]
    numbers = range(len(examples))
    chosen = sorted(Random(f"{seed} ranked").sample(numbers, most)) if len(examples) > most else list(numbers)
    drawn = []
    for number in chosen:
        draw = Random(f"{seed} {number}")
        others = _others(number, draw.sample(numbers, min(len(examples), FIRST_LOOK)), examples, kinds)
        if len(others) < OTHERS:
            others = _others(number, draw.sample(numbers, len(examples)), examples, kinds)
        if len(others) == OTHERS:
            drawn.append(Trial(number, tuple(others)))
    return drawn


def ranks(model: Scorer, examples: Sequence[Example], asked: Sequence[Trial]) -> list[int]:
    """Return the rank of each reference reply, from 1.

    Replies are ranked by log probability per piece, end token included. Ties count against the reference reply.
    """
    scored = model.score_candidates(
        [examples[trial.number] for trial in asked],
        [[examples[number] for number in (trial.number, *trial.others)] for trial in asked],
    )
    places = []
    for candidates in scored:
        true, *others = (candidate.log_probability / candidate.tokens for candidate in candidates)
        places.append(1 + sum(other >= true for other in others))
    return places


def section(model: Scorer, examples: Sequence[Example], *, seed: int, samples: int) -> Section:
    """Return a section with the percentage of reference replies ranked first, and the mean reciprocal rank.

    `seed` is used for trials and bootstrap. If `samples` is 0, there are no intervals.
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
            f"For each of {len(asked):,} examples, the reference reply and nine distinct replies from other "
            "conversations of the test set are ranked by log probability per piece, end token included; ties count "
            f"against the reference reply. The nine are drawn with seed {seed}, the same for every model. Intervals "
            "are bootstrapped over examples.",
        ],
        [Figure(FIRST, first.value, first.low, first.high, beside=f"by chance: {100 / (OTHERS + 1):.1f} %")],
    )


def _others(
    number: int, order: Sequence[int], examples: Sequence[Example], kinds: Sequence[tuple[str, ...]]
) -> list[int]:
    """Return the indices of the first nine eligible examples, in the given order."""
    seen = {kinds[number], ("",)}
    place = examples[number].place
    others: list[int] = []
    for other in order:
        if other != number and kinds[other] not in seen and not (place and examples[other].place == place):
            seen.add(kinds[other])
            others.append(other)
            if len(others) == OTHERS:
                break
    return others
