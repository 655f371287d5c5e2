"""Translations with a glossary of the request or of the server."""

from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.decoding.options import of_sources
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.errors import UserError
from seq2seq.models.load import load
from seq2seq.models.loaded_model import LoadedModel
from tests.seq2seq.server.endpoints.events import events
from tests.seq2seq.server.services import Running, running

TEXT, OTHER = "the dog sees a bird", "a small cat"
TERMS = {"dog": "三本|两本", "bird": "北京", "cat": "红"}


@pytest.fixture
def wanted(server: Running) -> list[str]:
    """The model's own translations of both texts with the glossary."""
    model = server.model("translator")
    decoding = replace(model.decoding, glossary=Glossary(TERMS))
    texts = [found[0].text for found in model.decode([TEXT, OTHER], decoding)]
    assert "北京" in texts[0]
    assert "三本" in texts[0] or "两本" in texts[0]
    assert "红" in texts[1]
    return texts


def test_a_request_may_have_a_glossary(server: Running, wanted: list[str]) -> None:
    assert server.post("/translate", q=TEXT, glossary=TERMS)["translatedText"] == wanted[0]
    assert server.post("/translate", q=[TEXT, OTHER], glossary=TERMS)["translatedText"] == wanted
    html = server.post("/translate", q=f"<p>{TEXT}</p>", format="html", glossary=TERMS)
    assert html["translatedText"] == f"<p>{wanted[0]}</p>"
    streamed = events(server.client, "/translate", q=TEXT, glossary=TERMS)
    assert streamed[-1]["translatedText"] == wanted[0]


def test_the_server_may_have_one_that_requests_replace(
    server: Running, live: dict[str, LoadedModel], wanted: list[str], tmp_path: Path
) -> None:
    plain = server.post("/translate", q=TEXT)["translatedText"]
    with running({"translator": live["translator"]}, tmp_path, glossary=Glossary(TERMS)) as other:
        assert other.post("/translate", q=TEXT)["translatedText"] == wanted[0]
        assert other.post("/translate", q=TEXT, glossary={})["translatedText"] == plain
        assert "老" in other.post("/translate", q=TEXT, glossary={"sees": "老"})["translatedText"]
        sent = other.client.post("/translate_file", files={"file": ("a.txt", f"{TEXT}\n{OTHER}\n".encode())})
        assert other.client.get(sent.json()["translatedFileUrl"]).content.decode().splitlines() == wanted


def test_each_sentence_of_a_text_has_its_own_terms(server: Running, wanted: list[str]) -> None:
    model = server.model("translator")
    decoding = replace(model.decoding, glossary=Glossary(TERMS))
    text = f"{TEXT}. {OTHER}."
    (whole,) = [found[0].text for found in model.decode([text], decoding)]
    assert "北京" in whole
    assert "红" in whole
    assert server.post("/translate", q=text, glossary=TERMS)["translatedText"] == whole
    assert events(server.client, "/translate", q=text, glossary=TERMS)[-1]["translatedText"] == whole


def test_documents_are_translated_with_the_glossary_of_the_server(
    live: dict[str, LoadedModel], wanted: list[str], tmp_path: Path
) -> None:
    with running({"translator": live["translator"]}, tmp_path, glossary=Glossary(TERMS)) as server:
        sent = server.client.post("/translate_file", files={"file": ("a.md", f"# {TEXT}\n\n{OTHER}\n".encode())})
        translated = server.client.get(sent.json()["translatedFileUrl"]).content.decode()
    assert translated == f"# {wanted[0]}\n\n{wanted[1]}\n"


def test_a_glossary_that_cannot_be_used_is_refused(server: Running) -> None:
    assert server.fault("/translate", q=TEXT, glossary=["dog"]) == "glossary must be an object, but it is a list."
    assert server.fault("/translate", q=TEXT, glossary={"dog": 3}).startswith("glossary.dog must be a text")
    assert "neither may be empty" in server.fault("/translate", q=TEXT, glossary={"dog": " "})
    greedy = server.fault("/translate", q=TEXT, glossary=TERMS, options={"method": "greedy"})
    assert greedy.startswith("Required words and glossaries need a search with several beams")


def test_a_server_of_a_greedy_model_has_no_glossary(model_folder: Path, tmp_path: Path) -> None:
    greedy = load(model_folder / "translator")
    greedy.search = replace(of_sources(greedy.search), beam_size=1)
    with (
        pytest.raises(UserError, match="need a search with several beams"),
        running({"translator": greedy}, tmp_path, glossary=Glossary(TERMS)),
    ):
        pass
