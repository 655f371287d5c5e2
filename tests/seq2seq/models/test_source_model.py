"""Outputs of models with sources: order, empty texts, constraints, attention, scores, and faults."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions, of_sources
from seq2seq.decoding.output import EMPTY
from seq2seq.errors import UserError
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.source_model import SourceModel
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train
from tests.seq2seq import language_models, toy_models, toy_task
from tests.seq2seq.decoded import sampled, searched, source_model
from tests.seq2seq.speech import says

TEXTS = ["the old dog sees two books", "", "a cat", "three big red birds in Beijing today eat", "a cat", "   ", "dog"]


@pytest.fixture
def model(model: Path) -> SourceModel:
    """A model with random weights."""
    return source_model(model)


def test_one_list_of_outputs_for_each_text_in_order(model: SourceModel) -> None:
    together = searched(model, TEXTS)
    assert [len(outputs) for outputs in together] == [1] * len(TEXTS)
    assert together[1] == together[5] == [EMPTY]
    for text, outputs in zip(TEXTS, together, strict=True):
        (alone,) = searched(model, [text])
        assert [output.text for output in alone] == [output.text for output in outputs]
        assert alone[0].score == pytest.approx(outputs[0].score, abs=1e-4)
        assert list(outputs[0].source_pieces) == model.tokenizers.source.pieces(
            model.tokenizers.source.encode(text.strip())
        )
    assert len({outputs[0].text for outputs in together}) > 3  # the outputs depend on the texts


@pytest.mark.parametrize("batch_tokens", [1, 60, 100_000])
def test_the_token_budget_changes_nothing(model: SourceModel, batch_tokens: int) -> None:
    search = SearchOptions(beam_size=3, max_length=12, batch_tokens=batch_tokens)
    expected = [outputs[0].text for outputs in searched(model, TEXTS)]
    assert [outputs[0].text for outputs in searched(model, TEXTS, search)] == expected


def test_alternatives_come_best_first(model: SourceModel) -> None:
    outputs = searched(model, ["a cat"], SearchOptions(beam_size=4, n_best=4, max_length=8))[0]
    assert len(outputs) == 4
    assert len({output.pieces for output in outputs}) == 4
    assert [output.score for output in outputs] == sorted((output.score for output in outputs), reverse=True)
    assert all(output.log_probability <= 0 for output in outputs)


def test_a_prefix_begins_the_output(model: SourceModel) -> None:
    outputs = searched(model, ["a cat", "", "dog"], prefixes=["红狗", "红", ""])
    assert outputs[0][0].text.startswith("红狗")
    assert outputs[1] == [EMPTY]
    assert outputs[2] == searched(model, ["dog"])[0]


def test_attention_comes_when_asked_for(model: SourceModel) -> None:
    assert searched(model, ["a cat"])[0][0].attention is None
    assert searched(model, ["a cat"])[0][0].alignments() == []
    output = searched(model, ["a big cat", ""], attention=True)[0][0]
    assert output.attention is not None
    assert output.attention.shape == (len(output.pieces), len(output.source_pieces))
    assert np.allclose(output.attention.sum(1), 1, atol=1e-5)
    assert [target for _, target in output.alignments()] == list(range(len(output.pieces)))
    assert {source for source, _ in output.alignments()} <= set(range(len(output.source_pieces)))


def test_without_attention_there_are_no_alignments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers
) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    options = NetworkOptions(embedding_size=16, hidden_size=24, attention="none")
    model = source_model(toy_models.write(tmp_path / "model", toy_tokenizers, options))
    output = searched(model, ["a cat"], attention=True)[0][0]
    assert output.attention is None
    assert model.aligned(["a cat"], [output])[0].attention is None
    assert output.alignments() == []


def test_a_reader_finishes_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: SourceModel) -> None:
    shouting = source_model(toy_models.write(tmp_path / "loud", model.tokenizers, shout=True))
    assert shouting.mimic(TEXTS) == [text.upper() for text in model.mimic(TEXTS)]


def test_mistakes_are_sentences(model: SourceModel) -> None:
    with pytest.raises(UserError, match=r"A list of texts is needed, but one text was given: model.mimic\(\[text\]\)"):
        searched(model, "a cat")
    with pytest.raises(UserError, match="2 prefixes were given for 1 text: give a list, one for each"):
        searched(model, ["a cat"], prefixes=["a", "b"])
    with pytest.raises(UserError, match="One prefix was given for 1 text"):
        searched(model, ["a cat"], prefixes="a")


def test_a_very_long_source_is_taken_whole(model: SourceModel) -> None:
    text = "the old dog sees two books " * 2000
    output = searched(model, [text, "a cat"], SearchOptions(beam_size=2, max_length=4))[0][0]
    assert len(output.source_pieces) > 4096


def test_sources_are_cut_as_in_training(tmp_path: Path, model: SourceModel, toy_tokenizers: Tokenizers) -> None:
    cutting = source_model(toy_models.write(tmp_path / "cutting", toy_tokenizers, max_source_pieces=4))
    whole = [toy_tokenizers.source.encode(text.strip()) for text in TEXTS]
    outputs = [found[0] for found in searched(cutting, TEXTS)]
    assert [list(one.source_pieces) for one in outputs] == [toy_tokenizers.source.pieces(ids[:4]) for ids in whole]
    assert [one.lost for one in outputs] == [max(0, len(ids) - 4) for ids in whole]
    assert [found[0].lost for found in sampled(cutting, TEXTS)] == [one.lost for one in outputs]
    scores = cutting.score(TEXTS, TEXTS)
    assert [(one.source_pieces, one.lost) for one in scores] == [(len(one.source_pieces), one.lost) for one in outputs]
    # Text after the cut has no effect.
    start = toy_tokenizers.source.decode(whole[0][:4])
    assert searched(cutting, [start])[0][0].pieces == outputs[0].pieces
    assert [found[0].lost for found in searched(model, TEXTS)] == [0] * len(TEXTS)


DRAWN = Decoding(SearchOptions(beam_size=4, max_length=10, min_length=3), SamplingOptions(seed=2), count=4)


@pytest.mark.parametrize("sampling", [None, DRAWN.sampling])
def test_no_output_says_what_is_banned(model: SourceModel, sampling: SamplingOptions | None) -> None:
    decoding = replace(DRAWN, sampling=sampling)
    said = [one.text for outputs in model.decode(TEXTS, decoding) for one in outputs if one.text]
    parts = {text[start : start + 2].strip() for text in said for start in range(0, len(text) - 1, 3)}
    words = sorted(part for part in parts if part.isprintable() and "\ufffd" not in part and part)
    assert len(words) > 6
    for some in (words[:3], words[3:6], words[-4:]):
        search = replace(DRAWN.search, banned=tuple(some))
        for outputs in model.decode(TEXTS, replace(decoding, search=search)):
            assert not any(says(one.text, word) for one in outputs for word in some)


def test_copied_unknown_words_are_banned_too(tmp_path: Path, toy_examples: list[Example], model: SourceModel) -> None:
    tokenizers = train(toy_examples[:20], TokenizerOptions(vocabulary_size=30, model="word", byte_fallback=False))
    options = NetworkOptions(embedding_size=16, hidden_size=24, copying=True)
    copying = source_model(toy_models.write(tmp_path / "copying", tokenizers, options))
    texts = ["Zanzibar Quux Zanzibar Quux", "Quux"] * 3
    plain = [one.text for outputs in copying.decode(texts, DRAWN) for one in outputs]
    assert sum("Zanzibar" in text for text in plain) > 0 < sum("Quux" in text for text in plain)
    for word in ("zanzibar", "Quux"):
        for sampling in (None, DRAWN.sampling):
            decoding = Decoding(replace(DRAWN.search, banned=(word,)), sampling, count=4)
            found = [one.text.casefold() for outputs in copying.decode(texts, decoding) for one in outputs]
            assert not any(word.casefold() in text.split() for text in found)


@pytest.mark.parametrize("joint", [True, False])
def test_n_grams_of_the_source_do_not_come_back(
    tmp_path: Path, toy_examples: list[Example], model: SourceModel, joint: bool
) -> None:
    """Pieces with the same spelling count as equal, also with separate vocabularies."""
    same = [Example(one.source, one.source) for one in toy_examples]
    options = TokenizerOptions(vocabulary_size=300, joint=joint, byte_fallback=False, model="char")
    tokenizers = train(same, replace(options, vocabulary_size=24))
    network = NetworkOptions(embedding_size=16, hidden_size=24, tied_embeddings="none")
    loaded = source_model(toy_models.write(tmp_path / f"chars-{joint}", tokenizers, network))
    texts = [str(one.source) for one in same[:5]]
    for decoding in (DRAWN, replace(DRAWN, sampling=None)):
        shared = []
        for ngram in (0, 2):
            search = replace(of_sources(decoding.search), no_repeat_source_ngram=ngram)
            found = loaded.decode(texts, replace(decoding, search=search))
            pairs = [set(itertools.pairwise(outputs[0].source_pieces)) for outputs in found]
            shared.append(
                sum(
                    pair in of_source
                    for outputs, of_source in zip(found, pairs, strict=True)
                    for one in outputs
                    for pair in itertools.pairwise(one.pieces)
                )
            )
        assert shared[0] > 0 == shared[1]


def test_what_cannot_be_fused_is_refused(
    tmp_path: Path, toy_examples: list[Example], toy_tokenizers: Tokenizers, model: SourceModel
) -> None:
    def writer(name: str, tokenizers: Tokenizers, *, contiguous: bool = False) -> LanguageModel:
        folder = language_models.write(tmp_path / name, tokenizers, contiguous=contiguous)
        return language_models.language_model(folder)

    with pytest.raises(UserError, match="is a model for 'toy', which reads a source: only a model of running text"):
        model.along(model, 0.5)
    others = train(toy_examples[:50], TokenizerOptions(vocabulary_size=320))
    with pytest.raises(UserError, match=r"was trained with other pieces than .* --data\.tokenizer\.source_model"):
        model.along(writer("others", others), 0.5)
    assert model.along(writer("ranker", others), 0.0).language_model is not None  # ranking needs only the text
    with pytest.raises(UserError, match="lm_weight is nan, but it must lie between 0 and 1,000"):
        model.along(writer("writer", toy_tokenizers), float("nan"))
    with pytest.raises(UserError, match="was trained on one continuous text and has no end token"):
        model.along(writer("endless", toy_tokenizers, contiguous=True), 0.5)


def test_an_ensemble_has_the_settings_of_its_first_model(
    tmp_path: Path, toy_tokenizers: Tokenizers, model: SourceModel
) -> None:
    writer = language_models.language_model(language_models.write(tmp_path / "writer", toy_tokenizers))
    second = source_model(toy_models.write(tmp_path / "second", toy_tokenizers, toy_models.SECOND))
    both = model.along(writer, 0.2).together(second)
    assert both.language_model is writer
    assert both.search == model.search
    assert both.network.weight_count() == model.network.weight_count() + second.network.weight_count()
    three = both.together(model, form="log_linear")
    assert [one.folder for one in three.bundle.ensemble] == [second.bundle.folder, model.bundle.folder]
    pairs = ["a cat"], ["cat a"]
    scores = [one.score(*pairs)[0].log_probability for one in (model, second, model.together(second))]
    assert min(scores[:2]) < scores[2] < max(scores[:2])


def test_models_that_cannot_be_an_ensemble_are_refused(
    tmp_path: Path, toy_examples: list[Example], toy_tokenizers: Tokenizers, model: SourceModel
) -> None:
    others = train(toy_examples[:50], TokenizerOptions(vocabulary_size=320))
    with pytest.raises(UserError, match=r"was trained with other pieces than .* --data\.tokenizer\.source_model"):
        model.together(source_model(toy_models.write(tmp_path / "others", others)))
    writer = language_models.language_model(language_models.write(tmp_path / "writer", toy_tokenizers))
    with pytest.raises(UserError, match="is one for 'toy': an ensemble has models for the same task"):
        model.together(writer)
    with pytest.raises(
        UserError, match=r"reads its sources in another way than .*: data.reader.masks and data.reverse"
    ):
        model.together(source_model(toy_models.write(tmp_path / "backward", toy_tokenizers, reverse=True)))
