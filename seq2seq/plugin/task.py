"""The base class of tasks, with at most ten attributes and methods to override.

A task's module must not import torch or numpy at the top level, only inside methods, so that ``seq2seq tasks`` and
``seq2seq --help`` stay fast.
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
    """A task's small built-in corpus, for ``seq2seq fit TASK`` without data.

    Args:
        reader: The reader of the examples, which determines the languages.
        train: Training set.
        validation: Validation set.
        test: Test set, which must not overlap with `train`.
    """

    reader: Reader
    train: list[Example]
    validation: list[Example]
    test: list[Example]


@dataclass(frozen=True)
class DecodingDefaults:
    """Default decoding options of a trained model, stored with it.

    Args:
        search: Search options with constraints on outputs; language models need `WritingOptions`, which have no search.
        sampling: Sampling options if the task samples by default; None searches.
        rerank: Options for ranking candidates with a reverse model.
        by_sentence: Whether to decode a source of several sentences one sentence at a time.
        reversible: Whether the verb also applies to a model trained on swapped pairs (``--data.reverse true``), as for
            translation.
    """

    search: WritingOptions = field(default_factory=SearchOptions)
    sampling: SamplingOptions | None = None
    rerank: RerankOptions | None = None
    by_sentence: bool = False
    reversible: bool = False


@dataclass(frozen=True)
class TaskReport:
    """A task's additions to an evaluation report.

    Args:
        sections: Sections after the shared tables.
        key_figures: Names of the key figures, the most important first. A key figure can be a metric, a figure of a
            section, or a common figure (`seq2seq.plugin.report_blocks`). Names without a figure are skipped. None takes
            the first six figures.
    """

    sections: Sequence[Section] = ()
    key_figures: Sequence[str] | None = None


class Task:
    """An application of the shared encoder-decoder, such as translation, summarization or chat.

    Class attributes:
        name: Name of the entry point, as in ``seq2seq fit NAME``; an identifier.
        verb: Subcommand and Python method that apply a trained model, such as ``translate``; an identifier.
        summary: One line for ``seq2seq --help``.
        reader: Class that converts files and input lines into examples, and outputs into text. Its fields are the
            task's data options.
        decoding: Default decoding options.
        training: Training options that differ from the suite's defaults, by dotted name.

    Two folders beside the module are optional: ``configs`` contains YAML files for ``-c NAME`` (``sample.yaml`` is used
    with the sample corpus), and ``phrases`` contains ``zh.yaml``, the Chinese translations for reports.
    """

    name: ClassVar[str] = ""
    verb: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    reader: ClassVar[type[Reader]] = Reader
    decoding: ClassVar[DecodingDefaults] = DecodingDefaults()
    training: ClassVar[Mapping[str, object]] = MappingProxyType({})

    def sample(self, reader: Reader) -> SampleCorpus | None:
        """Return the task's sample corpus, identical at every call, or None (the default) if there is none.

        Args:
            reader: The reader with the user's options.
        """
        return None

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return the metrics, at least one (by default BLEU and chrF); the first selects the best checkpoint.

        Args:
            reader: The reader of the scored data, which determines the languages.
        """
        from seq2seq.metrics.sacrebleu_metrics import ChrF, bleu_for

        return [bleu_for(reader.target_language), ChrF()]

    def report(self, evaluated: Evaluated) -> TaskReport:
        """Return the task's additions to an evaluation report; none by default.

        Args:
            evaluated: The model's outputs, the model for scoring other texts, and attention on request.
        """
        return TaskReport()

    def conversation(self, answerer: Answerer) -> Conversation | None:
        """Start a conversation, or return None (the default) if sources are independent of each other.

        Args:
            answerer: Generates the replies; waits while the model is loading.
        """
        return None


class TextTask(Task):
    """A task for a language model: targets are running text without sources, and the verb continues a prompt."""

    decoding: ClassVar[DecodingDefaults] = DecodingDefaults(WritingOptions(max_length=200), SamplingOptions())

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return no metrics, because a language model is evaluated by its loss in bits per character."""
        return []


LANGUAGE_MODEL: Mapping[str, object] = MappingProxyType(
    {
        "model.network.encoder": "none",
        "model.network.attention": "none",
        "model.network.bridge": "zero",
        "model.label_smoothing": 0.0,
    }
)
"""Default training options of every `TextTask`, by dotted name."""


def folder_of(task: Task) -> Path:
    """Return the folder of a task's module, which may contain ``configs`` and ``phrases``."""
    return Path(str(sys.modules[type(task).__module__].__file__)).parent


def training_defaults(task: Task) -> dict[str, object]:
    """Return a task's training options that differ from the suite's defaults, by dotted name."""
    return {**(LANGUAGE_MODEL if isinstance(task, TextTask) else {}), **task.training}


def converses(task: Task) -> bool:
    """Return whether a task's verb holds a conversation instead of taking independent sources."""
    return type(task).conversation is not Task.conversation


def no_sample(task: Task) -> str:
    """Return the error message for a task without sample corpus and training files."""
    return f"Task '{task.name}' has no sample corpus: name files to train on with --data.train FILE."


def has_sample(task: Task) -> bool:
    """Return whether a task may have a sample corpus, without building it."""
    return type(task).sample is not Task.sample


def require_verb(task: Task, reader: Reader, model: str) -> None:
    """Check that a model can be used with its task's verb; `model` is the model's name in the error message.

    Raises:
        UserError: If the model was trained on swapped pairs and the task is not reversible.
    """
    if reader.reverse and not task.decoding.reversible:
        raise UserError(
            f"{model} was trained with --data.reverse true: it predicts inputs from outputs, to rank the outputs "
            f"of another model. To {task.verb}, use a model trained without that option."
        )
