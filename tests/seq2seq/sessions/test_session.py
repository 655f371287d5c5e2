"""Sessions give each output as the model's own methods do, and another one on request."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seq2seq.decoding.options import SamplingOptions, of_sources
from seq2seq.errors import UserError
from seq2seq.models.source_model import SourceModel
from seq2seq.network.options import NetworkOptions
from seq2seq.sessions.session import Session
from seq2seq.sessions.settings import Settings
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.decoded import sampled, searched, source_model

TEXT = "the old dog sees two books"
GREEDY = replace(toy_models.SEARCH, beam_size=1, n_best=1)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> SourceModel:
    """A model of the toy task with random weights."""
    toy_task.install(tmp_path / "site", monkeypatch)
    return source_model(toy_models.write(tmp_path / "model", toy_tokenizers))


def greedy(model: SourceModel) -> Session:
    session: Session = model.session()
    session.settings = Settings(GREEDY)
    return session


def drawing(model: SourceModel, **options: float) -> Session:
    session: Session = model.session()
    session.settings = Settings(GREEDY, SamplingOptions(**options), sample=True)  # type: ignore[arg-type]
    return session


def test_what_is_said_is_what_the_verb_says(model: SourceModel) -> None:
    session = model.session()
    assert not session.streams
    assert [session.say(TEXT), session.say("birds")] == model.mimic([TEXT, "birds"])


def test_a_greedy_output_comes_in_parts_that_are_the_whole(model: SourceModel) -> None:
    session = greedy(model)
    assert session.streams
    # The toy reader post-processes outputs, so they are not streamed in parts.
    assert list(session.stream(TEXT)) == model.mimic([TEXT], GREEDY)


def test_draws_are_those_of_the_models_sampling(model: SourceModel) -> None:
    session = drawing(model, seed=5, temperature=2.0)
    said = [session.say(TEXT) for _ in range(3)]
    options = SamplingOptions(seed=5, temperature=2.0)
    assert said == [one[0].text for one in sampled(model, [TEXT] * 3, options, GREEDY)]
    second = sampled(model, [TEXT], options, GREEDY, first=2, count=2)[0][1]
    assert session.retry() == second.text


def test_another_output_of_a_search_is_the_next_best_and_then_a_draw(model: SourceModel) -> None:
    session = model.session()
    best = [one.text for one in searched(model, [TEXT], replace(of_sources(model.search), n_best=3))[0]]
    assert len(set(best)) == 3
    assert [session.say(TEXT), session.retry(), session.retry()] == best
    further = [session.retry() for _ in range(3)]
    drawn = sampled(model, [TEXT], SamplingOptions(), count=6)[0]
    assert further == [one.text for one in drawn[3:]]


def test_without_an_output_there_is_no_other(model: SourceModel) -> None:
    session = model.session()
    with pytest.raises(UserError, match="no output yet to retry"):
        session.retry()
    with pytest.raises(UserError, match="no output yet to explain"):
        session.why()


@pytest.mark.parametrize("nothing", ["", "  \n ", "\x00\u200b"])
def test_an_empty_text_is_refused_and_changes_nothing(model: SourceModel, nothing: str) -> None:
    session = model.session()
    said = session.say(TEXT)
    with pytest.raises(UserError, match="The text is empty"):
        session.say(nothing)
    assert session.why().text == said


def test_why_has_the_attention_of_what_was_said(model: SourceModel) -> None:
    session = model.session()
    said = session.say(TEXT)
    output = session.why()
    expected = searched(model, [TEXT], model.search, attention=True)[0][0]
    assert (output.text, output.pieces) == (said, expected.pieces)
    assert output.attention is not None
    assert expected.attention is not None
    assert output.attention.shape == (len(output.pieces), len(output.source_pieces))
    assert np.allclose(output.attention, expected.attention, atol=1e-5)


def test_an_output_that_is_stopped_stays_as_far_as_it_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers
) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    session = source_model(toy_models.write(tmp_path / "model", toy_tokenizers)).session()
    parts = session.stream(TEXT)
    assert isinstance(parts, Generator)
    first = next(parts)
    parts.close()
    explained = session.why()
    assert explained.text == first
    assert explained.attention is not None


def test_a_model_without_attention_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers
) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    shape = NetworkOptions(embedding_size=16, hidden_size=24, attention="none")
    session = source_model(toy_models.write(tmp_path / "model", toy_tokenizers, shape)).session()
    session.say(TEXT)
    with pytest.raises(UserError, match="has no attention"):
        session.why()


def test_what_was_cut_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    folder = toy_models.write(tmp_path / "model", toy_tokenizers, max_source_pieces=4)
    session = source_model(folder).session()
    session.say("the dog " * 12_500)
    assert session.notice == "Only 4 of the text's 62,500 pieces were read: the model's limit."
    session.say("birds")
    assert session.notice == ""


def test_candidates_can_be_ranked_without_a_reverse_model(model: SourceModel) -> None:
    session = model.session()
    for name, value in (("beam_size", "3"), ("candidates", "3"), ("ranked", "true")):
        session.settings = session.settings.changed(name, value)
    assert session.settings.rerank.reverse_weight == 0.0
    assert "".join(session.stream(TEXT)) == model.decode([TEXT], session.settings.decoding)[0][0].text
