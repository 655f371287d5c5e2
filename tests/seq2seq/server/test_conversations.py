"""Conversations that a request brings along go through the task's own plugin, whatever it asks for."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from seq2seq.corpus.example import Example
from seq2seq.decoding.output import EMPTY, Output
from seq2seq.errors import UserError
from seq2seq.models.load import load
from seq2seq.plugin.conversation import Answerer, Conversation, Turn
from seq2seq.server.conversations import GivenConversation
from seq2seq.server.served_models import DIALOGUE, ServedModel
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task

SAID = [Turn("a dog", is_reply=False)]


class Twice(Conversation):
    """A conversation of another plugin: it asks for two outputs, of which the second depends on the first."""

    def __init__(self, answerer: Answerer) -> None:
        super().__init__(answerer)
        self.persona: Sequence[str] = ()
        self._turns: list[Turn] = []

    def cleaned(self, text: str) -> str:
        """Return a message."""
        return text

    def stream(self, text: str) -> Iterator[str]:
        """Reply to a message."""
        self._turns.append(Turn(text, is_reply=False))
        return self.again()

    def again(self) -> Iterator[str]:
        """Reply to the last message."""
        first = "".join(self.answerer.write(Example(" ".join([*self.persona, self._turns[-1].text]), ""), 0, 0))
        for part in self.answerer.write(Example(first, ""), 1, 0):
            yield part.upper()

    def why(self) -> Output:
        """Explain nothing."""
        return EMPTY

    @property
    def history(self) -> Sequence[Turn]:
        """The turns."""
        return self._turns

    @property
    def remembered(self) -> int:
        """All turns."""
        return len(self._turns)

    def resume(self, turns: Sequence[Turn]) -> None:
        """Take turns."""
        self._turns = list(turns)

    def reset(self) -> None:
        """Forget."""

    def undo(self) -> Turn:
        """Forget."""
        return self._turns.pop()

    def require_place(self, path: Path | str) -> None:
        """Accept."""

    def save(self, path: Path | str) -> None:
        """Save nothing."""

    def load(self, path: Path | str) -> None:
        """Load nothing."""


class Unresumed(Twice):
    """A conversation of a plugin of an earlier version."""

    resume = Conversation.resume


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> ServedModel:
    """A model of a plugin whose conversations ask for two outputs."""
    toy_task.install(tmp_path / "site", monkeypatch)
    monkeypatch.setattr(toy_task.Toy, "conversation", lambda _task, answerer: Twice(answerer))
    return ServedModel("mine", {"mine": load(toy_models.write(tmp_path / "model", toy_tokenizers))})


def output_of(served: ServedModel, source: str | Example) -> Output:
    """Return the model's output."""
    return served.loaded.decode([source])[0][0]


def test_a_task_may_ask_for_several_outputs(served: ServedModel) -> None:
    assert served.kind == DIALOGUE
    conversation = GivenConversation(served, SAID, ["red"])
    first = conversation.asked()
    assert first is not None
    assert first.source.source == "red a dog"
    conversation.give(first, output_of(served, first.source))
    second = conversation.asked()
    assert second is not None
    assert second.source.source == output_of(served, first.source).text
    conversation.give(second, output_of(served, second.source))
    assert conversation.asked() is None
    reply = conversation.reply()
    assert reply.text == output_of(served, second.source).text.upper()
    assert reply.remembered == 1


def test_a_plugin_without_the_door_is_refused_with_a_sentence(
    served: ServedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toy_task.Toy, "conversation", lambda _task, answerer: Unresumed(answerer))
    with pytest.raises(UserError) as fault:
        GivenConversation(served, SAID, ())
    assert str(fault.value) == "Unresumed cannot resume a conversation from its turns: its plugin must define resume."


def test_the_last_turn_must_be_a_message(served: ServedModel) -> None:
    given: tuple[list[Turn], ...] = ([], [*SAID, Turn("a cat", is_reply=True)])
    for turns in given:
        with pytest.raises(UserError, match="the last message must be the user's"):
            GivenConversation(served, turns, ())
