"""The process that decodes gives the models' own answers, and nobody waits for ever when it dies."""

import asyncio
import gc
import os
import pickle
import shutil
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions, WritingOptions
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.errors import UserError, WorldError
from seq2seq.models.load import load as load_model
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.runtime.placement import Placement
from seq2seq.server.decoding_process.messages import Decode, Terms, portable
from seq2seq.server.decoding_process.separate_engine import SeparateEngine
from seq2seq.server.fault_place import place_of
from seq2seq.server.live_models import LiveModels
from seq2seq.server.measurements import Measurements
from seq2seq.server.opening import explained
from seq2seq.server.options import Limits
from seq2seq.server.scheduler import Job, Scheduler
from tests.properties import examples
from tests.seq2seq.decoded import require_same
from tests.seq2seq.models.stepwise.together import NAMES, jobs, own_answer
from tests.seq2seq.server.test_live_models import replaced
from tests.seq2seq.server.test_scheduler import answer, collected, require_answer
from tests.seq2seq.ways_of_decoding import SOURCES

Load = Callable[[str, str], LoadedModel]
T = TypeVar("T")
BEAMS = Decoding(SearchOptions(beam_size=4, max_length=14))
ENDLESS = Decoding(WritingOptions(), SamplingOptions(seed=8))
DEADLINE_S = 60


@dataclass
class Separate:
    """An engine in a process of its own, and its models."""

    folders: dict[str, Path]
    limits: Limits = field(default_factory=lambda: Limits(queue=1000))
    measurements: Measurements = field(default_factory=Measurements)
    death: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.engine = SeparateEngine(self.limits, Placement(threads=2), self.measurements, self.death.set)
        try:
            self.live = LiveModels(self.folders, self.engine)
        except UserError:
            self.engine.close()
            raise

    def use(self, work: Callable[[Scheduler], Coroutine[Any, Any, T]]) -> T:
        """Use a scheduler, and let the process end."""

        async def run() -> T:
            scheduler = Scheduler(self.live, self.limits, self.measurements, self.engine)
            try:
                return await asyncio.wait_for(work(scheduler), DEADLINE_S)
            finally:
                await asyncio.wait_for(scheduler.close(), DEADLINE_S)

        result = asyncio.run(run())
        for name in self.live:
            assert self.measurements.queued.value(name) == self.measurements.running.value(name) == 0
        return result

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self.engine.pid


@pytest.fixture
def folder(tmp_path: Path, load: Load) -> Path:
    """A copy of the exported translator."""
    shutil.copytree(load("translator", "onnx").bundle.folder, tmp_path / "translator")
    return tmp_path / "translator"


@pytest.fixture(scope="module")
def shared(load: Load) -> Iterator[Separate]:
    """An engine with all models, for several schedulers one after the other."""
    separate = Separate({name: load(name, "onnx").bundle.folder for name in NAMES})
    yield separate
    separate.engine.close()


ARRIVALS = st.lists(st.tuples(jobs(), st.integers(0, 30), st.none() | st.integers(0, 20)), min_size=1, max_size=14)
"""Jobs, the milliseconds after which each comes, and after which it is cancelled, if it is."""


@examples(20)
@given(arrivals=ARRIVALS)
def test_every_job_has_the_models_own_answer(
    arrivals: list[tuple[tuple[str, Job, bool], int, int | None]], shared: Separate, load: Load
) -> None:
    async def client(scheduler: Scheduler, name: str, job: Job, is_streamed: bool, after_ms: int) -> Any:  # noqa: ANN401
        await asyncio.sleep(after_ms / 1000)
        return await answer(scheduler, name, job, is_streamed=is_streamed)

    async def use() -> list[Any]:
        scheduler = Scheduler(shared.live, shared.limits, shared.measurements, shared.engine)
        tasks = [asyncio.create_task(client(scheduler, *job, after_ms)) for job, after_ms, _ in arrivals]
        for task, (_job, after_ms, cancelled_ms) in zip(tasks, arrivals, strict=True):
            if cancelled_ms is not None:
                asyncio.get_running_loop().call_later((after_ms + cancelled_ms) / 1000, task.cancel)
        return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), DEADLINE_S)

    results = asyncio.run(use())
    for ((name, job, is_streamed), _after_ms, cancelled_ms), found in zip(arrivals, results, strict=True):
        if cancelled_ms is not None and isinstance(found, asyncio.CancelledError):
            continue
        assert not isinstance(found, BaseException), repr(found)
        require_answer(found, own_answer(load(name, "onnx"), job, is_streamed=is_streamed))
    for name in NAMES:
        assert shared.measurements.queued.value(name) == shared.measurements.running.value(name) == 0


def test_steps_and_pieces_are_counted_here(folder: Path, load: Load) -> None:
    separate = Separate({"model": folder}, Limits(wait_ms=50))

    async def use(scheduler: Scheduler) -> list[list[Output]]:
        return list(await asyncio.gather(*(scheduler.decode("model", Job(text, BEAMS)) for text in SOURCES)))

    found = separate.use(use)
    require_same(load("translator", "onnx").decode(SOURCES, BEAMS), found)
    measured = separate.measurements
    assert measured.jobs.value("model", "done") == len(SOURCES)
    assert measured.waited.count("model") == measured.took.count("model") == len(SOURCES)
    encode = load("translator", "onnx").tokenizers.source.encode
    assert measured.tokens.value("model", "read") == sum(len(encode(text)) for text in SOURCES)
    assert measured.tokens.value("model", "generated") >= sum(len(outputs[0].ids) for outputs in found)
    assert measured.batch_rows.value("model") == 4 * measured.batch_jobs.value("model")


def test_a_glossary_and_an_explanation_cross_to_the_other_process(folder: Path, load: Load) -> None:
    model = load("translator", "onnx")
    decoding = Decoding(SearchOptions(beam_size=4, max_length=14), glossary=Glossary({"dog": "书|dog"}))
    separate = Separate({"model": folder})

    async def use(scheduler: Scheduler) -> tuple[list[Output], Output]:
        outputs = await scheduler.decode("model", Job(SOURCES[0], decoding))
        return outputs, await scheduler.explain("model", SOURCES[0], outputs[0].text)

    outputs, attended = separate.use(use)
    require_same(model.decode([SOURCES[0]], decoding), [outputs])
    require_same([[explained(model, SOURCES[0], outputs[0].text)]], [[attended]])


def test_a_fault_crosses_to_its_job_alone(folder: Path, load: Load) -> None:
    separate = Separate({"model": folder})

    async def use(scheduler: Scheduler) -> list[Any]:
        wrong = Decoding(WritingOptions(max_length=5))
        work = [scheduler.decode("model", Job(SOURCES[0], one)) for one in (BEAMS, wrong)]
        return list(await asyncio.gather(*work, return_exceptions=True))

    right, fault = separate.use(use)
    require_same(load("translator", "onnx").decode([SOURCES[0]], BEAMS), [right])
    assert isinstance(fault, UserError)
    assert "takes SearchOptions" in str(fault)


def test_a_job_that_cannot_begin_leaves_the_process_to_others(folder: Path, load: Load) -> None:
    separate = Separate({"model": folder, "other": load("partner", "onnx").bundle.folder})

    async def use(scheduler: Scheduler) -> list[Any]:
        numbers, model = separate.engine._models, separate.live["other"]
        numbers[model] += 1000  # a number that the process does not know
        work = [scheduler.decode(name, Job(SOURCES[0], BEAMS)) for name in ("other", "model")]
        return list(await asyncio.gather(*work, return_exceptions=True))

    fault, right = separate.use(use)
    assert isinstance(fault, KeyError)
    assert "child.py, line " in place_of(fault)
    require_same(load("translator", "onnx").decode([SOURCES[0]], BEAMS), [right])


class NeedsMoreError(Exception):
    """A fault that cannot be pickled: it needs an argument that its text does not have."""

    def __init__(self, words: str, *, code: int) -> None:
        super().__init__(words)
        self.code = code


def test_where_an_unexpected_fault_was_raised_is_known_after_the_journey() -> None:
    with pytest.raises(ValueError, match="nowhere") as caught:
        Path("/").relative_to("nowhere")
    sent = pickle.loads(pickle.dumps(portable(caught.value)))
    assert sent.__traceback__ is None
    assert place_of(sent) == place_of(caught.value)
    assert 'relative_to("nowhere")' in sent.__notes__[0]


def test_faults_that_cannot_be_pickled_are_described() -> None:
    same = portable(WorldError("Memory is full."))
    assert (type(same), str(same)) == (WorldError, "Memory is full.")
    assert str(portable(NeedsMoreError("no", code=3))) == "NeedsMoreError: no"
    assert str(portable(ValueError(threading.Lock()))).startswith("ValueError: <unlocked")


def test_a_cancelled_job_is_not_decoded_any_more(load: Load) -> None:
    separate = Separate({"scribe": load("scribe", "onnx").bundle.folder})

    async def use(scheduler: Scheduler) -> None:
        streams = [scheduler.stream("scribe", Job(prompt, ENDLESS)) for prompt in ("the", "big")]
        for stream in streams:
            await anext(stream)
        await streams[0].aclose()
        rows = separate.measurements.batch_rows
        await anext(streams[1])
        while True:  # a step may have begun before
            total, steps = rows.value("scribe"), rows.count("scribe")
            while rows.count("scribe") < steps + 20:
                await anext(streams[1])
            if rows.value("scribe") - total == rows.count("scribe") - steps:
                break
        await streams[1].aclose()

    separate.use(use)


def test_all_who_wait_are_told_when_the_process_is_killed(folder: Path, load: Load) -> None:
    scribe = load("scribe", "onnx").bundle.folder
    separate = Separate({"model": folder, "scribe": scribe})

    async def use(scheduler: Scheduler) -> list[Any]:
        stream = scheduler.stream("scribe", Job("the", ENDLESS))
        await anext(stream)
        os.kill(separate.pid, signal.SIGKILL)

        async def rest() -> None:
            async for _ in stream:
                pass

        found: list[Any] = list(await asyncio.gather(rest(), return_exceptions=True))
        for work in (scheduler.decode("model", Job(SOURCES[0], BEAMS)), scheduler.explain("model", SOURCES[0], "x")):
            found += await asyncio.gather(work, return_exceptions=True)
        return found

    for fault in separate.use(use):
        assert isinstance(fault, WorldError)
        assert str(fault).startswith("The decoding process was killed by SIGKILL (perhaps memory is full), so this ")
    assert separate.death.wait(DEADLINE_S)


def test_jobs_end_before_the_process_does(folder: Path, load: Load) -> None:
    separate = Separate({"model": folder})

    async def use(scheduler: Scheduler) -> list[Output]:
        task = asyncio.create_task(collected(scheduler, "model", Job(SOURCES[0], BEAMS)))
        await asyncio.sleep(0)
        await scheduler.close()
        return (await task)[1]

    require_same(load("translator", "onnx").decode([SOURCES[0]], BEAMS), [separate.use(use)])
    assert not separate.death.is_set()
    assert not Path(f"/proc/{separate.pid}").exists()


def test_the_process_ignores_signals_that_the_server_handles(folder: Path, load: Load) -> None:
    separate = Separate({"model": folder})
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGHUP):
        os.kill(separate.pid, number)
    time.sleep(0.1)

    async def use(scheduler: Scheduler) -> list[Output]:
        return await scheduler.decode("model", Job(SOURCES[0], BEAMS))

    require_same(load("translator", "onnx").decode([SOURCES[0]], BEAMS), [separate.use(use)])


def test_a_folder_that_vanishes_or_changes_is_read_again_only_on_request(folder: Path, load: Load) -> None:
    separate = Separate({"model": folder})
    model, before = load("translator", "onnx"), separate.live["model"]
    aside = folder.with_name("aside")
    folder.rename(aside)

    async def use(scheduler: Scheduler) -> list[list[Output]]:
        found = [await scheduler.decode("model", Job(SOURCES[0], BEAMS))]
        assert separate.live.reload()[0].startswith("The model 'model' stays as it was: There is no folder ")
        aside.rename(folder)
        replaced(folder, seed=40)
        found.append(await scheduler.decode("model", Job(SOURCES[0], BEAMS)))
        assert separate.live.reload() == [f"The model 'model' was loaded again from {folder}."]
        assert separate.live["model"] is not before
        found.append(await scheduler.decode("model", Job(SOURCES[0], BEAMS)))
        return found

    found = separate.use(use)
    require_same([model.decode([SOURCES[0]], BEAMS)[0]] * 2, found[:2])
    require_same(load_model(folder).decode([SOURCES[0]], BEAMS), found[2:])
    assert found[2][0].text != found[0][0].text


@pytest.mark.parametrize("file", ["step.onnx", "encode.onnx", "config.json"])
def test_a_broken_file_is_found_when_models_are_loaded(file: str, folder: Path) -> None:
    (folder / file).write_bytes(b"nothing")
    with pytest.raises(UserError, match=file):
        Separate({"model": folder})


def test_streams_of_many_sentences_are_in_order(load: Load) -> None:
    """Two threads decode, but the sentences of one stream in turn."""
    separate = Separate({"model": load("translator", "onnx").bundle.folder})
    text = " ".join(f"{source.capitalize()}." for source in SOURCES if source.isascii() and source) * 2
    job = Job(text, BEAMS)
    wanted = own_answer(load("translator", "onnx"), job, is_streamed=True)

    async def use(scheduler: Scheduler) -> list[tuple[str, list[Output]]]:
        work = [answer(scheduler, "model", job, is_streamed=number % 3 > 0) for number in range(60)]
        return list(await asyncio.gather(*work))

    for number, found in enumerate(separate.use(use)):
        require_answer((found[0] if number % 3 else wanted[0], found[1]), wanted)


def test_a_glossary_is_sent_once_and_freed_with_its_jobs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    separate = Separate({"model": folder})
    sent = []
    send = separate.engine._channel.send

    def noted(message: Any) -> None:  # noqa: ANN401 - any message
        sent.append(message)
        send(message)

    monkeypatch.setattr(separate.engine._channel, "send", noted)

    async def use(scheduler: Scheduler) -> None:
        glossary = Glossary({"dog": "书|dog"})
        for length in (12, 13, 14):
            decoding = Decoding(SearchOptions(beam_size=4, max_length=length), glossary=glossary)
            await scheduler.decode("model", Job(SOURCES[0], decoding))
        assert len(separate.engine._glossaries) == 1

    separate.use(use)
    gc.collect()
    assert len(separate.engine._glossaries) == 0
    messages = [pickle.loads(message) if isinstance(message, bytes) else message for message in sent]
    terms = [message for message in messages if isinstance(message, Terms)]
    assert [message.number for message in messages if isinstance(message, Decode)] == [0] * 3
    assert {message.glossary for message in messages if isinstance(message, Decode)} == {terms[0].number}
    assert len(terms) == 1


def test_requests_while_the_process_ends_are_refused(folder: Path) -> None:
    separate = Separate({"model": folder})

    async def use(scheduler: Scheduler) -> list[Any]:
        many = [scheduler.explain("model", SOURCES[0], "x y z") for _ in range(40)]
        tasks = [asyncio.create_task(one) for one in many]
        await asyncio.sleep(0)
        await scheduler.close()
        found: list[Any] = list(await asyncio.gather(*tasks, return_exceptions=True))
        found += await asyncio.gather(scheduler.explain("model", SOURCES[0], "x"), return_exceptions=True)
        return found

    found = separate.use(use)
    for outcome in found:
        assert isinstance(outcome, Output) or str(outcome) == "The server is shutting down."
    assert isinstance(found[-1], WorldError)
    assert separate.live.reload() == []
    (folder / "config.json").touch()
    assert separate.live.reload() == ["The model 'model' stays as it was: The server is shutting down."]
    assert separate.engine.fault is None


def test_a_job_that_cannot_be_sent_is_not_counted_for_ever(folder: Path) -> None:
    separate = Separate({"model": folder})

    async def use(scheduler: Scheduler) -> None:
        with pytest.raises(TypeError, match="cannot pickle"):
            await scheduler.decode("model", Job(threading.Lock(), BEAMS))  # type: ignore[arg-type]

    separate.use(use)  # which checks the gauges


def test_modules_of_the_working_folder_are_not_run(
    folder: Path, tmp_path: Path, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "queue.py").write_text("raise SystemExit('run')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    separate = Separate({"model": folder})

    async def use(scheduler: Scheduler) -> list[Output]:
        return await scheduler.decode("model", Job(SOURCES[0], BEAMS))

    require_same(load("translator", "onnx").decode([SOURCES[0]], BEAMS), [separate.use(use)])
