"""The results of an evaluation, from which all forms of its report are made."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from seq2seq.metrics.metric import Score
from seq2seq.plugin.report_blocks import Figure, Prediction, Section


@dataclass(frozen=True)
class Likelihood:
    """How well the model predicts the references.

    Args:
        nats: Negative natural logarithm of the probability of all first references, their end marks included.
        sentences: Number of references.
        tokens: Their pieces; each end mark counts as one.
        characters: Their characters, without end marks.
        words: Their words, if words are counted; 0 otherwise.
        note: Explanation of what the numbers count, if that differs from reports with references.
    """

    nats: float
    sentences: int
    tokens: int
    characters: int
    words: int = 0
    note: str = ""

    def rows(self) -> list[tuple[str, float, float, float]]:
        """Return for each unit its name, nats, bits and perplexity."""
        rows = []
        units = [("token", self.tokens), ("character", self.characters), ("word", self.words)]
        for unit, count in units[: 3 if self.words else 2]:
            nats = self.nats / max(1, count)
            rows.append((unit, nats, nats / math.log(2), math.exp(min(nats, 700.0))))
        return rows


@dataclass(frozen=True)
class OutputFacts:
    """Problems of outputs that are visible without a reference.

    Args:
        empty: Outputs without any text.
        repeating: Outputs in which three pieces in a row occur a second time.
        characters: Characters of all outputs.
        reference_characters: Characters of all first references.
    """

    empty: int
    repeating: int
    characters: int
    reference_characters: int

    @property
    def length_ratio(self) -> float:
        """Characters of the outputs for each character of the references."""
        return self.characters / max(1, self.reference_characters)


@dataclass(frozen=True)
class Bucket:
    """Scores of the sentences within a range of source lengths.

    Args:
        shortest: Pieces of the shortest source in it.
        longest: Pieces of the longest.
        sentences: Number of sentences.
        scores: The first metric and chrF, with bootstrap intervals.
        length_ratio: Characters of the outputs for each character of the references.
    """

    shortest: int
    longest: int
    sentences: int
    scores: tuple[Score, ...]
    length_ratio: float

    @property
    def name(self) -> str:
        """Its range of lengths."""
        return str(self.shortest) if self.shortest == self.longest else f"{self.shortest}–{self.longest}"


@dataclass(frozen=True)
class CurvePoint:
    """One line of a run's ``metrics.csv``.

    Args:
        step: Optimizer steps done.
        split: 'train' or 'validation'.
        loss: Nats per target token.
        metric: The first metric of decoded validation outputs; None if nothing was decoded.
    """

    step: int
    split: str
    loss: float
    metric: float | None


@dataclass(frozen=True)
class Curves:
    """The learning curves: the name of the metric's column, such as 'bleu', and the points in order of steps."""

    metric: str
    points: tuple[CurvePoint, ...]


@dataclass(frozen=True)
class Examples:
    """Three representative examples, drawn at random.

    Args:
        good: Index of an example from the best tenth.
        middling: The same from the tenth around the median.
        bad: The same from the worst tenth.
        seed: Seed of the draw.
        by: Criterion of the ranking.
    """

    good: int
    middling: int
    bad: int
    seed: int
    by: str

    def rows(self) -> list[tuple[str, int]]:
        """Return the title and the index of each example."""
        return [("A good one", self.good), ("An average one", self.middling), ("A bad one", self.bad)]


@dataclass(frozen=True)
class Report:
    """The results of an evaluation.

    Args:
        title: Name of the model and data, for people.
        task: Name of the task.
        data: Name of the test set, such as 'test'.
        notes: Caveats, shown before the numbers.
        recipe: How to reproduce the numbers.
        scores: The task's metrics.
        likelihood: Loss and perplexity of the references.
        outputs: Empty and repeating outputs, lengths.
        buckets: Scores by source length.
        predictions: All outputs, in the order of the test set.
        worst: Indices of the examples shown as worst, worst first.
        typical: Those around the median.
        best: Those shown as best, best first.
        curves: The learning curves; None if unknown.
        sections: Sections added by the task.
        figures: Key figures, the most important first.
        verdict: Clauses of the sentence that leads the report.
        examples: A good, a middling and a bad one; None if there are fewer than three outputs.
        errors: Sections of the error analysis.
    """

    title: str
    task: str
    data: str
    notes: tuple[str, ...]
    recipe: dict[str, Any]
    scores: tuple[Score, ...]
    likelihood: Likelihood
    outputs: OutputFacts
    buckets: tuple[Bucket, ...]
    predictions: tuple[Prediction, ...]
    worst: tuple[int, ...] = ()
    typical: tuple[int, ...] = ()
    best: tuple[int, ...] = ()
    curves: Curves | None = None
    sections: Sequence[Section] = field(default=())
    figures: tuple[Figure, ...] = ()
    verdict: tuple[str, ...] = ()
    examples: Examples | None = None
    errors: tuple[Section, ...] = ()

    def size(self) -> str:
        """Return the size of the evaluated data in words."""
        if self.likelihood.note:
            return f"{self.likelihood.characters:,} characters"
        return f"{len(self.predictions):,} sentence{'' if len(self.predictions) == 1 else 's'}"
