"""Dataclasses for the contents of ``config.json``. This module does not import torch."""

from dataclasses import dataclass, field

from seq2seq import __version__
from seq2seq.amounts import amount
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import RerankOptions, SamplingOptions, WritingOptions
from seq2seq.errors import UserError
from seq2seq.models.lengths import Lengths
from seq2seq.network.options import NetworkOptions
from seq2seq.options import Options

SPREADS, LEAST_GAP = 3.0, 0.2
"""An output is doubtful if its score is this many standard deviations, and at least this gap, below the mean."""
USUALLY_DOUBTFUL = -0.6
"""Threshold for the outputs of a search if the model's confidence was not measured."""


@dataclass(frozen=True)
class StoredScore(Options):
    """A score with the information needed to reproduce it.

    Args:
        name: E.g. ``BLEU``.
        value: Score in the metric's own unit.
        signature: The metric's signature and the search settings.
        data: Name of the scored data, e.g. ``validation``.
    """

    name: str
    value: float
    signature: str = ""
    data: str = ""


@dataclass(frozen=True)
class TrainingFacts(Options):
    """Provenance of a model.

    Args:
        code_version: Version of this package.
        seed: Seed of the run.
        config_hash: Hash of all options of the run.
        steps: Number of optimizer steps.
        data: Name or files of the training data.
        base: Description of the model that training started from; '' for random weights.
        optimizer: Name of the optimizer; '' if it is unknown, as of older models.
        learning_rate: Maximum learning rate; 0 if it is unknown.
        scores: Validation scores, each with its signature.
    """

    code_version: str = __version__
    seed: int = 0
    config_hash: str = ""
    steps: int = 0
    data: str = ""
    base: str = ""
    optimizer: str = ""
    learning_rate: float = 0.0
    scores: tuple[StoredScore, ...] = ()


@dataclass(frozen=True)
class Introduction(Options):
    """Facts shown to a new user of a model.

    Args:
        pairs: Number of training examples; 0 if it is unknown or if the training data is running text.
        score_mean: Mean over validation examples of the output's log probability per piece; None if unknown.
        score_spread: Standard deviation of the values of which `score_mean` is the mean.
        openers: Sources suggested to a new user.
    """

    pairs: int = 0
    score_mean: float | None = None
    score_spread: float | None = None
    openers: tuple[str, ...] = ()

    def doubtful_below(self, *, is_drawn: bool) -> float | None:
        """Return the log probability per piece below which an output is doubtful.

        The result is None, so that no output is doubtful, if the outputs are sampled (`is_drawn`) and the model's
        confidence was not measured.
        """
        if self.score_mean is None or self.score_spread is None:
            return None if is_drawn else USUALLY_DOUBTFUL
        return self.score_mean - max(SPREADS * self.score_spread, LEAST_GAP)


@dataclass(frozen=True)
class ExportCheck(Options):
    """How a model exported for ONNX Runtime compares with the PyTorch model that it was made of.

    Args:
        examples: Number of texts compared.
        largest_difference: Largest difference of a target's log probability per piece, in nats.
        equal_outputs: Share of the texts for which both models give the same output, with the model's default search
            (language models: the likeliest continuation of the first half of the text).
    """

    examples: int = 0
    largest_difference: float = 0.0
    equal_outputs: float = 1.0

    def sentence(self) -> str:
        """Return the result as a sentence."""
        if not self.examples:
            return "It was not compared with the PyTorch model, because there was no validation text."
        return (
            f"On {amount(self.examples, 'validation text')} {self.equal_outputs:.1%} of its outputs equal the PyTorch "
            f"model's, and log probabilities per piece differ by at most {self.largest_difference:.2g} nats."
        )


@dataclass(frozen=True)
class BundleConfig:
    """Contents of ``config.json``, except for derived values.

    Args:
        task: Name of the task.
        network: Architecture of the network.
        reader: Converts lines to sources and outputs to lines; includes the languages.
        search: Default search settings.
        training: Provenance.
        sampling: Default sampling options; None if the model searches by default.
        rerank: Default reranking options, used with a reverse model.
        lengths: Lengths of the training pairs; None for running text and for older models.
        introduction: Facts shown to a new user.
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
        """Language codes, such as ``en-zh``, or ``en`` if both sides have the same language; '' if unknown."""
        languages = (self.reader.source_language, self.reader.target_language)
        return "-".join(dict.fromkeys(filter(None, languages)))


def require_reverse(own: BundleConfig, other: BundleConfig, name: str) -> None:
    """Check that `other` configures a reverse model of `own`; messages quote `name`, the path of `other`.

    Raises:
        UserError: If the tasks differ, or both models were trained in the same direction.
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
