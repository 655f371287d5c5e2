"""Messages with roles: OpenAI, ShareGPT and ParlAI's JSON."""

import json
from pathlib import Path

import pytest

from seq2seq.corpus.conversations.message_objects import OPENAI, PARLAI_JSON, SHAREGPT
from seq2seq.corpus.formats.form import Form, Reading, Record, Settings, conversation, exchanges
from seq2seq.errors import UserError
from tests.seq2seq.text_files import written


def read(form: Form, path: Path, *objects: object) -> tuple[list[Record], dict[str, int]]:
    written(path / "a.jsonl", "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects))
    reading = Reading()
    found = [record for _, record in form.read(path / "a.jsonl", Settings(), reading)]
    return found, {kind: count for kind, count in reading.left_out.items() if count}


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
