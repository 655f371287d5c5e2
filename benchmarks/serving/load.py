"""Many clients at once: each reply is compared with the model's own text, and the server's memory is watched."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

from benchmarks.measurement import cpu_seconds
from benchmarks.serving.connection import Connection, LostReplyError, Reply, request
from benchmarks.serving.questions import Question
from benchmarks.serving.replies import WrongFormError, texts_in
from benchmarks.serving.server_process import ServerProcess, total

RIGHT, LOST, DOUBLED, SWAPPED, DIFFERENT, BUSY, FAILED = (
    "right",
    "lost",
    "doubled",
    "swapped",
    "different",
    "503",
    "failed",
)
ENDS = (RIGHT, LOST, DOUBLED, SWAPPED, DIFFERENT, FAILED, BUSY)
SHOWN = 20
"""Number of wrong replies that are recorded."""
BUSY_S = 0.05
"""Pause of a client after a 503."""


@dataclass
class Tally:
    """Replies by how they ended, and how long they took.

    Args:
        ends: Number of replies by end, see `ENDS`.
        seconds: Seconds to the last byte of the right replies, by kind of request.
        first: Seconds to the first byte, by kind.
        wrong: Some of the wrong replies, in words.
    """

    ends: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    first: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def faults(self) -> int:
        """Return the number of replies that are neither right nor refused for want of room."""
        return sum(self.ends.values()) - self.ends[RIGHT] - self.ends[BUSY]


@dataclass
class KindFigures:
    """Latencies of a kind of request, in milliseconds.

    Args:
        kind: The kind.
        count: Number of right replies.
        p50: Median.
        p95: 95th percentile.
        p99: 99th percentile.
        first: Median time to the first byte of the body.
    """

    kind: str
    count: int
    p50: float
    p95: float
    p99: float
    first: float


@dataclass
class LoadFigures:
    """What was measured under load.

    Args:
        part: 'load'.
        clients: Number of clients.
        seconds: How long they asked.
        questions: Number of different requests.
        left_out: Requests whose texts depend on the batch, which were not sent.
        ends: Number of replies by end.
        counted: Requests that the server counted in the same time.
        per_second: Right replies per second.
        memory_start: Megabytes of the server's resident memory before the first request.
        memory_first: Mean megabytes in the second minute: in the first one, memory grows to what the largest batches
            need.
        memory_last: The same in the last minute.
        memory_most: The most megabytes.
        memory: Megabytes over time, at most 120 of the values.
        server_cpu_s: CPU seconds of the server.
        client_cpu_s: CPU seconds of all clients.
        kinds: Latencies by kind of request.
        wrong: Some of the wrong replies.
        mistakes: Lines of the server's log that are no requests.
    """

    part: str
    clients: int
    seconds: float
    questions: int
    left_out: int
    ends: dict[str, int]
    counted: int
    per_second: float
    memory_start: float
    memory_first: float
    memory_last: float
    memory_most: float
    memory: list[float]
    server_cpu_s: float
    client_cpu_s: float
    kinds: list[KindFigures]
    wrong: list[str]
    mistakes: list[str]

    @property
    def faults(self) -> int:
        """Replies that are wrong, and requests that the clients and the server counted differently."""
        answered = sum(self.ends.values()) - self.ends[LOST]
        return sum(self.ends.values()) - self.ends[RIGHT] - self.ends[BUSY] + abs(answered - self.counted)


class Judge:
    """Compares replies with what the models give.

    Args:
        questions: All requests that are sent.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        self._owners: dict[tuple[str, ...], set[str]] = {}
        for question in questions:
            self._owners.setdefault(question.expected, set()).add(question.kind)

    def end_of(self, question: Question, reply: Reply, tally: Tally) -> str:
        """Return how a complete reply ended."""
        status, body = reply.status, reply.body
        if status == 503 and reply.headers.get("retry-after", "").isdecimal():
            return BUSY
        try:
            given = texts_in(question.path, body, is_stream=question.is_stream) if status == 200 else None
        except (WrongFormError, ValueError, KeyError) as fault:
            return self._noted(FAILED, question, f"{fault}", tally)
        if given == question.expected:
            return RIGHT
        if given is None:
            return self._noted(FAILED, question, f"{status}: {body[:300]!r}", tally)
        return self._noted(SWAPPED if given in self._owners else DIFFERENT, question, f"{given}", tally)

    def _noted(self, end: str, question: Question, given: str, tally: Tally) -> str:
        if len(tally.wrong) < SHOWN:
            tally.wrong.append(f"{end}: {question.kind}: expected {question.expected}, got {given}")
        return end


async def asking(port: int, questions: Sequence[Question], judge: Judge, tally: Tally, until: float, seed: int) -> None:
    """Ask one question after the other on one connection until a time."""
    draw = random.Random(seed)
    connection: Connection | None = None
    while perf_counter() < until:
        question = draw.choice(questions)
        if connection is None:
            connection = await Connection.open(port)
        try:
            reply = await connection.ask(question.data)
        except LostReplyError as fault:
            tally.ends[LOST] += 1
            tally.wrong.append(f"lost: {question.kind}: {fault}")
            connection.close()
            connection = None
            continue
        end = judge.end_of(question, reply, tally)
        tally.ends[end] += 1
        if end == RIGHT:
            tally.seconds.setdefault(question.kind, []).append(reply.took_s)
            tally.first.setdefault(question.kind, []).append(reply.first_s)
        elif end == BUSY:
            await asyncio.sleep(BUSY_S)
        if stray := connection.unasked():
            tally.ends[DOUBLED] += 1
            tally.wrong.append(f"doubled: {question.kind}: {stray[:300]!r}")
    if connection is not None:
        connection.close()


async def watched(server: ServerProcess, memory: list[float], every_s: float = 1.0) -> None:
    """Record the server's memory until cancelled."""
    while True:
        memory.append(server.usage().megabytes)
        await asyncio.sleep(every_s)


async def metrics_of(port: int) -> str:
    """Return the server's metrics."""
    connection = await Connection.open(port)
    text = (await connection.ask(request("/metrics"))).body.decode()
    connection.close()
    return text


async def load(
    server: ServerProcess, questions: Sequence[Question], left_out: int, clients: int, seconds: float, seed: int = 1
) -> LoadFigures:
    """Let clients ask for a time, and return what was measured."""
    judge, tally, memory = Judge(questions), Tally(), list[float]()
    before = await _answered(server.port)
    cpu, own, start = server.usage().cpu_s, cpu_seconds(), perf_counter()
    watch = asyncio.create_task(watched(server, memory, min(1.0, seconds / 20)))
    clients_at_work = (
        asking(server.port, questions, judge, tally, start + seconds, seed * 10_000 + number)
        for number in range(clients)
    )
    await asyncio.gather(*clients_at_work)
    took = perf_counter() - start
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    used, asked = server.usage().cpu_s - cpu, cpu_seconds() - own
    window = max(1, round(len(memory) * min(60.0, seconds / 4) / seconds))
    return LoadFigures(
        "load",
        clients,
        round(took, 1),
        len(questions),
        left_out,
        {end: tally.ends[end] for end in ENDS},
        await _answered(server.port) - before,
        round(tally.ends[RIGHT] / took, 1),
        round(memory[0], 1),
        round(sum(memory[window : 2 * window]) / window, 1),
        round(sum(memory[-window:]) / window, 1),
        round(max(memory), 1),
        [round(value, 1) for value in memory[:: len(memory) // 120 + 1]],
        round(used, 2),
        round(asked, 2),
        [kind_figures(kind, values, tally.first[kind]) for kind, values in sorted(tally.seconds.items())],
        tally.wrong,
        server.mistakes(),
    )


async def _answered(port: int) -> int:
    """Return how many requests to models the server has counted, the lost ones not among them."""
    lines = (await metrics_of(port)).splitlines()
    counted = [line for line in lines if line.startswith("seq2seq_requests_total") and "/metrics" not in line]
    return round(total("\n".join(line for line in counted if 'status="499"' not in line), "seq2seq_requests_total"))


def kind_figures(kind: str, seconds: Sequence[float], first: Sequence[float]) -> KindFigures:
    """Return the latencies of a kind of request."""
    p50, p95, p99 = (round(percentile(seconds, share) * 1000, 1) for share in (0.5, 0.95, 0.99))
    return KindFigures(kind, len(seconds), p50, p95, p99, round(percentile(first, 0.5) * 1000, 1))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
