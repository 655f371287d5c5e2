"""The interface that the sample corpus requires of a dialogue reader."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from seq2seq.corpus.example import Example, Text


@runtime_checkable
class ConversationReader(Protocol):
    """Converts conversations to examples."""

    def examples(self, fields: Mapping[str, object], place: str) -> Iterable[Example]:
        """Return an example for each turn after the first.

        Args:
            fields: ``turns``, a list of strings.
            place: Where the conversation is stored, such as a file and line.
        """

    def history(
        self, turns: Sequence[str], speakers: Sequence[str] = (), persona: Sequence[str] = (), replier: str = ""
    ) -> Text:
        """Return the source for a reply to the last turn.

        Args:
            turns: Texts of the turns, oldest first.
            speakers: Speaker of each turn.
            persona: Facts known to the responder.
            replier: The responder, one of `speakers`.
        """
