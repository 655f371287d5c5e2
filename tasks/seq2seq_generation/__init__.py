"""The text generation plugin: language models that are trained on running text and continue a prompt."""

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
    """Continues texts."""

    name, verb, summary = "generation", "generate", "Write text, from a prompt or from scratch"
    reader = TextReader

    def sample(self, reader: Reader) -> SampleCorpus:
        """Return the English and Chinese tales of `seq2seq_samples.generation`."""
        from seq2seq_samples.generation.sample import sample

        return SampleCorpus(reader, **sample())

    def report(self, evaluated: Evaluated) -> TaskReport:
        """Return the key figures: bits per character, perplexity per word, diversity and originality of samples."""
        return TaskReport(key_figures=(BITS, "perplexity per word", DISTINCT, COPIED))
