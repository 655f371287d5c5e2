"""A task plugin for tests, installed as pip would, and models of it with random weights."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from seq2seq import bundle
from seq2seq.bundle import BundleConfig, StoredScore, TrainingFacts
from seq2seq.corpus import Reader
from seq2seq.network import Network
from seq2seq.options import NetworkOptions, SearchOptions
from seq2seq.task import SampleCorpus, Task
from seq2seq.tokenizer import Tokenizers

if TYPE_CHECKING:
    from seq2seq.metrics import Metric

ENTRY_POINTS = "[seq2seq.tasks]\ntoy = tests.seq2seq.toy_task:Toy\nechoing = tests.seq2seq.toy_task:Echoing\n"
NETWORK = NetworkOptions(embedding_size=16, hidden_size=24)
SEARCH = SearchOptions(beam_size=3, max_length=12)
FACTS = TrainingFacts(
    seed=7,
    config_hash="abc",
    steps=1234,
    data="toy corpus",
    scores=(StoredScore("BLEU", 12.345, "nrefs:1|tok:zh", "validation"),),
)


@dataclass(frozen=True)
class ToyReader(Reader):
    """A reader with an option of its own.

    Args:
        shout: Whether outputs are put into capitals.
    """

    shout: bool = False

    def finish(self, text: str) -> str:
        """Raise the voice."""
        return text.upper() if self.shout else text


class Toy(Task):
    """A task without a corpus."""

    name, summary, verb = "toy", "Toy sentences", "mimic"
    reader = ToyReader

    def sample(self) -> SampleCorpus:
        """Return no examples."""
        return SampleCorpus(ToyReader(), [], [], [])

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return no metrics."""
        return []


class Echoing(Toy):
    """Another task with another verb."""

    name, summary, verb = "echoing", "Echoes", "echo"


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the plugin for the length of a test."""
    info = folder / "seq2seq_toy-0.3.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: seq2seq-toy\nVersion: 0.3\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))


def network(tokenizers: Tokenizers, options: NetworkOptions = NETWORK) -> Network:
    """Return a small network with random weights, the same at every call."""
    source, target = tokenizers.source, tokenizers.target
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return Network(options, source.vocabulary_size, target.vocabulary_size, source.padding, target.padding).eval()


def config(options: NetworkOptions = NETWORK, *, shout: bool = False) -> BundleConfig:
    """Return what the bundle of such a network says."""
    reader = ToyReader(source_language="en", target_language="zh", shout=shout)
    return BundleConfig("toy", options, reader, SEARCH, FACTS)


def write(folder: Path, tokenizers: Tokenizers, options: NetworkOptions = NETWORK, *, shout: bool = False) -> Path:
    """Write a bundle with random weights."""
    bundle.save(folder, network(tokenizers, options), config(options, shout=shout), tokenizers)
    return folder
