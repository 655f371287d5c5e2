"""Diverse beam search: groups of beams that avoid each other's pieces."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.options import SearchOptions
from seq2seq.decoding.penalties import length_penalty
from seq2seq.network.encoder_decoder import Network
from tests.properties import examples
from tests.seq2seq.searches import PENALTIES, TOKENIZER, score_of, searched
from tests.seq2seq.tiny import PIECES, of_lengths, padded, tiny_network


@torch.no_grad()
def plain_diverse_search(network: Network, source: list[int], options: SearchOptions) -> list[tuple[float, list[int]]]:
    """Diverse beam search over lists, group by group, to the length limit; best first, each output once."""
    ids, lengths = padded([source])
    memory = network.encode(ids, lengths)
    constraints = Constraints(TOKENIZER, options, of_lengths(lengths))
    beams = options.beam_size // options.groups
    groups = [[(0.0, [TOKENIZER.start], network.start(memory))] for _ in range(options.groups)]
    finished: list[list[tuple[float, tuple[int, ...]]]] = [[] for _ in groups]
    while any(groups):
        taken: list[int] = []
        for number, living in enumerate(groups):
            continuations = []
            for total, pieces, state in living:
                scores, after = network.step(torch.tensor(pieces[-1:]), state, memory)
                constraints.apply(scores, torch.tensor([pieces[1:]], dtype=torch.long))
                for piece in scores[0].isfinite().nonzero().flatten().tolist():
                    value = total + float(scores[0, piece])
                    key = value - options.diversity * taken.count(piece)
                    continuations.append((key, value, [*pieces, piece], after))
            continuations.sort(key=lambda one: -one[0])
            for _, value, pieces, _ in continuations[:beams]:
                if pieces[-1] == TOKENIZER.end:
                    score = value / float(length_penalty(torch.tensor(len(pieces) - 1), options))
                    finished[number].append((score, tuple(pieces[1:-1])))
            alive = [one[1:] for one in continuations if one[2][-1] != TOKENIZER.end][:beams]
            groups[number] = alive
            taken += [pieces[-1] for _, pieces, _ in alive]
    best = {ids: score for ended in finished for score, ids in sorted(ended, reverse=True)[:beams]}
    return sorted([(score, list(ids)) for ids, score in best.items()], reverse=True)[: options.n_best]


@examples(20)
@given(
    seed=st.integers(0, 10_000),
    sources=st.lists(st.lists(st.integers(0, PIECES - 1), min_size=1, max_size=3), min_size=1, max_size=2),
    shape=st.sampled_from([(2, 1), (2, 2), (3, 1), (3, 2)]),
    diversity=st.sampled_from([0.0, 0.3, 2.0]),
    penalty=st.sampled_from(PENALTIES),
    eagerness=st.sampled_from([0.0, 1.0, 3.0]),
)
def test_groups_are_plain_diverse_beam_search(
    seed: int,
    sources: list[list[int]],
    shape: tuple[int, int],
    diversity: float,
    penalty: tuple[str, float],
    eagerness: float,
) -> None:
    network = tiny_network(seed)
    with torch.no_grad():
        network.output.bias[TOKENIZER.end] += eagerness
    groups, beams = shape
    options = SearchOptions(
        beam_size=groups * beams,
        n_best=groups,
        groups=groups,
        diversity=diversity,
        length_penalty=penalty[0],
        length_alpha=penalty[1],
        max_length_ratio=1.0,
        max_length_extra=2,
    )
    for source, found in zip(sources, searched(network, sources, options), strict=True):
        expected = plain_diverse_search(network, source, options)
        assert [one.score for one in found] == pytest.approx([score for score, _ in expected], abs=1e-4)
        assert [list(one.ids) for one in found] == [ids for _, ids in expected]
        alone = [score_of(network, source, one.ids) for one in found]
        assert [one.log_probability for one in found] == pytest.approx(alone, abs=1e-4)


def test_groups_read_their_coverage_and_keep_their_bans() -> None:
    network = tiny_network(5)
    options = SearchOptions(beam_size=6, n_best=6, groups=3, coverage_beta=0.4, max_length=3, banned=("a",))
    for found in searched(network, [[1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6]], options):
        assert len(found) > 1
        for one in found:
            assert "a" not in TOKENIZER.decode(one.ids).split()
            assert one.score < one.log_probability / (len(one.ids) + 1)


def test_one_group_is_plain_beam_search_whatever_the_diversity() -> None:
    network = tiny_network(3)
    plain = SearchOptions(beam_size=4, n_best=4, max_length=7)
    sources = [[1, 2, 3], [4, 0]]
    for one, other in zip(
        searched(network, sources, plain),
        searched(network, sources, replace(plain, groups=1, diversity=9.0)),
        strict=True,
    ):
        assert one == other  # to the last bit


def test_groups_begin_differently() -> None:
    network = tiny_network(8)
    options = SearchOptions(beam_size=3, n_best=3, max_length=5, min_length=3)
    plain = {one.ids[0] for one in searched(network, [[1, 2, 3]], options)[0]}
    apart = {one.ids[0] for one in searched(network, [[1, 2, 3]], replace(options, groups=3, diversity=50.0))[0]}
    assert len(apart) == 3 > len(plain)
