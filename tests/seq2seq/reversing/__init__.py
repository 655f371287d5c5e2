"""A task plugin that can be trained in a second: sentences of letters, to be written backwards."""

import random
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.corpus.example import Example
from seq2seq.plugin import Reader, SampleCorpus, Task

if TYPE_CHECKING:
    from seq2seq.plugin import Metric

ENTRY_POINT = "[seq2seq.tasks]\nreversing = tests.seq2seq.reversing:Reversing\n"


def sentences(count: int, seed: int) -> list[Example]:
    """Return random sentences and their mirror images."""
    draw = random.Random(seed)
    words = ["ab", "bc", "cd", "de", "abc", "bcd", "cde"]
    examples = []
    for number in range(count):
        chosen = draw.choices(words, k=draw.randint(1, 8))
        examples.append(Example(" ".join(chosen), " ".join(reversed(chosen)), (), f"reversing:{number + 1}"))
    return examples


class Reversing(Task):
    """Write a sentence backwards."""

    name, summary, verb = "reversing", "Reversed sentences", "reverse"

    def sample(self, reader: Reader) -> SampleCorpus:
        """Return 200 sentences to train on, and 30 each to validate and test."""
        return SampleCorpus(reader, sentences(200, 1), sentences(30, 2), sentences(30, 3))

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return BLEU."""
        from seq2seq.plugin import Bleu

        return [Bleu("13a")]


def install(folder: Path) -> Path:
    """Write the metadata of an installed plugin; a folder on Python's path makes it installed."""
    info = folder / "seq2seq_reversing-0.1.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: seq2seq-reversing\nVersion: 0.1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINT, encoding="utf-8")
    return folder


def write_corpus(folder: Path, count: int = 200) -> tuple[str, str]:
    """Write a corpus as TSV files; return the values of ``--data.train`` and ``--data.validation``."""
    for name, examples in (("train", sentences(count, 1)), ("validation", sentences(30, 2))):
        lines = ["source\ttarget", *(f"{one.source}\t{one.target}" for one in examples)]
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"[{folder / 'train.tsv'}]", f"[{folder / 'validation.tsv'}]"
