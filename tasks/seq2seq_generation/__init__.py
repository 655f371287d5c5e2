"""The text generation plugin: a language model of running text, which continues what it is given."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SamplingOptions, WritingOptions
from seq2seq.plugin.task import SampleCorpus, Task
from seq2seq_generation.reading import TextReader, document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seq2seq.metrics.metric import Metric
    from seq2seq.plugin.report_blocks import Figure


class Generation(Task):
    """A text becomes a longer text: the decoder without a source."""

    name: ClassVar[str] = "generation"
    summary: ClassVar[str] = "Write text, from a prompt or from scratch"
    verb: ClassVar[str] = "generate"
    reader: ClassVar[type[Reader]] = TextReader
    search: ClassVar[WritingOptions] = WritingOptions(max_length=200)
    sampling: ClassVar[SamplingOptions | None] = SamplingOptions()
    sourceless: ClassVar[bool] = True
    defaults: ClassVar[Mapping[str, object]] = MappingProxyType(
        {
            "model.network.encoder": "none",
            "model.network.attention": "none",
            "model.network.bridge": "zero",
            "model.label_smoothing": 0.0,
        }
    )

    def sample(self) -> SampleCorpus:
        """Return the English and Chinese texts of `seq2seq_generation.sample`; the same at every call."""
        from seq2seq_generation.sample import texts

        train, validation, test = (
            [document(text, f"{split}:{number}") for number, text in enumerate(texts(split), start=1)]
            for split in ("train", "validation", "test")
        )
        return SampleCorpus(TextReader(), train, validation, test)

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return none: generated text is evaluated by the loss of the model on real text."""
        return []

    def key_figures(self, figures: "Sequence[Figure]") -> "Sequence[Figure]":
        """Return bits per character, perplexity per word, and the variety and originality of samples."""
        from seq2seq.plugin.report_blocks import BITS, COPIED, DISTINCT, named

        return named(figures, BITS, "perplexity per word", DISTINCT, COPIED)

    def phrases(self, language: str) -> Mapping[str, str]:
        """Return the Chinese words of the report."""
        from seq2seq_generation.chinese import PHRASES

        return PHRASES if language == "zh" else {}
