"""The translation plugin: trains on parallel text, with an English-Chinese sample corpus of its own."""

from typing import TYPE_CHECKING, ClassVar

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SearchOptions
from seq2seq.plugin.task import SampleCorpus, Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seq2seq.metrics.metric import Metric
    from seq2seq.plugin.report_blocks import Figure


class Translation(Task):
    """Sentences of one language become sentences of another."""

    name: ClassVar[str] = "translation"
    summary: ClassVar[str] = "Translate sentences from one language into another"
    verb: ClassVar[str] = "translate"
    reader: ClassVar[type[Reader]] = Reader
    search: ClassVar[SearchOptions] = SearchOptions(beam_size=5)
    # From the other language into the first, which is a translator too.
    reversible: ClassVar[bool] = True
    sentencewise: ClassVar[bool] = True

    def sample(self) -> SampleCorpus:
        """Return the English-Chinese corpus of `seq2seq_translation.sample`; the same at every call."""
        from seq2seq_translation.sample import sample

        return sample()

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return BLEU (with the tokenizer of the target language), chrF and TER."""
        from seq2seq.metrics.sacrebleu_metrics import ChrF, bleu_for, ter_for

        return [bleu_for(reader.target_language), ChrF(), ter_for(reader.target_language)]

    def key_figures(self, figures: "Sequence[Figure]") -> "Sequence[Figure]":
        """Return BLEU, chrF, TER, sentences that equal a reference, and perplexity."""
        from seq2seq.plugin.report_blocks import EQUAL, PERPLEXITY, named

        return named(figures, "BLEU", "chrF", "TER", EQUAL, PERPLEXITY)

    def phrases(self, language: str) -> "Mapping[str, str]":
        """Return the Chinese words of the report."""
        from seq2seq_translation.chinese import PHRASES

        return PHRASES if language == "zh" else {}
