"""The summarization plugin: trains on documents with summaries."""

from typing import TYPE_CHECKING

from seq2seq.plugin import (
    PERPLEXITY,
    DecodingDefaults,
    Evaluated,
    Reader,
    SampleCorpus,
    SearchOptions,
    Task,
    TaskReport,
)
from seq2seq_summarization.reader import SummaryReader

if TYPE_CHECKING:
    from seq2seq.plugin import Metric


class Summarization(Task):
    """Summarizes documents and chats."""

    name, verb, summary = "summarization", "summarize", "Summarize documents and conversations in a few sentences"
    reader = SummaryReader
    # Summaries are much shorter than their sources, except for short sources.
    decoding = DecodingDefaults(
        SearchOptions(beam_size=5, no_repeat_ngram=3, min_length=3, max_length_ratio=0.5, max_length_extra=40)
    )

    def sample(self, reader: Reader) -> SampleCorpus:
        """Return the English and Chinese reports of `seq2seq_samples.summarization`."""
        from seq2seq_samples.summarization.sample import sample

        return SampleCorpus(reader, **sample())

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return ROUGE-L (the one that training monitors), ROUGE-1, ROUGE-2 and ROUGE-Lsum."""
        from seq2seq.plugin import Rouge

        return [Rouge("L"), Rouge("1"), Rouge("2"), Rouge("Lsum")]

    def report(self, evaluated: Evaluated) -> TaskReport:
        """Return the sections: ROUGE compared with baselines, precision and recall, composition, copied facts."""
        from seq2seq_samples.summarization import copied_facts
        from seq2seq_summarization import report_sections

        predictions = evaluated.predictions
        return TaskReport(
            [*report_sections.sections(predictions), *copied_facts.sections(predictions)],
            ("ROUGE-1", "ROUGE-2", "ROUGE-L", copied_facts.FIGURE, report_sections.COPIED, PERPLEXITY),
        )
