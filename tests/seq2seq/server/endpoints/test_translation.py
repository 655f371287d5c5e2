"""LibreTranslate's /translate: forms of requests, languages, HTML, alternatives, attention, streams, refusals."""

import copy
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, of_sources
from seq2seq.models.source_model import SourceModel
from seq2seq.server.http.options import RequestLimits
from tests.seq2seq.server.endpoints.events import events
from tests.seq2seq.server.services import Running, running

TEXT, CHINESE = "the big dog eats two books", "大狗今天吃"
FORM: dict[str, Any] = {"q": TEXT, "source": "en", "target": "zh"}


@pytest.fixture
def translator(server: Running) -> SourceModel:
    """The translator itself."""
    model = server.model("translator")
    assert isinstance(model, SourceModel)
    return model


def translated(model: SourceModel, text: str) -> str:
    return model.decode([text])[0][0].text


def test_all_forms_of_a_request_get_the_models_own_output(server: Running, translator: SourceModel) -> None:
    client, wanted = server.client, translated(translator, TEXT)
    answers = [
        client.post("/translate", json=FORM),
        client.post("/translate", json={**FORM, "unknown": {"x": 1}, "api_key": ""}),
        client.post("/translate", data=FORM),
        client.post("/translate", data=FORM, files={"ignored": ("a.txt", b"a")}),
        client.post("/translate", params=FORM),
        client.post("/translate", params={"q": "no"}, data=FORM),
        client.post("/translate", json=FORM, headers={"Content-Type": "application/json; charset=utf-8"}),
    ]
    assert [answer.json() for answer in answers] == [{"translatedText": wanted, "model": "translator"}] * len(answers)


def test_a_list_of_texts_gets_a_list(server: Running, translator: SourceModel) -> None:
    texts = [TEXT, "", "a cat sees a bird", TEXT]
    answer = server.post("/translate", q=texts, source="en", target="zh")
    assert answer["translatedText"] == [outputs[0].text for outputs in translator.decode(texts)]
    form = server.client.post("/translate", data={**FORM, "q": texts})
    assert form.json()["translatedText"] == answer["translatedText"]
    assert server.post("/translate", q=[], source="en")["translatedText"] == []


def test_the_source_may_be_detected_and_the_target_left_out(server: Running, translator: SourceModel) -> None:
    answer = server.post("/translate", q=TEXT, source="auto", target="zh")
    assert answer["detectedLanguage"] == {"confidence": 100.0, "language": "en"}
    assert server.post("/translate", q=TEXT) == answer
    several = server.post("/translate", q=[TEXT, "123"])
    assert several["detectedLanguage"] == [answer["detectedLanguage"], {"confidence": 0.0, "language": "en"}]


@pytest.mark.parametrize("target", ["zh", "ZH", "zh-Hans", "zh_CN"])
def test_a_language_may_be_named_with_its_script_or_country(server: Running, target: str) -> None:
    assert server.post("/translate", q=TEXT, source="en-US", target=target)["translatedText"]


def test_alternatives_are_the_next_best_outputs(server: Running, translator: SourceModel) -> None:
    search = replace(of_sources(translator.search), beam_size=4)
    outputs = [output.text for output in translator.decode([TEXT], Decoding(search, count=4))[0]]
    answer = server.post("/translate", **FORM, alternatives=3)
    assert [answer["translatedText"], *answer["alternatives"]] == outputs
    several = server.post("/translate", **{**FORM, "q": [TEXT]}, alternatives=3)
    assert several["alternatives"] == [answer["alternatives"]]


def test_attention_and_scores_come_with_the_outputs(server: Running, translator: SourceModel) -> None:
    answer = server.post("/translate", **FORM, attention=True, scores=True, alternatives=1)
    outputs = translator.decode([TEXT], Decoding(translator.search, count=2), attention=True)[0]
    assert len(answer["outputs"]) == 2
    for shown, output in zip(answer["outputs"], outputs, strict=True):
        assert shown["text"] == output.text
        assert shown["score"] == pytest.approx(output.score, abs=1e-4)
        assert shown["log_probability"] == pytest.approx(output.log_probability, abs=1e-3)
        assert shown["pieces"] == list(output.pieces)
        assert shown["source_pieces"] == list(output.source_pieces)
        assert output.attention is not None
        assert shown["attention"] == pytest.approx(output.attention.round(5), abs=1e-3)
        assert len(shown["piece_log_probabilities"]) == len(output.pieces)
    assert "attention" not in server.post("/translate", **FORM, scores=True)["outputs"][0]


def test_options_change_the_decoding(server: Running, translator: SourceModel) -> None:
    greedy = Decoding(replace(of_sources(translator.search), beam_size=1))
    options: Any
    for options in ({"method": "greedy"}, {"beam_size": 1}, {"method": "greedy", "beam_size": 1}):
        assert server.post("/translate", **FORM, options=options)["translatedText"] == (
            translator.decode([TEXT], greedy)[0][0].text
        )
    drawn = Decoding(greedy.search, SamplingOptions(temperature=0.7, seed=4))
    assert server.post("/translate", **FORM, options={"temperature": 0.7, "seed": 4})["translatedText"] == (
        translator.decode([TEXT], drawn)[0][0].text
    )
    short = server.post("/translate", **FORM, options={"max_length": 2}, scores=True)
    assert len(short["outputs"][0]["pieces"]) <= 2


def test_html_keeps_its_markup_and_has_its_texts_translated(server: Running, translator: SourceModel) -> None:
    html = '<p class="a&amp;b">the <b>dog</b> &amp; cat</p>\n<script>the()</script><br/>'
    first, second, third = (translated(translator, text) for text in ("the", "dog", "& cat"))
    answer = server.post("/translate", **{**FORM, "q": html}, format="html", alternatives=1)
    wanted = f'<p class="a&amp;b">{first} <b>{second}</b> {third}</p>\n<script>the()</script><br/>'
    assert answer["translatedText"] == wanted
    assert answer["alternatives"][0].count("<") == wanted.count("<")
    several = server.post("/translate", **{**FORM, "q": [html, ""]}, format="html")
    assert several["translatedText"] == [wanted, ""]


def test_equal_texts_get_samples_of_their_own(server: Running, translator: SourceModel) -> None:
    drawn = Decoding(replace(of_sources(translator.search), beam_size=1), SamplingOptions(seed=4))
    outputs = [found[0].text for found in translator.decode([TEXT] * 3, drawn)]
    assert len(set(outputs)) == 3
    first, second, third = map(escape, outputs)
    sample = {"method": "sample", "seed": 4}
    assert server.post("/translate", **{**FORM, "q": [TEXT] * 3}, options=sample)["translatedText"] == outputs
    html = {**FORM, "q": [f"<p>{TEXT}</p><p>{TEXT}</p>", f"<p>{TEXT}</p>"], "format": "html"}
    answer = server.post("/translate", **html, options=sample)
    assert answer["translatedText"] == [f"<p>{first}</p><p>{second}</p>", f"<p>{third}</p>"]


def test_alternatives_of_a_greedy_model_are_searched(server: Running, translator: SourceModel, tmp_path: Path) -> None:
    search = replace(of_sources(translator.search), beam_size=1)
    greedy = copy.copy(translator)
    greedy.search = search
    with running({"greedy": greedy}, tmp_path) as other:
        decoding = Decoding(replace(search, beam_size=3), count=3)
        outputs = [output.text for output in translator.decode([TEXT], decoding)[0]]
        answer = other.post("/translate", **FORM, alternatives=2)
        assert [answer["translatedText"], *answer["alternatives"]] == outputs


def test_a_stream_ends_with_the_whole_answer(server: Running) -> None:
    whole = server.post("/translate", **FORM, alternatives=1, attention=True)
    *parts, last = events(server.client, "/translate", **FORM, alternatives=1, attention=True)
    assert last == {**whole, "done": True}
    greedy = {"method": "greedy"}
    *parts, last = events(server.client, "/translate", **FORM, options=greedy)
    assert parts
    assert "".join(part["text"] for part in parts) == last["translatedText"]
    assert last == {**server.post("/translate", **FORM, options=greedy), "done": True}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"q": None}, "q is missing."),
    ({"q": 3}, "q must be a text or a list of texts, but it is a whole number."),
    ({"q": ["a", {}]}, "q[1] must be a text, but it is a mapping."),
    ({"target": "fr"}, "No model here translates from 'en' to 'fr'. There are: en to zh."),
    ({"source": "fr", "target": None}, "No model here translates from 'fr'. There are: en to zh."),
    ({"format": "pdf"}, "format is 'pdf', but it must be one of text, html."),
    ({"alternatives": -1}, "alternatives is -1, but it must not be negative."),
    ({"alternatives": 99}, "The number of outputs is 100, but this server allows at most 16."),
    ({"q": [], "stream": True}, "A stream is for one text, but q is a list: give a text, or leave out stream."),
    ({"q": ["a"], "stream": True}, "A stream is for one text, but q is a list: give a text, or leave out stream."),
    (
        {"format": "html", "attention": True},
        "stream, attention and scores are for texts: leave them out, or set format to 'text'.",
    ),
    ({"options": {"beam_size": 0}}, "beam_size is 0, but it must be at least 1."),
    ({"options": {"beam_size": 99}}, "beam_size is 99, but this server allows at most 32."),
    ({"options": {"top_p": 2}}, "top_p is 2.0, but it must be above 0 and at most 1. 1 is off."),
    ({"options": {"max_length": 0}}, "max_length is 0, but it must be at least 1."),
    ({"options": {"max_length": 9999}}, "max_length is 9,999, but this server allows at most 2,000."),
    (
        {"options": {"method": "beam", "top_k": 3}},
        "top_k is for sampling, but the method is 'beam': leave it out, or sample.",
    ),
    (
        {"options": {"method": "sample", "beam_size": 3}},
        "beam_size belongs to a search, but the method is 'sample': leave it out, or search.",
    ),
    (
        {"options": {"method": "greedy"}, "alternatives": 2},
        "3 outputs are wanted, but greedy search finds only one: set the method to 'beam' or 'sample', or ask for one.",
    ),
    (
        {"options": {"beamsize": 3}},
        "options has no 'beamsize'. Did you mean 'beam_size'? There are: method, beam_size, temperature, top_p, top_k, "
        "min_p, seed, max_length.",
    ),
    ({"options": []}, "options must be an object, but it is a list."),
    ({"options": {"temperature": "hot"}}, "options.temperature must be a number, but it is a text."),
    (
        {"model": "partner"},
        "'partner' does not translate: it is a model for 'dialogue'. These do: translator.",
    ),
    ({"q": "a" * 20_001}, "The text has 20,001 characters, but this server takes at most 20,000: send it in parts."),
    ({"q": ["a"] * 201}, "201 texts were given, but this server takes at most 200 at a time."),
]


@pytest.mark.parametrize(("fields", "sentence"), REFUSED, ids=[sentence[:40] for _, sentence in REFUSED])
def test_a_refusal_is_a_sentence(server: Running, fields: dict[str, Any], sentence: str) -> None:
    assert server.fault("/translate", **{**FORM, **fields}) == sentence


def test_an_unknown_model_is_not_found(server: Running) -> None:
    assert server.fault("/translate", 404, **FORM, model="translater") == (
        "There is no model 'translater'. Did you mean 'translator'? There are: translator, summarizer, partner, author."
    )


def test_without_a_translator_there_is_no_translation(server: Running, tmp_path: Any) -> None:  # noqa: ANN401
    live = {"author": server.model("author")}
    with running(live, tmp_path, of_requests=RequestLimits()) as other:
        assert other.fault("/translate", 404, q="a") == "No model here can translate. There are: author."
        assert other.fault("/detect", 404, q="a") == "No model here can translate. There are: author."
        assert other.get("/languages") == []


def test_of_several_targets_one_must_be_chosen(server: Running, model_folder: Any, tmp_path: Any) -> None:  # noqa: ANN401
    from seq2seq.models.load import load

    live = {"there": server.model("translator"), "back": load(model_folder / "backward")}
    with running(live, tmp_path) as other:
        assert other.fault("/translate", q=TEXT) == "target is missing. Choose from: zh, en."
        assert other.post("/translate", q=CHINESE, target="en")["model"] == "back"
        answer = other.post("/translate", q=CHINESE, source="auto", target="en")
        assert answer["detectedLanguage"] == {"confidence": 100.0, "language": "zh"}
        assert other.get("/languages") == [
            {"code": "en", "name": "English", "targets": ["zh"]},
            {"code": "zh", "name": "Chinese", "targets": ["en"]},
        ]
        assert other.post("/detect", q=CHINESE)[0] == {"confidence": 100.0, "language": "zh"}
        assert other.post("/detect", q=TEXT)[0] == {"confidence": 100.0, "language": "en"}
