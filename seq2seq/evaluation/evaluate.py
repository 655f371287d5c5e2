"""Evaluating a model on a test set of either kind: sources with references (`pairs`), or running text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.evaluation.curves import curves
from seq2seq.evaluation.recipe import recipe_of
from seq2seq.evaluation.test_set import TestSet
from seq2seq.metrics.metric import Score
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.options import require
from seq2seq.plugin.protocols import Scorer
from seq2seq.plugin.report_blocks import Prediction, Section, named
from seq2seq.report.error_analysis import summary
from seq2seq.report.key_figures import measured
from seq2seq.report.report import Bucket, Likelihood, OutputFacts, Report
from seq2seq.report.verdict import drawn, verdict

AnyModel = TypeVar("AnyModel", bound=LoadedModel, contravariant=True)
Attend = Callable[[Sequence[Prediction], Sequence[int]], list[Prediction]]
"""Returns predictions, those of some indices with their attention."""
LEADING = 6
"""Figures that lead the report of a task that chooses none."""


def without_attention(predictions: Sequence[Prediction], indices: Sequence[int]) -> list[Prediction]:
    """Return predictions unchanged, since there is no source to attend to."""
    return list(predictions)


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
        attend: Adds the attention of predictions.
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
    attend: Attend = without_attention


@dataclass
class Evaluation:
    """The results that a task's part of the report is made from; see `seq2seq.plugin.protocols.Evaluated`."""

    model: Scorer
    examples: Sequence[Example]
    predictions: list[Prediction]
    seed: int
    samples: int
    shown: int
    attend: Attend

    def attended(self, indices: Sequence[int]) -> list[Prediction]:
        """Return some predictions with their attention, and keep it for the report."""
        missing = [index for index in indices if not self.predictions[index].attention]
        if missing:
            self.predictions = self.attend(self.predictions, missing)
        return [self.predictions[index] for index in indices]


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
    evaluation = Evaluation(
        cast(Scorer, model), tested.examples, list(results.predictions), seed, samples, shown, results.attend
    )
    added = task.report(evaluation)
    predictions = tuple(evaluation.predictions)
    sections = [*results.sections, *added.sections]
    scored = predictions if results.scores else ()
    all_figures = measured(results.scores, sections, results.likelihood, scored, seed=seed, samples=samples)
    keys = added.key_figures
    figures = tuple(all_figures[:LEADING] if keys is None else named(all_figures, *keys))
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
