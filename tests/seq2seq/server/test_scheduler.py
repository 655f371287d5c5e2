"""Many clients at once: each gets the model's own answer, even if others leave or fail."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions, WritingOptions
from seq2seq.decoding.output import Output
from seq2seq.errors import UserError, WorldError
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.runtime.engine import OnnxNetwork
from seq2seq.runtime.memory import OnnxMemory
from seq2seq.server import ticket as tickets
from seq2seq.server.engine import SHORT
from seq2seq.server.scheduler import Closed, Job, Limits, Measurements, QueueFull, Scheduler
from tests.properties import examples
from tests.seq2seq.decoded import require_same
from tests.seq2seq.models.stepwise.together import NAMES, jobs, own_answer
from tests.seq2seq.ways_of_decoding import PROMPTS, SOURCES, WRITING

Load = Callable[[str, str], LoadedModel]
T = TypeVar("T")
BEAMS = Decoding(SearchOptions(beam_size=4, max_length=14))
ENDLESS = Decoding(WritingOptions(), SamplingOptions(seed=8))
"""Without a length limit; the model called 'scribe' has no end token."""
MILLION = Decoding(WritingOptions(max_length=1_000_000), SamplingOptions(seed=8))
DEADLINE_S = 30


def served(
    models: Mapping[str, LoadedModel],
    use: Callable[[Scheduler, Measurements], Coroutine[Any, Any, T]],
    limits: Limits = Limits(queue=1000),  # noqa: B008 - frozen
) -> T:
    """Use a scheduler, and check that it ends with nothing left."""
    measurements = Measurements()

    async def run() -> T:
        scheduler = Scheduler(models, limits, measurements)
        try:
            return await asyncio.wait_for(use(scheduler, measurements), DEADLINE_S)
        finally:
            await asyncio.wait_for(scheduler.close(), DEADLINE_S)

    result = asyncio.run(run())
    for name in models:
        assert measurements.queued.value(name) == measurements.running.value(name) == 0
    return result


async def rest_of(parts: AsyncGenerator[str | Output, None]) -> str:
    """The rest of a streamed text."""
    return "".join([part async for part in parts if isinstance(part, str)])


async def collected(scheduler: Scheduler, name: str, job: Job) -> tuple[str, list[Output]]:
    """The text of a stream and its output."""
    text = ""
    async with contextlib.aclosing(scheduler.stream(name, job)) as parts:
        async for part in parts:
            if isinstance(part, Output):
                return text, [part]
            text += part
    raise AssertionError("the stream ended without an output")


async def answer(scheduler: Scheduler, name: str, job: Job, *, is_streamed: bool) -> tuple[str, list[Output]]:
    """The streamed text, or '', and the outputs."""
    if is_streamed:
        return await collected(scheduler, name, job)
    return "", await scheduler.decode(name, job)


def require_answer(found: tuple[str, list[Output]], wanted: tuple[str, list[Output]]) -> None:
    assert found[0] == wanted[0]
    require_same([wanted[1]], [found[1]])


ARRIVALS = st.lists(st.tuples(jobs(), st.integers(0, 30), st.none() | st.integers(0, 20)), min_size=1, max_size=14)
"""Jobs, the milliseconds after which each comes, and after which it is cancelled, if it is."""


@pytest.mark.parametrize("engine", ["torch", "onnx"])
@examples(20)
@given(arrivals=ARRIVALS, batch_tokens=st.sampled_from([0, 40]), wait_ms=st.sampled_from([0.0, 5.0]))
def test_every_job_has_the_models_own_answer(
    engine: str,
    arrivals: list[tuple[tuple[str, Job, bool], int, int | None]],
    batch_tokens: int,
    wait_ms: float,
    load: Load,
) -> None:
    models = {name: load(name, engine) for name in NAMES}

    async def client(scheduler: Scheduler, name: str, job: Job, is_streamed: bool, after_ms: int) -> Any:  # noqa: ANN401
        await asyncio.sleep(after_ms / 1000)
        return await answer(scheduler, name, job, is_streamed=is_streamed)

    async def use(scheduler: Scheduler, _: Measurements) -> list[Any]:
        tasks = [asyncio.create_task(client(scheduler, *job, after_ms)) for job, after_ms, _ in arrivals]
        for task, (_job, after_ms, cancelled_ms) in zip(tasks, arrivals, strict=True):
            if cancelled_ms is not None:
                asyncio.get_running_loop().call_later((after_ms + cancelled_ms) / 1000, task.cancel)
        return await asyncio.gather(*tasks, return_exceptions=True)

    results = served(models, use, Limits(queue=100, batch_tokens=batch_tokens, wait_ms=wait_ms))
    for ((name, job, is_streamed), _after_ms, cancelled_ms), found in zip(arrivals, results, strict=True):
        if cancelled_ms is not None and isinstance(found, asyncio.CancelledError):
            continue
        assert not isinstance(found, BaseException), repr(found)
        require_answer(found, own_answer(models[name], job, is_streamed=is_streamed))


@pytest.mark.parametrize("engine", ["torch", "onnx"])
def test_jobs_that_come_together_are_decoded_together(engine: str, load: Load) -> None:
    model = load("translator", engine)

    async def use(scheduler: Scheduler, measurements: Measurements) -> float:
        whole = [scheduler.decode("model", Job("the big dog eats", BEAMS)) for _ in range(16)]
        await asyncio.gather(*whole)
        return measurements.batch_jobs.value("model") / measurements.batch_jobs.count("model")

    assert served({"model": model}, use, Limits(wait_ms=500)) >= 16 / 2  # with two threads, each takes a half


def test_texts_of_a_language_model_join_those_that_run(load: Load) -> None:
    async def use(scheduler: Scheduler, measurements: Measurements) -> None:
        parts = scheduler.stream("scribe", Job("the", MILLION))
        await anext(parts)
        steps = measurements.batch_jobs.count("scribe")
        limited = replace(MILLION, search=replace(MILLION.search, max_length=30))
        await asyncio.gather(*(scheduler.decode("scribe", Job(prompt, limited)) for prompt in PROMPTS))
        # All of them advanced in the same steps.
        assert measurements.batch_jobs.count("scribe") - steps < 2 * 30 + 60
        await parts.aclose()

    served({"scribe": load("scribe", "torch")}, use)


def test_a_long_text_does_not_keep_short_ones_waiting(load: Load) -> None:
    models = {name: load(name, "torch") for name in ("scribe", "translator")}

    async def use(scheduler: Scheduler, _: Measurements) -> list[list[Output]]:
        parts = scheduler.stream("scribe", Job("the", MILLION))
        await anext(parts)
        outputs = [await scheduler.decode("translator", Job(source, BEAMS)) for source in SOURCES]
        outputs.append(await scheduler.decode("scribe", Job("the", Decoding(WRITING))))
        await parts.aclose()
        return outputs

    found = served(models, use)
    require_same(models["translator"].decode(SOURCES, BEAMS), found[:-1])
    require_same(models["scribe"].decode(["the"], Decoding(WRITING)), found[-1:])


def test_a_text_that_takes_long_to_prepare_has_the_models_own_answer(load: Load) -> None:
    model, text = load("translator", "onnx"), "two dogs eat " * (SHORT // 10)
    job = Job(text, BEAMS)

    async def use(scheduler: Scheduler, _: Measurements) -> tuple[str, list[Output]]:
        return await answer(scheduler, "translator", job, is_streamed=False)

    require_answer(served({"translator": model}, use), own_answer(model, job, is_streamed=False))


@pytest.mark.parametrize("is_first", [True, False])
def test_a_cancelled_job_leaves_its_batch(is_first: bool, load: Load) -> None:
    async def use(scheduler: Scheduler, measurements: Measurements) -> None:
        streams = [scheduler.stream("scribe", Job(prompt, ENDLESS)) for prompt in ("the", "big")]
        for stream in streams:
            await anext(stream)
        jobs = measurements.batch_jobs

        async def sizes(steps: int) -> float:
            """The mean number of jobs over the next steps."""
            total, count = jobs.value("scribe"), jobs.count("scribe")
            while jobs.count("scribe") < count + steps:
                await anext(streams[1 if is_first else 0])
            return (jobs.value("scribe") - total) / (jobs.count("scribe") - count)

        assert await sizes(20) == 2
        await streams[0 if is_first else 1].aclose()
        assert measurements.jobs.value("scribe", "cancelled") == 1
        await sizes(2)  # a step may have begun before
        assert await sizes(20) == 1
        await streams[1 if is_first else 0].aclose()

    served({"scribe": load("scribe", "torch")}, use)


def test_a_cancelled_search_leaves_its_batch(load: Load) -> None:
    model = load("translator", "torch")
    long = Decoding(SearchOptions(beam_size=2, min_length=400, max_length=400, patience=0))

    async def use(scheduler: Scheduler, measurements: Measurements) -> list[Output]:
        tasks = [asyncio.create_task(scheduler.decode("model", Job(SOURCES[0], long))) for _ in range(3)]
        rows = measurements.batch_rows
        while rows.count("model") < 30:
            await asyncio.sleep(0.001)
        assert rows.value("model") / rows.count("model") == 6
        tasks[0].cancel()
        tasks[2].cancel()
        await asyncio.sleep(0)
        total, count = rows.value("model"), rows.count("model")
        outputs = await tasks[1]
        assert rows.value("model") - total <= 2 * (rows.count("model") - count) + 2 * 6
        assert count < 300, "the search was over too early to observe"
        return outputs

    require_same(model.decode([SOURCES[0]], long), [served({"model": model}, use)])


def test_a_fault_reaches_only_its_job(load: Load) -> None:
    models = {name: load(name, "torch") for name in ("translator", "scribe")}

    async def use(scheduler: Scheduler, _: Measurements) -> list[Any]:
        jobs = [
            scheduler.decode("translator", Job(SOURCES[0], BEAMS)),
            scheduler.decode("translator", Job(SOURCES[0], Decoding(WRITING))),
            scheduler.decode("scribe", Job("the", ENDLESS)),
            scheduler.decode("nobody", Job("the", ENDLESS)),
            collected(scheduler, "scribe", Job("the", BEAMS)),
            scheduler.decode("translator", Job(SOURCES[4], BEAMS)),
        ]
        return list(await asyncio.gather(*jobs, return_exceptions=True))

    found = served(models, use)
    require_same(models["translator"].decode([SOURCES[0], SOURCES[4]], BEAMS), [found[0], found[5]])
    for fault, words in zip(
        found[1:5], ["takes SearchOptions", "max_length is 0", "no model 'nobody'", "beam_size is 4"], strict=True
    ):
        assert isinstance(fault, UserError)
        assert words in str(fault)


def test_parts_of_a_batch_that_fails_are_decoded_alone(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    model = load("translator", "onnx")
    wanted = model.decode(SOURCES, BEAMS)
    encode = OnnxNetwork.encode
    sizes: list[int] = []

    def with_little_memory(
        self: OnnxNetwork,
        source: NDArray[np.int64],
        lengths: NDArray[np.int64],
        copies: NDArray[np.int64] | None = None,
    ) -> OnnxMemory:
        sizes.append(len(source))
        if len(source) > 1 or int(np.max(lengths)) > 60:
            raise MemoryError
        return encode(self, source, lengths, copies)

    monkeypatch.setattr(OnnxNetwork, "encode", with_little_memory)

    async def use(scheduler: Scheduler, _: Measurements) -> list[Any]:
        texts = [*SOURCES, "the big dog eats two books " * 20]
        jobs = (scheduler.decode("model", Job(text, BEAMS)) for text in texts)
        return list(await asyncio.gather(*jobs, return_exceptions=True))

    found = served({"model": model}, use, Limits(wait_ms=50))
    assert max(sizes) > 1
    require_same(wanted, found[:-1])
    assert isinstance(found[-1], WorldError)
    assert "Memory is full" in str(found[-1])


def test_a_full_queue_refuses_jobs(load: Load) -> None:
    async def use(scheduler: Scheduler, measurements: Measurements) -> list[Any]:
        jobs = [scheduler.decode("model", Job(SOURCES[0], BEAMS)) for _ in range(5)]
        results = await asyncio.gather(*jobs, return_exceptions=True)
        assert measurements.jobs.value("model", "refused") == 2
        return [*results, await scheduler.decode("model", Job(SOURCES[0], BEAMS))]

    model = load("translator", "torch")
    found = served({"model": model}, use, Limits(queue=3))
    require_same(model.decode([SOURCES[0]] * 4, BEAMS), [*found[:3], found[5]])
    for fault in found[3:5]:
        assert isinstance(fault, QueueFull)
        assert str(fault) == "The server is busy: 3 texts are waiting. Try again in 1 s."
        assert fault.retry_after_s == 1


def test_closing_lets_running_jobs_end_and_refuses_new_ones(load: Load) -> None:
    model = load("translator", "torch")

    async def use(scheduler: Scheduler, _: Measurements) -> list[list[Output]]:
        tasks = [asyncio.create_task(scheduler.decode("model", Job(source, BEAMS))) for source in SOURCES]
        stream = asyncio.create_task(collected(scheduler, "model", Job(SOURCES[0], BEAMS)))
        await asyncio.sleep(0)
        await scheduler.close()
        with pytest.raises(Closed, match="shutting down"):
            await scheduler.decode("model", Job(SOURCES[0], BEAMS))
        return [*await asyncio.gather(*tasks), (await stream)[1]]

    require_same(model.decode([*SOURCES, SOURCES[0]], BEAMS), served({"model": model}, use))


def test_a_stream_that_nobody_reads_ends(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "MOST_UNREAD", 500)

    async def use(scheduler: Scheduler, measurements: Measurements) -> None:
        parts = scheduler.stream("scribe", Job("the", ENDLESS))
        text = str(await anext(parts))
        while not measurements.jobs.value("scribe", "failed"):
            await asyncio.sleep(0.01)
        with pytest.raises(WorldError, match="generated faster than it was read"):
            await rest_of(parts)
        assert len(text) < 500

    served({"scribe": load("scribe", "torch")}, use)


def test_piece_scores_are_those_of_the_output(load: Load) -> None:
    models = {name: load(name, "torch") for name in ("translator", "author")}

    async def use(scheduler: Scheduler, _: Measurements) -> list[list[Output]]:
        decoding = Decoding(WRITING, SamplingOptions(), count=2)
        return [
            await scheduler.decode("translator", Job(SOURCES[2], replace(BEAMS, count=2), piece_scores=True)),
            await scheduler.decode("author", Job("the", decoding, piece_scores=True)),
            (await collected(scheduler, "author", Job("the", decoding, piece_scores=True)))[1],
        ]

    for outputs in served(models, use):
        for output in outputs:
            values = output.piece_log_probabilities
            assert len(values) == len(output.ids) > 0
            assert max(values) <= 0
            assert sum(values) >= output.log_probability - 1e-4  # which includes the end tokens


def test_two_threads_decode_at_the_same_time(load: Load) -> None:
    model = load("translator", "onnx")
    assert model.network.batches_at_a_time == 2

    async def use(scheduler: Scheduler, _: Measurements) -> list[list[Output]]:
        return await asyncio.gather(*(scheduler.decode("model", Job(source, BEAMS)) for source in [*SOURCES, *SOURCES]))

    require_same(model.decode([*SOURCES, *SOURCES], BEAMS), served({"model": model}, use))
