"""Protocols through which a task accesses an evaluation and its model; higher layers implement them."""

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
        """The model's reader, which determines the languages."""

    def score(self, sources: "Sequence[str | Example]", targets: "Sequence[str | Example]") -> "list[PairScore]":
        """Return the log probability of each source's target."""

    def score_candidates(
        self, sources: "Sequence[str | Example]", candidates: "Sequence[Sequence[str | Example]]"
    ) -> "list[list[PairScore]]":
        """Return the log probabilities of several targets per source, encoding each source once."""


class Evaluated(Protocol):
    """A model's results on a test set.

    Attributes:
        model: The model.
        examples: The test set.
        predictions: The model's outputs for the test set (for running text, samples); see `attended` for attention.
        seed: Random seed.
        samples: Number of bootstrap samples; 0 omits confidence intervals.
        shown: Number of examples of each kind to show.
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
        """Return the predictions at some indices, computing their attention if necessary."""
