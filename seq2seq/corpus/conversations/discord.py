"""Channels that DiscordChatExporter writes as JSON (``guild``, ``channel``, ``messages``) or as CSV."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from seq2seq.corpus.conversations.message_log import EMPTY, MEDIA, SYSTEM, Message, conversations, iso_time
from seq2seq.corpus.formats.form import CONVERSATIONS, Form, Head, Placed, Reading, Settings, are
from seq2seq.corpus.formats.tables import rows
from seq2seq.errors import UserError
from seq2seq.files.json_stream import JsonStream, json_stream

SPOKEN = ("Default", "Reply", "0", "19")
"""Types of messages that people write."""
COLUMNS = ("Author", "Date", "Content")


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether a file is such an export as JSON."""
    if len(head.records) != 1:
        return False
    (record,) = head.records
    is_channel = isinstance(record.get("channel"), dict) and isinstance(record.get("guild", {}), dict)
    return is_channel and are(record, "messages", lambda one: isinstance(one, dict) and "author" in one)


def read(path: Path, settings: Settings, reading: Reading) -> Placed:
    """Yield the conversations of an export as JSON.

    Raises:
        UserError: If it has no ``messages``, or if a message is not an object.
    """
    stream = json_stream(path)
    is_some = False
    for key in stream.members():
        if key == "messages" and stream.peek() == "[":
            is_some = True
            yield from conversations(_messages(path, stream, reading), settings.pause_hours)
        else:
            stream.value()
    if not is_some:
        raise UserError(f"{path} is not a channel of Discord: it has no list 'messages'.")


def _messages(path: Path, stream: JsonStream, reading: Reading) -> Iterator[Message]:
    for number in stream.items():
        place = f"{path}, message {number}"
        value = stream.value()
        if not isinstance(value, dict):
            raise UserError(f"{place}: an object like {{...}} is needed.")
        if str(value.get("type", "Default")) not in SPOKEN:
            reading.left_out[SYSTEM] += 1
            continue
        has_media = bool(value.get("attachments") or value.get("stickers") or value.get("embeds"))
        time = value.get("timestamp")
        yield from _spoken(place, time, _name(value.get("author")), value.get("content"), reading, has_media=has_media)


def _spoken(
    place: str, time: object, speaker: str, text: object, reading: Reading, *, has_media: bool
) -> Iterator[Message]:
    words = text.strip() if isinstance(text, str) else ""
    if not words:
        reading.left_out[MEDIA if has_media else EMPTY] += 1
    else:
        yield Message(place, iso_time(time), speaker, words)


def _name(author: object) -> str:
    """Return the name of an author, which an account keeps when its nickname changes."""
    fields: Mapping[str, Any] = author if isinstance(author, dict) else {}
    return str(fields.get("name") or fields.get("id") or "")


def matches_table(head: Head, _settings: Settings) -> bool:
    """Return whether a file is such an export as CSV."""
    columns = head.lines[0].replace('"', "").split(",") if head.lines else []
    return set(COLUMNS) <= set(columns)


def read_table(path: Path, settings: Settings, reading: Reading) -> Placed:
    """Yield the conversations of an export as CSV."""
    return conversations(_rows(path, reading), settings.pause_hours)


def _rows(path: Path, reading: Reading) -> Iterator[Message]:
    for place, row in rows(path, ",", ("Author", "Content")):
        has_media = bool(row.get("Attachments"))
        yield from _spoken(place, row.get("Date"), row["Author"], row["Content"], reading, has_media=has_media)


DISCORD = Form(
    "discord",
    "a Discord channel of DiscordChatExporter",
    CONVERSATIONS,
    matches,
    read,
    "an object with 'channel' and 'messages' that have 'timestamp', 'author' and 'content'",
)
DISCORD_CSV = Form(
    "discord-csv",
    "a Discord channel of DiscordChatExporter (CSV)",
    CONVERSATIONS,
    matches_table,
    read_table,
    f"columns {', '.join(COLUMNS)}",
)
