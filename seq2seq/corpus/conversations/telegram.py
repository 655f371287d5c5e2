"""Chats that Telegram Desktop exports as JSON (``result.json``): one chat, or all chats of an account."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from seq2seq.corpus.conversations.message_log import EMPTY, MEDIA, SYSTEM, Message, conversations, iso_time
from seq2seq.corpus.formats.form import CONVERSATIONS, Form, Head, Placed, Reading, Settings, are
from seq2seq.errors import UserError
from seq2seq.files.json_stream import JsonStream, json_stream

MEDIA_KEYS = ("photo", "file", "media_type", "sticker_emoji", "location_information", "contact_information", "poll")
"""Keys of a message with something else than text."""


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether a file is such an export."""
    if len(head.records) != 1:
        return False
    (record,) = head.records
    # The chats of an account may come after much else.
    is_account = isinstance(record.get("chats"), dict) or "Telegram" in str(record.get("about", ""))
    return is_account or (bool(record.get("messages")) and are(record, "messages", _is_message))


def _is_message(value: Any) -> bool:  # noqa: ANN401 - a value of JSON
    return isinstance(value, dict) and value.keys() >= {"id", "type", "date"}


def read(path: Path, settings: Settings, reading: Reading) -> Placed:
    """Yield the conversations of an export.

    Raises:
        UserError: If it has neither ``messages`` nor ``chats``, or if a message is not an object.
    """
    stream = json_stream(path)
    is_some = False
    for key in stream.members():
        if key == "messages" and stream.peek() == "[":
            is_some = True
            yield from _chat(path, "", stream, settings, reading)
        elif key == "chats" and stream.peek() == "{":
            is_some = True
            yield from _account(path, stream, settings, reading)
        else:
            stream.value()
    if not is_some:
        raise UserError(f"{path} is not a chat of Telegram: it has no list 'messages'.")


def _account(path: Path, stream: JsonStream, settings: Settings, reading: Reading) -> Placed:
    for key in stream.members():
        if key != "list" or stream.peek() != "[":
            stream.value()
            continue
        for number in stream.items():
            for inner in stream.members():
                if inner == "messages" and stream.peek() == "[":
                    yield from _chat(path, f"chat {number}, ", stream, settings, reading)
                else:
                    stream.value()


def _chat(path: Path, chat: str, stream: JsonStream, settings: Settings, reading: Reading) -> Placed:
    return conversations(_messages(path, chat, stream, reading), settings.pause_hours)


def _messages(path: Path, chat: str, stream: JsonStream, reading: Reading) -> Iterator[Message]:
    for number in stream.items():
        place = f"{path}, {chat}message {number}"
        value = stream.value()
        if not isinstance(value, dict):
            raise UserError(f"{place}: an object like {{...}} is needed.")
        if value.get("type", "message") != "message":
            reading.left_out[SYSTEM] += 1
            continue
        words = text_of(value).strip()
        if not words:
            reading.left_out[MEDIA if any(key in value for key in MEDIA_KEYS) else EMPTY] += 1
        else:
            # The name of a deleted account is null, but its id is there.
            speaker = value.get("from") or value.get("from_id") or ""
            yield Message(place, iso_time(value.get("date")), str(speaker), words)


def text_of(message: Mapping[str, Any]) -> str:
    """Return the text of a message, which is a string or a list of strings and of parts with a ``text``."""
    text = message.get("text", "")
    parts = text if isinstance(text, list) else [text]
    return "".join(
        part if isinstance(part, str) else str(part.get("text", "")) if isinstance(part, dict) else "" for part in parts
    )


TELEGRAM = Form(
    "telegram",
    "a Telegram export",
    CONVERSATIONS,
    matches,
    read,
    "an object with 'messages' that have 'date', 'from' and 'text'",
)
