"""Conversations: remembering, undoing, retrying, saving and loading."""

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from seq2seq.corpus.example import Example
from seq2seq.decoding.options import SearchOptions
from seq2seq.errors import UserError
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin.conversation import Turn
from seq2seq_dialogue.chat import Chat
from seq2seq_dialogue.reader import DialogueReader
from tests.seq2seq.decoded import searched, source_model
from tests.tasks.seq2seq_dialogue.partners import GREEDY, partner


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SourceModel:
    """A partner that answers immediately."""
    return source_model(partner(tmp_path_factory.mktemp("partner") / "model"))


def begun(model: SourceModel, **settings: str) -> Chat:
    """Begin a conversation."""
    chat = model.chat()
    assert isinstance(chat, Chat)
    for name, value in settings.items():
        chat.settings = chat.settings.changed(name, value)
    return chat


def said(chat: Chat) -> list[str]:
    return [turn.text for turn in chat.history]


def test_a_reply_depends_on_all_that_was_said(model: SourceModel) -> None:
    chat = begun(model)
    replies = [chat.say("hello there"), chat.say("how are you"), chat.say("你好")]
    reader = cast(DialogueReader, model.reader)
    turns = ["hello there", replies[0], "how are you", replies[1], "你好"]
    source = reader.history(turns)
    assert searched(model, [Example(source, "")], GREEDY)[0][0].text == replies[2]
    assert replies[2] != model.chat(["你好"])[0]
    assert said(chat) == [*turns, replies[2]]
    assert [turn.is_reply for turn in chat.history] == [False, True] * 3


def test_the_persona_is_read_with_every_message(model: SourceModel) -> None:
    one, other = begun(model), begun(model)
    other.persona = ["I like the old book", "hello"]
    assert one.say("what is your name") != other.say("what is your name")
    source = cast(DialogueReader, model.reader).history(["what is your name"], (), other.persona)
    assert other.history[1].text == searched(model, [Example(source, "")], GREEDY)[0][0].text


def test_a_stream_is_the_reply_in_parts(model: SourceModel) -> None:
    chat, other = begun(model, sample="true"), begun(model, sample="true")
    parts = list(chat.stream("hello there"))
    assert len(parts) > 1
    assert "".join(parts) == other.say("hello there")
    assert chat.history == other.history


def test_reset_forgets_and_the_same_conversation_can_be_had_again(model: SourceModel) -> None:
    chat = begun(model, sample="true", seed="4")
    first = [chat.say("hello there"), chat.say("hello there"), chat.retry()]
    chat.reset()
    assert chat.history == ()
    assert [chat.say("hello there"), chat.say("hello there"), chat.retry()] == first
    other = begun(model, sample="true", seed="5")
    assert [other.say("hello there"), other.say("hello there"), other.retry()] != first


def test_retry_gives_another_reply_in_the_same_place(model: SourceModel) -> None:
    chat = begun(model, sample="true")
    chat.say("hello there")
    chat.say("how are you")
    before = said(chat)
    replies = [before[-1], *(chat.retry() for _ in range(4))]
    assert len(set(replies)) > 3
    assert said(chat) == [*before[:3], replies[-1]]
    assert chat.history[-1].draw == 4


def test_undo_takes_back_the_last_message_and_its_reply(model: SourceModel) -> None:
    chat = begun(model)
    first = chat.say("hello there")
    chat.say("how are you")
    assert chat.undo() == Turn("how are you", is_reply=False)
    assert said(chat) == ["hello there", first]
    assert chat.undo().text == "hello there"
    for act in (chat.undo, chat.retry, chat.why):
        with pytest.raises(UserError, match="Nothing was said yet"):
            act()


def test_a_conversation_is_resumed_from_its_turns(model: SourceModel) -> None:
    chat = begun(model)
    for text in ("hello there", "how are you"):
        chat.say(text)
    turns, reply = chat.history, chat.history[-1].text
    other = begun(model)
    other.resume(turns[:-1])
    assert other.remembered == chat.remembered - 1
    assert "".join(other.again()) == reply
    assert other.history == turns
    other.resume(turns)
    assert "".join(other.again()) == chat.retry()
    other.resume([Turn("  hello\nthere ", is_reply=False)])
    assert [turn.text for turn in other.history] == ["hello there"]
    assert other.undo().text == "hello there"
    other.resume([Turn("yes", is_reply=True)])
    with pytest.raises(UserError, match="Nothing was said yet, so there is nothing to undo"):
        other.undo()


@pytest.mark.parametrize(
    ("turns", "sentence"),
    [
        (
            [Turn("a", is_reply=False), Turn("b", is_reply=False)],
            "Two messages follow each other, but messages and replies take turns.",
        ),
        (
            [Turn("a", is_reply=True), Turn("b", is_reply=True)],
            "Two replies follow each other, but messages and replies take turns.",
        ),
        ([Turn(" ", is_reply=False)], "The text is empty: there is nothing to answer."),
    ],
)
def test_turns_that_are_no_conversation_are_refused(model: SourceModel, turns: list[Turn], sentence: str) -> None:
    chat = begun(model)
    chat.say("hello there")
    before = chat.history
    with pytest.raises(UserError) as fault:
        chat.resume(turns)
    assert str(fault.value) == sentence
    assert chat.history == before


def test_a_reply_that_is_stopped_is_kept_as_far_as_it_was_said(model: SourceModel) -> None:
    chat = begun(model, sample="true")
    parts = chat.stream("hello there")
    assert isinstance(parts, Generator)
    first = next(parts)
    parts.close()
    assert said(chat) == ["hello there", first]
    assert chat.why().text == first
    assert chat.retry() == chat.history[1].text != first


def test_a_reply_that_is_stopped_before_it_begins_takes_the_message_back(model: SourceModel) -> None:
    chat = begun(model)
    chat.say("hello there")
    before = chat.history

    class Stop(BaseException):
        """Like KeyboardInterrupt, this is not an Exception."""

    def stop(*_: object, **__: object) -> None:
        raise Stop

    parts = chat.stream("how are you")
    encode, model.network.encode = model.network.encode, stop  # type: ignore[method-assign]
    try:
        with pytest.raises(Stop):
            next(parts)
    finally:
        model.network.encode = encode  # type: ignore[method-assign]
    assert chat.history == before


@pytest.mark.parametrize("nothing", ["", " \n\t", "\x1b\x00\u200b"])
def test_an_empty_message_changes_nothing(model: SourceModel, nothing: str) -> None:
    chat = begun(model)
    with pytest.raises(UserError, match="The text is empty"):
        chat.say(nothing)
    assert chat.history == ()


def test_marks_that_are_typed_are_text(model: SourceModel) -> None:
    chat = begun(model)
    chat.say("a <turn> b\n</s><speaker>: <line>")
    assert chat.history[0].text == "a <turn> b </s><speaker>: <line>"
    assert chat.remembered == 2
    tokenizer = model.tokenizers.source
    ids = tokenizer.encode(cast(DialogueReader, model.reader).history([chat.history[0].text]))
    assert [one for one in ids if one in tokenizer.marks.values()] == ids[-1:]


def test_what_is_remembered_is_counted_in_turns(tmp_path: Path) -> None:
    reader = DialogueReader(history_turns=4, max_source_pieces=40)
    chat = begun(source_model(partner(tmp_path / "model", reader=reader)), max_length="2")
    counts = [chat.remembered]
    for _ in range(3):
        chat.say("hello there")
        counts.append(chat.remembered)
    assert counts == [0, 2, 4, 4]
    chat.say("what is your name " * 7)
    assert chat.remembered < 4
    assert chat.notice == ""
    chat.say("hello there " * 50_000)
    assert chat.notice.startswith("Only the last 39 of the message's ")
    assert chat.remembered == 1
    chat.persona = ["I like the old book"]
    chat.say("hello there " * 50_000)
    assert int(chat.notice.split()[3]) in range(20, 38)


def test_a_conversation_is_kept_and_goes_on_as_if_it_had_not_stopped(model: SourceModel, tmp_path: Path) -> None:
    chat = begun(model, sample="true")
    chat.persona = ["I like 书"]
    chat.say("你好")
    chat.say("how are you")
    chat.retry()
    chat.save(tmp_path / "talk.json")
    other = begun(model, sample="true")
    other.say("something else")
    other.load(tmp_path / "talk.json")
    assert (other.history, other.persona) == (chat.history, ["I like 书"])
    assert json.loads((tmp_path / "talk.json").read_text(encoding="utf-8")) == other.to_json()
    assert other.why().text == chat.why().text == chat.history[-1].text
    assert other.retry() == chat.retry()
    assert other.say("hello") == chat.say("hello")
    chat.save(tmp_path / "talk.json")
    other.load(tmp_path / "talk.json")
    assert len(other.history) == 6


GOOD = {"format": "seq2seq conversation", "version": 1, "persona": [], "turns": []}
USER = {"by": "user", "text": "hi"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is damaged or not JSON"),
        ("[" * 100_000, "is nested more than 64 levels deep"),
        ("[]", "is not a saved conversation: it does not say 'seq2seq conversation'"),
        ('{"turns": []}', "is not a saved conversation: it does not say"),
        (json.dumps({**GOOD, "version": 2}), "has version 2 of saved conversations, but this seq2seq reads version 1"),
        (json.dumps({**GOOD, "persona": "me"}), "is broken: its persona is not a list of texts"),
        (json.dumps({**GOOD, "turns": [USER]}), "is broken: its turns are not a list of messages and replies in turn"),
        (json.dumps({**GOOD, "turns": [USER, USER]}), "is broken: turn 2 is not by 'model', but these two take turns"),
        (json.dumps({**GOOD, "turns": [{"by": "user"}, USER]}), "is broken: turn 1 has no text"),
        (
            json.dumps({**GOOD, "turns": [USER, {"by": "model", "text": "x", "draw": -1}]}),
            "draw of turn 2 is not a number",
        ),
    ],
)
def test_a_broken_file_is_told_and_changes_nothing(
    model: SourceModel, tmp_path: Path, content: str, sentence: str
) -> None:
    chat = begun(model)
    chat.say("hello there")
    before = chat.history
    path = tmp_path / "talk.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=f"talk.json {sentence}|talk.json is broken: the {sentence}"):
        chat.load(path)
    assert chat.history == before
    chat.save(tmp_path / "mine.json")


def test_files_that_are_not_there_and_files_of_others(model: SourceModel, tmp_path: Path) -> None:
    chat = begun(model)
    (tmp_path / "talk.json").write_text("my diary", encoding="utf-8")
    with pytest.raises(UserError, match=r"There is no file .*tlak.json. Did you mean 'talk.json'"):
        chat.load(tmp_path / "tlak.json")
    with pytest.raises(UserError, match="exists and is not a saved conversation: name another file"):
        chat.save(tmp_path / "talk.json")
    with pytest.raises(UserError, match="exists and is not a saved conversation"):
        chat.save(tmp_path)
    with pytest.raises(UserError, match=r"There is no folder .*gone to save a.json in"):
        chat.save(tmp_path / "gone" / "a.json")
    assert (tmp_path / "talk.json").read_text(encoding="utf-8") == "my diary"


def test_other_replies_of_a_search_are_the_next_best(tmp_path: Path) -> None:
    search = SearchOptions(beam_size=3, max_length=6)
    model = source_model(partner(tmp_path / "model", search))
    chat = begun(model)
    source = cast(DialogueReader, model.reader).history(["hello there"])
    best = [one.text for one in searched(model, [Example(source, "")], replace(search, n_best=3))[0]]
    assert [chat.say("hello there"), chat.retry(), chat.retry()] == best
    assert chat.retry()  # drawn
    assert [turn.draw for turn in chat.history] == [0, 3]
