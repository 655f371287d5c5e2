"""Searches and texts that are dropped leave the others' results as they are, and texts that join keep their own."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.decoding.beam_search import begun_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.left_to_right import begun
from seq2seq.decoding.options import ConstraintOptions, SamplingOptions, SearchOptions
from seq2seq.decoding.output import Hypothesis
from seq2seq.decoding.prompt_continuation import Continuations, begun_continuations, continue_prompt
from tests.properties import examples
from tests.seq2seq.network.test_language_network import SHAPES, network_of
from tests.seq2seq.searches import TOKENIZER, finished
from tests.seq2seq.tiny import SHAPE, padded, tiny_network

SOURCES = st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=6), min_size=2, max_size=5)
SEARCHES = st.builds(
    lambda beams, groups, others: SearchOptions(beam_size=beams * groups, groups=groups, n_best=beams, **others),
    st.integers(1, 3),
    st.sampled_from([1, 2]),
    st.fixed_dictionaries(
        {
            "min_length": st.integers(0, 3),
            "max_length": st.integers(4, 9),
            "coverage_beta": st.sampled_from([0.0, 0.4]),
            "no_repeat_ngram": st.sampled_from([0, 2]),
            "patience": st.sampled_from([0, 2]),
        }
    ),
)
DROPS = st.dictionaries(st.integers(1, 6), st.sets(st.integers(0, 4), max_size=3), max_size=3)
"""The rows that are dropped before a step."""


def decoded(
    sources: list[list[int]], search: SearchOptions, drawing: SamplingOptions | None, drops: dict[int, set[int]]
) -> dict[int, list[Hypothesis]]:
    """The hypotheses of each source that is not dropped before it ends."""
    network = tiny_network(2, replace(SHAPE, copying=True))
    batch = EncodedSources(*padded(sources), copies=padded(sources)[0])
    found: dict[int, list[Hypothesis]] = {}
    with torch.no_grad():
        memory = network.encode(batch.ids, batch.lengths, batch.copies)
        running: Any
        if search.beam_size > 1 and drawing is None:
            running = begun_search(network, batch, memory, TOKENIZER, search)
        else:
            running = begun(network, batch, TOKENIZER, search, drawing, None, memory=memory)
        while running.numbers:
            running.advance(network.step)
            for number, hypotheses in running.ended():
                found[number] = hypotheses if isinstance(hypotheses, list) else [hypotheses]
            dropped = drops.get(running.length, set())
            running.drop(dropped)
            running.leave()
            assert not dropped & set(running.numbers)
    return found


@examples(100)
@given(sources=SOURCES, search=SEARCHES, drawing=st.none() | st.builds(SamplingOptions), drops=DROPS)
def test_the_others_are_decoded_as_without_those_that_leave(
    sources: list[list[int]], search: SearchOptions, drawing: SamplingOptions | None, drops: dict[int, set[int]]
) -> None:
    whole, rest = decoded(sources, search, drawing, {}), decoded(sources, search, drawing, drops)
    dropped = set().union(*drops.values())
    assert set(whole) == set(range(len(sources)))
    assert set(rest) >= set(whole) - dropped
    for number, hypotheses in rest.items():
        assert [one.ids for one in hypotheses] == [one.ids for one in whole[number]]
        assert [one.score for one in hypotheses] == pytest.approx([one.score for one in whole[number]], abs=1e-5)


PROMPTS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 7), max_size=7),  # the prompt
        st.integers(0, 12),  # the step before which it comes
        st.integers(1, 3),  # number of continuations
        st.integers(0, 2**40),  # seed
        st.integers(0, 4),  # minimum length
        st.integers(4, 90),  # maximum length
    ),
    min_size=1,
    max_size=5,
)


@examples(60)
@given(
    prompts=PROMPTS,
    is_drawn=st.booleans(),
    has_end=st.booleans(),
    ngram=st.sampled_from([0, 1, 3]),
    banned=st.sampled_from([(), ("a", "bc")]),
)
def test_continuations_that_join_are_those_of_their_prompt_alone(
    prompts: list[tuple[list[int], int, int, int, int, int]],
    is_drawn: bool,
    has_end: bool,
    ngram: int,
    banned: tuple[str, ...],
) -> None:
    network = network_of(SHAPES[1])
    texts = Continuations(network, TOKENIZER, network.step)
    found: list[list[list[tuple[int, float]]]] = [[[] for _ in range(prompt[2])] for prompt in prompts]
    of_row: list[list[tuple[int, float]]] = []
    waiting = sorted(range(len(prompts)), key=lambda place: prompts[place][1])

    def arguments(place: int) -> dict[str, Any]:
        prompt, _, count, seed, least, most = prompts[place]
        options = ConstraintOptions(no_repeat_ngram=ngram, banned=banned, min_length=least, max_length=most)
        drawing = SamplingOptions(seed=seed, temperature=1.5) if is_drawn else None
        chosen = {"begin": TOKENIZER.start, "has_end": has_end, "numbers": range(count), "packing": network.step}
        return {"prompt": prompt, "options": options, "drawing": drawing, **chosen}

    step = 0
    while True:
        pieces = []
        while waiting and prompts[waiting[0]][1] <= step:
            place = waiting.pop(0)
            of_row += found[place]
            _, joining = finished(begun_continuations(network, target=TOKENIZER, **arguments(place)))
            pieces += texts.join(joining)
        pieces += texts.advance()
        for piece in pieces:
            of_row[piece.row].append((piece.token, piece.log_probability))
        step += 1
        if not pieces and not waiting:
            break
    for place, rows in enumerate(found):
        alone: list[list[tuple[int, float]]] = [[] for _ in rows]
        for pieces in continue_prompt(network, target=TOKENIZER, **arguments(place)):
            for piece in pieces:
                alone[piece.row].append((piece.token, piece.log_probability))
        for one, other in zip(alone, rows, strict=True):
            assert [token for token, _ in other] == [token for token, _ in one]
            assert [value for _, value in other] == pytest.approx([value for _, value in one], abs=1e-4)
