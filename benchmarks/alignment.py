"""Compare the attention of runs with estimated alignments of their validation data.

    python -m benchmarks.alignment RUN [RUN ...] [--json FILE]

Alignments are estimated from the training and validation pairs of a translation run, as `--data.alignment.files auto`
estimates them from training pairs. The model reads the references of the validation pairs (teacher forcing). Of all
target pieces with a link, the benchmark counts those whose largest attention weight is on a source piece of a link, and
averages the attention on these source pieces and the cross-entropy.
"""

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.measurement import finish, matrix_rate
from seq2seq.alignment.aligned_examples import aligned
from seq2seq.alignment.options import AlignmentOptions
from seq2seq.alignment.piece_links import piece_links
from seq2seq.batching.batch import collate
from seq2seq.corpus.example import Example
from seq2seq.evaluation.test_set import of_split
from seq2seq.models import bundle
from seq2seq.models.bundle import Bundle
from seq2seq.network.encoder_decoder import Network
from seq2seq.training.loss import alignment_loss

BATCH = 32


@dataclass(frozen=True)
class Figure:
    """What was measured of a run.

    Args:
        run: Its folder.
        pieces: Number of target pieces with a link.
        largest: Share of them whose largest attention weight is on a linked source piece.
        mass: Mean attention on their linked source pieces.
        nats: Mean cross-entropy between alignment and attention, which training lowers.
    """

    run: str
    pieces: int
    largest: float
    mass: float
    nats: float


def with_links(loaded: Bundle, train: list[Example], validation: list[Example]) -> list[Example]:
    """Return the validation pairs with links that are estimated from all pairs."""
    numbered = [*train, *(replace(example, corpus=1) for example in validation)]

    def examples() -> Iterator[Example]:
        return iter(numbered)

    found = aligned(examples, AlignmentOptions(files=["auto"]), 2, loaded.tokenizers)
    return [example for example in found if example.corpus == 1]


def measured(run: Path, loaded: Bundle, examples: list[Example]) -> Figure:
    """Measure the attention of a model on pairs with links."""
    source, target = loaded.tokenizers.source, loaded.tokenizers.target
    network = loaded.network
    assert isinstance(network, Network)
    network.eval()
    hits: list[float] = []
    masses: list[float] = []
    nats = 0.0
    for start in range(0, len(examples), BATCH):
        part = examples[start : start + BATCH]
        own, wanted = [source.encode(one.source) for one in part], [target.encode(one.target) for one in part]
        links = [
            piece_links(np.array(one.links), source.starts(one.source, ids), target.starts(one.target, pieces))
            for one, ids, pieces in zip(part, own, wanted, strict=True)
        ]
        ids = [np.array(each) for each in own], [np.array(each) for each in wanted]
        batch = collate(*ids, np.arange(len(part)), 1, loaded.tokenizers, links=links)
        with torch.inference_mode():
            memory = network.encode(batch.source, batch.source_lengths)
            weights = network(memory, batch.target_input).weights
        assert batch.links is not None
        is_linked = torch.zeros_like(weights, dtype=torch.bool)
        is_linked[batch.links[:, 0], batch.links[:, 1], batch.links[:, 2]] = True
        is_counted = is_linked.any(2)
        hits += is_linked.gather(2, weights.argmax(2, keepdim=True)).squeeze(2)[is_counted].float().tolist()
        masses += (weights * is_linked).sum(2)[is_counted].tolist()
        nats += float(alignment_loss(weights, batch.links))
    count = len(hits)
    largest, mass, mean = math.fsum(hits) / count, math.fsum(masses) / count, nats / count
    return Figure(str(run), count, round(largest, 4), round(mass, 4), round(mean, 3))


def main(arguments: list[str] | None = None) -> None:
    """Measure all runs and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="a translation run")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    before = matrix_rate()
    figures = []
    for run in given.runs:
        loaded = bundle.load(run)
        train, validation = (
            list(of_split(run, loaded.config, loaded.task, split).examples) for split in ("train", "validation")
        )
        figures.append(measured(run, loaded, with_links(loaded, train, validation)))
        print(
            f"{run}: {figures[-1].pieces:,} target pieces with links; the largest weight is on a link for "
            f"{figures[-1].largest:.1%}, attention on links {figures[-1].mass:.1%}, cross-entropy "
            f"{figures[-1].nats:.3f} nats"
        )
    finish("benchmarks/alignment.py", figures, before, given.json)


if __name__ == "__main__":
    main()
