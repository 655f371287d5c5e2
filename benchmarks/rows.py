"""Time the search of an exported model with several limits of the rows of a step (`seq2seq.runtime.engine.ROWS`).

    python -m benchmarks.rows MODEL SOURCE [--rows 20 80 340] [--sentences 1000] [--json FILE]

Translates the first lines of SOURCE together, on one thread, greedily and with 5 beams. The limits take turns; the
figure is the least of three rounds, in CPU milliseconds per sentence.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

from benchmarks.measurement import finish, matrix_rate
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import of_sources
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.runtime.engine import OnnxNetwork
from seq2seq.runtime.placement import Placement

ROUNDS = 3
BEAMS = (1, 5)
ROWS = (20, 40, 80, 160, 340)


@dataclass(frozen=True)
class Figure:
    """What was measured of a limit.

    Args:
        rows: Maximum number of rows of a step.
        beams: Number of beams.
        cpu_ms: CPU milliseconds of a sentence.
    """

    rows: int
    beams: int
    cpu_ms: float


def measured(model: SourceModel, texts: list[str], limits: list[int]) -> list[Figure]:
    """Return the figures of all limits."""
    network = model.network
    assert isinstance(network, OnnxNetwork), "the engine is chosen in `main`"
    best: dict[tuple[int, int], float] = {}
    for beams in BEAMS:
        search = replace(of_sources(model.search), beam_size=beams, n_best=1)
        for _ in range(ROUNDS):
            for rows in limits:
                network.rows_at_a_time = rows
                start = process_time()
                model.decode(texts, Decoding(search))
                taken = (process_time() - start) / len(texts) * 1000
                best[rows, beams] = min(taken, best.get((rows, beams), taken))
    return [Figure(rows, beams, round(taken, 3)) for (rows, beams), taken in best.items()]


def main(arguments: list[str] | None = None) -> None:
    """Measure all limits and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="an exported translation model")
    parser.add_argument("source", type=Path, help="a text with a sentence in each line")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, help="maximum numbers of rows")
    parser.add_argument("--sentences", type=int, default=1000, help="number of sentences")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    model = load(given.model, Placement(engine="onnx", threads=1))
    assert isinstance(model, SourceModel), "a language model has no sources"
    texts = given.source.read_text(encoding="utf-8").splitlines()[: given.sentences]
    before = matrix_rate()
    figures = measured(model, texts, list(given.rows))
    for figure in figures:
        print(f"{figure.beams} beams, up to {figure.rows} rows: {figure.cpu_ms:.3f} CPU ms per sentence")
    finish("benchmarks/rows.py", figures, before, given.json)


if __name__ == "__main__":
    main()
