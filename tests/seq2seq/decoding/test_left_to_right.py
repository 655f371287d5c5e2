"""A streamed output equals the whole output, and text that was yielded never changes."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.left_to_right import stream, write
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.decoding.output import Hypothesis
from seq2seq.errors import WorldError
from tests.properties import examples
from tests.seq2seq.searches import TOKENIZER, finished
from tests.seq2seq.tiny import SHAPE, padded, tiny_network

COPYING = replace(SHAPE, copying=True)
limits = st.builds(
    SearchOptions,
    beam_size=st.just(1),
    min_length=st.integers(0, 3),
    max_length=st.integers(3, 9),
    no_repeat_ngram=st.sampled_from([0, 1, 2]),
    length_penalty=st.sampled_from(["none", "average", "gnmt"]),
    coverage_beta=st.sampled_from([0.0, 0.4]),
    no_repeat_source_ngram=st.sampled_from([0, 2]),
    repetition_penalty=st.sampled_from([1.0, 1.5]),
    banned=st.sampled_from([(), ("a",)]),
)
drawings = st.builds(
    SamplingOptions,
    temperature=st.sampled_from([0.5, 1.0, 2.0]),
    top_k=st.sampled_from([0, 3]),
    top_p=st.sampled_from([0.6, 1.0]),
    min_p=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 2**64),
)
sources = st.lists(st.integers(0, 7), min_size=1, max_size=6)
prefixes = st.lists(st.integers(1, 7), max_size=3)


def walked(
    source: list[int],
    search: SearchOptions,
    drawing: SamplingOptions | None,
    *,
    seed: int,
    number: int,
    prefix: list[int],
) -> tuple[list[int], Hypothesis]:
    return finished(
        stream(
            tiny_network(seed, COPYING),
            EncodedSources(*padded([source]), copies=padded([source])[0], prefixes=[prefix]),
            TOKENIZER,
            search,
            drawing,
            number=number,
        )
    )


@given(
    source=sources,
    search=limits,
    drawing=drawings,
    seed=st.integers(0, 3),
    number=st.integers(0, 2**41),
    prefix=prefixes,
)
@examples(60)
def test_a_stream_is_the_draw(
    source: list[int], search: SearchOptions, drawing: SamplingOptions, seed: int, number: int, prefix: list[int]
) -> None:
    network = tiny_network(seed, COPYING)
    whole = write(
        network,
        EncodedSources(*padded([source]), copies=padded([source])[0], prefixes=[prefix]),
        TOKENIZER,
        search,
        drawing,
        numbers=[number],
    )[0]
    pieces, found = walked(source, search, drawing, seed=seed, number=number, prefix=prefix)
    assert tuple(pieces) == found.ids == whole.ids
    assert (found.log_probability, found.score) == pytest.approx((whole.log_probability, whole.score), abs=1e-5)


@given(source=sources, search=limits, seed=st.integers(0, 3), prefix=prefixes)
@examples(60)
def test_a_stream_is_greedy_search(source: list[int], search: SearchOptions, seed: int, prefix: list[int]) -> None:
    network = tiny_network(seed, COPYING)
    whole = beam_search(
        network, EncodedSources(*padded([source]), copies=padded([source])[0], prefixes=[prefix]), TOKENIZER, search
    )[0][0]
    pieces, found = walked(source, search, None, seed=seed, number=0, prefix=prefix)
    assert tuple(pieces) == found.ids == whole.ids
    assert (found.log_probability, found.score) == pytest.approx((whole.log_probability, whole.score), abs=1e-5)


def test_a_stream_that_is_closed_goes_no_further() -> None:
    steps = []
    network = tiny_network(1)
    step = network.step

    def counted(*given: object, **packed: object) -> object:
        steps.append(1)
        return step(*given, **packed)  # type: ignore[arg-type]

    network.step = counted  # type: ignore[method-assign,assignment]
    walking = stream(
        network, EncodedSources(*padded([[1, 2]])), TOKENIZER, SearchOptions(beam_size=1, min_length=9, max_length=9)
    )
    next(walking)
    next(walking)
    walking.close()
    assert len(steps) == 2


def test_broken_weights_are_reported() -> None:
    network = tiny_network(1)
    with torch.no_grad():
        network.output.weight.fill_(float("nan"))
    with pytest.raises(WorldError, match="are not numbers"):
        next(stream(network, EncodedSources(*padded([[1]])), TOKENIZER, SearchOptions(beam_size=1)))
