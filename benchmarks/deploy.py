"""Compare a model in PyTorch with its exports for ONNX Runtime: start, warm sentences, batches, BLEU, size.

    python -m benchmarks.deploy RUN SOURCE REFERENCE [--sentences 60] [--before CHECKOUT] [--json FILE]

RUN is a translation run or its model folder. The model is exported in float32 and with 8-bit weights. The 8-bit export
has a shortlist if RUN has its training text, and is measured with and without it. On one thread, each of these models
translates:

- one line, in a process of its own: CPU seconds (user + system) and resident memory, the least of three runs;
- warm sentences, one at a time: the mean CPU time of the first lines of SOURCE, the least of three rounds, in which the
  models take turns;
- the same lines many times over in batches of 32 of similar length: sentences per CPU second;
- all of SOURCE with beam 5: BLEU against REFERENCE, and how many outputs equal PyTorch's.

Where CTranslate2 is installed, a small Transformer with random weights is timed beside them, on outputs of the same
lengths (`benchmarks/small_transformer.py`).

Times are CPU seconds, because machines are shared; the speed of a large matrix product makes machines comparable.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

import torch

from benchmarks import small_transformer
from benchmarks.bleu import bleu_of
from benchmarks.measurement import finish, matrix_rate
from benchmarks.process_start import COMMAND, started
from seq2seq.commands.export import main as export
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import of_sources
from seq2seq.malloc import keep_freed_memory
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.runtime.placement import Placement

ROUNDS, BATCH, REPEATS = 3, 32, 8
BEAMS = (1, 5)


@dataclass
class Figures:
    """What was measured of one model.

    Args:
        engine: 'PyTorch', or the precision of the export.
        warm_ms: CPU milliseconds of a sentence, by beam size.
        per_second: Sentences per CPU second in batches, by beam size.
        megabytes: Size of the folder.
        start_s: CPU seconds of one line, from the start of the process.
        start_mb: Resident memory of that process.
        bleu: BLEU with beam 5.
        equal: Share of the outputs that equal PyTorch's.
    """

    engine: str
    warm_ms: dict[int, float]
    per_second: dict[int, float]
    megabytes: float | None = None
    start_s: float | None = None
    start_mb: float | None = None
    bleu: float | None = None
    equal: float | None = None


def decoding(model: SourceModel, beams: int) -> Decoding:
    """Return search with a number of beams, otherwise as the model does."""
    return Decoding(replace(of_sources(model.search), beam_size=beams, n_best=1))


def warm(models: dict[str, SourceModel], texts: list[str], beams: int) -> dict[str, float]:
    """Return each model's CPU milliseconds of a sentence, one at a time."""
    best = dict.fromkeys(models, float("inf"))
    for _ in range(ROUNDS):
        for name, model in models.items():
            way = decoding(model, beams)
            start = process_time()
            for text in texts:
                model.decode([text], way)
            best[name] = min(best[name], (process_time() - start) / len(texts) * 1000)
    return best


def in_batches(models: dict[str, SourceModel], texts: list[str], beams: int) -> dict[str, float]:
    """Return each model's sentences per CPU second in batches of similar length."""
    parts = batches(texts)
    count = sum(map(len, parts))
    best = dict.fromkeys(models, 0.0)
    for _ in range(ROUNDS):
        for name, model in models.items():
            way = decoding(model, beams)
            start = process_time()
            for part in parts:
                model.decode(part, way)
            best[name] = max(best[name], count / (process_time() - start))
    return best


def batches(texts: list[str]) -> list[list[str]]:
    """Return the texts many times over, in batches of similar length."""
    ordered = sorted(texts * REPEATS, key=len)
    return [ordered[first : first + BATCH] for first in range(0, len(ordered), BATCH)]


def older(checkout: Path, folder: Path, texts: list[str]) -> Figures:
    """Time the PyTorch engine of an older checkout; its start, outputs and BLEU are not measured."""
    parts = batches(texts)
    given = {"folder": str(folder.resolve()), "texts": texts, "batches": parts, "beams": BEAMS, "rounds": ROUNDS}
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": f"{checkout}{os.pathsep}{checkout / 'tasks'}"}
    command = [sys.executable, "-P", str(Path(__file__).with_name("older_engine.py"))]
    done = subprocess.run(
        command, input=json.dumps(given), env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    times = dict(zip(BEAMS, json.loads(done.stdout.splitlines()[-1]), strict=True))
    count = sum(map(len, parts))
    warm_ms = {beams: round(alone / len(texts) * 1000, 2) for beams, (alone, _) in times.items()}
    rates = {beams: round(count / together, 1) for beams, (_, together) in times.items()}
    return Figures("older PyTorch engine", warm_ms=warm_ms, per_second=rates)


def transformer(model: SourceModel, texts: list[str]) -> Figures:
    """Time a Transformer on outputs as long as a model's, with its source vocabulary; see `small_transformer`."""
    tokenizer = model.tokenizers.source
    pieces = {text: tokenizer.pieces(tokenizer.encode(text)) for text in texts}
    lengths = {text: len(found[0].ids) + 1 for text, found in zip(texts, model.decode(texts), strict=True)}
    every = tokenizer.pieces(range(tokenizer.vocabulary_size))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "transformer"
        small_transformer.write(folder, every)
        file = next((model.bundle.folder / "tokenizer").glob("*.model"))
        line = Path(place) / "line.txt"
        line.write_text(texts[0] + "\n", encoding="utf-8")
        start = started([small_transformer.__file__, str(folder), str(file), str(line)], ROUNDS)
        translator = small_transformer.opened(folder)
        size = sum(path.stat().st_size for path in folder.iterdir())
    warm_ms, per_second = {}, {}
    for beams in BEAMS:
        alone, together = float("inf"), float("inf")
        for _ in range(ROUNDS):
            begin = process_time()
            for text in texts:
                small_transformer.translate(translator, [pieces[text]], beams, lengths[text])
            middle = process_time()
            for part in batches(texts):
                length = round(sum(lengths[text] for text in part) / len(part))
                small_transformer.translate(translator, [pieces[text] for text in part], beams, length)
            alone, together = min(alone, middle - begin), min(together, process_time() - middle)
        warm_ms[beams] = round(alone / len(texts) * 1000, 2)
        per_second[beams] = round(len(texts) * REPEATS / together, 1)
    name = "Transformer, CTranslate2, 8 bits"
    return Figures(name, warm_ms, per_second, round(size / 1e6, 1), round(start.cpu_seconds, 2), round(start.megabytes))


def measured(
    folders: dict[str, tuple[Path, str]], sources: list[str], references: list[str], count: int
) -> list[Figures]:
    """Measure models, the first of which is PyTorch's.

    Args:
        folders: The models by name, and whether each uses its shortlist: 'auto' or 'off'.
        sources: Sources to translate.
        references: A translation of each.
        count: How many of the sources to time.
    """
    with tempfile.TemporaryDirectory() as place:
        line = Path(place) / "line.txt"
        line.write_text(sources[0] + "\n", encoding="utf-8")
        use, rest = ["-c", COMMAND, "translate"], [str(line), "--threads", "1", "--shortlist"]
        starts = {name: started([*use, str(folder), *rest, how], ROUNDS) for name, (folder, how) in folders.items()}
    models: dict[str, SourceModel] = {}
    for name, (folder, how) in folders.items():
        model = load(folder, Placement(threads=1, shortlist=how == "auto"))
        assert isinstance(model, SourceModel)
        models[name] = model
        model.decode(sources[:3])
    timed = {beams: warm(models, sources[:count], beams) for beams in BEAMS}
    rates = {beams: in_batches(models, sources[:count], beams) for beams in BEAMS}
    figures, first = [], list[str]()
    for name, model in models.items():
        outputs = [candidates[0].text for candidates in model.decode(sources, decoding(model, max(BEAMS)))]
        first = first or outputs
        score = bleu_of(model, outputs, references)
        size = sum(path.stat().st_size for path in folders[name][0].rglob("*") if path.is_file())
        figures.append(
            Figures(
                name,
                {beams: round(timed[beams][name], 2) for beams in BEAMS},
                {beams: round(rates[beams][name], 1) for beams in BEAMS},
                round(size / 1e6, 1),
                round(starts[name].cpu_seconds, 2),
                round(starts[name].megabytes),
                round(score, 2),
                sum(one == other for one, other in zip(outputs, first, strict=True)) / len(outputs),
            )
        )
    return figures


def table(figures: list[Figures]) -> str:
    """Return the figures as a Markdown table, with speeds relative to the first."""
    own = figures[0]

    def shown(value: float | None, form: str) -> str:
        return "" if value is None else format(value, form)

    rows = [("", *(each.engine for each in figures))]
    rows.append(("folder, MB", *(shown(each.megabytes, ".1f") for each in figures)))
    rows.append(("start, one line: CPU s", *(shown(each.start_s, ".2f") for each in figures)))
    rows.append(("start, one line: MB", *(shown(each.start_mb, ".0f") for each in figures)))
    for beams in BEAMS:
        row = [f"{each.warm_ms[beams]} ({own.warm_ms[beams] / each.warm_ms[beams]:.1f}x)" for each in figures]
        rows.append((f"warm sentence, beam {beams}: CPU ms", *row))
    for beams in BEAMS:
        rates = [(each.per_second[beams], each.per_second[beams] / own.per_second[beams]) for each in figures]
        row = [f"{rate:.0f} ({ratio:.1f}x)" for rate, ratio in rates]
        rows.append((f"batches of {BATCH}, beam {beams}: sentences per CPU s", *row))
    rows.append(("BLEU, beam 5", *(shown(each.bleu, ".2f") for each in figures)))
    rows.append(("outputs equal to PyTorch's", *(shown(each.equal, ".1%") for each in figures)))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def main(arguments: list[str] | None = None) -> None:
    """Export, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="a translation run or its model folder")
    parser.add_argument("source", type=Path, help="text to translate, a sentence a line")
    parser.add_argument("reference", type=Path, help="its translation")
    parser.add_argument("--sentences", type=int, default=60, help="lines of SOURCE that are timed (60)")
    parser.add_argument("--before", type=Path, help="an older checkout, whose PyTorch engine is the unit of the speeds")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    keep_freed_memory()
    sources, references = (path.read_text(encoding="utf-8").splitlines() for path in (given.source, given.reference))
    before = matrix_rate()
    with tempfile.TemporaryDirectory() as place:
        own = given.run / "bundle" if (given.run / "bundle").is_dir() else given.run
        for precision, shortlist in (("float32", "off"), ("int8", "auto")):
            made = [str(given.run), f"{place}/{precision}", "--format", "onnx", "--precision", precision]
            export([*made, "--shortlist", shortlist])
        exact, short = Path(place) / "float32", Path(place) / "int8"
        folders = {"PyTorch": (own, "auto"), "float32": (exact, "off"), "int8": (short, "off")}
        folders["int8, shortlist"] = (short, "auto")
        figures = measured(folders, sources, references, given.sentences)
        if importlib.util.find_spec("ctranslate2"):
            model = load(short, Placement(threads=1))
            assert isinstance(model, SourceModel)
            figures.append(transformer(model, sources[: given.sentences]))
        if given.before:
            figures.insert(0, older(given.before, own, sources[: given.sentences]))
    print(table(figures))
    finish("benchmarks/deploy.py", figures, before, given.json)


if __name__ == "__main__":
    main()
