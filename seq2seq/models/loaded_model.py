"""Base class of loaded models."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Hashable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, Self, overload

from seq2seq.amounts import amount
from seq2seq.corpus.example import Example, Text
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import WritingOptions
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.glossary import Glossary, Pairs
from seq2seq.decoding.step_model import Step, StepModel
from seq2seq.errors import UserError
from seq2seq.models.bundle import Bundle
from seq2seq.models.joint.ensemble import Ensemble
from seq2seq.models.sources import source_of
from seq2seq.options import require
from seq2seq.plugin.conversation import Conversation

if TYPE_CHECKING:
    from seq2seq.network.encoder_decoder import Network

SAMPLE_BITS = 40
"""A sample's noise index holds the text's index in this number of low bits, and the sample's index above them."""


class Verb(Protocol):
    """A task's verb, bound to a model.

    It returns the best output for a text, or for each text of a list. Models with sources accept a glossary. Without a
    text, a dialogue model begins a conversation.
    """

    @overload
    def __call__(  # type: ignore[overload-overlap]
        self, texts: str, search: WritingOptions | None = None, *, glossary: Glossary | Pairs | None = None
    ) -> str: ...

    @overload
    def __call__(
        self, texts: Sequence[str], search: WritingOptions | None = None, *, glossary: Glossary | Pairs | None = None
    ) -> list[str]: ...

    @overload
    def __call__(self, *, reverse: "LoadedModel | None" = None) -> Conversation: ...


class Begin(Protocol):
    """Function that begins a session; see `seq2seq.sessions.session.session_of`."""

    def __call__(self, model: "LoadedModel", *, reverse: "LoadedModel | None" = None) -> Any:  # noqa: ANN401
        """Return the session."""


class LoadedModel(ABC):
    """A loaded model, with the task's verb as a method: ``model.translate(text)``, or ``model.translate([text])``.

    Args:
        bundle: The bundle.
        device: PyTorch device: 'cpu', 'cuda', 'cuda:1', ...
        begin: Begins sessions with the model, see `session`.

    Attributes:
        task: The installed task.
        reader: Converts lines to sources, and outputs to the text shown to the user.
        network: The network, in evaluation mode; see `seq2seq.runtime.network_protocol`.
        tokenizers: The source and target tokenizers.
        search: Default search settings.
        steps: What scores each step: the network, perhaps with a language model.
        sampling: Default sampling options; None if the model searches by default.
        rerank: Default reranking options; None uses the defaults of `RerankOptions`.

    Raises:
        UserError: If the device does not exist.
    """

    def __init__(self, bundle: Bundle, device: str = "cpu", begin: Begin | None = None) -> None:
        self.bundle = bundle
        self.task = bundle.task
        self.reader = bundle.config.reader
        self.search = bundle.config.search
        self.sampling = bundle.config.sampling
        self.rerank = bundle.config.rerank
        self.tokenizers = bundle.tokenizers
        self.device = device
        self.network = bundle.network.placed(device)
        self.steps: StepModel[Any] = self.network
        self._begin = begin
        self._packed: tuple[Hashable, Step[Any]] | None = None

    def packing(self) -> Step[Any]:
        """Return the steps of search and sampling with packed weights, which are packed once as long as they last."""
        version = self._version()
        if self._packed is None or self._packed[0] != version:
            self._packed = version, self.steps.pack()
        return self._packed[1]

    def _version(self) -> Hashable:
        return self.network.version()

    @property
    def torch_network(self) -> "Network":
        """The network, if PyTorch computes it.

        Raises:
            UserError: If it does not.
        """
        return self.bundle.torch_network

    @property
    def decoding(self) -> Decoding:
        """Default decoding without a reverse model."""
        return Decoding(self.search, self.sampling)

    def source_of(self, text: str | Example) -> Text:
        """Return the normalised source for a user's text, or the source of an example."""
        return source_of(text, self.reader)

    @abstractmethod
    def decode(
        self,
        texts: Sequence[str | Example],
        decoding: Decoding | None = None,
        *,
        reverse: Any = None,  # noqa: ANN401 - only models with a source have reverse models
        first: int = 0,
        numbers: Sequence[int] | None = None,
    ) -> list[list[Output]]:
        """Generate outputs by search or sampling.

        Args:
            texts: Lines as typed by a user, or examples.
            decoding: Decoding options; by default the model's own.
            reverse: A reverse model, which ranks candidates: for the same task, but trained in the other direction.
            first: Index of the first text. The seed and a text's index determine its sample, so equal texts get
                different samples, and the texts may be split over several calls.
            numbers: Index of each text, if the indices are not consecutive.

        Returns:
            For each text `decoding.count` outputs, or fewer if the search finds fewer.

        Raises:
            UserError: If `texts` is a string, or if the model does not support the decoding.
            WorldError: If memory is exhausted.
        """

    @abstractmethod
    def stream(
        self, text: str | Example, decoding: Decoding | None = None, *, number: int = 0, draw: int = 0
    ) -> Generator[str, None, Output]:
        """Generate one output, yielding its text in parts.

        Args:
            text: A line as typed by a user, or an example.
            decoding: Decoding options; by default the model's own. Candidates are not ranked.
            number: Index of the text; see `first` of `decode`.
            draw: Index of the sample among this text's samples.

        Returns:
            The output that `decode` would return.

        Raises:
            UserError: If the model does not support the decoding.
            WorldError: If memory is exhausted.
        """

    def session(self, *, reverse: "LoadedModel | None" = None) -> Any:  # noqa: ANN401 - circular import
        """Begin an interactive session.

        Args:
            reverse: A reverse model, which ranks candidates: for the same task, but trained in the other direction.

        Returns:
            A `seq2seq.sessions.session.Session`; for a dialogue model, a `Conversation`.

        Raises:
            UserError: If this is a reverse model, or was not loaded by `seq2seq.load`.
        """
        if self._begin is None:
            raise UserError("Only a model of seq2seq.load begins sessions: type seq2seq.load(path).session().")
        return self._begin(self, reverse=reverse)

    def together(self, *others: "LoadedModel", form: str = "linear") -> Self:
        """Return an ensemble of this model and others (`seq2seq.models.joint.ensemble`).

        Its settings are those of this model, and a language model is kept.

        Args:
            others: Models for the same task, with the same tokenizers.
            form: 'linear' (the mean of probabilities) or 'log_linear' (of their logarithms).

        Raises:
            UserError: If the form is unknown, or if the models do not fit together.
        """
        own = self.bundle
        for other in others:
            its = other.bundle
            require(
                its.config.task == own.config.task,
                f"{its.folder} is a model for '{its.config.task}', but {own.folder} is one for '{own.config.task}': an "
                "ensemble has models for the same task.",
            )
            require(
                its.tokenizers.digest() == own.tokenizers.digest(),
                f"{its.folder} was trained with other pieces than those of {own.folder}: train the models of an "
                "ensemble with the same tokenizer, --data.tokenizer.source_model "
                f"{own.folder}/tokenizer/{'joint' if own.tokenizers.joint else 'source'}.model.",
            )
            require(
                (its.config.reader.masks, its.config.reader.reverse)
                == (own.config.reader.masks, own.config.reader.reverse),
                f"{its.folder} reads its sources in another way than {own.folder}: data.reader.masks and data.reverse "
                "of the models of an ensemble are the same.",
            )
        members = (*own.ensemble, *(bundle for other in others for bundle in (other.bundle, *other.bundle.ensemble)))
        network = Ensemble([self.network, *(other.network for other in others)], form)
        return self._with(replace(own, network=network, ensemble=members))

    def _with(self, bundle: Bundle) -> Self:
        """Return a copy of this model with another bundle."""
        return type(self)(bundle, self.device, self._begin)

    @property
    @abstractmethod
    def _verb(self) -> Verb:
        """The task's verb."""

    def __getattr__(self, name: str) -> Verb:
        """Return the task's verb as a method.

        Raises:
            AttributeError: For any other name.
        """
        task = self.__dict__.get("task")  # not set while the model is being copied
        if task is not None and name == task.verb:
            return self._verb
        if task is None or name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(
            f"This is a model for '{task.name}': it has no '{name}'. Type model.{task.verb}(text), "
            "model.decode([text]) for alternatives or samples, or model.score for the probability of given texts."
        )

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), self.task.verb]

    def __repr__(self) -> str:
        name = f"{self.task.name} {self.bundle.config.languages}".strip()
        return f"<seq2seq model: {name}, {self.network.weight_count():,} weights, on {self.device}>"


def numbers_of(texts: Sequence[str | Example], first: int, numbers: Sequence[int] | None) -> Sequence[int]:
    """Return the index of each text.

    Raises:
        UserError: If `texts` and `numbers` differ in length.
    """
    if numbers is None:
        return range(first, first + len(texts))
    if len(numbers) != len(texts):
        raise UserError(f"{amount(len(texts), 'text')} came with {amount(len(numbers), 'number')}: give one for each.")
    return numbers
