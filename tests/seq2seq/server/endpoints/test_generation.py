"""Our own endpoint of texts that are continued."""

from typing import Any

import pytest

from seq2seq.decoding.method import Decoding
from seq2seq.models.language_model import LanguageModel
from tests.seq2seq.server.endpoints.events import events
from tests.seq2seq.server.services import Running


@pytest.fixture
def author(server: Running) -> LanguageModel:
    """The model itself."""
    model = server.model("author")
    assert isinstance(model, LanguageModel)
    return model


def test_a_continuation_is_the_models_own(server: Running, author: LanguageModel) -> None:
    (output,) = author.decode(["cafe\u0301"])[0]
    answer = server.post("/generate", prompt="cafe\u0301")
    assert answer == {"text": output.text, "prompt": "caf\u00e9", "model": "author"}
    assert server.client.post("/generate", data={"prompt": "cafe\u0301"}).json() == answer
    assert server.post("/generate")["prompt"] == ""


def test_several_continuations_are_its_samples(server: Running, author: LanguageModel) -> None:
    texts = [output.text for output in author.decode(["the"], Decoding(author.search, author.sampling, count=3))[0]]
    answer = server.post("/generate", prompt="the", n=3, scores=True)
    assert [answer["text"], *answer["alternatives"]] == texts
    assert [output["text"] for output in answer["outputs"]] == texts
    assert [server.post("/generate", prompt="the", draw=draw)["text"] for draw in range(3)] == texts


def test_a_continuation_ends_before_a_stop_text(server: Running, author: LanguageModel) -> None:
    whole = author.decode(["the"])[0][0].text
    stop = whole[5:7]
    wanted = whole[: whole.find(stop)]
    assert server.post("/generate", prompt="the", stop=stop)["text"] == wanted
    assert server.post("/generate", prompt="the", stop=["never", stop])["text"] == wanted
    assert server.client.post("/generate", data={"prompt": "the", "stop": ["never", stop]}).json()["text"] == wanted


def test_a_continuation_is_streamed(server: Running) -> None:
    *parts, last = events(server.client, "/generate", prompt="the", scores=True)
    assert parts
    assert "".join(part["text"] for part in parts) == last["text"]
    assert last == {**server.post("/generate", prompt="the", scores=True), "done": True}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"prompt": 3}, "prompt must be a text, but it is a whole number."),
        ({"n": 0}, "n is 0, but it must be at least 1."),
        ({"n": 2, "stream": True}, "A stream is one text, but n is 2: leave out n, or stream."),
        ({"draw": -1}, "draw is -1, but it must lie between 0 and 1,048,575."),
        ({"stop": ""}, "stop is ('',), but it must be a list of texts, none of them empty."),
        ({"options": {"seeds": 3}}, "options has no 'seeds'. Did you mean 'seed'? There are: method, beam_size, "),
        (
            {"options": {"method": "greedy"}, "n": 2},
            "2 outputs are wanted, but greedy search finds only one: set the method to 'sample', or ask for one.",
        ),
        (
            {"options": {"beam_size": 3}},
            "A text without a source is not searched with beams: the method is 'greedy' or 'sample'.",
        ),
    ],
)
def test_a_refusal_is_a_sentence(server: Running, fields: dict[str, Any], sentence: str) -> None:
    assert server.fault("/generate", **fields).startswith(sentence)
