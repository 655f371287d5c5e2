"""Exports of Telegram and Discord."""

import json
from pathlib import Path
from typing import Any

import pytest

from seq2seq.corpus.conversations.discord import DISCORD, DISCORD_CSV
from seq2seq.corpus.conversations.message_log import Message, conversations, iso_time
from seq2seq.corpus.conversations.telegram import TELEGRAM
from seq2seq.corpus.formats.form import Form, Head, Reading, Settings
from seq2seq.errors import UserError
from tests.seq2seq.text_files import written


def read(form: Form, path: Path, pause_hours: float = 6.0) -> tuple[list[tuple[str, Any, Any]], dict[str, int]]:
    reading = Reading()
    records = list(form.read(path, Settings(pause_hours=pause_hours), reading))
    return [(place, one["turns"], one["speakers"]) for place, one in records], dict(reading.left_out)


def telegram(number: int, time: str, text: object, speaker: str | None = "Ann", **others: object) -> dict[str, object]:
    return {"id": number, "type": "message", "date": f"2023-06-20T{time}", "from": speaker, "text": text, **others}


MESSAGES = [
    {"id": 1, "type": "service", "date": "2023-06-20T08:00:00", "actor": "Ann", "action": "create_group"},
    telegram(2, "08:01:00", "Tea?"),
    telegram(3, "08:02:00", ["看 ", {"type": "link", "text": "http://a.example"}, "!"], "李雷"),
    telegram(4, "08:03:00", "", "李雷", photo="photos/1.jpg"),
    telegram(5, "08:04:00", "With milk.", "李雷"),
    telegram(6, "18:05:00", "Later."),
    telegram(7, "18:06:00", "Ho.", None, from_id="user7"),  # of a deleted account
]


def test_a_chat_of_telegram_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "result.json", json.dumps({"name": "Bo", "type": "personal_chat", "messages": MESSAGES}))
    assert read(TELEGRAM, path) == (
        [
            (f"{path}, message 2", ["Tea?", "看 http://a.example!\nWith milk."], ["Ann", "李雷"]),
            (f"{path}, message 6", ["Later.", "Ho."], ["Ann", "user7"]),
        ],
        {"system message": 1, "media message": 1},
    )


def test_all_chats_of_an_account_are_read(tmp_path: Path) -> None:
    chats = [{"name": "Bo", "messages": MESSAGES[:3]}, {"name": "Cy", "messages": []}, {"messages": MESSAGES[4:6]}]
    account = {"about": "Here is the data", "chats": {"about": "x", "list": chats}, "left_chats": {"list": []}}
    path = written(tmp_path / "result.json", json.dumps(account, indent=1))
    assert TELEGRAM.matches(Head(path), Settings())
    contacts = {"list": ["x"] * 90_000}
    many = {"about": "Remember: Telegram is ad free.", "contacts": contacts, "chats": account["chats"]}
    assert TELEGRAM.matches(Head(written(tmp_path / "long.json", json.dumps(many))), Settings())
    found, _ = read(TELEGRAM, path, 0)
    assert [(place, turns) for place, turns, _ in found] == [
        (f"{path}, chat 1, message 2", ["Tea?", "看 http://a.example!"]),
        (f"{path}, chat 3, message 1", ["With milk.", "Later."]),
    ]


def discord(time: str, text: str, name: str = "ann", **others: object) -> dict[str, object]:
    author = {"id": "1", "name": name, "nickname": name.title(), "isBot": False}
    return {"id": "9", "type": "Default", "timestamp": time, "content": text, "author": author, **others}


def test_a_channel_of_discord_is_read(tmp_path: Path) -> None:
    messages = [
        discord("2023-06-20T10:00:00+02:00", "joined", type="GuildMemberJoin"),
        discord("2023-06-20T10:01:00.123+02:00", "Tea?"),
        discord("2023-06-20T08:02:00+00:00", "好。", "bo", type="Reply"),
        discord("2023-06-20T08:03:00+00:00", "", "bo", attachments=[{"url": "a.png"}]),
        discord("2023-06-20T08:03:00+00:00", "", "bo"),
        discord("2023-06-20T10:04:00+02:00", "Now?", "bo"),
    ]
    channel = {"guild": {"id": "1"}, "channel": {"id": "2", "name": "tea"}, "messages": messages, "messageCount": 6}
    path = written(tmp_path / "tea.json.gz", json.dumps(channel, indent=2))
    assert read(DISCORD, path, 0.5) == (
        [(f"{path}, message 2", ["Tea?", "好。\nNow?"], ["ann", "bo"])],
        {"system message": 1, "media message": 1, "empty message": 1},
    )


def test_a_table_of_discord_is_read(tmp_path: Path) -> None:
    table = (
        "AuthorID,Author,Date,Content,Attachments,Reactions\n"
        '"1","ann","2023-06-20T10:00:00+02:00","Tea?\nor milk?","",""\n'
        '"2","bo","2023-06-20T10:01:00+02:00","","a.png",""\n'
        '"2","bo","2023-06-20T10:02:00+02:00","好。","",""\n'
    )
    path = written(tmp_path / "tea.csv", table)
    found, left_out = read(DISCORD_CSV, path)
    assert [(turns, speakers) for _, turns, speakers in found] == [(["Tea?\nor milk?", "好。"], ["ann", "bo"])]
    assert left_out == {"media message": 1}


@pytest.mark.parametrize(
    ("form", "content", "sentence"),
    [
        (TELEGRAM, '{"name": "Bo"}', r"a.json is not a chat of Telegram: it has no list 'messages'\."),
        (TELEGRAM, '{"messages": [3]}', r"a.json, message 1: an object like {...} is needed\."),
        (DISCORD, '{"name": "Bo"}', r"a.json is not a channel of Discord: it has no list 'messages'\."),
        (DISCORD, '{"messages": ["x"]}', r"a.json, message 1: an object like {...} is needed\."),
    ],
)
def test_what_is_no_export_is_refused(tmp_path: Path, form: Form, content: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read(form, written(tmp_path / "a.json", content))


def test_times_in_other_zones_are_compared() -> None:
    assert iso_time("2023-06-20T10:00:00+02:00") == iso_time("2023-06-20T08:00:00")
    assert iso_time("noon") is iso_time(3) is iso_time(None) is None
    assert iso_time("0001-01-01T00:00:00+02:00") == iso_time("0001-01-01T00:00:00")


def test_messages_without_a_time_stay_together() -> None:
    messages = [
        Message("f:1", iso_time("2023-06-20T08:00:00"), "Ann", "Tea?"),
        Message("f:2", None, "Bo", "Yes."),
        Message("f:3", iso_time("2023-06-20T08:01:00"), "Ann", "Good."),
        Message("f:4", iso_time("2023-06-19T08:00:00"), "Bo", "Another file."),
    ]
    assert [(place, record["turns"]) for place, record in conversations(messages, 6)] == [
        ("f:1", ["Tea?", "Yes.", "Good."]),
        ("f:4", ["Another file."]),
    ]
