"""The translation plugin, with an embedded English-Chinese sample corpus."""

from dataclasses import replace
from typing import TYPE_CHECKING

from seq2seq.plugin import (
    EQUAL,
    PERPLEXITY,
    DecodingDefaults,
    Evaluated,
    Reader,
    SampleCorpus,
    SearchOptions,
    Task,
    TaskReport,
)

if TYPE_CHECKING:
    from seq2seq.plugin import Metric


class Translation(Task):
    """Translates sentences from one language into another."""

    name, verb, summary = "translation", "translate", "Translate sentences from one language into another"
    decoding = DecodingDefaults(SearchOptions(beam_size=5), by_sentence=True, reversible=True)

    def sample(self, reader: Reader) -> SampleCorpus:
        """Return the English-Chinese corpus of `seq2seq_samples.translation`."""
        from seq2seq_samples.translation.sample import sample

        return SampleCorpus(replace(reader, source_language="en", target_language="zh"), **sample())

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return BLEU (with the tokenizer of the target language), chrF and TER."""
        from seq2seq.plugin import ter_for

        return [*super().metrics(reader), ter_for(reader.target_language)]

    def report(self, evaluated: Evaluated) -> TaskReport:
        """Return the key figures: BLEU, chrF, TER, exact matches and perplexity."""
        return TaskReport(key_figures=("BLEU", "chrF", "TER", EQUAL, PERPLEXITY))
