"""Evaluates a model on a test set: sources with references (`pairs`), or running text (`running_text`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar, cast

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.evaluation.curves import curves
from seq2seq.evaluation.test_set import TestSet
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.options import not_negative, require
from seq2seq.plugin.protocols import Scorer
from seq2seq.plugin.report_blocks import Prediction, named
from seq2seq.report.error_analysis import summary
from seq2seq.report.key_figures import measured
from seq2seq.report.report import Report
from seq2seq.report.verdict import verdict

AnyModel = TypeVar("AnyModel", bound=LoadedModel, contravariant=True)
Attend = Callable[[Sequence[Prediction], Sequence[int]], list[Prediction]]
"""Returns all predictions, with attention added at the given indices."""
LEADING = 6
"""Maximum number of key figures in the report of a task that chooses none."""


def without_attention(predictions: Sequence[Prediction], indices: Sequence[int]) -> list[Prediction]:
    """Return the predictions unchanged, because there is no source to attend to."""
    return list(predictions)


@dataclass(frozen=True)
class Results:
    """The results on a test set of either kind.

    Args:
        draft: The report before `evaluate` adds the title, the task's sections, figures and curves.
        attend: Adds attention to predictions.
    """

    draft: Report
    attend: Attend = without_attention


@dataclass
class Evaluation:
    """The results passed to `Task.report`; see `seq2seq.plugin.protocols.Evaluated`."""

    model: Scorer
    examples: Sequence[Example]
    predictions: list[Prediction]
    seed: int
    samples: int
    shown: int
    attend: Attend

    def attended(self, indices: Sequence[int]) -> list[Prediction]:
        """Return the predictions at some indices with attention, and keep the attention for the report."""
        missing = [index for index in indices if not self.predictions[index].attention]
        if missing:
            self.predictions = self.attend(self.predictions, missing)
        return [self.predictions[index] for index in indices]


class Test(Protocol[AnyModel]):
    """A test set on which a model can be measured."""

    @property
    def tested(self) -> TestSet:
        """The examples."""

    @property
    def samples(self) -> int:
        """Number of bootstrap samples; 0 omits confidence intervals."""

    def measure(self, model: AnyModel, decoding: Decoding, *, seed: int, shown: int) -> Results:
        """Return outputs, scores and losses; for the arguments see `evaluate`."""


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
        test: A test set of the model's kind.
        decoding: Decoding options; by default the model's own.
        seed: Seed for bootstrap samples, windows and examples; sampled outputs use the seed of the sampling options.
        shown: Number of examples of each kind (worst, typical, best) to show; for a language model, number of samples
            to show.
        run: Run folder with the learning curves; None for no curves.
        command: The command that reproduces this evaluation, for the report.

    Raises:
        UserError: If a number is negative, or if the options cannot be used.
        WorldError: If memory is full.
    """
    tested, samples, task = test.tested, test.samples, model.task
    require(samples >= 0, f"samples is {samples}, but it must not be negative (0 gives no intervals).")
    not_negative("seed", seed)
    not_negative("examples", shown)
    results = test.measure(model, decoding or model.decoding, seed=seed, shown=shown)
    draft = results.draft
    evaluation = Evaluation(
        cast(Scorer, model), tested.examples, list(draft.predictions), seed, samples, shown, results.attend
    )
    added = task.report(evaluation)
    predictions = tuple(evaluation.predictions)
    sections = [*draft.sections, *added.sections]
    scored = predictions if draft.scores else ()
    all_figures = measured(draft.scores, sections, draft.likelihood, scored, seed=seed, samples=samples)
    keys = added.key_figures
    figures = tuple(all_figures[:LEADING] if keys is None else named(all_figures, *keys))
    languages = model.bundle.config.languages if scored else ""
    return replace(
        draft,
        title=f"{task.name.capitalize()}{f' {languages}' if languages else ''}: {tested.name}",
        notes=tuple(filter(None, (tested.note, *draft.notes))),
        recipe={**draft.recipe, "command": command},
        predictions=predictions,
        curves=curves(run / "metrics.csv") if run else None,
        sections=sections,
        figures=figures,
        verdict=verdict(figures, scored, draft.outputs, draft.buckets),
        errors=tuple(summary(scored)),
    )
