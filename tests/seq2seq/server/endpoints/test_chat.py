"""Our own endpoint of conversations: it replies as the terminal's chat does."""

from typing import Any, cast

import pytest

from seq2seq.decoding.options import SamplingOptions
from seq2seq.plugin.conversation import Conversation, Turn
from seq2seq.sessions.session import session_of
from tests.seq2seq.server.endpoints.events import events
from tests.seq2seq.server.services import Running

HELLO = [{"role": "user", "content": "the dog eats"}]
LONG = [
    {"role": "system", "content": "a red cat\n\na big dog"},
    {"role": "user", "content": "the dog eats"},
    {"role": "assistant", "content": "the bird sees two books"},
    {"role": "user", "content": "today in Beijing"},
]


def conversation(server: Running, name: str = "partner") -> Conversation:
    """Begin a conversation with a model of the server, as the terminal does."""
    return cast(Conversation, session_of(server.model(name)))


def test_a_reply_is_that_of_a_conversation(server: Running) -> None:
    chat = conversation(server)
    first = chat.say("the dog eats")
    assert server.post("/chat", messages=HELLO) == {
        "reply": first,
        "remembered": 1,
        "notice": "",
        "model": "partner",
    }
    history = [*HELLO, {"role": "assistant", "content": first}, {"role": "user", "content": "大狗"}]
    answer = server.post("/chat", messages=history)
    assert answer["reply"] == chat.say("大狗")
    assert answer["remembered"] == 3


def test_a_retry_is_that_of_a_conversation(server: Running) -> None:
    chat = conversation(server)
    chat.say("the dog eats")
    for draw in (1, 2):
        assert server.post("/chat", messages=HELLO, draw=draw)["reply"] == chat.retry()


def test_system_messages_are_the_persona(server: Running) -> None:
    chat = conversation(server)
    chat.persona = ["a red cat", "a big dog"]
    chat.resume([Turn("the dog eats", False), Turn("the bird sees two books", True), Turn("today in Beijing", False)])
    assert server.post("/chat", messages=LONG)["reply"] == "".join(chat.again())
    assert server.post("/chat", messages=LONG)["reply"] != server.post("/chat", messages=LONG[1:])["reply"]


def test_messages_of_one_side_are_one_turn(server: Running) -> None:
    several = [{"role": "user", "content": text} for text in ("the dog", "eats")]
    assert server.post("/chat", messages=several) == server.post("/chat", messages=HELLO)


def test_a_conversation_may_begin_with_the_model(server: Running) -> None:
    answer = server.post("/chat", messages=[{"role": "assistant", "content": "the cat"}, *HELLO])
    assert answer["remembered"] == 2


def test_a_reply_is_streamed(server: Running) -> None:
    *parts, last = events(server.client, "/chat", messages=LONG, scores=True)
    assert parts
    assert "".join(part["text"] for part in parts) == last["reply"]
    assert last == {**server.post("/chat", messages=LONG, scores=True), "done": True}


def test_a_reply_comes_with_its_attention(server: Running) -> None:
    answer = server.post("/chat", messages=LONG, attention=True)
    (output,) = answer["outputs"]
    assert output["text"] == answer["reply"]
    assert len(output["attention"]) == len(output["pieces"])
    assert len(output["attention"][0]) == len(output["source_pieces"])


def test_a_given_reply_is_explained(server: Running) -> None:
    chat = conversation(server)
    chat.resume([Turn("the dog eats", False), Turn("the bird", True)])
    explained = chat.why()
    answer = server.post("/chat", messages=HELLO, reply="the bird", attention=True)
    assert answer["reply"] == "the bird"
    (output,) = answer["outputs"]
    assert output["pieces"] == list(explained.pieces)
    assert explained.attention is not None
    assert output["attention"] == pytest.approx(explained.attention.round(5), abs=1e-4)


def test_options_change_the_decoding(server: Running) -> None:
    chat = conversation(server)
    chat.settings = chat.settings.changed("seed", "11").changed("temperature", "0.5")
    chosen = SamplingOptions(seed=11, temperature=0.5, top_p=0.9)
    assert chat.settings.sampling == chosen
    options = {"seed": 11, "temperature": 0.5}
    assert server.post("/chat", messages=HELLO, options=options)["reply"] == chat.say("the dog eats")


def test_what_the_model_has_never_seen_is_noticed(server: Running) -> None:
    answer = server.post("/chat", messages=[{"role": "user", "content": "Ж dog"}])
    assert answer["notice"] == "The model has never seen the character Ж: its meaning is lost."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "messages is missing."),
        ({"messages": []}, "There is no message to reply to: the last message must be the user's."),
        ({"messages": LONG[:3]}, "There is no message to reply to: the last message must be the user's."),
        ({"messages": LONG[:1]}, "There is no message to reply to: the last message must be the user's."),
        (
            {"messages": [{"role": "user", "content": " "}]},
            "The text is empty: there is nothing to answer.",
        ),
        (
            {"messages": [{"role": "robot", "content": "a"}]},
            "messages[0].role is 'robot', but it must be one of user, assistant, system.",
        ),
        ({"messages": [{"role": "user"}]}, "messages[0].content is missing."),
        ({"messages": ["a"]}, "messages[0] must be an object, but it is a text."),
        ({"messages": HELLO, "draw": 1 << 20}, "draw is 1048576, but it must lie between 0 and 1,048,575."),
        ({"messages": HELLO, "reply": ""}, "The last output is empty, so there is nothing to explain."),
        (
            {"messages": HELLO, "model": "author"},
            "'author' is a model for 'generation', which has the endpoint /generate.",
        ),
    ],
)
def test_a_refusal_is_a_sentence(server: Running, fields: dict[str, Any], sentence: str) -> None:
    assert server.fault("/chat", **fields) == sentence


def test_a_conversation_may_be_longer_than_a_text_but_not_endless(server: Running) -> None:
    long = [{"role": role, "content": "the dog " * 20} for role in ("user", "assistant") * 120]
    answer = server.post("/chat", messages=[*long, *HELLO])
    assert 1 < answer["remembered"] <= 6
    endless = [{"role": "user", "content": "a" * 200_001}]
    assert server.fault("/chat", messages=endless) == (
        "The text has 200,001 characters, but this server takes at most 200,000: send it in parts."
    )


def test_a_form_cannot_hold_a_conversation(server: Running) -> None:
    answer = server.client.post("/chat", data={"messages": "hello"})
    assert answer.status_code == 400
    assert answer.json() == {"error": "messages has fields of its own: send the request as JSON."}
