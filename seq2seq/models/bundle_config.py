"""The configuration of a bundle: ``config.json`` as dataclasses, without weights. No torch here."""

from dataclasses import dataclass, field

from seq2seq import __version__
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import RerankOptions, SamplingOptions, WritingOptions
from seq2seq.errors import UserError
from seq2seq.models.lengths import Lengths
from seq2seq.network.options import NetworkOptions
from seq2seq.options import Options

SPREADS, LEAST_GAP = 3.0, 0.2
"""A doubtful output scores this many standard deviations below the mean, and at least this much below it."""
USUALLY_DOUBTFUL = -0.6
"""Limit for searched outputs of models that were not measured."""


@dataclass(frozen=True)
class StoredScore(Options):
    """A score with the recipe that reproduces it.

    Args:
        name: E.g. ``BLEU``.
        value: In the metric's own unit.
        signature: The metric's signature and the search settings.
        data: The data scored, e.g. ``validation``.
    """

    name: str
    value: float
    signature: str = ""
    data: str = ""


@dataclass(frozen=True)
class TrainingFacts(Options):
    """Facts about the training of a model.

    Args:
        code_version: Version of this package that trained it.
        seed: Seed of the run.
        config_hash: Hash of all options of the run.
        steps: Optimizer steps that the weights were trained for.
        data: The training data: a name or its files.
        scores: Validation scores, each with its signature.
    """

    code_version: str = __version__
    seed: int = 0
    config_hash: str = ""
    steps: int = 0
    data: str = ""
    scores: tuple[StoredScore, ...] = ()


@dataclass(frozen=True)
class Introduction(Options):
    """A model's introduction.

    Args:
        pairs: Number of training examples; 0 if unknown, or for running text.
        score_mean: Mean log probability per piece of its own outputs for validation examples; None if unknown.
        score_spread: Their standard deviation.
        openers: Sources to try first.
    """

    pairs: int = 0
    score_mean: float | None = None
    score_spread: float | None = None
    openers: tuple[str, ...] = ()

    def doubtful_below(self, *, is_drawn: bool) -> float | None:
        """Return the log probability per piece below which an output is doubtful; None if unknown.

        Args:
            is_drawn: Whether outputs are sampled; without a measurement their scores mean little.
        """
        if self.score_mean is None or self.score_spread is None:
            return None if is_drawn else USUALLY_DOUBTFUL
        return self.score_mean - max(SPREADS * self.score_spread, LEAST_GAP)


@dataclass(frozen=True)
class BundleConfig:
    """Contents of ``config.json`` apart from sizes that follow from it.

    Args:
        task: Name of the task.
        network: Shape of the network.
        reader: Converts lines to sources and outputs to lines; includes the languages.
        search: Search settings used when the user names none.
        training: Facts about the training.
        sampling: Sampling options, if sampling is preferred to searching.
        rerank: How to rank candidates when the user gives a reverse model.
        lengths: Lengths of the training pairs; None for running text, and for models of older versions.
        introduction: The model's introduction for newcomers.
    """

    task: str
    network: NetworkOptions
    reader: Reader
    search: WritingOptions
    training: TrainingFacts = field(default_factory=TrainingFacts)
    sampling: SamplingOptions | None = None
    rerank: RerankOptions | None = None
    lengths: Lengths | None = None
    introduction: Introduction = field(default_factory=Introduction)

    @property
    def languages(self) -> str:
        """``en-zh``; ``en`` if both sides are one language; '' if none is stated."""
        languages = (self.reader.source_language, self.reader.target_language)
        return "-".join(dict.fromkeys(filter(None, languages)))


def require_reverse(own: BundleConfig, other: BundleConfig, name: str) -> None:
    """Refuse a model as the reverse of another.

    Args:
        own: The configuration of the model itself.
        other: The other model's configuration.
        name: The user's name for it, for the message.

    Raises:
        UserError: If it is of another task, or was trained in the same direction.
    """
    if other.task != own.task:
        raise UserError(
            f"{name} is a model for '{other.task}', but the candidates are those of a model for '{own.task}': train "
            f"its reverse with seq2seq fit {own.task} --data.reverse true."
        )
    here, there = own.reader, other.reader
    is_turned = here.source_language != here.target_language and (here.source_language, here.target_language) == (
        there.target_language,
        there.source_language,
    )
    if here.reverse == there.reverse and not is_turned:
        raise UserError(
            f"{name} was trained in the same direction as the model whose candidates it is to rank: train its reverse "
            f"with seq2seq fit {own.task} --data.reverse true."
        )
