"""Jobs that are decoded together have the model's own outputs; those that are dropped change nothing for the others."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions, WritingOptions
from seq2seq.errors import UserError
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.stepwise.decoding_together import batch_of, request_of
from seq2seq.models.stepwise.job import Batch, Job, Part, Request
from tests.properties import examples
from tests.seq2seq.decoded import require_same
from tests.seq2seq.deployment.test_shortlist import TEXTS, opened, short  # noqa: F401 - a fixture
from tests.seq2seq.models.stepwise.together import METHODS, NAMES, jobs, own_answer
from tests.seq2seq.ways_of_decoding import PROMPTS, SOURCES, WRITING

Load = Callable[[str, str], LoadedModel]
TOKENS = 4096


def requested(model: LoadedModel, job: Job, *, is_streamed: bool = False, batch_tokens: int = TOKENS) -> Request:
    return request_of(model, job, is_streamed=is_streamed, batch_tokens=batch_tokens)


def batches_of(model: LoadedModel, requests: list[Request]) -> Iterator[tuple[Batch, dict[Part, Request]]]:
    """The batches of all parts with equal keys, and the request of each part."""
    owners = {part: request for request in requests for part in request.parts}
    for _, parts in groupby(sorted(owners, key=lambda part: repr(part.key)), key=lambda part: part.key):
        yield batch_of(model, list(parts)), owners


def run(model: LoadedModel, requests: list[Request], dropped: dict[Request, int] | None = None) -> dict[Request, str]:
    """Decode all parts together; drop requests before the steps given; return what streamed requests showed."""
    shown = dict.fromkeys(requests, "")
    for batch, owners in batches_of(model, requests):
        step = 0
        while batch.parts:
            gone = [part for part in batch.parts if (dropped or {}).get(owners[part]) == step]
            batch.drop(gone)
            assert not set(gone) & set(batch.parts)
            rows = sum(part.rows for part in batch.parts)
            assert batch.rows <= rows
            for progress in batch.advance():
                shown[owners[progress.part]] += owners[progress.part].add(progress)
            step += 1
    return shown


@pytest.mark.parametrize("name", NAMES)
@examples(20)
@given(data=st.data())
def test_jobs_have_the_outputs_of_the_model_if_others_are_dropped(name: str, data: st.DataObject, load: Load) -> None:
    model = load(name, "torch")
    given_jobs = data.draw(st.lists(jobs((name,)), min_size=1, max_size=6))
    tokens = data.draw(st.sampled_from([40, TOKENS]))
    requests = [
        requested(model, job, is_streamed=is_streamed, batch_tokens=tokens) for _, job, is_streamed in given_jobs
    ]
    places = data.draw(st.dictionaries(st.integers(1, len(requests)), st.integers(0, 9), max_size=2))
    dropped = {requests[place]: step for place, step in places.items() if place < len(requests)}
    shown = run(model, requests, dropped)
    for request, (_, job, is_streamed) in zip(requests, given_jobs, strict=True):
        if not request.is_over:
            assert request in dropped
            continue
        rest, outputs = request.outputs()
        text, wanted = own_answer(model, job, is_streamed=is_streamed)
        assert (shown[request] + rest if is_streamed else "") == text
        require_same([wanted], [outputs])


@examples(10)
@given(texts=TEXTS, beams=st.sampled_from([1, 3]), is_streamed=st.booleans())
def test_sources_of_a_batch_choose_from_their_own_shortlists(
    short: Path,  # noqa: F811
    texts: list[str],
    beams: int,
    is_streamed: bool,
) -> None:
    model, decoding = opened(short), Decoding(SearchOptions(beam_size=beams, max_length=12))
    requests = [requested(model, Job(text, decoding, attention=True), is_streamed=is_streamed) for text in texts]
    shown = run(model, requests)
    for request, text in zip(requests, texts, strict=True):
        rest, outputs = request.outputs()
        require_same(model.decode([text], decoding, attention=True), [outputs])
        assert not is_streamed or shown[request] + rest == outputs[0].text


def test_samples_beyond_the_budget_are_divided(load: Load) -> None:
    model = load("translator", "torch")
    job = Job(SOURCES[0], Decoding(SearchOptions(max_length=9), SamplingOptions(), count=30))
    request = requested(model, job, batch_tokens=40)
    assert len(request.parts) > 3
    assert all(part.rows * part.length <= 40 for part in request.parts)
    run(model, [request])
    require_same([own_answer(model, job, is_streamed=False)[1]], [request.outputs()[1]])


def test_lengths_and_seeds_may_differ_in_a_batch_of_prompts(load: Load) -> None:
    model = load("author", "torch")
    keys = {
        part.key
        for place, prompt in enumerate(PROMPTS)
        for part in requested(
            model,
            Job(prompt, Decoding(replace(WRITING, max_length=9 + place), SamplingOptions(seed=place))),
        ).parts
    }
    assert len(keys) == 1


def test_different_options_are_not_decoded_together(load: Load) -> None:
    model = load("translator", "torch")
    keys = [requested(model, Job(SOURCES[0], decoding)).parts[0].key for decoding in METHODS.values()]
    # Three ways of sampling differ only in their seeds and in what becomes of the samples.
    assert len(set(keys)) == len(keys) - 2


def test_progress_counts_the_pieces_of_every_output(load: Load) -> None:
    for name, job in (
        ("translator", Job(SOURCES[2], METHODS["n-best"])),
        ("translator", Job(SOURCES[2], METHODS["samples"])),
        ("author", Job("the", Decoding(WRITING, SamplingOptions(), count=3))),
    ):
        model = load(name, "torch")
        request = requested(model, job)
        pieces = 0
        outputs = 0
        for batch, _ in batches_of(model, [request]):
            while batch.parts:
                for progress in batch.advance():
                    pieces += progress.pieces
                    outputs += sum(len(output.ids) for output in progress.outputs or ())
                    request.add(progress)
        assert pieces == outputs > 0


def test_a_job_that_the_model_cannot_do_is_refused(load: Load) -> None:
    translator, author = load("translator", "torch"), load("author", "torch")
    with pytest.raises(UserError, match="takes SearchOptions"):
        requested(translator, Job("the", Decoding(WritingOptions())))
    with pytest.raises(UserError, match="max_length is 0"):
        requested(author, Job("the", Decoding(WritingOptions())))
    with pytest.raises(UserError, match="stop is"):
        Job("the", Decoding(WRITING), stop=("a", ""))
    part = requested(translator, Job("the", METHODS["beams"])).parts[0]
    batch = batch_of(translator, [part])
    assert not batch.is_open(part)
    with pytest.raises(ValueError, match="encoded together"):
        batch.add(part)
