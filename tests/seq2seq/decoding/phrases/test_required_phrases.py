"""Required phrases compared with exhaustive search, and with the search of each source alone."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.left_to_right import write
from seq2seq.decoding.options import SearchOptions
from seq2seq.decoding.phrases.beam_allocation import allocated
from seq2seq.decoding.phrases.required_phrases import Phrase, RequiredPhrases, Requirement, word_ends
from seq2seq.runtime.shortlist import ShortVocabulary
from tests.properties import examples
from tests.seq2seq.searches import PENALTIES, TOKENIZER, exhaustive, searched
from tests.seq2seq.tiny import PIECES, padded, tiny_network

Ids = tuple[int, ...]
WIDE = SearchOptions(beam_size=800, n_best=5, max_length=3, patience=0)
NARROW = SearchOptions(beam_size=3, max_length=6, patience=0)
ENDS = word_ends(TOKENIZER)


def occurs(ids: Ids, phrase: Phrase) -> bool:
    """Return whether an output contains a phrase."""
    size = len(phrase.ids)
    for place in [0] if phrase.is_initial else range(len(ids) - size + 1):
        rest = ids[place + size :]
        if ids[place : place + size] == phrase.ids and (not phrase.is_word or not rest or ENDS[rest[0]]):
            return True
    return False


def is_met(ids: Ids, required: Sequence[Requirement]) -> bool:
    return all(any(occurs(ids, phrase) for phrase in phrases) for phrases in required)


def phrases(pieces: Sequence[int], *, is_word: bool, longest: int = 2) -> st.SearchStrategy[Requirement]:
    """Alternatives of some of the pieces; the last one may occur only at the beginning."""
    ids = st.lists(st.sampled_from(pieces), min_size=1, max_size=longest).map(tuple)
    anywhere = st.lists(st.builds(Phrase, ids, st.just(False), st.just(is_word)), min_size=1, max_size=2)
    initial = st.lists(st.builds(Phrase, ids, st.just(True), st.just(is_word)), max_size=1)
    return st.builds(lambda some, more: [*some, *more], anywhere, initial)


@st.composite
def separate(draw: st.DrawFn) -> list[Requirement]:
    """Requirements that share no piece, so that none helps to meet another."""
    if draw(st.booleans()):
        return [draw(phrases(range(PIECES), is_word=draw(st.booleans()), longest=3))]
    return [draw(phrases(range(4), is_word=False)), draw(phrases(range(4, PIECES), is_word=False, longest=1))]


@examples(40)
@given(
    seed=st.integers(0, 10_000),
    required=separate(),
    penalty=st.sampled_from(PENALTIES),
    beta=st.sampled_from([0.0, 0.4]),
    ngram=st.sampled_from([0, 0, 1, 2]),
    prefix=st.lists(st.integers(0, PIECES - 1), max_size=1),
)
def test_a_beam_wide_enough_finds_the_best_output_with_all_phrases(
    seed: int, required: list[Requirement], penalty: tuple[str, float], beta: float, ngram: int, prefix: list[int]
) -> None:
    network = tiny_network(seed)
    options = replace(
        WIDE, length_penalty=penalty[0], length_alpha=penalty[1], coverage_beta=beta, no_repeat_ngram=ngram
    )
    source = [seed % PIECES, 1, 2]
    least = sum(min(len(phrase.ids) for phrase in some if not phrase.is_initial) for some in required)
    prefix = prefix[: WIDE.max_length - least]
    outputs = [one for one in exhaustive(network, source, options) if one[1][: len(prefix)] == tuple(prefix)]
    expected = [one for one in outputs if is_met(one[1], required)][:5]
    found = searched(network, [source], options, [prefix], [required])[0][: len(expected)]
    assert [one.score for one in found] == pytest.approx([value for value, _ in expected], abs=1e-4)
    for one, (_, ids) in zip(found, expected, strict=True):
        assert is_met(one.ids, required)
        if sum(abs(value - one.score) < 1e-4 for value, _ in expected) == 1:
            assert one.ids == ids


@examples(60)
@given(
    seed=st.integers(0, 10_000),
    required=st.lists(
        st.lists(phrases(range(PIECES), is_word=False, longest=3), max_size=3), min_size=2, max_size=3
    ).filter(any),
    beams=st.integers(2, 4),
    groups=st.sampled_from([1, 2]),
    min_length=st.integers(0, 3),
    most=st.integers(0, 7),
    prefix=st.lists(st.integers(0, PIECES - 1), max_size=2),
)
def test_outputs_contain_all_phrases_and_depend_on_no_other_source(
    seed: int,
    required: list[list[Requirement]],
    beams: int,
    groups: int,
    min_length: int,
    most: int,
    prefix: list[int],
) -> None:
    network = tiny_network(seed)
    options = replace(
        NARROW, beam_size=beams * groups, groups=groups, min_length=min_length, max_length=max(min_length, most, 1)
    )
    sources = [[(seed + row) % PIECES, *range(row)] for row in range(len(required))]
    prefixes = [prefix] * len(sources)
    together = searched(network, sources, options, prefixes, required)
    for row, of_source in enumerate(required):
        output = together[row][0].ids
        assert output[: len(prefix)] == tuple(prefix)
        assert is_met(output, of_source)
        alone = searched(network, [sources[row]], options, [prefix], [of_source] if of_source else ())[0][0]
        assert alone.ids == output
        assert alone.score == pytest.approx(together[row][0].score, abs=1e-5)


@examples(30)
@given(
    seed=st.integers(0, 10_000),
    required=st.lists(st.lists(phrases(range(PIECES), is_word=True), max_size=3), min_size=2, max_size=2).filter(any),
    length=st.integers(0, 4),
)
def test_numpy_computes_what_pytorch_computes(seed: int, required: list[list[Requirement]], length: int) -> None:
    random, rows = np.random.default_rng(seed), 3
    size = TOKENIZER.vocabulary_size + 1
    tokens = random.integers(0, size, (length + 1, rows * len(required), 5))
    scores = np.log(random.random((rows * len(required), size), np.float32))
    left = random.integers(0, 5, len(scores))
    values = np.log(random.random((len(required), rows * 5), np.float32))
    values[random.random(values.shape) < 0.3] = -math.inf

    def results(convert: Callable[[Any], Any]) -> list[list[Any]]:
        phrases = RequiredPhrases(required, ENDS, TOKENIZER.end, convert(left), rows)
        for step in tokens[:-1]:
            phrases.follow(convert(np.arange(len(scores))), convert(step[:, 0]))
        hurried = convert(scores.copy())
        phrases.hurry(hurried, convert(left), spare=1)
        lacking = phrases.lacking_after(convert(tokens[-1]))
        order = allocated(convert(values), lacking.reshape(len(required), -1), 7)
        return [array.tolist() for array in (hurried, phrases.may_end(), phrases.advancing(), lacking, order)]

    assert results(np.asarray) == results(torch.from_numpy)


def test_a_word_must_end_behind_a_phrase_of_whole_words() -> None:
    letters = [number for number in range(PIECES) if not ENDS[number]]
    blank, (first, second) = int(np.flatnonzero(ENDS)[0]), letters[:2]
    word = [[Phrase((first,), is_word=True)]]
    assert not is_met((first, second), word)
    assert is_met((first, blank), word)
    for seed in range(5):
        output = searched(tiny_network(seed), [[1, 2]], NARROW, None, [word])[0][0].ids
        assert is_met(output, word)


def test_phrases_may_overlap() -> None:
    required = [[Phrase((1, 2))], [Phrase((2, 3))]]
    network = tiny_network(1)
    found = searched(network, [[1, 2]], replace(WIDE, n_best=200, max_length=4), None, [required])[0]
    met = [one.ids for one in found if is_met(one.ids, required)]
    assert (1, 2, 3) in met
    assert (1, 2, 2, 3) in met


def test_outputs_that_lack_a_phrase_rank_last() -> None:
    # Every output with the phrase repeats a piece.
    options = replace(WIDE, no_repeat_ngram=1, n_best=3)
    found = searched(tiny_network(3), [[1, 2]], options, None, [[[Phrase((4, 4)), Phrase((5,))]]])[0]
    assert all(5 in one.ids for one in found)
    impossible = searched(tiny_network(3), [[1, 2]], options, None, [[[Phrase((4, 4))]]])[0]
    assert impossible
    assert not any(is_met(one.ids, [[Phrase((4, 4))]]) for one in impossible)


def test_the_length_limit_is_raised_to_fit_the_phrases() -> None:
    required = [[Phrase((1, 2, 3))], [Phrase((4, 5))]]
    found = searched(tiny_network(2), [[1]], replace(NARROW, max_length=1), [[6]], [required])[0][0]
    assert found.ids in {(6, 1, 2, 3, 4, 5), (6, 4, 5, 1, 2, 3)}


def test_banned_words_are_not_required() -> None:
    piece = next(number for number in range(PIECES) if TOKENIZER.surfaces[number] == b"a")
    other = next(number for number in range(PIECES) if TOKENIZER.surfaces[number] == b"b")
    options = replace(NARROW, banned=("a",))
    network = tiny_network(4)
    required = [[Phrase((piece,)), Phrase((other,))]]
    assert other in searched(network, [[1]], options, None, [required])[0][0].ids
    without = searched(network, [[1]], options)[0][0]
    assert searched(network, [[1]], options, None, [[[Phrase((piece,))]]])[0][0] == without


def test_only_a_search_with_beams_and_the_whole_vocabulary_supports_required_phrases() -> None:
    ids, lengths = padded([[1, 2]])
    sources = EncodedSources(ids, lengths, required=[[[Phrase((1,))]]])
    with pytest.raises(ValueError, match="several beams"):
        write(tiny_network(1), sources, TOKENIZER, NARROW)
    short = ShortVocabulary(TOKENIZER, np.arange(TOKENIZER.vocabulary_size))
    with pytest.raises(ValueError, match="shortlist"):
        Constraints(short, NARROW, sources)


def test_selected_sources_keep_their_phrases() -> None:
    ids, lengths = padded([[1], [2]])
    sources = EncodedSources(ids, lengths, required=[[[Phrase((1,))]], []])
    assert sources.select([1, 0]).required == [[], [[Phrase((1,))]]]
    constraints = Constraints(TOKENIZER, NARROW, sources.select([1]))
    assert constraints.required is None
    scores = torch.zeros(2, TOKENIZER.vocabulary_size)
    Constraints(TOKENIZER, NARROW, sources).apply(scores, torch.zeros(2, 0, dtype=torch.long))
    assert scores[:, TOKENIZER.end].tolist() == [-math.inf, 0]
