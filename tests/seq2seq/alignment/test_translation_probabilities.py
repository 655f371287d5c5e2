"""Translation probabilities: those of expectation maximization written out, and the right words."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.alignment import translation_probabilities
from seq2seq.alignment.translation_probabilities import Pair, translations
from tests.properties import examples

SOURCES, TARGETS = 5, 7
TEXTS = st.lists(
    st.tuples(
        st.lists(st.integers(0, SOURCES - 1), max_size=4).map(tuple),
        st.lists(st.integers(0, TARGETS - 1), max_size=4).map(tuple),
    ),
    max_size=6,
)


def expected(pairs: list[Pair]) -> dict[tuple[int, int], float]:
    """Return the probabilities of model 1 by loops over all pairs of words."""
    probabilities: dict[tuple[int, int], float] = defaultdict(lambda: 1.0)
    for _ in range(translation_probabilities.ITERATIONS):
        counts: dict[tuple[int, int], float] = defaultdict(float)
        totals: dict[int, float] = defaultdict(float)
        for source, target in pairs:
            for word in target:
                likelihoods = [probabilities[own, word] for own in (*source, SOURCES)]
                for own, likelihood in zip((*source, SOURCES), likelihoods, strict=True):
                    counts[own, word] += likelihood / sum(likelihoods)
                    totals[own] += likelihood / sum(likelihoods)
        probabilities = defaultdict(float, {key: count / totals[key[0]] for key, count in counts.items()})
    return {key: value for key, value in probabilities.items() if key[0] < SOURCES}


@examples(60)
@given(TEXTS)
def test_the_probabilities_are_those_of_the_model_written_out(pairs: list[Pair]) -> None:
    found = translations(pairs, SOURCES, TARGETS)
    given_ = dict(
        zip(zip(found.sources.tolist(), found.targets.tolist(), strict=True), found.probabilities, strict=True)
    )
    assert given_ == pytest.approx(expected(pairs), abs=1e-9)


def test_words_that_occur_together_are_translations() -> None:
    draw = np.random.default_rng(1)
    sentences = [draw.integers(0, 20, draw.integers(2, 9)) for _ in range(300)]
    # Word n is translated by word 29 - n; the translation is shuffled and begins with word 5, which translates nothing.
    pairs = [(words.tolist(), [5, *draw.permutation(29 - words).tolist()]) for words in sentences]
    found = translations(pairs, 20, 30)
    for word in range(20):
        own = found.sources == word
        assert found.targets[own][found.probabilities[own].argmax()] == 29 - word


def test_only_the_first_sentences_of_a_large_corpus_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation_probabilities, "MOST_CELLS", 12)
    found = translations([((0, 1), (2, 3)), ((0, 1), (2, 3)), ((4,), (6,))], SOURCES, TARGETS)
    assert set(found.sources.tolist()) == {0, 1}
