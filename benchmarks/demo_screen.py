"""Show the demo's results: for each task its score, an example, its report, and a command to try.

Scores are read from ``report.json``, written by `seq2seq evaluate`; nothing is measured here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.safe_text import fitted, in_line

WIDTH = 100
REPORT = "evaluation-test"

# None of the names occurs in the training text.
TALKS = (
    ("Hello, I am your new neighbour, my name is Willa.", "I come from Madrid.", "What is my name, do you remember?"),
    ("你好，我是新来的邻居，我叫陈文静。", "我从大连来。", "你还记得我叫什么吗？"),
)


@dataclass(frozen=True)
class Shown:
    """Settings of a task on the screen.

    Attributes:
        title: The task, as a heading.
        figure: Key figure of its report.
        examples: Inputs that do not occur in the training text; empty for a chat.
        command: Command to try, without the run folder.
    """

    title: str
    figure: str
    examples: tuple[str, ...]
    command: str


TASKS = {
    "dialogue": Shown("Dialogue", "facts remembered", (), "chat"),
    "generation": Shown("Text generation", "bits per character", ("On a clear morning",), "generate --interactive"),
    "summarization": Shown(
        "Summarization",
        "ROUGE-L",
        (
            "On June 30, the board of Kelmark met to talk about new machines. The canteen of Triolio is closed on May "
            "21. It was agreed to spend 729 dollars, and Kelwick will lead the work. A vote about night shifts was put "
            "off until May 29.",
        ),
        "summarize",
    ),
    "translation": Shown(
        "Translation", "BLEU", ("She helped ten police officers in the hotel last week.",), "translate"
    ),
}
"""Settings by task; tasks with long training come first, so both cores finish at about the same time."""


def screen(results: Sequence[Mapping[str, Any]], seconds: float, cpu_seconds: float) -> str:
    """Return the last screen.

    Args:
        results: The fields of `benchmarks.demo.Result` for each task.
        seconds: Total wall-clock time.
        cpu_seconds: Total CPU time.
    """
    from seq2seq.plugin.report_blocks import Figure
    from seq2seq.report.verdict import clause

    minutes = f"{int(seconds) // 60} min {int(seconds) % 60:02} s"
    lines = [f"{len(results)} models trained from scratch in {minutes} ({cpu_seconds:.0f} CPU seconds)", ""]
    for result in results:
        shown, place = TASKS[result["task"]], Path(result["folder"])
        report = json.loads((place / REPORT / "report.json").read_text(encoding="utf-8"))
        (figure,) = (Figure(**fields) for fields in report["figures"] if fields["name"] == shown.figure)
        tested = report["likelihood"]["sentences"]
        lines += [f"{shown.title}: {clause(figure)}, on {tested:,} test examples"]
        pairs = list(zip(result["given"], result["outputs"], strict=True))
        if result["task"] == "dialogue":
            pairs = pairs[: len(TALKS[0])]
        for given, output in pairs:
            lines += [_cut(f"  > {given}"), _cut(f"  {output}")]
        lines += [f"  report  {place / REPORT / 'report.html'}", f"  try     {_command(shown.command, place)}", ""]
    return "\n".join(lines[:-1])


def _command(command: str, place: Path) -> str:
    verb, *options = command.split()
    return " ".join([".venv/bin/seq2seq", verb, str(place), *options])


def _cut(text: str) -> str:
    """Return a text shortened to one line, with an ellipsis if needed."""
    return fitted(in_line(text), WIDTH).rstrip()
