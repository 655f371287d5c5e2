"""The dialogue plugin: conversations in, a partner out who remembers what was said."""

from typing import TYPE_CHECKING, ClassVar

from seq2seq.corpus import Reader
from seq2seq.options import SearchOptions
from seq2seq.task import SampleCorpus, Task
from seq2seq_dialogue.reading import DialogueReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from seq2seq.bundle import BundleConfig
    from seq2seq.metrics import Metric
    from seq2seq.model import Model
    from seq2seq_dialogue.conversation import Conversation


class Dialogue(Task):
    """The turns of a conversation become the next one."""

    name: ClassVar[str] = "dialogue"
    summary: ClassVar[str] = "Reply in a conversation, with what was said before in mind"
    verb: ClassVar[str] = "chat"
    reader: ClassVar[type[Reader]] = DialogueReader
    # A reply is as long as replies are, however long the conversation before it.
    search: ClassVar[SearchOptions] = SearchOptions(
        beam_size=5, no_repeat_ngram=3, max_length_ratio=0.0, max_length_extra=60
    )

    def sample(self) -> SampleCorpus:
        """Return the English and Chinese conversations of `seq2seq_dialogue.sample`; the same at every call."""
        from seq2seq_dialogue.sample import sample

        return sample()

    def metrics(self, reader: Reader) -> "list[Metric]":
        """Return BLEU with the tokenizer of the language that is spoken."""
        from seq2seq.metrics import bleu_for

        return [bleu_for(reader.target_language)]

    def conversation(self, config: "BundleConfig", model: "Callable[[], Model]") -> "Conversation":
        """Begin a conversation."""
        from seq2seq_dialogue.conversation import Conversation

        return Conversation(config, model)
