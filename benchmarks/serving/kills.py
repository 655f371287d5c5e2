"""Clients that vanish in the middle of a stream, beside others that must not notice it."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from benchmarks.serving.connection import Connection
from benchmarks.serving.load import Judge, Tally, asking, metrics_of
from benchmarks.serving.questions import Question
from benchmarks.serving.server_process import ServerProcess, Usage, total

AT_ONCE, STEADY = 16, 4
WARM = 100
"""Kills before the first measurement."""
LATEST_S = 0.2
"""A client vanishes at most this long after the beginning of its stream."""
SETTLE_S = 30.0
MOMENTS = ("in the request", "before the reply", "in the stream")
ENDED = "after the stream"


@dataclass
class KillFigures:
    """What was measured.

    Args:
        part: 'kills'.
        kills: Kills by moment; those after the end of a stream do not count as kills.
        settled_s: Seconds after the last kill until no job ran or waited.
        still_running: Jobs that ran or waited after `SETTLE_S`.
        cancelled: Jobs that left their batch because nobody waited for them.
        before: Memory, threads and open files before, at rest.
        after: The same after the kills.
        right: Right replies to the clients that stayed.
        faults: Other replies to them.
        wrong: Some of those.
        mistakes: Lines of the server's log that are no requests.
    """

    part: str
    kills: dict[str, int]
    settled_s: float
    still_running: int
    cancelled: int
    before: Usage
    after: Usage
    right: int
    faults: int
    wrong: list[str]
    mistakes: list[str]


async def kills(server: ServerProcess, questions: Sequence[Question], count: int, seed: int = 1) -> KillFigures:
    """Let clients vanish, and see whether the server forgets them.

    Args:
        server: The server.
        questions: Requests; the streams among them are broken off.
        count: Number of kills before the end of a stream, a third of them at each of `MOMENTS`.
        seed: Determines the moments.
    """
    await _killed(server.port, questions, min(WARM, count), seed - 1)
    await _settled(server.port)
    before, jobs = await _at_rest(server), await _cancelled(server.port)
    made, tally = await _killed(server.port, questions, count, seed)
    settled, running = await _settled(server.port)
    after = await _at_rest(server, before.files)
    return KillFigures(
        "kills",
        {moment: made[moment] for moment in (*MOMENTS, ENDED)},
        round(settled, 2),
        running,
        await _cancelled(server.port) - jobs,
        before,
        after,
        tally.ends["right"],
        tally.faults(),
        tally.wrong,
        server.mistakes(),
    )


async def _killed(port: int, questions: Sequence[Question], count: int, seed: int) -> tuple[Counter[str], Tally]:
    """Kill clients while others ask; return the kills by moment, and the replies to the others."""
    made, tally, judge = Counter[str](), Tally(), Judge(questions)
    streams = [question for question in questions if question.is_stream]
    wanted = iter(range(count))
    is_over = asyncio.Event()

    async def killer(number: int) -> None:
        draw = random.Random(seed * 1000 + number)
        for place in wanted:
            while (moment := await _kill(port, draw.choice(streams), MOMENTS[place % len(MOMENTS)], draw)) == ENDED:
                made[moment] += 1
            made[moment] += 1

    async def stays(number: int) -> None:
        turn = 0
        while not is_over.is_set():
            await asking(port, questions, judge, tally, perf_counter() + 0.5, seed * 1000 + 100 * number + turn)
            turn += 1

    staying = [asyncio.create_task(stays(number)) for number in range(STEADY)]
    await asyncio.gather(*(killer(number) for number in range(AT_ONCE)))
    is_over.set()
    await asyncio.gather(*staying)
    return made, tally


async def _kill(port: int, question: Question, moment: str, draw: random.Random) -> str:
    """Begin a request, and vanish at a moment; return the moment, or `ENDED` if the stream was over before."""
    connection = await Connection.open(port)
    try:
        if moment == "in the request":
            await connection.send(question.data[: draw.randrange(1, len(question.data))])
            await asyncio.sleep(draw.random() * 0.05)
            return moment
        await connection.send(question.data)
        if moment == "before the reply":
            await asyncio.sleep(draw.random() * 0.02)
            return moment
        received = await connection.read()
        end = perf_counter() + draw.random() * LATEST_S
        while b"\r\n0\r\n\r\n" not in received and (left := end - perf_counter()) > 0:
            try:
                part = await asyncio.wait_for(connection.read(), left)
            except TimeoutError:
                break
            if not part:
                return ENDED
            received += part
        return ENDED if b"\r\n0\r\n\r\n" in received else moment
    finally:
        connection.vanish()


async def _settled(port: int) -> tuple[float, int]:
    """Return the seconds until no job runs or waits, and the number of those that still do after `SETTLE_S`."""
    start = perf_counter()
    while True:
        metrics = await metrics_of(port)
        running = round(total(metrics, "seq2seq_running_jobs") + total(metrics, "seq2seq_queued_jobs"))
        took = perf_counter() - start
        if running == 0 or took > SETTLE_S:
            return took, running
        await asyncio.sleep(0.02)


async def _cancelled(port: int) -> int:
    return round(total(await metrics_of(port), "seq2seq_jobs_total", 'end="cancelled"'))


async def _at_rest(server: ServerProcess, files: int = 0) -> Usage:
    """Return what the server uses when it has closed its connections, or at last after `SETTLE_S`."""
    end = perf_counter() + SETTLE_S
    usage = server.usage()
    while perf_counter() < end:
        await asyncio.sleep(0.5)
        before, usage = usage, server.usage()
        if usage.files <= (files or before.files):
            break
    return usage
