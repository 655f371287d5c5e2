"""Compare values of the search's patience on a run's validation data: scores, equal outputs, steps, speed.

    python -m benchmarks.patience RUN [--values 20 10 6 4] [--beam_size 5] [--most 1000] [--json FILE]

RUN is the run of a task with sources. Its best weights search the first validation sources with each value, on one
thread; the first value is the one that outputs are compared with. A step is a step of a search for one source alone.
Times are CPU seconds of whole batches; the speed of a large matrix product is measured in the same run.
"""

import argparse
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import process_time

import torch

from benchmarks.measurement import finish, matrix_rate
from seq2seq.corpus.example import Example, plain
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import of_sources
from seq2seq.evaluation.test_set import of_split
from seq2seq.malloc import keep_freed_memory
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.runtime.placement import Placement

ALONE = 100
"""Number of sources that are searched alone to count their steps."""


@dataclass(frozen=True)
class Figure:
    """What was measured of a value.

    Args:
        patience: The value.
        scores: The score of each of the task's metrics.
        log_probability: Mean log probability of the outputs.
        equal: Share of the outputs that equal those of the first value.
        steps: Mean number of steps of a source that is searched alone.
        sentences_per_cpu_second: Throughput in batches.
    """

    patience: int
    scores: dict[str, float]
    log_probability: float
    equal: float
    steps: float
    sentences_per_cpu_second: float


def steps_of(model: SourceModel, example: Example, decoding: Decoding) -> int:
    """Return the number of steps of a search for one source."""
    reported: list[int] = []
    model.decode([example], decoding, split=False, watch=lambda step, _most: reported.append(step))
    return len(reported) + 1  # the last step is not reported


def main(arguments: list[str] | None = None) -> None:
    """Measure all values and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="a run of a task with sources")
    parser.add_argument("--values", nargs="+", type=int, default=[20, 10, 8, 6, 4, 2], help="values of the patience")
    parser.add_argument("--beam_size", type=int, default=5)
    parser.add_argument("--most", type=int, default=1000, help="largest number of sources")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    keep_freed_memory()
    before = matrix_rate()
    model = load(given.run, Placement(threads=1))
    assert isinstance(model, SourceModel)
    examples = list(of_split(given.run, model.bundle.config, model.task, "validation", given.most).examples)
    references = [[plain(example.target)] for example in examples]
    model.decode(examples[:32])
    search = replace(of_sources(model.search), beam_size=given.beam_size, n_best=1)
    figures: list[Figure] = []
    first: list[str] = []
    for patience in given.values:
        decoding = Decoding(replace(search, patience=patience))
        start = process_time()
        outputs = [candidates[0] for candidates in model.decode(examples, decoding)]
        seconds = process_time() - start
        texts = [output.text for output in outputs]
        first = first or texts
        alone = [steps_of(model, example, decoding) for example in examples[:ALONE]]
        figures.append(
            Figure(
                patience,
                {metric.name: round(metric.score(texts, references), 2) for metric in model.task.metrics(model.reader)},
                round(sum(output.log_probability for output in outputs) / len(outputs), 4),
                round(sum(one == other for one, other in zip(texts, first, strict=True)) / len(texts), 4),
                round(sum(alone) / len(alone), 1),
                round(len(examples) / seconds, 1),
            )
        )
        print("  ".join(f"{name} {value}" for name, value in asdict(figures[-1]).items()), flush=True)
    finish("benchmarks/patience.py", figures, before, given.json)


if __name__ == "__main__":
    main()
