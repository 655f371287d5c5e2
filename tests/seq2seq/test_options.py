"""Every refusal of an option, with its sentence."""

import json
import math
from dataclasses import fields
from typing import Any

import pytest

from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.errors import UserError, nearest
from seq2seq.files.typed_values import Fields
from seq2seq.network.options import NetworkOptions
from seq2seq.options import OptionError, Options
from seq2seq.tokenization.options import TokenizerOptions

REFUSALS: list[tuple[type[Options], dict[str, Any], str]] = [
    (NetworkOptions, {"hidden_size": 0}, "hidden_size is 0, but it must be at least 1"),
    (NetworkOptions, {"encoder": "hierarchic"}, "Did you mean 'hierarchical'"),
    (NetworkOptions, {"layer_norm": "betwen"}, "Did you mean 'between'"),
    (NetworkOptions, {"attention": "bahdanau"}, "Choose from: none, dot, general, additive, multihead"),
    (NetworkOptions, {"bridge": "dens"}, "Did you mean 'dense'"),
    (NetworkOptions, {"tied_embeddings": "yes"}, "Choose from: none, output, all"),
    (NetworkOptions, {"dropout": 1.0}, "dropout is 1.0, but it is a probability"),
    (NetworkOptions, {"recurrent_dropout": -0.1}, "recurrent_dropout is -0.1"),
    (NetworkOptions, {"hidden_size": 33}, "give an even number"),
    (NetworkOptions, {"attention": "multihead", "heads": 5}, "cannot be cut into 5 heads"),
    (NetworkOptions, {"readout_size": 100}, "tied embeddings need it to be embedding_size"),
    (NetworkOptions, {"attention": "none", "input_feeding": True}, "attention is 'none'"),
    (NetworkOptions, {"attention": "none", "bridge": "zero"}, "would never see the source"),
    (NetworkOptions, {"residual": True}, "raise encoder_layers or decoder_layers"),
    (NetworkOptions, {"layer_norm": "gates", "recurrent_dropout": 0.1}, "set layer_norm to 'between'"),
    (NetworkOptions, {"attention": "none", "copying": True}, "copying takes pieces from attended positions"),
    (NetworkOptions, {"attention": "none", "coverage": True}, "coverage records past attention"),
    (TokenizerOptions, {"model": "wordpiece"}, "Choose from: bpe, unigram, word, char"),
    (TokenizerOptions, {"vocabulary_size": 3}, "at least 8 pieces"),
    (TokenizerOptions, {"character_coverage": 0.5}, "between 0.9 and 1"),
    (SearchOptions, {"beam_size": 0}, "beam_size is 0"),
    (SearchOptions, {"beam_size": 2, "n_best": 3}, r"between 1 and beam_size \(2\)"),
    (
        SearchOptions,
        {"max_length_ratio": float("inf")},
        "max_length_ratio is inf, but it must lie between 0 and 1,000",
    ),
    (SearchOptions, {"max_length_extra": -1}, "max_length_extra is -1, but it must be at least 0"),
    (SearchOptions, {"max_length_ratio": 0.0, "max_length_extra": 0}, "so every output would be empty"),
    (TokenizerOptions, {"sample_sentences": 0}, "sample_sentences is 0, but a model is trained on at least 1 sentence"),
    (SearchOptions, {"length_penalty": "wu"}, "Choose from: none, average, gnmt"),
    (SearchOptions, {"length_alpha": -1}, "length_alpha is -1"),
    (SearchOptions, {"coverage_beta": -1}, "coverage_beta is -1"),
    (SearchOptions, {"no_repeat_ngram": -1}, "no_repeat_ngram is -1"),
    (SearchOptions, {"no_repeat_source_ngram": -1}, "no_repeat_source_ngram is -1, but it must be at least 0"),
    (SearchOptions, {"repetition_penalty": 0.9}, "repetition_penalty is 0.9, but it must be at least 1. 1 is off"),
    (SearchOptions, {"banned": "damn"}, "banned is the text 'damn', but it is a list of words and phrases"),
    (SearchOptions, {"groups": 0}, "groups is 0, but it must be at least 1"),
    (SearchOptions, {"groups": 2}, "beam_size is 5, which 2 groups cannot share: give a multiple of groups"),
    (SearchOptions, {"diversity": -0.5}, "diversity is -0.5, but it must be at least 0"),
    (SearchOptions, {"min_length": -1}, "min_length is -1, but it must be at least 0"),
    (SearchOptions, {"min_length": 9, "max_length": 5}, "more than max_length 5"),
    (SearchOptions, {"batch_tokens": 0}, "batch_tokens is 0"),
    (
        SamplingOptions,
        {"temperature": 0},
        "must be at least 0.001. For the likeliest piece each time, search with beam_size 1",
    ),
    (SamplingOptions, {"top_k": -1}, "top_k is -1"),
    (SamplingOptions, {"top_p": 0}, "top_p is 0"),
    (SamplingOptions, {"min_p": 1.5}, "min_p is 1.5, but it must lie between 0 and 1"),
    (RerankOptions, {"candidates": -1}, "candidates is -1, but it must be at least 0"),
    (RerankOptions, {"reverse_weight": -1.0}, "reverse_weight is -1.0, but it must be at least 0"),
    (RerankOptions, {"length_bonus": float("nan")}, "length_bonus is nan, but it must lie between -1000 and 1,000"),
]


NUMBERS = [
    (kind, field.name)
    for kind in (SearchOptions, SamplingOptions, RerankOptions)
    for field in fields(kind)
    if field.type in (int, float) and field.name != "seed"
]


@pytest.mark.parametrize(("kind", "name"), NUMBERS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1, 10**30, -(10**30), "2", None, [1], True])
def test_no_number_leaves_its_range(kind: type[Options], name: str, value: object) -> None:
    if (name, value) == ("length_bonus", -1):
        return
    with pytest.raises(OptionError, match=rf"^{name} is .*, but it must (be|lie) ") as refused:
        kind(**{name: value})
    assert refused.value.option == name
    assert str(refused.value.named("--x")).startswith("--x is ")


def test_more_beams_than_memory_holds_are_refused() -> None:
    with pytest.raises(UserError, match="beam_size is 200000, but it must lie between 1 and 1,000"):
        SearchOptions(beam_size=200_000)


@pytest.mark.parametrize(("kind", "values", "sentence"), REFUSALS)
def test_refusals_finish_the_thought(kind: type[Options], values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        kind(**values)


@pytest.mark.parametrize("kind", [NetworkOptions, TokenizerOptions, SearchOptions, SamplingOptions, RerankOptions])
def test_options_survive_json(kind: type[Options]) -> None:
    options = kind()
    assert Fields(json.loads(json.dumps(options.to_json())), "options").build(kind) == options


def test_an_unknown_key_is_named_with_its_neighbour() -> None:
    with pytest.raises(UserError, match=r"has no option 'beamsize'\. Did you mean 'beam_size'\? It has: beam_size, "):
        Fields({"beamsize": 3}, "options").build(SearchOptions)


def test_nothing_is_suggested_when_nothing_is_near() -> None:
    assert nearest("zzz", ["translation"]) == ""


def test_banned_words_survive_json() -> None:
    options = SearchOptions(banned=("damn it", "该死"))
    assert Fields(json.loads(json.dumps(options.to_json())), "options").build(SearchOptions) == options
    assert Fields({}, "options").build(SearchOptions) == SearchOptions()
