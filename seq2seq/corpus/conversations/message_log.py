"""Messages of a chat, joined to turns and divided into conversations."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from seq2seq.corpus.formats.form import Placed, conversation

MEDIA, SYSTEM, DELETED, EMPTY = "media message", "system message", "deleted message", "empty message"
"""Kinds of messages that are left out."""


class Message(NamedTuple):
    """A message.

    Args:
        place: ``FILE:LINE``, or the file and the number of the message.
        time: When it was sent, without a time zone; None if unknown.
        speaker: Who sent it.
        text: Its text, which may have several lines.
    """

    place: str
    time: datetime | None
    speaker: str
    text: str


def conversations(messages: Iterable[Message], pause_hours: float) -> Placed:
    """Yield the conversations of a chat; messages of one speaker in a row become one turn, a message per line.

    Args:
        messages: The messages in order.
        pause_hours: A longer pause begins a new conversation; 0 never does.
    """
    pause = timedelta(hours=pause_hours) if pause_hours else None
    place, turns, speakers = "", list[str](), list[str]()
    before: datetime | None = None
    for message in messages:
        # A large step back in time also begins a new one: several exports may have been joined in one file.
        is_apart = pause and before and message.time and abs(message.time - before) > pause
        if turns and is_apart:
            yield place, conversation(turns, speakers)
            turns, speakers = [], []
        if not turns:
            place = message.place
        if speakers and speakers[-1] == message.speaker:
            turns[-1] += f"\n{message.text}"
        else:
            turns.append(message.text)
            speakers.append(message.speaker)
        before = message.time or before
    if turns:
        yield place, conversation(turns, speakers)


def iso_time(text: object) -> datetime | None:
    """Return the time in ISO 8601, in UTC if it names a zone; None if it is no such time."""
    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except OverflowError:
        return time.replace(tzinfo=None)
