"""The throughput of the server beside `seq2seq translate`, and its latency at half of that load."""

import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.measurement import cpu_seconds
from benchmarks.serving.connection import Connection, json_body, request
from benchmarks.serving.load import percentile
from benchmarks.serving.server_process import ServerProcess

PATH = "/translate"
IDLE_S = 2.0
"""Seconds after which an unused connection is closed: before the server does, which waits for 5 seconds."""


@dataclass
class Pass:
    """One pass over the file.

    Args:
        wall_s: Seconds.
        cpu_s: CPU seconds of the server or of the command.
        outputs: The output for each line.
        client_cpu_s: CPU seconds of the clients.
    """

    wall_s: float
    cpu_s: float
    outputs: list[str]
    client_cpu_s: float = 0.0


@dataclass
class ThroughputFigures:
    """What was measured; of several rounds, the best one of each.

    Args:
        part: 'throughput'.
        lines: Number of lines of the file.
        clients: Number of clients.
        threads: Batches at a time, of both.
        lines_per_request: Number of lines that a client sends at a time.
        start_s: Wall-clock seconds of the command for one line, which are not counted below.
        command_per_second: Lines per second of `seq2seq translate`.
        served_per_second: Lines per second of the server.
        ratio: The second divided by the first.
        command_cpu_ms: CPU milliseconds of a line of `seq2seq translate`.
        served_cpu_ms: CPU milliseconds of a line of the server.
        cpu_ratio: The first of these divided by the second.
        client_cpu_ms: CPU milliseconds of a line that the clients took from the same cores.
        equal: Share of lines with equal outputs.
        half_per_second: Requests per second at half of the load.
        half_p50: Median latency at half of the load, in milliseconds, from the moment at which a request was due.
        half_p99: 99th percentile of it.
        rounds: Wall-clock and CPU seconds of each pass, of the command without its start.
    """

    part: str
    lines: int
    clients: int
    threads: int
    lines_per_request: int
    start_s: float
    command_per_second: float
    served_per_second: float
    ratio: float
    command_cpu_ms: float
    served_cpu_ms: float
    cpu_ratio: float
    client_cpu_ms: float
    equal: float
    half_per_second: float
    half_p50: float
    half_p99: float
    rounds: dict[str, list[tuple[float, float]]]


def throughput(
    model: Path,
    lines: Sequence[str],
    clients: int,
    threads: int,
    rounds: int,
    half_s: float,
    options: Sequence[str] = (),
    together: int = 1,
) -> ThroughputFigures:
    """Translate lines with the command and with the server, in turn.

    Args:
        model: A translation model.
        lines: The lines.
        clients: Number of clients of the server, each of which sends one request after the other.
        threads: Batches at a time.
        rounds: How often both do it.
        half_s: Seconds of the measurement at half of the load.
        options: Further options of the server.
        together: Number of lines of a request; at half of the load, each has one.
    """
    starts = [translated_by_command(model, lines[:1], threads) for _ in range(rounds)]
    start_s, start_cpu_s = min(each.wall_s for each in starts), min(each.cpu_s for each in starts)
    commands, served = list[Pass](), list[Pass]()
    with ServerProcess({"model": model}, ["--threads", str(threads), "--no_access_log", *options]) as server:
        asyncio.run(translated_by_server(server, lines[: 2 * clients], clients))  # the first requests are slower
        for _ in range(rounds):
            done = translated_by_command(model, lines, threads)
            commands.append(Pass(done.wall_s - start_s, done.cpu_s - start_cpu_s, done.outputs))
            served.append(asyncio.run(translated_by_server(server, lines, clients, together)))
        fastest = min(each.wall_s for each in served)
        rate = len(lines) / fastest / 2
        latencies = asyncio.run(paced(server, lines, rate, half_s))
    best, cheapest = min(each.wall_s for each in commands), min(each.cpu_s for each in commands)
    least = min(served, key=lambda each: each.cpu_s)
    count = len(lines)
    pairs = zip(commands[0].outputs, served[0].outputs, strict=True)
    return ThroughputFigures(
        "throughput",
        count,
        clients,
        threads,
        together,
        round(start_s, 2),
        round(count / best, 1),
        round(count / fastest, 1),
        round(best / fastest, 3),
        round(cheapest / count * 1000, 3),
        round(least.cpu_s / count * 1000, 3),
        round(cheapest / least.cpu_s, 3),
        round(min(each.client_cpu_s for each in served) / count * 1000, 3),
        round(sum(one == other for one, other in pairs) / count, 4),
        round(rate, 1),
        round(percentile(latencies, 0.5) * 1000, 1),
        round(percentile(latencies, 0.99) * 1000, 1),
        {
            name: [(round(each.wall_s, 2), round(each.cpu_s, 2)) for each in passes]
            for name, passes in (("seq2seq translate", commands), ("served", served))
        },
    )


def translated_by_command(model: Path, lines: Sequence[str], threads: int) -> Pass:
    """Translate lines with `seq2seq translate`, from the start of its process to its end."""
    with tempfile.TemporaryDirectory() as place:
        source, output = Path(place) / "source.txt", Path(place) / "output.txt"
        source.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        words = [str(model), str(source), "--output", str(output), "--threads", str(threads)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
        subprocess.run([sys.executable, "-P", "-m", "seq2seq", "translate", *words], env=environment, check=True)
        took, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Pass(took, used, output.read_text(encoding="utf-8").splitlines())


async def translated_by_server(server: ServerProcess, lines: Sequence[str], clients: int, together: int = 1) -> Pass:
    """Translate lines with some clients, each of which sends some lines after the others."""
    places = range(0, len(lines), together)
    requests = {
        place: request(PATH, json_body(q=lines[place] if together == 1 else list(lines[place : place + together])))
        for place in places
    }
    outputs, numbers = [""] * len(lines), iter(places)

    async def client() -> None:
        connection = await Connection.open(server.port)
        for number in numbers:
            outputs[number : number + together] = await _translations(connection, requests[number])
        connection.close()

    cpu, own, start = server.usage().cpu_s, cpu_seconds(), perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    took = perf_counter() - start
    return Pass(took, server.usage().cpu_s - cpu, outputs, cpu_seconds() - own)


async def paced(server: ServerProcess, lines: Sequence[str], rate: float, seconds: float, seed: int = 1) -> list[float]:
    """Return the latencies of requests that come at random moments, whether or not earlier ones are answered.

    Args:
        server: The server.
        lines: What is sent, again and again.
        rate: Requests per second.
        seconds: How long they come.
        seed: Determines the moments.
    """
    draw, requests = random.Random(seed), [request(PATH, json_body(q=line)) for line in lines]
    idle, latencies = list[tuple[Connection, float]](), list[float]()

    async def one(data: bytes, due: float) -> None:
        while idle and perf_counter() - idle[0][1] > IDLE_S:
            idle.pop(0)[0].close()
        connection = idle.pop()[0] if idle else await Connection.open(server.port)
        await _translations(connection, data)
        latencies.append(perf_counter() - due)
        idle.append((connection, perf_counter()))

    start = due = perf_counter()
    number = 0
    async with asyncio.TaskGroup() as group:
        while due < start + seconds:
            due += draw.expovariate(rate)
            await asyncio.sleep(due - perf_counter())
            group.create_task(one(requests[number % len(requests)], due))
            number += 1
    for connection, _ in idle:
        connection.close()
    return latencies


async def _translations(connection: Connection, data: bytes) -> list[str]:
    reply = await connection.ask(data)
    if reply.status != 200:
        raise SystemExit(f"The server answered {reply.status}: {reply.body.decode()}")
    translated = json.loads(reply.body)["translatedText"]
    return [translated] if isinstance(translated, str) else translated
