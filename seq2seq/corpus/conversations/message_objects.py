"""JSON objects with a list of messages and their roles: OpenAI (``messages``), ShareGPT (``conversations``), ParlAI.

The replies of the assistant are the targets, and system messages are what it knows (its persona). Messages of tools,
and parts of a message that are not text, are left out and counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from seq2seq.corpus.formats.form import (
    CONVERSATIONS,
    EXCHANGES,
    Form,
    Head,
    Placed,
    Reading,
    Record,
    Settings,
    conversation,
)
from seq2seq.corpus.formats.jsonl import objects
from seq2seq.errors import UserError

USER, ASSISTANT, SYSTEM = "user", "assistant", "system"
ROLES: Mapping[str, str] = {
    **dict.fromkeys(("user", "human", "prompter", "client", "question"), USER),
    **dict.fromkeys(("assistant", "gpt", "chatgpt", "bing", "bard", "model", "bot", "ai", "answer"), ASSISTANT),
    **dict.fromkeys(("system", "developer"), SYSTEM),
}
"""Role by its name in published data; messages of other roles (``tool``, ``observation``) are left out."""
LISTS = ("messages", "conversations", "conversation")
KEYS = (("role", "content"), ("from", "value"))
"""Keys of a message's role and text: OpenAI's, ShareGPT's."""


_CALLS = ("tool_calls", "function_call", "refusal", "audio")
"""Keys of messages of an assistant that need no text."""
_OF_EXPORTS = frozenset(("type", "name", "guild", "channel"))
"""Keys of exported chats, which have lists of messages, too."""


def messages_of(record: Mapping[str, Any], keys: tuple[str, str]) -> str:
    """Return the key of a record's list of messages that have the keys of a form; '' if there is none."""
    for name in LISTS:
        value = record.get(name)
        are_messages = isinstance(value, list) and all(isinstance(one, dict) and keys[0] in one for one in value)
        if are_messages and any(keys[1] in one for one in record[name]):
            return name
    return ""


def resembling(head: Head) -> Form | None:
    """Return the form that JSON objects resemble although they are malformed, so that its error names what is wrong."""
    named = [name for record in head.records for name in LISTS if name in record]
    if len(named) < len(head.records) or not named:
        return None
    messages = [one for record in head.records for one in _listed(record.get(named[0])) if isinstance(one, dict)]
    if any("role" in one for one in messages):
        return OPENAI
    if any("value" in one for one in messages):
        return SHAREGPT
    is_export = any(_OF_EXPORTS & record.keys() for record in head.records)
    return None if messages or is_export else OPENAI if named[0] == LISTS[0] else SHAREGPT


def _form(name: str, title: str, keys: tuple[str, str], expected: str) -> Form:
    def matches(head: Head, _settings: Settings) -> bool:
        # A record without messages is a fault of this form, but not another form.
        is_some = any(messages_of(record, keys) for record in head.records)
        return is_some and head.have(
            lambda record: bool(messages_of(record, keys)) or any(record.get(name) == [] for name in LISTS)
        )

    def read(path: Path, settings: Settings, reading: Reading) -> Placed:
        empty, is_some = "", False
        for place, record in objects(path):
            key = messages_of(record, keys) or next((name for name in LISTS if name in record), "")
            if not key:
                raise UserError(
                    f"{place}: a list '{LISTS[0]}' or '{LISTS[1]}' of objects with '{keys[0]}' and '{keys[1]}' is "
                    f"needed. There are: {', '.join(record) or 'none'}."
                )
            _require_messages(record[key], key, keys, place)
            if record[key]:
                is_some = True
                yield place, _conversation(record, key, keys, place, reading)
            else:
                empty = empty or f"{place}: the list '{key}' has no messages"
        if empty and not is_some:
            raise UserError(f"{empty}, and no other record has any: each needs a message of a user and its reply.")

    return Form(name, title, EXCHANGES, matches, read, expected)


def _require_messages(value: object, name: str, keys: tuple[str, str], place: str) -> None:
    """Check that a value is a list of messages.

    Raises:
        UserError: If it is not; the message names the first that is wrong.
    """
    role, text = keys
    if not isinstance(value, list):
        raise UserError(f"{place}: '{name}' must be a list of messages, but it is {str(value)[:60]}.")
    for number, message in enumerate(value, 1):
        if not isinstance(message, dict):
            raise UserError(
                f"{place}: message {number} of '{name}' must be an object with '{role}' and '{text}', but it is "
                f"{str(message)[:60]}."
            )
        missing = [key for key in keys if key not in message and not (key == text and any(map(message.get, _CALLS)))]
        if missing:
            raise UserError(
                f"{place}: message {number} of '{name}' has no '{missing[0]}', but each needs '{role}' and '{text}'. "
                f"There are: {', '.join(message) or 'none'}."
            )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _conversation(record: Mapping[str, Any], name: str, keys: tuple[str, str], place: str, reading: Reading) -> Record:
    persona = [record["system"]] if isinstance(record.get("system"), str) and record["system"] else []
    turns, speakers = list[str](), list[str]()
    for message in record[name]:
        role = ROLES.get(str(message[keys[0]]).lower(), "")
        text = _text(message.get(keys[1]), place, keys[1], reading)
        if not role or not text.strip():
            reading.left_out["empty message" if role else "message of a tool"] += 1
        elif role == SYSTEM:
            persona.append(text)
        elif speakers and speakers[-1] == role:
            turns[-1] += f"\n{text}"
        else:
            turns.append(text)
            speakers.append(role)
    return conversation(turns, speakers, persona, ASSISTANT)


def _text(content: object, place: str, key: str, reading: Reading) -> str:
    """Return the text of a message, which may be a string, null, or a list of parts of several types."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        texts = [part["text"] for part in content if isinstance(part.get("text"), str)]
        if len(texts) < len(content):
            reading.left_out["image or other part of a message"] += len(content) - len(texts)
        return "\n".join(texts)
    raise UserError(f"{place}: '{key}' must be a text or a list of parts with a 'text', but it is {str(content)[:60]}.")


def _is_dialog(record: Mapping[str, Any]) -> bool:
    episodes = record.get("dialog")
    if not isinstance(episodes, list) or not episodes:
        return False
    return all(
        isinstance(one, list) and all(isinstance(act, dict) and "text" in act for act in one) for one in episodes
    )


def _parlai(head: Head, _settings: Settings) -> bool:
    return head.have(_is_dialog)


def _read_parlai(path: Path, _settings: Settings, reading: Reading) -> Placed:
    for place, record in objects(path):
        if not _is_dialog(record):
            raise UserError(
                f"{place}: a list 'dialog' of lists of objects with 'id' and 'text' is needed. There are: "
                f"{', '.join(record) or 'none'}."
            )
        acts = cast(Iterable[Sequence[Mapping[str, Any]]], record["dialog"])
        spoken = [act for exchange in acts for act in exchange]
        kept = [act for act in spoken if isinstance(act["text"], str) and act["text"].strip()]
        reading.left_out["empty message"] += len(spoken) - len(kept)
        yield place, conversation([act["text"] for act in kept], [str(act.get("id", "")) for act in kept])


OPENAI = _form(
    "openai", "JSON of OpenAI's chat messages", KEYS[0], "objects with 'messages' that have 'role' and 'content'"
)
SHAREGPT = _form("sharegpt", "JSON of ShareGPT", KEYS[1], "objects with 'conversations' that have 'from' and 'value'")
PARLAI_JSON = Form(
    "parlai-json",
    "conversations of ParlAI as JSON",
    CONVERSATIONS,
    _parlai,
    _read_parlai,
    "objects with 'dialog', lists of objects with 'id' and 'text'",
)
