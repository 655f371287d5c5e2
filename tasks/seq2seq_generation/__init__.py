"""The text generation plugin: a language model of running text, which continues what it is given."""

from seq2seq.plugin import (
    BITS,
    COPIED,
    DISTINCT,
    Evaluated,
    Reader,
    SampleCorpus,
    TaskReport,
    TextTask,
)
from seq2seq_generation.reader import TextReader


class Generation(TextTask):
    """A text becomes a longer text."""

    name, verb, summary = "generation", "generate", "Write text, from a prompt or from scratch"
    reader = TextReader

    def sample(self, reader: Reader) -> SampleCorpus:
        """Return the English and Chinese texts of `seq2seq_samples.generation`."""
        from seq2seq_samples.generation.sample import sample

        return SampleCorpus(reader, **sample())

    def report(self, evaluated: Evaluated) -> TaskReport:
        """Lead with bits per character, perplexity per word, and the variety and originality of samples."""
        return TaskReport(key_figures=(BITS, "perplexity per word", DISTINCT, COPIED))
