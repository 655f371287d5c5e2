"""The part of a dialogue reader that turns conversations into examples; the caller hands the reader in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from seq2seq.corpus.example import Example, Text


@runtime_checkable
class ConversationReader(Protocol):
    """Turns conversations into examples."""

    def examples(self, fields: Mapping[str, object], place: str) -> Iterable[Example]:
        """Return an example for each turn after the first.

        Args:
            fields: ``turns``, a list of strings.
            place: Place of the conversation.
        """

    def history(
        self, turns: Sequence[str], speakers: Sequence[str] = (), persona: Sequence[str] = (), replier: str = ""
    ) -> Text:
        """Return the source for a reply to the last turn.

        Args:
            turns: The turns, oldest first.
            speakers: Speaker of each turn.
            persona: Facts known to the responder.
            replier: The responder, one of `speakers`.
        """
