"""Public API for task plugins: ``from seq2seq.plugin import Task``. Slow modules are imported on first use."""

from importlib import import_module
from typing import TYPE_CHECKING

from seq2seq.corpus.example import Example, Mark, Text, plain
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, WritingOptions
from seq2seq.errors import UserError, WorldError
from seq2seq.plugin.conversation import Answerer, Conversation, Turn
from seq2seq.plugin.protocols import Evaluated, Scorer
from seq2seq.plugin.report_blocks import (
    BITS,
    COPIED,
    DISTINCT,
    EQUAL,
    PERPLEXITY,
    Block,
    Cell,
    Figure,
    Html,
    Prediction,
    Quoted,
    Section,
    Table,
)
from seq2seq.plugin.task import DecodingDefaults, SampleCorpus, Task, TaskReport, TextTask

if TYPE_CHECKING:
    from seq2seq.metrics.metric import Metric, checked
    from seq2seq.metrics.rouge import Rouge
    from seq2seq.metrics.sacrebleu_metrics import Bleu, ChrF, Ter, bleu_for, ter_for

_LAZY = {
    **dict.fromkeys(("Bleu", "ChrF", "Ter", "bleu_for", "ter_for"), "seq2seq.metrics.sacrebleu_metrics"),
    **dict.fromkeys(("Metric", "checked"), "seq2seq.metrics.metric"),
    "Rouge": "seq2seq.metrics.rouge",
}
"""Maps public names to the modules that define them and import numpy."""

__all__ = [
    "BITS",
    "COPIED",
    "DISTINCT",
    "EQUAL",
    "PERPLEXITY",
    "Answerer",
    "Bleu",
    "Block",
    "Cell",
    "ChrF",
    "Conversation",
    "DecodingDefaults",
    "Evaluated",
    "Example",
    "Figure",
    "Html",
    "Mark",
    "Metric",
    "Prediction",
    "Quoted",
    "Reader",
    "RerankOptions",
    "Rouge",
    "SampleCorpus",
    "SamplingOptions",
    "Scorer",
    "SearchOptions",
    "Section",
    "Table",
    "Task",
    "TaskReport",
    "Ter",
    "Text",
    "TextTask",
    "Turn",
    "UserError",
    "WorldError",
    "WritingOptions",
    "bleu_for",
    "checked",
    "plain",
    "ter_for",
]


def __getattr__(name: str) -> object:
    """Import a name from a slow module on first use."""
    if name not in _LAZY:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(_LAZY[name]), name)
