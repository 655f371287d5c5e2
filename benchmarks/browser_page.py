"""Measure a page of ``seq2seq export --format web`` in Chromium: size, time to the first output, warm sentences.

    python -m benchmarks.browser_page FOLDER SOURCE [--sentences 40] [--rounds 3] [--beside OTHER] [--json FILE]

FOLDER is an exported page that translates. It is served from this machine and opened in a headless Chromium with an
empty cache, then again with what the first visit left, and once more without a server. Each time the first line of
SOURCE is translated at once. Then its first lines are translated one at a time, with beam 5 and greedily.

On a busy machine, ``--beside`` compares two pages instead: their browsers translate each sentence in turn, so that both
are disturbed alike.

Times are those of a clock, because the page's user waits for it; of warm sentences also the CPU time of the browser's
processes, because machines are shared.
"""

import argparse
import os
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measurement import finish, matrix_rate
from tests.webdriver import Browser, browser, server

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """What was measured.

    Args:
        megabytes: Size of all files that the page loads.
        first_s: Seconds from the start of the first visit to the first output, the least of all rounds.
        again_s: The same for a second visit.
        offline_s: The same without a server.
        warm_ms: Milliseconds of a sentence by method: the mean of the least of all rounds.
        warm_cpu_ms: CPU milliseconds of the browser's processes for a sentence.
    """

    megabytes: float
    first_s: float
    again_s: float
    offline_s: float
    warm_ms: dict[str, float]
    warm_cpu_ms: dict[str, float]


def cpu_seconds_of(process: int) -> float:
    """Return the CPU time of a process and of all its living descendants."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        number = int(path.parent.name)
        children.setdefault(int(fields[1]), []).append(number)
        used[number] = (int(fields[11]) + int(fields[12])) / _TICKS
    waiting, total = [process], 0.0
    while waiting:
        number = waiting.pop()
        total += used.get(number, 0.0)
        waiting += children.get(number, [])
    return total


def translate(page: Browser, sentence: str) -> float:
    """Translate a sentence, and return the milliseconds that the page reports."""
    # The page waits for itself: questions from outside would take its time.
    script = """
        const measure = new Promise((done) => {
            const observer = new PerformanceObserver((list) => {
                observer.disconnect();
                done(list.getEntriesByName('computation')[0].duration);
            });
            observer.observe({ entryTypes: ['measure'] });
        });
        document.querySelector('#source').value = given[0];
        document.querySelector('button.main').click();
        return await measure;"""
    milliseconds: float = page.run(script, sentence)
    return milliseconds


def first(page: Browser, address: str, sentence: str) -> float:
    """Open the page, translate as soon as it can, and return the seconds from its start."""
    page.open(address)
    page.wait("document.body.dataset.state !== 'loading'")
    translate(page, sentence)
    script = "const [one] = performance.getEntriesByName('computation'); return (one.startTime + one.duration) / 1000;"
    seconds: float = page.run(script)
    return seconds


@contextmanager
def visits(folder: Path, sentence: str) -> Iterator[tuple[Browser, tuple[float, float, float]]]:
    """Visit the page for the first time, again, and without a server."""
    with browser() as page:
        with server(folder) as opened:
            address = opened.address
            new = first(page, address, sentence)
            page.wait("document.body.dataset.state === 'offline'")
            again = first(page, address, sentence)
        yield page, (new, again, first(page, address, sentence))


def choose(page: Browser, method: str) -> None:
    """Choose the page's method of decoding."""
    page.run(
        "const field = document.querySelector('.fields select');"
        "field.value = given[0]; field.dispatchEvent(new Event('change'));",
        method,
    )


def warm(page: Browser, sentences: list[str], method: str) -> tuple[list[float], float]:
    """Return the milliseconds of each sentence, and the CPU milliseconds of all."""
    choose(page, method)
    translate(page, sentences[0])
    began = cpu_seconds_of(page.process)
    times = [translate(page, sentence) for sentence in sentences]
    return times, 1000 * (cpu_seconds_of(page.process) - began)


def measured(folder: Path, sentences: list[str], rounds: int) -> Figures:
    """Measure a page."""
    starts: list[tuple[float, float, float]] = []
    times: dict[str, list[list[float]]] = {"beam": [], "greedy": []}
    used: dict[str, list[float]] = {"beam": [], "greedy": []}
    size = 0.0
    for _ in range(rounds):
        with visits(folder, sentences[0]) as (page, seconds):
            starts.append(seconds)
            size = page.run("return Object.values(self.CONTENTS.files).reduce((sum, { size }) => sum + size, 0);")
            for method in times:
                each, cpu = warm(page, sentences, method)
                times[method].append(each)
                used[method].append(cpu / len(sentences))
    least = {method: [min(each) for each in zip(*all_, strict=True)] for method, all_ in times.items()}
    return Figures(
        megabytes=round(size / 1e6, 1),
        first_s=round(min(each[0] for each in starts), 2),
        again_s=round(min(each[1] for each in starts), 2),
        offline_s=round(min(each[2] for each in starts), 2),
        warm_ms={method: round(statistics.mean(each), 1) for method, each in least.items()},
        warm_cpu_ms={method: round(min(each), 1) for method, each in used.items()},
    )


@dataclass
class Comparison:
    """Warm sentences of two pages that take turns.

    Args:
        method: Method of decoding.
        warm_ms: Milliseconds of a sentence of each page: the mean of the least of all rounds.
        ratio: The first page's time, divided by the second's.
    """

    method: str
    warm_ms: tuple[float, float]
    ratio: float


def compared(folders: tuple[Path, Path], sentences: list[str], rounds: int) -> list[Comparison]:
    """Translate each sentence with both pages in turn, each in a browser of its own."""
    comparisons = []
    with ExitStack() as stack:
        pages = []
        for folder in folders:
            page = stack.enter_context(browser())
            page.open(stack.enter_context(server(folder)).address)
            page.wait("document.body.dataset.state === 'offline'")
            pages.append(page)
        for method in ("beam", "greedy"):
            for page in pages:
                warm(page, sentences[:8], method)
            times = [[[translate(page, sentence) for page in pages] for sentence in sentences] for _ in range(rounds)]
            least = np.array(times).min(0).mean(0)  # from [rounds, sentences, pages]
            one, other = (round(float(milliseconds), 1) for milliseconds in least)
            comparisons.append(Comparison(method, (one, other), round(one / other, 3)))
    return comparisons


def main() -> None:
    """Measure, and print the figures."""
    assert __doc__
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("source", type=Path)
    parser.add_argument("--sentences", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    sentences = arguments.source.read_text(encoding="utf-8").splitlines()[: arguments.sentences]
    before = matrix_rate()
    if arguments.beside:
        comparisons = compared((arguments.folder, arguments.beside), sentences, arguments.rounds)
        for each in comparisons:
            print(f"warm sentence, {each.method}: {each.warm_ms[0]} and {each.warm_ms[1]} ms, ratio {each.ratio}")
        finish("benchmarks/browser_page.py", comparisons, before, arguments.json, sentences=len(sentences))
        return
    figures = measured(arguments.folder, sentences, arguments.rounds)
    print(f"size: {figures.megabytes} MB")
    print(f"first output: {figures.first_s} s, again {figures.again_s} s, without a server {figures.offline_s} s")
    for method, milliseconds in figures.warm_ms.items():
        print(f"warm sentence, {method}: {milliseconds} ms, {figures.warm_cpu_ms[method]} CPU ms")
    finish("benchmarks/browser_page.py", [figures], before, arguments.json, sentences=len(sentences))


if __name__ == "__main__":
    main()
