"""Our own endpoints of tasks that make a text of a text, and of texts that are continued."""

from pathlib import Path

import pytest

from seq2seq.decoding.method import Decoding
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.server.endpoints.events import events
from tests.seq2seq.server.services import Running, running

TEXT = "Zoe sees 47 dogs . a big cat eats the old bird"


def test_a_summary_is_the_models_own_output(server: Running) -> None:
    model = server.model("summarizer")
    wanted = model.decode([TEXT])[0][0].text
    assert server.post("/summarize", q=TEXT) == {"summary": wanted, "model": "summarizer"}
    assert server.client.post("/summarize", data={"q": TEXT}).json()["summary"] == wanted
    assert server.post("/summarize", q=[TEXT, ""])["summary"] == [wanted, ""]


def test_copied_words_and_attention_come_with_a_summary(server: Running) -> None:
    model = server.model("summarizer")
    assert isinstance(model, SourceModel)
    (output,) = model.decode([TEXT], Decoding(model.search), attention=True)[0]
    (shown,) = server.post("/summarize", q=TEXT, attention=True)["outputs"]
    assert shown["copied"] == pytest.approx(output.copied, abs=1e-4)
    assert (len(shown["attention"]), len(shown["attention"][0])) == (len(output.pieces), len(output.source_pieces))
    assert shown["lost"] == output.lost


def test_a_summary_is_streamed(server: Running) -> None:
    greedy = {"method": "greedy"}
    *parts, last = events(server.client, "/summarize", q=TEXT, options=greedy)
    assert "".join(part["text"] for part in parts) == last["summary"]
    assert last == {**server.post("/summarize", q=TEXT, options=greedy), "done": True}


def test_a_model_of_another_task_is_refused(server: Running) -> None:
    assert server.fault("/summarize", q=TEXT, model="translator") == (
        "'translator' does not summarize: it is a model for 'translation'. These do: summarizer."
    )
    assert server.fault("/generate", model="translator") == (
        "'translator' is a model for 'translation', which has the endpoint /translate."
    )


def test_a_task_of_another_plugin_has_its_own_endpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers
) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    model = load(toy_models.write(tmp_path / "model", toy_tokenizers, shout=True))
    with running({"mine": model}, tmp_path) as server:
        assert server.post("/mimic", q="a dog") == {"text": model.decode(["a dog"])[0][0].text, "model": "mine"}
        assert server.get("/models")["models"][0]["endpoint"] == "/mimic"
        assert server.fault("/summarize", 404, q="a") == "No model here can summarize. There are: mine."
        assert server.fault("/generate", 404) == "No model here continues a text. There are: mine."
        assert server.fault("/chat", 404, messages=[]) == "No model here holds a conversation. There are: mine."


def test_the_models_are_described(server: Running) -> None:
    models = {model["name"]: model for model in server.get("/models")["models"]}
    assert list(models) == ["translator", "summarizer", "partner", "author"]
    assert [model["kind"] for model in models.values()] == ["source", "source", "dialogue", "text"]
    assert [model["endpoint"] for model in models.values()] == ["/translate", "/summarize", "/chat", "/generate"]
    translator = models["translator"]
    assert translator["title"] == "English to Chinese"
    assert (translator["source_language"], translator["target_language"]) == ("en", "zh")
    assert translator["decoding"] == {
        "method": "beam",
        "beam_size": 3,
        "temperature": 1.0,
        "top_p": 1.0,
        "top_k": 0,
        "min_p": 0.0,
        "max_length": 16,
    }
    assert [model["has_attention"] for model in models.values()] == [True, True, True, False]
    assert [model["copies"] for model in models.values()] == [False, True, True, False]
    assert models["partner"]["decoding"]["method"] == "sample"
    assert models["summarizer"]["title"] == "summarizer"
