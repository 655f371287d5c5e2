"""Evaluating a model on a test set of either kind: sources with references (`pairs`), or running text."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from seq2seq.decoding.method import Decoding
from seq2seq.evaluation.curves import curves
from seq2seq.evaluation.recipe import recipe_of
from seq2seq.evaluation.test_set import TestSet
from seq2seq.metrics.metric import Score
from seq2seq.models.source_model import Model
from seq2seq.options import require
from seq2seq.plugin.report_blocks import Prediction, Section
from seq2seq.report.error_analysis import summary
from seq2seq.report.key_figures import measured
from seq2seq.report.report import Bucket, Likelihood, OutputFacts, Report
from seq2seq.report.verdict import drawn, verdict

AnyModel = TypeVar("AnyModel", bound=Model, contravariant=True)


@dataclass(frozen=True)
class Results:
    """The results on a test set, of either kind.

    Args:
        decoding: The decoding options of the outputs.
        predictions: All outputs.
        likelihood: Loss and perplexity of the references, or of the text.
        outputs: Empty and repeating outputs, lengths.
        recipe: How the numbers were computed, as JSON-able values; replaces entries of the common recipe.
        ranked_by: Criterion by which the examples are drawn, see `drawn`.
        notes: Caveats, shown before the numbers.
        scores: The task's metrics; none without references.
        buckets: Scores by source length.
        worst: Indices of the worst outputs, worst first.
        typical: Indices of the outputs around the median.
        best: Indices of the best outputs, best first.
        sections: Sections before those of the task.
    """

    decoding: Decoding
    predictions: tuple[Prediction, ...]
    likelihood: Likelihood
    outputs: OutputFacts
    recipe: dict[str, Any]
    ranked_by: str
    notes: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    worst: tuple[int, ...] = ()
    typical: tuple[int, ...] = ()
    best: tuple[int, ...] = ()
    sections: tuple[Section, ...] = ()


class Test(Protocol[AnyModel]):
    """A test set that can measure a model."""

    @property
    def tested(self) -> TestSet:
        """The examples."""

    @property
    def samples(self) -> int:
        """Number of bootstrap samples of scores; 0 gives no intervals."""

    def measure(self, model: AnyModel, decoding: Decoding, *, seed: int, shown: int) -> Results:
        """Return the outputs, scores and losses; `evaluate` explains the arguments."""


def evaluate(
    model: AnyModel,
    test: Test[AnyModel],
    decoding: Decoding | None = None,
    *,
    seed: int = 12345,
    shown: int = 5,
    run: Path | None = None,
    command: str = "",
) -> Report:
    """Evaluate a model.

    Args:
        model: The model.
        test: The test set, of the kind that suits the model.
        decoding: Decoding options; by default the model's own.
        seed: Seed of bootstrap samples, windows and examples; sampled outputs use that of their sampling options.
        shown: Number of examples to show of each kind (worst, typical, best), or of samples.
        run: The run folder with the learning curves; None without one.
        command: The command that repeats this, for the report.

    Raises:
        UserError: If a number is negative, or the options cannot be used.
        WorldError: If memory is full.
    """
    tested, samples, task = test.tested, test.samples, model.task
    require(samples >= 0, f"samples is {samples}, but it must not be negative (0 gives no intervals).")
    require(seed >= 0, f"seed is {seed}, but it must not be negative.")
    require(shown >= 0, f"examples is {shown}, but it must not be negative.")
    results = test.measure(model, decoding or model.decoding, seed=seed, shown=shown)
    predictions = results.predictions
    sections = [
        *results.sections,
        *task.sections(model.reader, predictions),
        *task.studies(model, tested.examples, predictions, seed=seed, samples=samples, shown=shown),
    ]
    scored = predictions if results.scores else ()
    all_figures = measured(results.scores, sections, results.likelihood, scored, seed=seed, samples=samples)
    figures = tuple(task.key_figures(all_figures))
    languages = model.bundle.config.languages if scored else ""
    return Report(
        title=f"{task.name.capitalize()}{f' {languages}' if languages else ''}: {tested.name}",
        task=task.name,
        data=tested.name,
        notes=tuple(filter(None, (tested.note, *results.notes))),
        recipe={
            **recipe_of(model, tested, results.decoding, seed=seed, samples=samples, command=command),
            **results.recipe,
        },
        scores=results.scores,
        likelihood=results.likelihood,
        outputs=results.outputs,
        buckets=results.buckets,
        predictions=predictions,
        worst=results.worst,
        typical=results.typical,
        best=results.best,
        curves=curves(run / "metrics.csv") if run else None,
        sections=sections,
        figures=figures,
        verdict=verdict(figures, scored, results.outputs, results.buckets),
        examples=drawn(predictions, seed, by=results.ranked_by) if shown else None,
        errors=tuple(summary(scored)),
    )
