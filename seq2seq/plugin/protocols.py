"""What a task sees of an evaluation and of its model; rooms above fulfil these protocols."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.plugin.report_blocks import Prediction

if TYPE_CHECKING:
    from seq2seq.decoding.output import PairScore


class Scorer(Protocol):
    """A model that scores given outputs."""

    @property
    def reader(self) -> Reader:
        """Converts files and lines to examples; includes the languages."""

    def score(self, sources: "Sequence[str | Example]", targets: "Sequence[str | Example]") -> "list[PairScore]":
        """Return the log probability of a target for each source."""

    def score_candidates(
        self, sources: "Sequence[str | Example]", candidates: "Sequence[Sequence[str | Example]]"
    ) -> "list[list[PairScore]]":
        """Return the log probability of each of several targets for each source, which is encoded once."""


class Evaluated(Protocol):
    """A model's results on a test set.

    Attributes:
        model: The model.
        examples: The test set.
        predictions: The model's outputs for it (of running text, samples); attention only as far as it was asked for.
        seed: Seed of all sampling.
        samples: Number of bootstrap samples; 0 computes no intervals.
        shown: Number of examples of a kind that the user wants to see.
    """

    @property
    def model(self) -> Scorer: ...  # noqa: D102 - see the class
    @property
    def examples(self) -> Sequence[Example]: ...  # noqa: D102
    @property
    def predictions(self) -> Sequence[Prediction]: ...  # noqa: D102
    @property
    def seed(self) -> int: ...  # noqa: D102
    @property
    def samples(self) -> int: ...  # noqa: D102
    @property
    def shown(self) -> int: ...  # noqa: D102

    def attended(self, indices: Sequence[int]) -> list[Prediction]:
        """Return some predictions with their attention, which is computed on request."""
