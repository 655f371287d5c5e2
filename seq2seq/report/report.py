"""Data classes of evaluation results, from which all report formats are generated."""

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
        nats: Total negative natural log probability of all first references, end tokens included.
        sentences: Number of references.
        tokens: Number of pieces of the references, plus one end token per reference.
        characters: Number of characters of the references, without end tokens.
        words: Number of words of the references; 0 if words are not counted.
        note: Explanation of the numbers, for running text without references.
    """

    nats: float
    sentences: int
    tokens: int
    characters: int
    words: int = 0
    note: str = ""

    def rows(self) -> list[tuple[str, float, float, float]]:
        """Return (name, nats, bits, perplexity) for each unit."""
        rows = []
        units = [("token", self.tokens), ("character", self.characters), ("word", self.words)]
        for unit, count in units[: 3 if self.words else 2]:
            nats = self.nats / max(1, count)
            rows.append((unit, nats, nats / math.log(2), math.exp(min(nats, 700.0))))
        return rows


@dataclass(frozen=True)
class OutputFacts:
    """Numbers of empty and repetitive outputs, and output lengths.

    Args:
        empty: Number of empty outputs.
        repeating: Number of outputs with a repeated trigram of pieces.
        characters: Total characters of the outputs.
        reference_characters: Total characters of the first references.
    """

    empty: int
    repeating: int
    characters: int
    reference_characters: int

    @property
    def length_ratio(self) -> float:
        """Output characters per reference character."""
        return self.characters / max(1, self.reference_characters)


@dataclass(frozen=True)
class Bucket:
    """Scores of the sentences within a range of source lengths.

    Args:
        shortest: Length of the shortest source in pieces.
        longest: Length of the longest source in pieces.
        sentences: Number of sentences.
        scores: The first metric and chrF, with bootstrap confidence intervals.
        length_ratio: Output characters per reference character.
    """

    shortest: int
    longest: int
    sentences: int
    scores: tuple[Score, ...]
    length_ratio: float

    @property
    def name(self) -> str:
        """The range of lengths, such as '1–9'."""
        return str(self.shortest) if self.shortest == self.longest else f"{self.shortest}–{self.longest}"


@dataclass(frozen=True)
class CurvePoint:
    """One line of a run's ``metrics.csv``.

    Args:
        step: Number of optimizer steps.
        split: 'train' or 'validation'.
        loss: Nats per target token.
        metric: The first metric on decoded validation outputs; None if nothing was decoded.
    """

    step: int
    split: str
    loss: float
    metric: float | None


@dataclass(frozen=True)
class Curves:
    """Learning curves: the column name of the metric, such as 'bleu', and the points sorted by step."""

    metric: str
    points: tuple[CurvePoint, ...]


@dataclass(frozen=True)
class Examples:
    """Three representative examples, sampled at random.

    Args:
        good: Index of an example from the best tenth.
        middling: Index of an example from the tenth around the median.
        bad: Index of an example from the worst tenth.
        seed: Random seed.
        by: Ranking criterion.
    """

    good: int
    middling: int
    bad: int
    seed: int
    by: str

    def rows(self) -> list[tuple[str, int]]:
        """Return (title, index) for each example."""
        return [("A good one", self.good), ("An average one", self.middling), ("A bad one", self.bad)]


@dataclass(frozen=True)
class Report:
    """The results of an evaluation.

    Args:
        title: Display name of the model and data.
        task: Name of the task.
        data: Name of the test set, such as 'test'.
        notes: Caveats, shown before the numbers.
        recipe: Everything needed to reproduce the numbers.
        scores: Scores of the task's metrics.
        likelihood: Loss and perplexity of the references.
        outputs: Numbers of empty and repetitive outputs, and output lengths.
        buckets: Scores by source length.
        predictions: All outputs, in test set order.
        worst: Indices of the worst examples shown, worst first.
        typical: Indices of the examples shown whose score is near the median.
        best: Indices of the best examples shown, best first.
        curves: Learning curves; None if unknown.
        sections: Sections added by the task.
        figures: Key figures, the most important first.
        verdict: Clauses of the verdict at the top of the report.
        examples: A good, an average and a bad example; None if there are fewer than three outputs.
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
        """Return the size of the evaluated data as a phrase, such as '1,000 sentences'."""
        if self.likelihood.note:
            return f"{self.likelihood.characters:,} characters"
        return f"{len(self.predictions):,} sentence{'' if len(self.predictions) == 1 else 's'}"
