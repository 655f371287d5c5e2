"""The texts in replies of all endpoints: JSON, and server-sent events."""

import json
from typing import Any


class WrongFormError(Exception):
    """A reply that does not have the form that its endpoint promises."""


def texts_in(path: str, body: bytes, *, is_stream: bool) -> tuple[str, ...]:
    """Return the texts of a reply.

    Args:
        path: Path of the endpoint.
        body: The body.
        is_stream: Whether it consists of server-sent events.

    Raises:
        WrongFormError: If a stream has no end, or if its parts are not the text of its end.
    """
    if not is_stream:
        return _texts(path, json.loads(body))
    events = events_in(body)
    return _streamed_choices(events) if path.startswith("/v1/") else _streamed(path, events)


def events_in(body: bytes) -> list[str]:
    """Return the data of server-sent events."""
    events = body.decode().split("\n\n")
    if events.pop() or not all(event.startswith("data: ") for event in events):
        raise WrongFormError("The reply is no sequence of events.")
    return [event.removeprefix("data: ") for event in events]


def _texts(path: str, answer: Any) -> tuple[str, ...]:  # noqa: ANN401 - values of JSON
    if path == "/v1/completions":
        return tuple(choice["text"] for choice in answer["choices"])
    if path == "/v1/chat/completions":
        return tuple(choice["message"]["content"] for choice in answer["choices"])
    name = {"/translate": "translatedText", "/chat": "reply", "/summarize": "summary"}.get(path, "text")
    best = answer[name]
    return (*([best] if isinstance(best, str) else best), *(answer.get("alternatives") or ()))


def _streamed(path: str, events: list[str]) -> tuple[str, ...]:
    *parts, last = map(json.loads, events)
    if not last.get("done"):
        raise WrongFormError(f"The last event is {events[-1]}.")
    texts, joined = _texts(path, last), "".join(part["text"] for part in parts)
    if texts != (joined,):
        raise WrongFormError(f"The parts are {joined!r}, but the end says {texts}.")
    return texts


def _streamed_choices(events: list[str]) -> tuple[str, ...]:
    if not events or events.pop() != "[DONE]":
        raise WrongFormError("The stream has no [DONE] at its end.")
    texts: dict[int, str] = {}
    ended = set()
    for event in map(json.loads, events):
        for choice in event["choices"]:
            index, part = choice["index"], choice.get("text") or choice.get("delta", {}).get("content") or ""
            if part and index in ended:
                raise WrongFormError("A text goes on after its end.")
            texts[index] = texts.get(index, "") + part
            if choice["finish_reason"]:
                ended.add(index)
    if ended != set(texts):
        raise WrongFormError("A text has no end.")
    return tuple(texts[index] for index in sorted(texts))
