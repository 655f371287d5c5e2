"""Restarts while clients are at work: SIGTERM must answer all open requests, and end the process with 0.

A request counts as accepted if its endpoint was reached, which the server's access log says: each such line must have a
complete reply at a client. A request that was sent but is not in the log was refused by a closed connection, as every
server that stops does with the ones that come too late; clients repeat these. How long before the signal the earliest
of them was sent is reported.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from benchmarks.serving.connection import Connection, LostReplyError
from benchmarks.serving.load import BUSY, Judge, Tally, percentile
from benchmarks.serving.questions import Question
from benchmarks.serving.server_process import ServerProcess

DRAIN_S = 30.0
SERVE_S = 1.0
"""SIGTERM comes at most this long after the first reply."""


@dataclass
class _Life:
    """What happened to the requests of one process."""

    tally: Tally = field(default_factory=Tally)
    replies: int = 0
    after_signal: int = 0
    broken: int = 0
    refused: list[float] = field(default_factory=list)
    signal_at: float = 0.0
    first_reply: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class RestartFigures:
    """What was measured.

    Args:
        part: 'restarts'.
        restarts: Number of processes.
        clients: Number of clients of each.
        replies: Complete replies.
        after_signal: Those of them that came after SIGTERM.
        lost: Requests in the server's log without a complete reply at a client.
        broken: Replies that ended in the middle.
        faults: Replies that were wrong.
        busy: Replies with 503.
        refused: Requests on connections that were closed before the server read them.
        refused_early_ms: How long before SIGTERM the earliest of these was sent; 0 if all came after it.
        exit_codes: Number of processes by exit code.
        slowest_s: Longest time from SIGTERM to the end of the process.
        median_s: Median of it.
        ready_s: Median time from the start of a process until it answers.
        wrong: Some of the wrong replies.
        mistakes: Lines of the servers' logs that are no requests.
    """

    part: str
    restarts: int
    clients: int
    replies: int = 0
    after_signal: int = 0
    lost: int = 0
    broken: int = 0
    faults: int = 0
    busy: int = 0
    refused: int = 0
    refused_early_ms: float = 0.0
    exit_codes: dict[str, int] = field(default_factory=dict)
    slowest_s: float = 0.0
    median_s: float = 0.0
    ready_s: float = 0.0
    wrong: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def restarts(
    models: Mapping[str, Path],
    options: Sequence[str],
    questions: Sequence[Question],
    clients: int,
    count: int,
    seed: int = 1,
) -> RestartFigures:
    """Start a server, let clients ask, stop it with SIGTERM, and again."""
    draw = random.Random(seed)
    figures = RestartFigures("restarts", count, clients)
    ready, ends = list[float](), list[float]()
    for number in range(count):
        with ServerProcess(models, [*options, "--drain", f"{DRAIN_S:g}"]) as server:
            ready.append(server.ready_s)
            life, took = asyncio.run(_life(server, questions, clients, draw.random() * SERVE_S, seed + number))
            ends.append(took)
            code = str(server.exit_code)
            figures.exit_codes[code] = figures.exit_codes.get(code, 0) + 1
            logged = sum(status != 499 for _, status in server.logged())
            gone = len(server.logged()) - logged
            figures.lost += max(0, logged - life.replies) + gone
            figures.wrong += life.tally.wrong
            figures.mistakes += server.mistakes()
        figures.replies += life.replies
        figures.after_signal += life.after_signal
        figures.broken += life.broken
        figures.faults += life.tally.faults()
        figures.busy += life.tally.ends[BUSY]
        figures.refused += len(life.refused)
        early = max((life.signal_at - sent for sent in life.refused), default=0.0)
        figures.refused_early_ms = max(figures.refused_early_ms, round(early * 1000, 1))
    figures.slowest_s, figures.median_s = round(max(ends), 2), round(percentile(ends, 0.5), 2)
    figures.ready_s = round(percentile(ready, 0.5), 2)
    return figures


async def _life(
    server: ServerProcess, questions: Sequence[Question], clients: int, serve_s: float, seed: int
) -> tuple[_Life, float]:
    """Ask until the server has ended; return what happened, and the seconds from SIGTERM to the end."""
    life, judge = _Life(), Judge(questions)
    asking = [
        asyncio.create_task(_client(server.port, questions, judge, life, random.Random(seed * 1000 + number)))
        for number in range(clients)
    ]
    await life.first_reply.wait()
    await asyncio.sleep(serve_s)
    life.signal_at = perf_counter()
    server.terminate()
    while server.is_running() and perf_counter() < life.signal_at + DRAIN_S + 30:
        await asyncio.sleep(0.005)
    took = perf_counter() - life.signal_at
    await asyncio.gather(*asking)
    return life, took


async def _client(port: int, questions: Sequence[Question], judge: Judge, life: _Life, draw: random.Random) -> None:
    """Ask until no connection is accepted any more."""
    connection: Connection | None = None
    while True:
        question = draw.choice(questions)
        sent = perf_counter()
        try:
            connection = connection or await Connection.open(port)
        except OSError:
            return
        sent = perf_counter()
        try:
            reply = await connection.ask(question.data)
        except LostReplyError as fault:
            if fault.received:
                life.broken += 1
                life.tally.wrong.append(f"broken: {question.kind}: {fault}")
            else:
                life.refused.append(sent)
            connection.close()
            connection = None
            continue
        life.replies += 1
        life.after_signal += bool(life.signal_at)
        life.tally.ends[judge.end_of(question, reply, life.tally)] += 1
        life.first_reply.set()
        if reply.headers.get("connection") == "close":
            connection.close()
            connection = None
