"""The dialogue plugin: trains on conversations and replies in a chat, given the earlier turns."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from seq2seq.plugin import (
    PERPLEXITY,
    Answerer,
    DecodingDefaults,
    Evaluated,
    Reader,
    SampleCorpus,
    SamplingOptions,
    SearchOptions,
    Task,
    TaskReport,
)
from seq2seq_dialogue.reader import DialogueReader

if TYPE_CHECKING:
    from seq2seq.plugin import Metric
    from seq2seq_dialogue.chat import Chat


class Dialogue(Task):
    """Predicts the next turn of a conversation from the earlier turns."""

    name, verb, summary = "dialogue", "chat", "Reply in a conversation"
    reader = DialogueReader
    # Output limits do not depend on the source length. Sampling is the default, because the likeliest reply is one
    # that fits any message (docs/results.md).
    decoding = DecodingDefaults(
        SearchOptions(beam_size=5, no_repeat_ngram=3, max_length_ratio=0.0, max_length_extra=60),
        SamplingOptions(top_p=0.95),
    )

    def sample(self, reader: Reader) -> SampleCorpus:
        """Return the English and Chinese conversations of `seq2seq_samples.dialogue`, with unlimited history."""
        from seq2seq_samples.dialogue.sample import TURNS, sample

        whole = replace(cast(DialogueReader, reader), history_turns=TURNS[-1])
        return SampleCorpus(whole, **sample(whole))

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return BLEU-1 to BLEU-4; BLEU-2 is first, so training monitors it by default."""
        from seq2seq.plugin import bleu_for
        from seq2seq_dialogue.metrics import ORDERS, BleuOfOrder

        tokenize = bleu_for(reader.target_language).tokenize
        return [BleuOfOrder(order, tokenize) for order in ORDERS]

    def conversation(self, answerer: Answerer) -> "Chat":
        """Begin a conversation."""
        from seq2seq_dialogue.chat import Chat

        return Chat(answerer)

    def report(self, evaluated: Evaluated) -> TaskReport:
        """Return the sections: remembered facts, perplexity, diversity, rank of the reference reply, conversations."""
        from seq2seq_dialogue import ranking, report_sections
        from seq2seq_samples.dialogue import remembered_facts

        return TaskReport(
            [*remembered_facts.sections(evaluated.predictions), *report_sections.sections(evaluated)],
            (remembered_facts.FIGURE, ranking.FIRST, report_sections.DIFFERENT, PERPLEXITY, "BLEU-2"),
        )
