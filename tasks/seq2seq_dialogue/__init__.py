"""The dialogue plugin: trains on conversations and gives a chat partner that remembers earlier turns."""

from typing import TYPE_CHECKING, ClassVar

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.plugin.task import SampleCorpus, Task
from seq2seq_dialogue.reading import DialogueReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seq2seq.corpus.example import Example
    from seq2seq.metrics.metric import Metric
    from seq2seq.models.source_model import Model
    from seq2seq.plugin.conversation import Answerer
    from seq2seq.plugin.report_blocks import Figure, Prediction, Section
    from seq2seq_dialogue.conversation import Chat


class Dialogue(Task):
    """The turns of a conversation become the next one."""

    name: ClassVar[str] = "dialogue"
    summary: ClassVar[str] = "Reply in a conversation"
    verb: ClassVar[str] = "chat"
    reader: ClassVar[type[Reader]] = DialogueReader
    # The length of a reply does not depend on the length of the conversation.
    search: ClassVar[SearchOptions] = SearchOptions(
        beam_size=5, no_repeat_ngram=3, max_length_ratio=0.0, max_length_extra=60
    )

    # The likeliest reply fits any message; a sampled one fits this message. docs/results.md explains the choice.
    sampling: ClassVar[SamplingOptions | None] = SamplingOptions(top_p=0.95)

    def sample(self) -> SampleCorpus:
        """Return the English and Chinese conversations of `seq2seq_dialogue.sample`; the same at every call."""
        from seq2seq_dialogue.sample import sample

        return sample()

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return BLEU-2 first, which training monitors unless it monitors the loss, then BLEU-1, BLEU-3 and BLEU-4."""
        from seq2seq.metrics.sacrebleu_metrics import bleu_for
        from seq2seq_dialogue.bleu import ORDERS, BleuOfOrder

        tokenize = bleu_for(reader.target_language).tokenize
        return [BleuOfOrder(order, tokenize) for order in ORDERS]

    def conversation(self, answerer: "Answerer") -> "Chat":
        """Begin a conversation."""
        from seq2seq_dialogue.conversation import Chat

        return Chat(answerer)

    def studies(
        self,
        model: "Model",
        examples: "Sequence[Example]",
        predictions: "Sequence[Prediction]",
        *,
        seed: int,
        samples: int,
        shown: int,
    ) -> "list[Section]":
        """Return perplexity, variety beside the references, the rank of the true reply, and conversations."""
        from seq2seq_dialogue.reporting import sections

        return sections(model, examples, predictions, seed=seed, samples=samples, shown=shown)

    def shown(self, predictions: "Sequence[Prediction]", count: int) -> "Sequence[int]":
        """Return the replies of the conversations that are shown."""
        from seq2seq_dialogue.conversations import chosen

        return [number for numbers in chosen([one.place for one in predictions], count) for number in numbers]

    def sections(self, reader: Reader, predictions: "Sequence[Prediction]") -> "list[Section]":
        """Return, for the sample corpus, how many facts from earlier turns are right in the replies."""
        from seq2seq_dialogue import remembered_facts

        return remembered_facts.sections(predictions)

    def key_figures(self, figures: "Sequence[Figure]") -> "Sequence[Figure]":
        """Return facts remembered, the true reply among ten, different replies, perplexity and BLEU-2."""
        from seq2seq.plugin.report_blocks import PERPLEXITY, named
        from seq2seq_dialogue.ranking import FIRST
        from seq2seq_dialogue.remembered_facts import FIGURE
        from seq2seq_dialogue.reporting import DIFFERENT

        return named(figures, FIGURE, FIRST, DIFFERENT, PERPLEXITY, "BLEU-2")

    def phrases(self, language: str) -> "Mapping[str, str]":
        """Return the Chinese words of the report."""
        from seq2seq_dialogue.chinese import PHRASES

        return PHRASES if language == "zh" else {}
