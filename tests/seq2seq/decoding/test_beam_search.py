"""Beam search compared with exhaustive search, greedy search, and itself in other batches."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from seq2seq.corpus.example import Mark
from seq2seq.decoding import beam_search as search_module
from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import score
from seq2seq.decoding.options import SearchOptions
from seq2seq.decoding.penalties import coverage_penalty, length_penalty
from seq2seq.errors import WorldError
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.tokenizer import Tokenizer
from tests.properties import examples
from tests.seq2seq.searches import PENALTIES, TOKENIZER, exhaustive, score_of, searched
from tests.seq2seq.tiny import PIECES, VOCABULARY, of_lengths, padded, tiny_network


@examples(25)
@given(
    seed=st.integers(0, 10_000),
    penalty=st.sampled_from(PENALTIES),
    min_length=st.integers(0, 2),
    beta=st.sampled_from([0.0, 0.4]),
    ngram=st.sampled_from([0, 1, 2]),
    prefix=st.lists(st.integers(0, PIECES - 1), max_size=2, unique=True),
)
def test_a_beam_wide_enough_finds_what_exhaustive_search_finds(
    seed: int, penalty: tuple[str, float], min_length: int, beta: float, ngram: int, prefix: list[int]
) -> None:
    network = tiny_network(seed)
    options = SearchOptions(
        beam_size=800,
        n_best=5,
        length_penalty=penalty[0],
        length_alpha=penalty[1],
        min_length=min_length,
        max_length=3,
        coverage_beta=beta,
        no_repeat_ngram=ngram,
    )
    source = [seed % PIECES, 1, 2]
    begun = tuple(prefix)
    expected = [one for one in exhaustive(network, source, options) if one[1][: len(begun)] == begun][:5]
    found = searched(network, [source], options, [prefix])[0]
    assert [one.score for one in found] == pytest.approx([value for value, _ in expected], abs=1e-4)
    for one, (_, ids) in zip(found, expected, strict=True):
        if sum(abs(value - one.score) < 1e-4 for value, _ in expected) == 1:
            assert one.ids == ids


@torch.no_grad()
def plain_beam_search(network: Network, source: list[int], options: SearchOptions) -> list[tuple[float, list[int]]]:
    """Beam search over lists, hypothesis by hypothesis, to the length limit; best first."""
    ids, lengths = padded([source])
    memory = network.encode(ids, lengths)
    constraints = Constraints(TOKENIZER, options, of_lengths(lengths))
    beams = options.beam_size
    living = [(0.0, [TOKENIZER.start], network.start(memory), torch.zeros(1, len(source)))]
    finished = []
    while living:
        continuations = []
        for total, pieces, state, coverage in living:
            scores, after = network.step(torch.tensor(pieces[-1:]), state, memory)
            constraints.apply(scores, torch.tensor([pieces[1:]], dtype=torch.long))
            for piece in scores[0].isfinite().nonzero().flatten().tolist():
                read = coverage + after.attention
                continuations.append((total + float(scores[0, piece]), [*pieces, piece], after, read))
        continuations.sort(key=lambda one: -one[0])
        for total, pieces, _, coverage in continuations[:beams]:
            if pieces[-1] == TOKENIZER.end:
                score = total / float(length_penalty(torch.tensor(len(pieces) - 1), options))
                score += float(coverage_penalty(coverage, memory.is_token, options.coverage_beta))
                finished.append((score, pieces[1:-1]))
        if beams == 1 and finished:  # greedy search ends at the first end token
            break
        living = [one for one in continuations if one[1][-1] != TOKENIZER.end][:beams]
    return sorted(finished, key=lambda one: -one[0])[: options.n_best]


@examples(40)
@given(
    seed=st.integers(0, 10_000),
    sources=st.lists(st.lists(st.integers(0, PIECES - 1), min_size=1, max_size=5), min_size=1, max_size=3),
    beams=st.integers(1, 4),
    penalty=st.sampled_from(PENALTIES),
    beta=st.sampled_from([0.0, 0.4]),
    ngram=st.sampled_from([0, 2]),
    min_length=st.integers(0, 3),
    eagerness=st.sampled_from([0.0, 1.0, 3.0]),
)
def test_the_search_is_plain_beam_search(
    seed: int,
    sources: list[list[int]],
    beams: int,
    penalty: tuple[str, float],
    beta: float,
    ngram: int,
    min_length: int,
    eagerness: float,
) -> None:
    network = tiny_network(seed)
    with torch.no_grad():
        network.output.bias[TOKENIZER.end] += eagerness  # so that ends are among the likeliest from the first step on
    options = SearchOptions(
        beam_size=beams,
        n_best=beams,
        length_penalty=penalty[0],
        length_alpha=penalty[1],
        coverage_beta=beta,
        no_repeat_ngram=ngram,
        min_length=min_length,
        max_length_ratio=1.0,
        max_length_extra=3,
    )
    for source, found in zip(sources, searched(network, sources, options), strict=True):
        expected = plain_beam_search(network, source, options)
        assert [one.score for one in found] == pytest.approx([score for score, _ in expected], abs=1e-4)
        assert [list(one.ids) for one in found] == [ids for _, ids in expected]


@pytest.mark.parametrize("beams", [1, 3])
def test_a_repetition_penalty_ranks_but_the_probability_is_the_network_s_own(beams: int) -> None:
    network = tiny_network(2)
    options = SearchOptions(
        beam_size=beams, n_best=beams, max_length=8, min_length=8, length_penalty="none", repetition_penalty=6.0
    )
    plain = searched(network, [[1, 2, 3], [5]], replace(options, repetition_penalty=1.0))
    found = searched(network, [[1, 2, 3], [5]], options)
    for row, source in enumerate(([1, 2, 3], [5])):
        repeated = [len(one.ids) - len(set(one.ids)) for one in (plain[row][0], found[row][0])]
        assert repeated[1] < repeated[0]
        for one in found[row]:
            assert one.log_probability == pytest.approx(score_of(network, source, one.ids), abs=1e-4)
            assert one.score <= one.log_probability + 1e-4
            assert (one.score < one.log_probability - 1e-4) == (len(set(one.ids)) < len(one.ids))


@pytest.mark.parametrize("beams", [1, 3])
def test_n_grams_of_the_source_are_not_copied(beams: int) -> None:
    network = tiny_network(4)
    source, lengths = padded([[0, 0, 0, 1, 1, 5, 2, 2]])
    options = SearchOptions(beam_size=beams, n_best=beams, max_length=8, min_length=8, no_repeat_source_ngram=2)
    pairs = {(0, 0), (0, 1), (1, 1), (1, 5), (5, 2), (2, 2)}
    for one in beam_search(network, EncodedSources(source, lengths, copies=source), TOKENIZER, options)[0]:
        assert not pairs & set(itertools.pairwise(one.ids))


def greedy(network: Network, source: list[int], options: SearchOptions) -> tuple[int, ...]:
    """Take the likeliest piece each time, for one source; only the constraints are shared with the search."""
    ids, lengths = padded([source])
    memory = network.encode(ids, lengths)
    state, token = network.start(memory), torch.tensor([TOKENIZER.start])
    constraints = Constraints(TOKENIZER, options, of_lengths(lengths))
    output: list[int] = []
    while True:
        scores, state = network.step(token, state, memory)
        constraints.apply(scores, torch.tensor([output], dtype=torch.long))
        token = scores.argmax(-1)
        if int(token) == TOKENIZER.end:
            return tuple(output)
        output.append(int(token))


@examples(25)
@given(seed=st.integers(0, 10_000), length=st.integers(1, 5), ngram=st.sampled_from([0, 2]))
def test_one_beam_is_greedy_search(seed: int, length: int, ngram: int) -> None:
    network = tiny_network(seed)
    options = SearchOptions(beam_size=1, max_length=8, no_repeat_ngram=ngram)
    source = [(seed + place) % PIECES for place in range(length)]
    with torch.no_grad():
        assert searched(network, [source], options)[0][0].ids == greedy(network, source, options)


@examples(25)
@given(
    seed=st.integers(0, 10_000),
    sources=st.lists(st.lists(st.integers(0, PIECES - 1), min_size=1, max_size=5), min_size=1, max_size=5),
    penalty=st.sampled_from(PENALTIES),
    beams=st.integers(1, 4),
    data=st.data(),
)
def test_the_batch_does_not_matter(
    seed: int, sources: list[list[int]], penalty: tuple[str, float], beams: int, data: st.DataObject
) -> None:
    network = tiny_network(seed)
    options = SearchOptions(
        beam_size=beams, n_best=beams, length_penalty=penalty[0], length_alpha=penalty[1], max_length=7
    )
    row = data.draw(st.integers(0, len(sources) - 1))
    together = searched(network, sources, options)[row]
    alone = searched(network, [sources[row]], options)[0]
    assert [one.score for one in together] == pytest.approx([one.score for one in alone], abs=1e-4)
    assert together[0].ids == alone[0].ids or together[0].score == pytest.approx(alone[0].score, abs=1e-5)


@examples(40)
@given(
    seed=st.integers(0, 10_000),
    penalty=st.sampled_from([*PENALTIES, ("average", 2.0), ("gnmt", 0.0)]),
    beams=st.integers(2, 4),
    beta=st.sampled_from([0.0, 0.4]),
    data=st.data(),
)
def test_stopping_early_never_changes_the_result(
    seed: int, penalty: tuple[str, float], beams: int, beta: float, data: st.DataObject
) -> None:
    network = tiny_network(seed)
    options = SearchOptions(
        beam_size=beams,
        n_best=data.draw(st.integers(1, beams)),
        length_penalty=penalty[0],
        length_alpha=penalty[1],
        coverage_beta=beta,
        max_length=12,
        patience=0,
    )
    sources = [[1, 2, 3], [4, 0]]
    stopped = searched(network, sources, options)

    def only_when_none_lives(likeliest: Tensor, *_: object) -> Tensor:
        return likeliest == -math.inf

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_module, "_is_done", only_when_none_lives)
        to_the_end = searched(network, sources, options)
    for early, late in zip(stopped, to_the_end, strict=True):
        assert [one.score for one in early] == pytest.approx([one.score for one in late], abs=1e-5)


def test_stopping_early_is_early() -> None:
    """If ending at once is likeliest, the search does not run up to the length limit."""
    network = tiny_network(1)
    with torch.no_grad():
        network.output.bias[TOKENIZER.end] = 50.0
    steps = 0
    step = network.step

    def counted(*arguments: object, **packed: object) -> object:
        nonlocal steps
        steps += 1
        return step(*arguments, **packed)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "step", counted)
        for beams in (1, 3):
            searched(network, [[1, 2], [3]], SearchOptions(beam_size=beams, max_length=50))
    assert steps <= 5


def test_patience_ends_a_search_whose_limit_is_far() -> None:
    """The exact bound alone runs up to the limit: averaged over 400 pieces, the first ones hardly count."""
    network = tiny_network(1)
    with torch.no_grad():
        network.output.bias[TOKENIZER.end] += 4.0
    steps: dict[int, list[tuple[int, int]]] = {}
    found = {}
    for patience in (0, 20):
        steps[patience] = []
        source, lengths = padded([[1, 2, 3], [4, 0]])
        options = SearchOptions(beam_size=3, max_length=400, patience=patience)
        watch = lambda *step, seen=steps[patience]: seen.append(step)  # noqa: E731
        found[patience] = beam_search(network, EncodedSources(source, lengths), TOKENIZER, options, watch=watch)
    assert len(steps[0]) > 3 * len(steps[20])
    assert len(steps[20]) >= 19
    assert [one[0].ids for one in found[0]] == [one[0].ids for one in found[20]]
    assert steps[20][:2] == [(1, 400), (2, 400)]


@examples(20)
@given(seed=st.integers(0, 10_000), groups=st.sampled_from([1, 2]), patience=st.integers(1, 4))
def test_impatience_finds_less_but_what_it_finds_is_right(seed: int, groups: int, patience: int) -> None:
    network = tiny_network(seed)
    options = SearchOptions(beam_size=4, groups=groups, max_length=30, patience=patience)
    for source in ([1, 2, 3], [4]):
        found = searched(network, [source], options)[0][0]
        patient = searched(network, [source], replace(options, patience=0))[0][0]
        assert found.score <= patient.score + 1e-5
        assert found.log_probability == pytest.approx(score_of(network, source, found.ids), abs=1e-4)
    together = searched(network, [[1, 2, 3], [4]], options)
    assert together[1][0].score == pytest.approx(searched(network, [[4]], options)[0][0].score, abs=1e-4)


def test_a_longer_output_wins_under_the_length_penalty() -> None:
    """A search that stops at its first finished hypothesis misses longer ones with higher scores."""
    differ = 0
    for seed in range(40):
        network = tiny_network(seed)
        options = SearchOptions(beam_size=4, length_penalty="average", length_alpha=1.0, max_length=8)
        best = searched(network, [[1, 2, 3]], options)[0][0]
        plain = searched(network, [[1, 2, 3]], replace(options, length_penalty="none"))[0][0]
        assert len(best.ids) >= len(plain.ids)
        assert best.score >= plain.log_probability / (len(plain.ids) + 1) - 1e-5
        differ += best.ids != plain.ids
    assert differ > 10


def test_the_n_best_are_sorted_and_distinct() -> None:
    network = tiny_network(3)
    found = searched(network, [[1, 2], [3]], SearchOptions(beam_size=6, n_best=6, max_length=6))
    for hypotheses in found:
        assert len(hypotheses) == 6
        assert len({one.ids for one in hypotheses}) == 6
        scores = [one.score for one in hypotheses]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("beams", [1, 3])
def test_scores_are_those_of_the_given_pair(beams: int) -> None:
    network = tiny_network(5)
    sources = [[1, 2, 3, 4], [2]]
    for ids, hypotheses in zip(
        sources, searched(network, sources, SearchOptions(beam_size=beams, max_length=6)), strict=True
    ):
        source, lengths = padded([ids])
        for one in hypotheses:
            values = score(network, EncodedSources(source, lengths), [one.ids], TOKENIZER)[0]
            assert one.log_probability == pytest.approx(sum(values), abs=1e-4)
            assert one.score == pytest.approx(sum(values) / len(values), abs=1e-4)


@pytest.mark.parametrize("beams", [1, 3])
def test_prefixes_of_different_lengths_are_kept(beams: int) -> None:
    network = tiny_network(7)
    prefixes = [[4, 4, 4, 4], [], [0]]
    found = searched(network, [[1], [2, 3], [4]], SearchOptions(beam_size=beams, max_length=6), prefixes)
    for prefix, hypotheses in zip(prefixes, found, strict=True):
        assert list(hypotheses[0].ids[: len(prefix)]) == prefix
    free = searched(network, [[2, 3]], SearchOptions(beam_size=beams, max_length=6))[0][0]
    assert found[1][0].ids == free.ids


@pytest.mark.parametrize("beams", [1, 3])
def test_a_forced_prefix_counts_what_it_costs(beams: int) -> None:
    """Also if the piece is forbidden otherwise: early stopping relies on log probabilities that never rise."""
    network = tiny_network(7)
    with torch.no_grad():
        network.output.bias.sub_(9.0)  # changes the logits, but no probability
    source, lengths = padded([[1, 2]])
    options = SearchOptions(beam_size=beams, max_length=4, no_repeat_ngram=1)
    for prefix in ([4, 4, 4], [TOKENIZER.start, 1]):
        one = searched(network, [[1, 2]], options, [prefix])[0][0]
        assert list(one.ids[: len(prefix)]) == prefix
        assert one.log_probability == pytest.approx(
            sum(score(network, EncodedSources(source, lengths), [one.ids], TOKENIZER)[0]), abs=1e-4
        )


@pytest.mark.parametrize("beams", [1, 3])
def test_a_broken_network_is_refused(beams: int) -> None:
    network = tiny_network(7)
    with torch.no_grad():
        network.output.bias.fill_(math.nan)
    with pytest.raises(WorldError, match="scores are not numbers"):
        searched(network, [[1, 2], [3]], SearchOptions(beam_size=beams, max_length=4))


@pytest.mark.parametrize("beams", [1, 4])
def test_lengths_stay_within_their_limits(beams: int) -> None:
    network = tiny_network(9)
    for one in itertools.chain(*searched(network, [[1], [2, 3]], SearchOptions(beams, min_length=4, max_length=5))):
        assert 4 <= len(one.ids) <= 5
    options = SearchOptions(beams, max_length_ratio=1.0, max_length_extra=1, min_length=2)
    short, long = searched(network, [[1], [1, 2, 3, 4]], options)
    assert len(short[0].ids) == 2
    assert 2 <= len(long[0].ids) <= 5


def test_attention_has_a_row_for_each_piece() -> None:
    network = tiny_network(11)
    for ids, hypotheses in zip(
        ([1, 2, 3], [4]), searched(network, [[1, 2, 3], [4]], SearchOptions(2, min_length=2)), strict=True
    ):
        for one in hypotheses:
            assert one.attention is not None
            assert one.attention.shape == (len(one.ids), len(ids))
            np.testing.assert_allclose(one.attention.sum(1), np.ones(len(one.ids)), rtol=1e-5)


def test_marks_of_structure_are_never_written() -> None:
    network = tiny_network(13)
    with torch.no_grad():
        network.output.bias[[token for token in TOKENIZER.own_marks if token != TOKENIZER.end]] = 50.0
    found = searched(network, [[1, 2]], SearchOptions(beam_size=2, max_length=4))[0]
    line = TOKENIZER.marks[Mark.LINE]
    assert all(piece == line for one in found[:1] for piece in one.ids)


def test_the_whole_vocabulary_may_be_narrower_than_the_beam() -> None:
    found = searched(tiny_network(15), [[1]], SearchOptions(beam_size=3 * VOCABULARY, n_best=3, max_length=2))
    assert len(found[0]) == 3


def test_every_kind_of_network_is_searched() -> None:
    for options in (
        NetworkOptions(embedding_size=8, hidden_size=12, input_feeding=True),
        NetworkOptions(embedding_size=8, hidden_size=12, layer_norm="gates", decoder_layers=2, residual=True),
        NetworkOptions(embedding_size=8, hidden_size=12, attention="none"),
    ):
        network = tiny_network(1, options)
        one = searched(network, [[1, 2], [3]], SearchOptions(beam_size=3, max_length=5))
        assert all(hypotheses for hypotheses in one)


def test_the_tokenizer_of_these_tests_is_a_real_one() -> None:
    assert isinstance(TOKENIZER, Tokenizer)
    assert TOKENIZER.end < VOCABULARY
