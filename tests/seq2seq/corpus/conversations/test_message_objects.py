"""Messages with roles: OpenAI, ShareGPT and ParlAI's JSON."""

import json
from pathlib import Path

import pytest

from seq2seq.corpus.conversations.message_objects import OPENAI, PARLAI_JSON, SHAREGPT
from seq2seq.corpus.formats.form import Form, Reading, Record, Settings, conversation, exchanges
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from tests.seq2seq.text_files import written


def read(form: Form, path: Path, *objects: object) -> tuple[list[Record], dict[str, int]]:
    written(path / "a.jsonl", "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects))
    reading = Reading()
    found = [record for _, record in form.read(path / "a.jsonl", Settings(), reading)]
    return found, {kind: count for kind, count in reading.left_out.items() if count}


GOOD = {"messages": [{"role": "user", "content": "Tea?"}, {"role": "assistant", "content": "Yes."}]}


def test_messages_of_openai_are_turns_of_a_user_and_an_assistant(tmp_path: Path) -> None:
    messages = [
        {"role": "system", "content": "You sell tea."},
        {"role": "user", "content": "Tea?"},
        {"role": "user", "content": [{"type": "text", "text": "绿茶。"}, {"type": "image_url", "image_url": {}}]},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "content": "3 left"},
        {"role": "assistant", "content": "Yes."},
    ]
    found, left_out = read(OPENAI, tmp_path, {"messages": messages}, {"messages": []})
    assert found == [conversation(["Tea?\n绿茶。", "Yes."], ["user", "assistant"], ["You sell tea."], "assistant")]
    assert left_out == {"image or other part of a message": 1, "empty message": 1, "message of a tool": 1}


def test_conversations_of_sharegpt_are_read(tmp_path: Path) -> None:
    said = [{"from": "human", "value": "茶？"}, {"from": "gpt", "value": "好。"}, {"from": "observation", "value": "x"}]
    found, left_out = read(SHAREGPT, tmp_path, {"id": "0", "conversations": said, "system": "Be brief."})
    assert found == [conversation(["茶？", "好。"], ["user", "assistant"], ["Be brief."], "assistant")]
    assert left_out == {"message of a tool": 1}


def test_dialogs_of_parlai_are_read(tmp_path: Path) -> None:
    acts = [[{"id": "partner", "text": "Tea?"}, {"id": "bot", "text": "Yes."}], [{"id": "partner", "text": " "}]]
    found, left_out = read(PARLAI_JSON, tmp_path, {"dialog": acts, "context": []})
    assert found == [conversation(["Tea?", "Yes."], ["partner", "bot"])]
    assert left_out == {"empty message": 1}


def test_each_reply_is_a_pair_with_what_came_before_it() -> None:
    turns = ["Hi.", "Tea?", "Yes.", "Good.", "Milk?"]
    record = conversation(turns, ["user", "friend", "assistant", "assistant", "user"], (), "assistant")
    assert exchanges(record) == [("Hi.\nTea?", "Yes.")]
    assert exchanges(conversation(["Hi."], ["assistant"], (), "assistant")) == []


@pytest.mark.parametrize(
    ("form", "record", "sentence"),
    [
        (OPENAI, {"message": 1}, "a list 'messages' or 'conversations' of objects with 'role' and 'content' is needed"),
        (SHAREGPT, {}, r"with 'from' and 'value' is needed. There are: none\."),
        (
            OPENAI,
            {"messages": [{"role": "user", "content": 3}]},
            r"'content' must be a text or a list of parts .* is 3",
        ),
        (PARLAI_JSON, {"dialog": ["Hi."]}, r"a list 'dialog' of lists of objects .* is needed. There are: dialog\."),
    ],
)
def test_a_damaged_record_is_named(tmp_path: Path, form: Form, record: object, sentence: str) -> None:
    with pytest.raises(UserError, match=f"a.jsonl:1: .*{sentence}"):
        read(form, tmp_path, record)


@pytest.mark.parametrize(
    ("records", "place", "sentence"),
    [
        ([{"messages": []}, {"messages": []}], 1, "the list 'messages' has no messages, and no other record has any"),
        (
            [GOOD, {"messages": [{"role": "user"}]}],
            2,
            "message 1 of 'messages' has no 'content', but each needs 'role' and",
        ),
        ([{"messages": [{"role": "user"}]}], 1, "message 1 of 'messages' has no 'content'"),
        ([GOOD, {"messages": [*GOOD["messages"], {"content": "x"}]}], 2, "message 3 of 'messages' has no 'role'"),
        (
            [GOOD, {"messages": ["x"]}],
            2,
            "message 1 of 'messages' must be an object with 'role' and 'content', but it is x",
        ),
        ([GOOD, {"messages": "x"}], 2, "'messages' must be a list of messages, but it is x."),
        ([{"conversations": []}], 1, "the list 'conversations' has no messages"),
        ([{"conversations": [{"value": "x"}]}], 1, "message 1 of 'conversations' has no 'from'"),
    ],
)
def test_what_is_wrong_with_a_record_is_named_with_its_line(
    tmp_path: Path, records: list[object], place: int, sentence: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        list(Reader().read([path]))
    assert str(caught.value).startswith(f"{path}:{place}: {sentence}")


def test_a_call_of_a_tool_needs_no_text(tmp_path: Path) -> None:
    called = {"messages": [*GOOD["messages"], {"role": "assistant", "tool_calls": [{"id": "1"}]}]}
    _, left_out = read(OPENAI, tmp_path, called)
    assert left_out == {"empty message": 1}
