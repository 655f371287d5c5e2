"""The summarization plugin: trains on documents with summaries, with a sample corpus of English and Chinese reports."""

from typing import TYPE_CHECKING, ClassVar

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SearchOptions
from seq2seq.plugin.task import SampleCorpus, Task
from seq2seq_summarization.reading import SummaryReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seq2seq.metrics.metric import Metric
    from seq2seq.plugin.report_blocks import Figure, Prediction, Section


class Summarization(Task):
    """Documents become summaries."""

    name: ClassVar[str] = "summarization"
    summary: ClassVar[str] = "Summarize documents and conversations in a few sentences"
    verb: ClassVar[str] = "summarize"
    reader: ClassVar[type[Reader]] = SummaryReader
    # A summary is shorter than its source, or a few sentences of a short one.
    search: ClassVar[SearchOptions] = SearchOptions(
        beam_size=5, no_repeat_ngram=3, min_length=3, max_length_ratio=0.5, max_length_extra=40
    )

    def sample(self) -> SampleCorpus:
        """Return the English and Chinese reports of `seq2seq_summarization.sample`; the same at every call."""
        from seq2seq_summarization.sample import sample

        return sample()

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return ROUGE-L first, which training monitors, then ROUGE-1, ROUGE-2 and ROUGE-Lsum."""
        from seq2seq.metrics.rouge import Rouge

        return [Rouge("L"), Rouge("1"), Rouge("2"), Rouge("Lsum")]

    def sections(self, reader: Reader, predictions: "Sequence[Prediction]") -> "list[Section]":
        """Return ROUGE beside simple baselines, precision and recall, and the composition of the summaries."""
        from seq2seq_summarization import copied_facts, facts

        return [*facts.sections(predictions), *copied_facts.sections(predictions)]

    def key_figures(self, figures: "Sequence[Figure]") -> "Sequence[Figure]":
        """Return ROUGE-1, ROUGE-2 and ROUGE-L, facts copied right, words copied from the document, and perplexity."""
        from seq2seq.plugin.report_blocks import PERPLEXITY, named
        from seq2seq_summarization.copied_facts import FIGURE
        from seq2seq_summarization.facts import COPIED

        return named(figures, "ROUGE-1", "ROUGE-2", "ROUGE-L", FIGURE, COPIED, PERPLEXITY)

    def phrases(self, language: str) -> "Mapping[str, str]":
        """Return the Chinese words of the report."""
        from seq2seq_summarization.chinese import PHRASES

        return PHRASES if language == "zh" else {}
