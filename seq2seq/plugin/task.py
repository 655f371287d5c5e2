"""The interface of task plugins, and how plugins are found.

A plugin is a distribution with an entry point in the group ``seq2seq.tasks`` that names a subclass of :class:`Task`.
The bundled tasks use the same mechanism. Its module must import neither torch nor lightning at the top, so that
``seq2seq tasks`` and ``seq2seq --help`` stay instant; methods import what they need.
"""

import importlib
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, WritingOptions
from seq2seq.errors import UserError, nearest

if TYPE_CHECKING:
    from seq2seq.metrics.metric import Metric
    from seq2seq.models.source_model import Model
    from seq2seq.plugin.conversation import Answerer, Conversation
    from seq2seq.plugin.report_blocks import Figure, Prediction, Section

GROUP = "seq2seq.tasks"


@dataclass(frozen=True)
class SampleCorpus:
    """The small corpus of a plugin, so that ``seq2seq fit TASK`` runs without data."""

    reader: Reader
    train: list[Example]
    validation: list[Example]
    test: list[Example]


class Task(ABC):
    """Turns the shared encoder-decoder into a translator, a summarizer or a chat partner.

    Class attributes:
        name: Name of the entry point, as typed in ``seq2seq fit NAME``.
        summary: One line for ``seq2seq tasks``.
        verb: The command and the Python method that apply a trained model, e.g. ``translate``.
        reader: The class that turns files and input lines into examples; its fields are the task's data options.
        search: Search settings used when the user names none.
        sampling: Sampling options, for a task that prefers sampling to search; None searches.
        rerank: How to rank candidates with a reverse model; None uses the options' defaults.
        reversible: Whether the verb also applies to models trained with source and target swapped (``--data.reverse
            true``).
        sentencewise: Whether to process a source of several sentences sentence by sentence
            (`seq2seq.models.splitting`), so that outputs grow with their sources.
        sourceless: Whether there is no source: the targets are running text, learned in streams
            (`seq2seq.batching.text_windows`), and the verb continues a prompt.
        defaults: Options of a training that differ from the suite's, by their dotted names.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    verb: ClassVar[str]
    reader: ClassVar[type[Reader]] = Reader
    search: ClassVar[WritingOptions] = SearchOptions()
    sampling: ClassVar[SamplingOptions | None] = None
    rerank: ClassVar[RerankOptions | None] = None
    reversible: ClassVar[bool] = False
    sentencewise: ClassVar[bool] = False
    sourceless: ClassVar[bool] = False
    defaults: ClassVar[Mapping[str, object]] = MappingProxyType({})

    @abstractmethod
    def sample(self) -> SampleCorpus:
        """Return the plugin's own small corpus; the same at every call."""

    @abstractmethod
    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return the metrics of the evaluation report; the first one steers early stopping and best checkpoints.

        A task without a source has none: it is steered by the loss of its text, in bits per character.

        Args:
            reader: The reader of the scored data; includes the languages.
        """

    def sections(self, reader: Reader, predictions: "Sequence[Prediction]") -> "list[Section]":
        """Return the report's sections beyond the shared tables; none by default."""
        return []

    def studies(
        self,
        model: "Model",
        examples: Sequence[Example],
        predictions: "Sequence[Prediction]",
        *,
        seed: int,
        samples: int,
        shown: int,
    ) -> "list[Section]":
        """Return further sections of the report that need the model again; none by default.

        Args:
            model: The model that is evaluated.
            examples: The test set.
            predictions: The model's outputs for them.
            seed: Seed of all sampling.
            samples: Number of bootstrap samples; 0 computes no intervals.
            shown: Number of examples of a kind that the user wants to see; those in the result of `shown` have their
                attention.
        """
        return []

    def key_figures(self, figures: "Sequence[Figure]") -> "Sequence[Figure]":
        """Choose the figures that lead the report, the most important first; the first six by default.

        The first two are part of the verdict; all become cards.

        Args:
            figures: One for each metric, those of the sections, and those of every task
                (`seq2seq.plugin.report_blocks`): outputs equal to a reference, perplexity per token; for running text
                bits per character and perplexities.
        """
        return figures[:6]

    def phrases(self, language: str) -> Mapping[str, str]:
        """Return translations of the task's own phrases in reports, by their English form; none by default.

        Args:
            language: Code of the report's language, such as 'zh'; see `seq2seq.report.words.language.Catalogue`.
        """
        return {}

    def shown(self, predictions: "Sequence[Prediction]", count: int) -> Sequence[int]:
        """Return the indices of the examples shown in the task's sections: they get their attention.

        Args:
            predictions: All of them, without attention.
            count: Number of examples of a kind that the user wants to see.
        """
        return ()

    def conversation(self, answerer: "Answerer") -> "Conversation | None":
        """Begin a conversation; None, the default, if sources are independent of one another.

        Args:
            answerer: Writes the replies; it waits for a model that is still being loaded.
        """
        return None

    def configs(self) -> Path:
        """Return the folder of YAML files that ``-c NAME`` finds by name; by default ``configs`` in the package.

        ``sample.yaml`` in it, if there, holds the options used when no data is named.
        """
        module = sys.modules[type(self).__module__]
        return Path(str(module.__file__)).parent / "configs"


def converses(task: Task) -> bool:
    """Return whether a task's verb begins a conversation, instead of taking sources one by one."""
    return type(task).conversation is not Task.conversation


@dataclass(frozen=True)
class Found:
    """An installed plugin as described by its metadata; not imported yet."""

    entry: EntryPoint

    @property
    def name(self) -> str:
        """The task's name."""
        return self.entry.name

    @property
    def origin(self) -> str:
        """The distribution and version that brought the plugin, for messages."""
        return f"{self.entry.dist.name} {self.entry.dist.version}" if self.entry.dist else "an unnamed distribution"

    @property
    def version(self) -> str:
        """The version of the distribution that brought the plugin."""
        return self.entry.dist.version if self.entry.dist else "?"

    def load(self) -> Task:
        """Import the plugin.

        Raises:
            UserError: If it cannot be imported or is not a task; names the plugin, its distribution and the cause.
        """
        try:
            # Plugins are foreign code: any exception must be reported, not only ImportError.
            kind = getattr(importlib.import_module(self.entry.module), self.entry.attr)
        except Exception as cause:
            raise UserError(
                f"Task '{self.name}' ({self.entry.value}, from {self.origin}) could not be imported: "
                f"{type(cause).__name__}: {cause}"
            ) from cause
        if not (isinstance(kind, type) and issubclass(kind, Task)):
            raise UserError(
                f"Task '{self.name}' ({self.entry.value}, from {self.origin}) is not a subclass of "
                "seq2seq.plugin.task.Task."
            )
        return kind()


def require_verb(task: Task, reader: Reader, model: str) -> None:
    """Refuse to do a task's verb with a model of the reverse.

    Args:
        task: The model's task.
        reader: The model's reader.
        model: The user's name for the model, for the message.

    Raises:
        UserError: If so; names the model's task.
    """
    if reader.reverse and not task.reversible:
        raise UserError(
            f"{model} was trained with --data.reverse true: it predicts inputs from outputs, to rank the outputs "
            f"of another model. To {task.verb}, use a model trained without that option."
        )


def installed() -> list[Found]:
    """List the installed plugins by name, without importing any."""
    return sorted((Found(entry) for entry in entry_points(group=GROUP)), key=lambda found: found.name)


def load(name: str) -> Task:
    """Import one task by name.

    Raises:
        UserError: If no such task is installed (names the nearest), or it is broken (names the cause).
    """
    plugins = installed()
    for found in plugins:
        if found.name == name:
            return found.load()
    names = [found.name for found in plugins]
    raise UserError(f"No task named '{name}'. {nearest(name, names)}Installed tasks: {', '.join(names) or 'none'}.")
