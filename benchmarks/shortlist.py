"""Compare sizes of shortlists on a run's validation data: coverage, BLEU, speed.

    python -m benchmarks.shortlist RUN [--sizes 20,800 60,400] [--json FILE]

RUN is a translation run. For each size (candidates of a source piece, frequent pieces), the model is exported with
8-bit weights and a shortlist of the training text, and translates the validation sources with beam 5 on one thread. The
first row searches the whole vocabulary. Times are CPU seconds; the speed of a large matrix product is measured in the
same run.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import torch

from benchmarks.bleu import bleu_of
from benchmarks.measurement import finish, matrix_rate
from seq2seq.corpus.example import Example, plain
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.shortlist import ShortlistTable, shortlist_of
from seq2seq.evaluation.test_set import of_split
from seq2seq.malloc import keep_freed_memory
from seq2seq.models import bundle
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.runtime.placement import Placement
from seq2seq.tokenization.tokenizer import Tokenizers

SIZES = ("20,800", "30,1200", "60,400")


@dataclass(frozen=True)
class Figure:
    """What was measured of a size.

    Args:
        size: Candidates of a source piece and frequent pieces; '' is the whole vocabulary.
        pieces: Mean number of pieces of a source's shortlist.
        covered: Share of the references' pieces in the shortlists of their sources.
        bleu: BLEU of the outputs.
        sentences_per_cpu_second: Throughput.
    """

    size: str
    pieces: float
    covered: float
    bleu: float
    sentences_per_cpu_second: float


def coverage(table: ShortlistTable, tokenizers: Tokenizers, examples: list[Example]) -> tuple[float, float]:
    """Return the mean size of the sources' shortlists, and the share of the references' pieces that they cover."""
    sizes = covered = wanted = 0
    for example in examples:
        listed = {*table.frequent, *table.candidates[tokenizers.source.encode(example.source)].ravel().tolist()}
        listed |= {*tokenizers.target.own_marks, tokenizers.target.unknown}
        pieces = tokenizers.target.encode(example.target)
        sizes, covered = sizes + len(listed), covered + sum(piece in listed for piece in pieces)
        wanted += len(pieces)
    return sizes / len(examples), covered / wanted


def translated(folder: Path, examples: list[Example], *, shortlist: bool) -> tuple[float, float]:
    """Return the BLEU of a model's outputs, and the sentences per CPU second."""
    model = load(folder, Placement(threads=1, shortlist=shortlist))
    assert isinstance(model, SourceModel)
    model.decode(examples[:32])
    start = process_time()
    outputs = [candidates[0].text for candidates in model.decode(examples)]
    seconds = process_time() - start
    return bleu_of(model, outputs, [plain(example.target) for example in examples]), len(examples) / seconds


def main(arguments: list[str] | None = None) -> None:
    """Measure all sizes and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="a translation run")
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="candidates of a piece, frequent pieces: 20,800")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    keep_freed_memory()
    loaded = bundle.load(given.run)
    train, validation = (
        list(of_split(given.run, loaded.config, loaded.task, split).examples) for split in ("train", "validation")
    )
    before, whole = matrix_rate(), loaded.tokenizers.target.vocabulary_size
    figures: list[Figure] = []
    for size in given.sizes:
        each, frequent = map(int, size.split(","))
        table = shortlist_of(train, loaded.tokenizers, each, frequent)
        pieces, covered = coverage(table, loaded.tokenizers, validation)
        with tempfile.TemporaryDirectory() as place:
            write_onnx(Path(place) / "model", loaded, "int8", (), table)
            if not figures:
                bleu, rate = translated(Path(place) / "model", validation, shortlist=False)
                figures.append(Figure("", whole, 1.0, round(bleu, 2), round(rate, 1)))
            bleu, rate = translated(Path(place) / "model", validation, shortlist=True)
        figures.append(Figure(size, round(pieces), round(covered, 4), round(bleu, 2), round(rate, 1)))
    for figure in figures:
        print(
            f"{figure.size or 'whole vocabulary'}: {figure.pieces:.0f} pieces, {figure.covered:.1%} covered, "
            f"BLEU {figure.bleu:.2f}, {figure.sentences_per_cpu_second:.0f} sentences per CPU second"
        )
    finish("benchmarks/shortlist.py", figures, before, given.json)


if __name__ == "__main__":
    main()
