"""Ranking candidates with models of both directions, and with a language model."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.decoding.output import EMPTY
from seq2seq.decoding.ranking.expected_utility import UTILITIES, expected_utilities
from seq2seq.errors import UserError
from seq2seq.models.bundle_config import require_reverse
from seq2seq.models.source_model import SourceModel
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import language_models, toy_models, toy_task
from tests.seq2seq.decoded import searched, source_model
from tests.seq2seq.toy_task import ToyReader

SEARCH = SearchOptions(beam_size=4, max_length=6)
DRAWING = SamplingOptions(seed=5)
TEXTS = ["the old dog sees two books", "", "a cat", "three big red birds"]


@pytest.fixture
def models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers
) -> tuple[SourceModel, SourceModel]:
    """A model with random weights, and one that was trained in the other direction."""
    toy_task.install(tmp_path / "site", monkeypatch)
    forward = toy_models.write(tmp_path / "forward", toy_tokenizers)
    return source_model(forward), source_model(toy_models.write(tmp_path / "reverse", toy_tokenizers, reverse=True))


@pytest.mark.parametrize("sampling", [None, DRAWING])
def test_candidates_are_ranked_by_both_directions(
    models: tuple[SourceModel, SourceModel], sampling: SamplingOptions | None
) -> None:
    model, reverse = models
    rerank = RerankOptions(candidates=4, reverse_weight=0.8, length_bonus=0.05)
    decoding = Decoding(SEARCH, sampling, rerank, count=4)
    found = model.decode(TEXTS, decoding, reverse=reverse, first=3)
    made = model.decode(TEXTS, Decoding(SEARCH, sampling, count=4), first=3)
    assert found[1] == [replace(EMPTY, score=found[1][0].score)]
    for text, ranked, outputs in zip(TEXTS, found, made, strict=True):
        if not text:
            continue
        wanted: dict[str, float] = {}
        for output in outputs:
            (back,) = reverse.score([output.text], [text])
            pieces = len(output.pieces) + 1
            value = output.log_probability / pieces + 0.8 * back.log_probability / back.tokens + 0.05 * pieces
            wanted[output.text] = max(value, wanted.get(output.text, -math.inf))
        assert {one.text: one.score for one in ranked} == pytest.approx(wanted, abs=1e-3)
        assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    best = model.decode(TEXTS, replace(decoding, count=1), reverse=reverse, first=3)
    assert [outputs[0].text for outputs in best] == [outputs[0].text for outputs in found]
    assert {len(outputs) for outputs in best} == {1}


def test_an_example_is_turned_around_by_its_reader(models: tuple[SourceModel, SourceModel]) -> None:
    model, reverse = models
    decoding = Decoding(SEARCH, DRAWING, RerankOptions(candidates=3), count=3)
    examples = [Example(text, "never read") for text in TEXTS]
    assert model.decode(examples, decoding, reverse=reverse) == model.decode(TEXTS, decoding, reverse=reverse)


def test_a_reverse_model_asks_for_ranks_by_default(models: tuple[SourceModel, SourceModel]) -> None:
    model, reverse = models
    expected = model.decode(TEXTS, Decoding(model.search, rerank=RerankOptions()), reverse=reverse)
    assert model.decode(TEXTS, reverse=reverse) == expected
    assert model.decode(TEXTS) == searched(model, TEXTS)


def test_candidates_pay_for_being_likely_by_themselves(
    models: tuple[SourceModel, SourceModel], tmp_path: Path, toy_tokenizers: Tokenizers
) -> None:
    other = language_models.language_model(language_models.write(tmp_path / "writer", toy_tokenizers))
    rerank = RerankOptions(reverse_weight=0.0, anti_weight=0.7, anti_pieces=2)
    ranked = models[0].along(other, 0.0).decode(["a cat"], Decoding(SEARCH, None, rerank, count=4))[0]
    assert len(ranked) > 1
    for output in ranked:
        (own,) = other.beginnings([output.text], 2)
        expected = (output.log_probability - 0.7 * own) / (len(output.ids) + 1)
        assert output.score == pytest.approx(expected, abs=1e-4)
    assert other.beginnings(["那老狗。"], 0)[0] == pytest.approx(other.score(["那老狗。"])[0].log_probability)


def test_the_attention_of_the_chosen_comes_when_asked_for(models: tuple[SourceModel, SourceModel]) -> None:
    model, reverse = models
    for decoding in (Decoding(SEARCH, DRAWING, RerankOptions(candidates=3)), Decoding(SEARCH, DRAWING)):
        other = reverse if decoding.rerank else None
        (output,) = model.decode(["a big cat"], decoding, reverse=other, attention=True)[0]
        assert output.attention is not None
        assert output.attention.shape == (len(output.pieces), len(output.source_pieces))
        assert output == model.decode(["a big cat"], decoding, reverse=other)[0][0]


@pytest.mark.parametrize("utility", UTILITIES)
@pytest.mark.parametrize("sampling", [None, SamplingOptions(seed=5, temperature=0.3)])
def test_the_candidate_most_like_the_others_is_chosen(
    models: tuple[SourceModel, SourceModel], utility: str, sampling: SamplingOptions | None
) -> None:
    model, _ = models
    rerank = RerankOptions(candidates=4 if sampling is None else 30, utility=utility)
    found = model.decode(TEXTS, Decoding(SEARCH, sampling, rerank, count=4), split=False)
    made = model.decode(TEXTS, Decoding(SEARCH, sampling, count=rerank.candidates), split=False)
    for ranked, outputs in zip(found, made, strict=True):
        texts = [output.text for output in outputs]
        pieces = {output.text: output.ids for output in sorted(outputs, key=lambda one: one.log_probability)}
        pieces |= {one.text: one.ids for one in ranked}
        weights = [1.0 if sampling else math.exp(output.log_probability) for output in outputs]
        values = expected_utilities(texts, [pieces[text] for text in texts], weights, utility)
        best = sorted(dict(zip(texts, values, strict=True)).items(), key=lambda one: -one[1])
        assert [one.score for one in ranked] == pytest.approx([value for _, value in best[:4]], abs=1e-3)
        assert len({one.text for one in ranked}) == len(ranked)
    assert len(TEXTS) == len(found)


def test_what_cannot_rank_is_refused(models: tuple[SourceModel, SourceModel], tmp_path: Path) -> None:
    model, reverse = models
    ranked = Decoding(SEARCH, DRAWING, RerankOptions())
    with pytest.raises(UserError, match="utility 'chrf' ranks candidates by itself: set length_bonus and anti_weight"):
        RerankOptions(utility="chrf", length_bonus=1)
    with pytest.raises(UserError, match="A reverse model ranks candidates, but"):
        model.decode(TEXTS, Decoding(SEARCH, DRAWING, RerankOptions(utility="bleu")), reverse=reverse)
    with pytest.raises(
        UserError, match=r"reverse_weight 0\.5 weighs a reverse model, but none was given: name one, or"
    ):
        model.decode(TEXTS, ranked)
    for decoding in (Decoding(SEARCH), Decoding(SEARCH, rerank=RerankOptions(reverse_weight=0))):
        with pytest.raises(
            UserError, match="A reverse model ranks candidates, but reverse_weight is 0 or no candidates"
        ):
            model.decode(TEXTS, decoding, reverse=reverse)
    with pytest.raises(UserError, match="forward was trained in the same direction as the model whose candidates"):
        model.decode(TEXTS, ranked, reverse=model)
    with pytest.raises(UserError, match="anti_weight 1 weighs a language model, but there is none: name one"):
        model.decode(TEXTS, Decoding(SEARCH, None, RerankOptions(reverse_weight=0.0, anti_weight=1.0)))
    own = model.bundle.config
    with pytest.raises(
        UserError, match="other is a model for 'echoing', but the candidates are those of a model for 'to"
    ):
        require_reverse(own, replace(own, task="echoing"), "other")
    # A model with the languages swapped is a reverse model, also without data.reverse.
    require_reverse(own, replace(own, reader=ToyReader(source_language="zh", target_language="en")), "other")
