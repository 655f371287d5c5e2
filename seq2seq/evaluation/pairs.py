"""Evaluating a model: decode, score, count, and choose the examples to show.

Sentences are ranked by chrF because it is meaningful for a single sentence, in every script; BLEU is not.
"""

import csv
import hashlib
import math
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from seq2seq import __version__
from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.lines import lines
from seq2seq.corpus.truncation import Truncation
from seq2seq.decoding.beam_search import StepCallback
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output, PairScore
from seq2seq.decoding.shallow_fusion import Fused
from seq2seq.errors import UserError, WorldError
from seq2seq.evaluation.test_set import TestSet
from seq2seq.files.typed_values import is_whole
from seq2seq.metrics.sacrebleu_metrics import CONFIDENCE, ChrF, Metric
from seq2seq.metrics.scored_texts import ScoredTexts, tokenized_note
from seq2seq.models.bundle import WEIGHTS
from seq2seq.models.source_model import Model
from seq2seq.options import require
from seq2seq.plugin import task as tasks
from seq2seq.plugin.report_blocks import Prediction
from seq2seq.report.error_summary import repeats, summary
from seq2seq.report.figures import measured
from seq2seq.report.report import Bucket, CurvePoint, Curves, Likelihood, OutputFacts, Report
from seq2seq.report.verdict import drawn, verdict

CHUNK = 256
"""Examples passed to the model at once: enough for full batches, few enough for a progress line."""
SMALLEST_BUCKET = 5
"""A length bucket with fewer sentences is merged with its neighbour: its scores would be noise."""
ATTENTION_CELLS = 60_000
"""Largest attention drawn of one example, in cells; a larger one is unreadable."""


def evaluate(
    model: Model,
    tested: TestSet,
    decoding: Decoding | None = None,
    *,
    reverse: Model | None = None,
    scored: ScoredTexts | None = None,
    seed: int = 12345,
    samples: int = 1000,
    shown: int = 5,
    run: Path | None = None,
    command: str = "",
    progress: Callable[[int], None] = lambda done: None,
    watch: StepCallback | None = None,
) -> Report:
    """Evaluate a model.

    Args:
        model: The model.
        tested: The test set.
        decoding: Decoding options; by default the model's own.
        reverse: The reverse model that ranks candidates, if the decoding needs one.
        scored: Normalisation of outputs and references before scoring; the report shows them normalised.
        seed: Seed of the bootstrap.
        samples: Number of bootstrap samples; 0 gives no intervals.
        shown: Examples shown of the worst, of the typical and of the best each.
        run: The run folder that has the learning curves; None without one.
        command: The command that repeats this, for the report.
        progress: Called with the number of examples decoded so far.
        watch: Called with the progress of the current search; see `beam_search`.

    Raises:
        UserError: If a number is negative.
        WorldError: If memory is full.
    """
    require(samples >= 0, f"samples is {samples}, but it must not be negative (0 gives no intervals).")
    require(seed >= 0, f"seed is {seed}, but it must not be negative.")
    require(shown >= 0, f"examples is {shown}, but it must not be negative.")
    options = replace(decoding or model.decoding, count=1)
    options = replace(options, search=replace(options.search, n_best=1))
    begin = time.monotonic()
    outputs = decoded(model, tested.examples, options, progress, reverse, watch)
    seconds = time.monotonic() - begin
    likely = likelihoods(model, tested.examples)
    predictions = [_prediction(*row) for row in zip(range(len(outputs)), tested.examples, outputs, likely, strict=True)]
    scored = scored or ScoredTexts()
    hypotheses, of_outputs = scored.prepared([one.hypothesis for one in predictions], "Outputs")
    references, of_references = scored.prepared_references([one.references for one in predictions], "References")
    predictions = [
        replace(one, hypothesis=hypotheses[number], references=tuple(references[number]))
        for number, one in enumerate(predictions)
    ]
    chrf = ChrF().sentences(hypotheses, references)
    predictions = [replace(one, chrf=value) for one, value in zip(predictions, chrf, strict=True)]
    worst, typical, best = chosen(predictions, shown)
    examples = drawn(predictions, seed) if shown else None
    three = [number for _, number in examples.rows()] if examples else []
    numbers = list(dict.fromkeys([*three, *worst, *typical, *best, *model.task.shown(predictions, shown)]))
    predictions = with_attention(model, tested.examples, predictions, outputs, numbers)
    metrics = model.task.metrics(model.reader)
    languages = model.bundle.config.languages
    notes = [tested.note, truncation_note(model, tested.examples, outputs), of_outputs, of_references]
    if any(metric.name == "BLEU" for metric in metrics):
        notes.append(tokenized_note({"this model": hypotheses}, references))
    recipe = {
        **recipe_of(model, tested, options, reverse, seed=seed, samples=samples, command=command),
        "scored_texts": scored.recipe(),
        "decoding": {
            "method": options.method(),
            "seconds": round(seconds, 2),
            "sentences_per_second": round(len(outputs) / max(1e-9, seconds), 2),
        },
    }
    scores = tuple(metric.report(hypotheses, references, seed=seed, samples=samples) for metric in metrics)
    likelihood = Likelihood(
        math.fsum(-pair.log_probability for pair in likely),
        len(likely),
        sum(pair.tokens for pair in likely),
        sum(pair.characters for pair in likely),
    )
    sections = [
        *model.task.sections(model.reader, predictions),
        *model.task.studies(model, tested.examples, predictions, seed=seed, samples=samples, shown=shown),
    ]
    found = measured(scores, sections, likelihood, predictions, seed=seed, samples=samples)
    figures = tuple(model.task.key_figures(found))
    facts = output_facts(predictions)
    buckets = tuple(by_length(metrics[0], predictions, seed=seed, samples=samples))
    return Report(
        title=f"{model.task.name.capitalize()}{f' {languages}' if languages else ''}: {tested.name}",
        task=model.task.name,
        data=tested.name,
        notes=tuple(filter(None, notes)),
        recipe=recipe,
        scores=scores,
        likelihood=likelihood,
        outputs=facts,
        buckets=buckets,
        predictions=tuple(predictions),
        worst=worst,
        typical=typical,
        best=best,
        curves=curves(run / "metrics.csv") if run else None,
        sections=sections,
        figures=figures,
        verdict=verdict(figures, predictions, facts, buckets),
        examples=examples,
        errors=tuple(summary(predictions)),
    )


def decoded(
    model: Model,
    examples: Sequence[Example],
    decoding: Decoding,
    progress: Callable[[int], None],
    reverse: Model | None = None,
    watch: StepCallback | None = None,
) -> list[Output]:
    """Return the output for each example."""
    found: dict[int, Output] = {}
    for rows in _chunks(examples):
        # Sampling depends on the example's index, not on the order of decoding.
        sources = [examples[row] for row in rows]
        outputs = model.decode(sources, decoding, reverse=reverse, numbers=rows, split=False, watch=watch)
        for row, candidates in zip(rows, outputs, strict=True):
            found[row] = candidates[0]
        progress(len(found))
    return [found[row] for row in range(len(examples))]


def truncation_note(model: Model, examples: Sequence[Example], outputs: Sequence[Output]) -> str:
    """Return the sentence that says how many sources were cut; '' if none was."""
    found = Truncation(model.reader.max_source_pieces)
    for example, output in zip(examples, outputs, strict=True):
        found.count(len(output.source_pieces) + output.lost, output.lost, example.place)
    return found.sentence()


def likelihoods(model: Model, examples: Sequence[Example]) -> list[PairScore]:
    """Return the log probabilities of the examples' targets."""
    found: dict[int, PairScore] = {}
    for rows in _chunks(examples):
        pairs = [examples[row] for row in rows]
        found.update(zip(rows, model.score(pairs, pairs), strict=True))
    return [found[row] for row in range(len(examples))]


def chosen(predictions: Sequence[Prediction], count: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Choose the examples to show, by chrF of the sentence; the longer source if equal.

    Args:
        predictions: All of them.
        count: Most examples of each kind.

    Returns:
        Indices of the worst (worst first), of those around the median, and of the best (best first), without
        repetition.
    """
    order = sorted(predictions, key=lambda one: (one.chrf, -len(one.source_pieces), one.index))
    numbers = [one.index for one in order]
    worst = numbers[:count]
    best_first = sorted(predictions, key=lambda one: (-one.chrf, -len(one.source_pieces), one.index))
    best = [one.index for one in best_first if one.index not in worst][:count]
    rest = [number for number in numbers if number not in worst and number not in best]
    start = max(0, len(rest) // 2 - count // 2)
    return tuple(worst), tuple(rest[start : start + count]), tuple(best)


def with_attention(
    model: Model,
    examples: Sequence[Example],
    predictions: Sequence[Prediction],
    outputs: Sequence[Output],
    numbers: Sequence[int],
) -> list[Prediction]:
    """Return the predictions, with attention and copied shares for some of them.

    The decoder reads the shown outputs again, so that the weights of all others need not be kept.
    """
    result = list(predictions)
    found = model.aligned([examples[number] for number in numbers], [outputs[number] for number in numbers])
    for number, output in zip(numbers, found, strict=True):
        weights = output.attention
        result[number] = replace(result[number], copied=output.copied)
        if weights is not None and weights.numel() <= ATTENTION_CELLS:
            rows = tuple(tuple(row) for row in weights.tolist()[: len(output.pieces)])
            result[number] = replace(result[number], attention=rows)
    return result


def output_facts(predictions: Sequence[Prediction]) -> OutputFacts:
    """Count problems that show without a reference."""
    return OutputFacts(
        empty=sum(not one.hypothesis.strip() for one in predictions),
        repeating=sum(repeats(one.pieces) for one in predictions),
        characters=sum(len(one.hypothesis) for one in predictions),
        reference_characters=sum(len(one.references[0]) for one in predictions),
    )


def by_length(metric: Metric, predictions: Sequence[Prediction], *, seed: int, samples: int) -> Iterator[Bucket]:
    """Yield scores by source length.

    Args:
        metric: The first column of scores; the second is chrF.
        predictions: All of them.
        seed: Seed of the bootstrap.
        samples: Number of its samples.
    """
    groups: list[list[Prediction]] = [[]]
    edges = _edges()
    edge = next(edges)
    for one in sorted(predictions, key=lambda one: len(one.source_pieces)):
        if len(one.source_pieces) > edge:
            while len(one.source_pieces) > edge:
                edge = next(edges)
            if len(groups[-1]) >= SMALLEST_BUCKET:
                groups.append([])
        groups[-1].append(one)
    if len(groups) > 1 and len(groups[-1]) < SMALLEST_BUCKET:
        last = groups.pop()
        groups[-1] += last
    metrics = [metric] if isinstance(metric, ChrF) else [metric, ChrF()]
    for group in groups:
        hypotheses, references = [one.hypothesis for one in group], [one.references for one in group]
        yield Bucket(
            len(group[0].source_pieces),
            len(group[-1].source_pieces),
            len(group),
            tuple(one.report(hypotheses, references, seed=seed, samples=samples) for one in metrics),
            output_facts(group).length_ratio,
        )


def curves(path: Path) -> Curves | None:
    """Return the learning curves of a run; None if there are none.

    An incomplete line, because the run is being written or was killed, is left out.

    Raises:
        UserError: If the file is damaged.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return None
    table = csv.DictReader(lines(path))
    try:
        columns = list(table.fieldnames or [])
        if not {"step", "split", "loss", "perplexity"} <= set(columns):
            return None
        place = columns.index("perplexity") + 1
        metric = columns[place] if place < len(columns) else ""
        points = [point for row in table if (point := _point(row, metric))]
    except csv.Error as fault:
        raise UserError(f"{path} is damaged ({fault}).") from fault
    return Curves(metric, tuple(points)) if points else None


def recipe_of(
    model: Model,
    tested: TestSet,
    decoding: Decoding,
    reverse: Model | None,
    *,
    seed: int,
    samples: int,
    command: str,
) -> dict[str, Any]:
    """Return everything that the numbers depend on, as JSON-able values."""
    import torch

    bundle = model.bundle
    training = bundle.config.training
    origin = next((found.origin for found in tasks.installed() if found.name == model.task.name), "")
    return {
        "command": command,
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "model": {
            **_identity(model),
            "weights": model.network.weight_count(),
            "steps": training.steps,
            "seed": training.seed,
            "config_hash": training.config_hash,
            "code_version": training.code_version,
            "training_data": training.data,
        },
        "task": {"name": model.task.name, "plugin": origin},
        "reader": asdict(model.reader),
        "data": {"description": tested.description, "sentences": len(tested.examples), "files": list(tested.files)},
        **decoding.recipe(),
        "reverse": _identity(reverse) if reverse else None,
        "language_model": _identity(model.language_model) | _weight(model) if model.language_model else None,
        "bootstrap": {"samples": samples, "seed": seed, "confidence": CONFIDENCE},
        "software": {
            "seq2seq": __version__,
            "sacrebleu": version("sacrebleu"),
            "torch": torch.__version__,
            "python": platform.python_version(),
            "device": str(model.device),
            "threads": torch.get_num_threads(),
        },
    }


def _identity(model: Model) -> dict[str, str]:
    """Return a model's path, and the digest that identifies its weights."""
    folder = model.bundle.folder
    return {"path": str(folder), "weights_sha256": _digest(folder / WEIGHTS)}


def _weight(model: Model) -> dict[str, str]:
    """Return the weight of the fused language model."""
    return {"weight": f"{model.network.weight:g}" if isinstance(model.network, Fused) else "0"}


def _prediction(index: int, example: Example, output: Output, likely: PairScore) -> Prediction:
    return Prediction(
        index=index,
        source=plain(example.source),
        hypothesis=output.text,
        references=example.references or (plain(example.target),),
        score=output.score,
        log_probability=output.log_probability,
        reference_log_probability=likely.log_probability,
        reference_tokens=likely.tokens,
        reference_characters=likely.characters,
        pieces=output.pieces,
        source_pieces=output.source_pieces,
        place=example.place,
        reference_end_log_probability=likely.end_log_probability,
    )


def _chunks(examples: Sequence[Example]) -> Iterator[list[int]]:
    """Yield indices of examples of similar length, the longest first, so that a lack of memory shows at once."""
    order = sorted(range(len(examples)), key=lambda row: -len(plain(examples[row].source)))
    for start in range(0, len(order), CHUNK):
        yield order[start : start + CHUNK]


def _edges() -> Iterator[int]:
    """Yield the longest lengths of buckets: 5, 10, 15, 20, 30, 40, 60, 80, 120, 160, ..."""
    yield from (5, 10, 15)
    edge = 20
    while True:
        yield from (edge, edge * 3 // 2)
        edge *= 2


def _point(row: dict[str, str | None], metric: str) -> CurvePoint | None:
    try:
        value = row.get(metric)
        found = CurvePoint(
            int(row["step"] or ""), row["split"] or "", float(row["loss"] or ""), float(value) if value else None
        )
    except (ValueError, KeyError):
        return None
    is_sound = math.isfinite(found.loss) and is_whole(found.step) and found.split in ("train", "validation")
    return found if is_sound and (found.metric is None or math.isfinite(found.metric)) else None


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as fault:
        raise UserError(f"{path} has been removed since the model was loaded.") from fault
    except OSError as fault:
        raise WorldError(f"{path} could not be read: {fault.strerror}.") from fault
