"""What a task is: a class with at most ten promises, each with a default but for the names.

The module of a task must stay light, so that ``seq2seq tasks`` and ``seq2seq --help`` answer instantly: no torch and no
numpy at its top; methods import what they need.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, WritingOptions
from seq2seq.errors import UserError
from seq2seq.plugin.conversation import Answerer, Conversation
from seq2seq.plugin.protocols import Evaluated
from seq2seq.plugin.report_blocks import Section

if TYPE_CHECKING:
    from seq2seq.metrics.metric import Metric


@dataclass(frozen=True)
class SampleCorpus:
    """The small corpus of a task, so that ``seq2seq fit TASK`` runs without data.

    Args:
        reader: The reader of its examples; includes the languages.
        train: Examples to train on.
        validation: Examples for validation.
        test: Examples of the test; nothing in them may occur in `train`.
    """

    reader: Reader
    train: list[Example]
    validation: list[Example]
    test: list[Example]


@dataclass(frozen=True)
class DecodingDefaults:
    """How a trained model writes, unless the user says otherwise; stored with the model.

    Args:
        search: Search options, with constraints on outputs; `WritingOptions`, without a search, for language models.
        sampling: Sampling options, for a task that prefers sampling to search; None searches.
        rerank: How to rank candidates if the user gives a reverse model.
        by_sentence: Whether to decode a source of several sentences sentence by sentence, so that outputs grow with
            their sources.
        reversible: Whether the verb also applies to a model of swapped pairs (``--data.reverse true``): a translator
            of the other direction is a translator, too.
    """

    search: WritingOptions = field(default_factory=SearchOptions)
    sampling: SamplingOptions | None = None
    rerank: RerankOptions | None = None
    by_sentence: bool = False
    reversible: bool = False


@dataclass(frozen=True)
class TaskReport:
    """What a task adds to an evaluation report.

    Args:
        sections: Sections after the shared tables.
        key_figures: Names of the figures that lead the report, the most important first: of metrics, of the sections,
            and of all tasks (`seq2seq.plugin.report_blocks`). Names without a figure are skipped. None takes the
            first six figures.
    """

    sections: Sequence[Section] = ()
    key_figures: Sequence[str] | None = None


class Task:
    """Turns the shared encoder-decoder into an application: a translator, a summarizer, a chat partner.

    Class attributes:
        name: Name of the entry point, as typed in ``seq2seq fit NAME``; an identifier.
        verb: The command and the Python method that apply a trained model, such as ``translate``; an identifier.
        summary: One line for ``seq2seq --help``.
        reader: The class that turns files and input lines into examples, and outputs into text. Its fields are the
            task's data options.
        decoding: How a trained model writes, unless the user says otherwise.
        training: Options of a training that differ from the suite's, by their dotted names.

    Two folders beside the module are found by their names: ``configs``, whose YAML files ``-c NAME`` finds
    (``sample.yaml`` holds the options for the sample corpus), and ``phrases``, whose ``zh.yaml`` translates the task's
    words in reports.
    """

    name: ClassVar[str] = ""
    verb: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    reader: ClassVar[type[Reader]] = Reader
    decoding: ClassVar[DecodingDefaults] = DecodingDefaults()
    training: ClassVar[Mapping[str, object]] = MappingProxyType({})

    def sample(self, reader: Reader) -> SampleCorpus | None:
        """Return the task's own small corpus, the same at every call; None, the default, requires training files.

        Args:
            reader: The reader with the user's options.
        """
        return None

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return the metrics of reports, at least one; the first one selects the best checkpoint. BLEU and chrF.

        Args:
            reader: The reader of the scored data; includes the languages.
        """
        from seq2seq.metrics.sacrebleu_metrics import ChrF, bleu_for

        return [bleu_for(reader.target_language), ChrF()]

    def report(self, evaluated: Evaluated) -> TaskReport:
        """Return what the task adds to an evaluation report; nothing by default.

        Args:
            evaluated: The model's outputs; the model, to score other texts; and attention, on request.
        """
        return TaskReport()

    def conversation(self, answerer: Answerer) -> Conversation | None:
        """Begin a conversation; None, the default, if sources are independent of one another.

        Args:
            answerer: Writes the replies; it waits for a model that is still being loaded.
        """
        return None


class TextTask(Task):
    """A task of a language model: no source; the targets are running text, and the verb continues a prompt."""

    decoding: ClassVar[DecodingDefaults] = DecodingDefaults(WritingOptions(max_length=200), SamplingOptions())

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return no metric: a language model is judged by the loss of real text, in bits per character."""
        return []


LANGUAGE_MODEL: Mapping[str, object] = MappingProxyType(
    {
        "model.network.encoder": "none",
        "model.network.attention": "none",
        "model.network.bridge": "zero",
        "model.label_smoothing": 0.0,
    }
)
"""Training options of every `TextTask`, by their dotted names."""


def folder_of(task: Task) -> Path:
    """Return the folder of a task's module, which may hold ``configs`` and ``phrases``."""
    return Path(str(sys.modules[type(task).__module__].__file__)).parent


def training_defaults(task: Task) -> dict[str, object]:
    """Return the options of a task's training that differ from the suite's, by their dotted names."""
    return {**(LANGUAGE_MODEL if isinstance(task, TextTask) else {}), **task.training}


def converses(task: Task) -> bool:
    """Return whether a task's verb begins a conversation, instead of taking sources one by one."""
    return type(task).conversation is not Task.conversation


def no_sample(task: Task) -> str:
    """Return the sentence that asks for data, because a task has no sample corpus."""
    return f"Task '{task.name}' has no sample corpus: name files to train on with --data.train FILE."


def has_sample(task: Task) -> bool:
    """Return whether a task may have a sample corpus, without building it."""
    return type(task).sample is not Task.sample


def require_verb(task: Task, reader: Reader, model: str) -> None:
    """Refuse to do a task's verb with a model of swapped pairs, unless the task allows it.

    Args:
        task: The model's task.
        reader: The model's reader.
        model: The user's name for the model, for the message.

    Raises:
        UserError: If so; says which model to use.
    """
    if reader.reverse and not task.decoding.reversible:
        raise UserError(
            f"{model} was trained with --data.reverse true: it predicts inputs from outputs, to rank the outputs "
            f"of another model. To {task.verb}, use a model trained without that option."
        )
