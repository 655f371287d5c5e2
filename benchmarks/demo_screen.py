"""The demo's last screen: for each task its score, an example, its report, and the command to try.

Scores are read from ``report.json``, which `seq2seq evaluate` wrote; nothing is measured here.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.safe_text import fitted, in_line

WIDTH = 100
REPORT = "evaluation-test"
DEVIATIONS = 1.96
"""Standard deviations on either side of a mean that hold 95 % of a normal distribution."""
FACTS = "Facts from three or more turns before"
"""Title of the report's section that counts them; `seq2seq_dialogue.remembered_facts` writes it."""

# No name of a speaker is known to the training text.
TALKS = (
    ("Hello, I am your new neighbour, my name is Willa.", "I come from Madrid.", "What is my name, do you remember?"),
    ("你好，我是新来的邻居，我叫陈文静。", "我从大连来。", "你还记得我叫什么吗？"),
)


@dataclass(frozen=True)
class Figure:
    """A score and its 95 % interval, in words.

    Attributes:
        name: What is measured.
        value: The score.
        low: Lower end of the interval.
        high: Upper end.
        digits: Digits after the point.
        unit: What follows the score.
    """

    name: str
    value: float
    low: float
    high: float
    digits: int = 1
    unit: str = ""

    def __str__(self) -> str:
        value, low, high = (f"{one:.{self.digits}f}" for one in (self.value, self.low, self.high))
        return f"{self.name} {value}{self.unit} ({low} to {high})"


@dataclass(frozen=True)
class Shown:
    """What the screen shows of a task.

    Attributes:
        title: The task, as a heading.
        figure: Takes the task's score from its report; it is also given what `bits` needs.
        examples: What the model is given; none of it is in the training text. Empty for a chat.
        command: The command to try, which the run folder follows.
    """

    title: str
    figure: Callable[[Mapping[str, Any], Sequence[Sequence[float]]], Figure]
    examples: tuple[str, ...]
    command: str


def score(name: str) -> Callable[[Mapping[str, Any], Sequence[Sequence[float]]], Figure]:
    """Return what takes a score of this name from a report."""

    def found(report: Mapping[str, Any], tales: Sequence[Sequence[float]] = ()) -> Figure:
        one = next(one for one in report["scores"] if one["name"] == name)
        return Figure(name, one["value"], one["low"], one["high"])

    return found


def facts(report: Mapping[str, Any], tales: Sequence[Sequence[float]] = ()) -> Figure:
    """Return the share of the facts of a conversation that the replies repeat rightly."""
    (section,) = (one for one in report["sections"] if one["title"] == FACTS)
    (table,) = (block for block in section["blocks"] if "rows" in block)
    right, total = (int(cell) for cell in table["rows"][-1][1:3])
    low, high = wilson(right, total)
    return Figure("facts remembered", 100 * right / total, 100 * low, 100 * high, unit=" %")


def bits(report: Mapping[str, Any], tales: Sequence[Sequence[float]]) -> Figure:
    """Return the bits that a character of the tales costs, with an interval over tales.

    Args:
        report: The report, which read the tales one after the other.
        tales: The nats and the characters of each tale, read by itself.
    """
    value = report["likelihood"]["per_character"]["bits"]
    nats, characters = sum(one for one, _ in tales), sum(many for _, many in tales)
    # The standard error of a ratio of sums: how far each tale is from what its length lets expect.
    rate = nats / max(1, characters)
    spread = math.sqrt(sum((one - rate * many) ** 2 for one, many in tales))
    error = DEVIATIONS * spread / max(1, characters) / math.log(2)
    return Figure("bits a character", value, value - error, value + error, digits=3)


def wilson(right: int, total: int, deviations: float = DEVIATIONS) -> tuple[float, float]:
    """Return the interval of a share (Wilson 1927), which stays between 0 and 1."""
    if total == 0:
        return 0.0, 1.0
    share, room = right / total, deviations**2 / total
    middle = (share + room / 2) / (1 + room)
    half = deviations * math.sqrt(share * (1 - share) / total + room / (4 * total)) / (1 + room)
    return middle - half, middle + half


TASKS = {
    "dialogue": Shown("Dialogue", facts, (), "chat"),
    "generation": Shown("Text generation", bits, ("On a clear morning",), "generate --interactive"),
    "summarization": Shown(
        "Summarization",
        score("ROUGE-L"),
        (
            "On June 30, the board of Kelmark met to talk about new machines. The canteen of Triolio is closed on May "
            "21. It was agreed to spend 729 dollars, and Kelwick will lead the work. A vote about night shifts was put "
            "off until May 29.",
        ),
        "summarize",
    ),
    "translation": Shown(
        "Translation", score("BLEU"), ("She helped ten police officers in the hotel last week.",), "translate"
    ),
}
"""What is shown, by task; the longest trainings come first, so that both cores are done together."""


def screen(results: Sequence[Mapping[str, Any]], seconds: float, cpu_seconds: float) -> str:
    """Return the last screen.

    Args:
        results: The fields of `benchmarks.demo.Result` for each task.
        seconds: How long all of it took.
        cpu_seconds: The processor's time for it.
    """
    minutes = f"{int(seconds) // 60} min {int(seconds) % 60:02} s"
    lines = [f"{len(results)} models trained from scratch in {minutes} ({cpu_seconds:.0f} CPU seconds)", ""]
    for one in results:
        shown, place = TASKS[one["task"]], Path(one["folder"])
        report = json.loads((place / REPORT / "report.json").read_text(encoding="utf-8"))
        tested = len(one["tales"]) or report["test_set"]["sentences"]
        lines += [f"{shown.title}: {shown.figure(report, one['tales'])}, on {tested:,} test examples"]
        pairs = list(zip(one["given"], one["made"], strict=True))
        if one["task"] == "dialogue":
            pairs = pairs[: len(TALKS[0])]
        for given, made in pairs:
            lines += [_cut(f"  > {given}"), _cut(f"  {made}")]
        lines += [f"  report  {place / REPORT / 'report.html'}", f"  try     {_command(shown.command, place)}", ""]
    return "\n".join(lines[:-1])


def _command(command: str, place: Path) -> str:
    verb, *options = command.split()
    return " ".join([".venv/bin/seq2seq", verb, str(place), *options])


def _cut(text: str) -> str:
    """Return a text in one line of the screen; what is longer ends in an ellipsis."""
    return fitted(in_line(text), WIDTH).rstrip()
