"""A task plugin for tests, installed as pip would do it; light, as a plugin must be."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.plugin import Reader, SampleCorpus, Task

if TYPE_CHECKING:
    import pytest

    from seq2seq.plugin import Metric

ENTRY_POINTS = "[seq2seq.tasks]\ntoy = tests.seq2seq.toy_task:Toy\nechoing = tests.seq2seq.toy_task:Echoing\n"


@dataclass(frozen=True)
class ToyReader(Reader):
    """A reader with an option of its own.

    Args:
        shout: Whether outputs are in capitals.
    """

    shout: bool = False

    def finish(self, text: str) -> str:
        """Return the text, in capitals if wanted."""
        return text.upper() if self.shout else text


class Toy(Task):
    """A task without a corpus."""

    name, summary, verb = "toy", "Toy sentences", "mimic"
    reader = ToyReader

    def sample(self, reader: Reader) -> SampleCorpus:
        """Return no examples."""
        return SampleCorpus(reader, [], [], [])

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return BLEU."""
        from seq2seq.plugin import Bleu

        return [Bleu("13a")]


class Echoing(Toy):
    """Another task with another verb."""

    name, summary, verb = "echoing", "Echoes", "echo"


def install(folder: Path, monkeypatch: "pytest.MonkeyPatch") -> None:
    """Install the plugin for the length of a test."""
    info = folder / "seq2seq_toy-0.3.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: seq2seq-toy\nVersion: 0.3\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
