"""Shortlists: their candidates, and search with them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.shortlist import ShortlistTable, gains, shortlist_of
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.network.options import NetworkOptions
from seq2seq.plugin import registry
from seq2seq.runtime.placement import Placement
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.properties import examples
from tests.recorded import models
from tests.seq2seq.conftest import CHINESE, ENGLISH
from tests.seq2seq.decoded import require_same
from tests.seq2seq.searches import finished

SEARCH = SearchOptions(beam_size=4, max_length=12)
WORDS = st.sampled_from([*ENGLISH.split(), "Zoe", "47", "."])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=4)
SEARCHES = st.builds(
    lambda beams, groups, others: SearchOptions(beam_size=beams * groups, groups=groups, max_length=12, **others),
    st.integers(1, 4),
    st.sampled_from([1, 1, 2]),
    st.fixed_dictionaries(
        {
            "no_repeat_ngram": st.integers(0, 3),
            "min_length": st.integers(0, 4),
            "coverage_beta": st.sampled_from([0.0, 0.3]),
            "length_penalty": st.sampled_from(["none", "average", "gnmt"]),
            "batch_tokens": st.sampled_from([20, 4096]),
        }
    ),
)


def written(folder: Path, options: NetworkOptions, table: ShortlistTable | None, *, bytes_too: bool = False) -> Path:
    """Write an exported model with random weights."""
    tokenizers = models.trained(byte_fallback=bytes_too)
    network = models.drawn(options, tokenizers, seed=4, end_bias=1)
    config = BundleConfig("translation", options, models.TRANSLATION, SEARCH)
    bundle.save(folder / "torch", network, config, tokenizers)
    write_onnx(folder / "onnx", bundle.load(folder / "torch"), "float32", (), table)
    return folder / "onnx"


def opened(folder: Path, *, shortlist: bool = True) -> SourceModel:
    model = load(folder, Placement(shortlist=shortlist))
    assert isinstance(model, SourceModel)
    return model


def everything(tokenizers: Tokenizers) -> ShortlistTable:
    """Return the shortlist of all pieces."""
    candidates = np.full((tokenizers.source.vocabulary_size, 1), tokenizers.target.end, np.uint32)
    return ShortlistTable(candidates, tuple(range(tokenizers.target.vocabulary_size)))


@pytest.fixture(scope="module", params=["output", "none"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose shortlist has all pieces."""
    options = NetworkOptions(embedding_size=16, hidden_size=24, input_feeding=True, tied_embeddings=request.param)
    return written(tmp_path_factory.mktemp("whole"), options, everything(models.trained(byte_fallback=False)))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with a shortlist of few pieces."""
    tokenizers = models.trained()
    draw = np.random.default_rng(3)
    texts = [Example(text, text) for text in (ENGLISH, CHINESE)]
    table = shortlist_of(texts, tokenizers, each=3, frequent=4)
    drawn = draw.integers(262, tokenizers.target.vocabulary_size - 8, table.candidates.shape)
    options = NetworkOptions(embedding_size=16, hidden_size=24)
    return written(
        tmp_path_factory.mktemp("short"), options, replace(table, candidates=drawn.astype(np.uint32)), bytes_too=True
    )


def require_alike(model: SourceModel, other: SourceModel, texts: Sequence[str], decoding: Decoding) -> None:
    """Check that two models give the same outputs."""
    require_same(*(each.decode(texts, decoding, attention=True, split=False) for each in (model, other)))


@examples(20)
@given(texts=TEXTS, search=SEARCHES)
def test_a_shortlist_of_all_pieces_changes_nothing(whole: Path, texts: list[str], search: SearchOptions) -> None:
    decoding = Decoding(search, count=search.beam_size)
    require_alike(opened(whole, shortlist=False), opened(whole), texts, decoding)


@examples(20)
@given(texts=TEXTS, search=SEARCHES)
def test_an_output_does_not_depend_on_the_other_sources(short: Path, texts: list[str], search: SearchOptions) -> None:
    model, decoding = opened(short), Decoding(search)
    together = [outputs[0].text for outputs in model.decode(texts, decoding, split=False)]
    assert together == [model.decode([text], decoding, split=False)[0][0].text for text in texts]


def test_outputs_are_spelled_with_the_shortlist_of_their_source(short: Path) -> None:
    model = opened(short)
    candidates = np.load(short / "candidates.npy")
    frequent = json.loads((short / "config.json").read_text(encoding="utf-8"))["shortlist"]["frequent"]
    changed = 0
    for text in ("the big dog eats two books", "a small cat", "three red birds"):
        listed = {*frequent, *candidates[model.tokenizers.source.encode(text)].ravel().tolist()}
        for beams in (1, 4):
            decoding = Decoding(replace(SEARCH, beam_size=beams))
            ((output,),) = model.decode([text], decoding, split=False)
            assert set(output.ids) <= {*listed, *model.tokenizers.target.own_marks, model.tokenizers.target.unknown}
            changed += output.ids != opened(short, shortlist=False).decode([text], decoding, split=False)[0][0].ids
            if beams == 1:
                parts, streamed = finished(model.stream(text, decoding, split=False))
                assert ("".join(parts), streamed.ids) == (output.text, output.ids)
    assert changed


@pytest.mark.parametrize(
    "decoding",
    [
        Decoding(replace(SEARCH, banned=("the",))),
        Decoding(replace(SEARCH, no_repeat_source_ngram=2)),
        Decoding(replace(SEARCH, repetition_penalty=1.5)),
        Decoding(SEARCH, SamplingOptions(seed=2)),
    ],
)
def test_what_needs_other_pieces_searches_all_of_them(short: Path, decoding: Decoding) -> None:
    require_alike(opened(short, shortlist=False), opened(short), ["the big dog", "a small cat"], decoding)


def test_terms_that_are_not_in_the_shortlist_are_found_among_all_pieces(short: Path) -> None:
    decoding = Decoding(SEARCH, glossary=Glossary({"dog": "zz", "cat": "qq|qz"}))
    (dog,), (cat,), (bird,) = opened(short).decode(["the dog", "a small cat", "a bird"], decoding, split=False)
    assert "zz" in dog.text
    assert "qq" in cat.text or "qz" in cat.text
    assert not dog.missed + cat.missed
    assert bird.ids == opened(short).decode(["a bird"], Decoding(SEARCH), split=False)[0][0].ids


def test_prefixes_and_sources_in_bytes_search_all_pieces(short: Path) -> None:
    with_list, without = opened(short), opened(short, shortlist=False)
    decoding = Decoding(SEARCH)
    ones, others = (
        model.decode(["the dog", "a cat"], decoding, prefixes=["zz", ""], split=False) for model in (without, with_list)
    )
    assert [one[0].ids for one in ones] == [other[0].ids for other in others]
    assert ones[0][0].text.startswith("zz")
    assert any(map(without.tokenizers.source.is_byte, without.tokenizers.source.encode("Ωß")))
    require_alike(without, with_list, ["the Ωß", "Ω"], decoding)


def test_candidates_are_the_likeliest_translations() -> None:
    tokenizers = models.trained()
    source, target = tokenizers.source, tokenizers.target
    texts = [
        Example(text, text) for text in ("dog red", "red bird", "bird dog", "three Ω dog", "three red", "bird")
    ] * 5
    table = shortlist_of(texts, tokenizers, each=2, frequent=3)
    assert table.candidates.shape == (source.vocabulary_size, 2)
    for piece in source.encode("dog red bird three"):
        assert table.candidates[piece, 0] == piece
    assert table.candidates[source.encode("small")[-1]].tolist() == [target.end] * 2
    listed = {*table.frequent, *table.candidates.ravel().tolist()}
    assert not [number for number in listed if target.is_byte(number)]
    counts = {number: sum(target.encode(text.target).count(number) for text in texts) for number in table.frequent}
    assert list(counts.values()) == sorted(counts.values(), reverse=True)
    assert len(counts) == 3


def test_a_shortlist_is_made_where_it_gains(tmp_path: Path) -> None:
    tokenizers = models.trained()
    for shape in ({}, {"copying": True}, models.UNREAD):
        options = NetworkOptions(embedding_size=16, hidden_size=24, **shape)
        config = BundleConfig("translation", options, models.TRANSLATION, SEARCH)
        network = models.drawn(options, tokenizers, seed=4, end_bias=1)
        loaded = bundle.Bundle(tmp_path, config, registry.load("translation"), network, tokenizers)
        assert not gains(loaded)  # a vocabulary of 340 pieces


def test_a_damaged_shortlist_is_a_sentence(short: Path, tmp_path: Path) -> None:
    def broken(name: str, content: bytes | None) -> Path:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for path in short.rglob("*"):
            if path.is_file():
                (folder / path.relative_to(short)).parent.mkdir(exist_ok=True)
                (folder / path.relative_to(short)).write_bytes(path.read_bytes())
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(content)
        return folder

    def saved(values: np.ndarray) -> bytes:
        np.save(tmp_path.parent / "values.npy", values)
        return (tmp_path.parent / "values.npy").read_bytes()

    def config(frequent: object) -> bytes:
        values = json.loads((short / "config.json").read_text(encoding="utf-8"))
        return json.dumps({**values, "shortlist": {"frequent": frequent}}).encode()

    size = len(np.load(short / "candidates.npy"))
    for name, content, fault in (
        ("candidates.npy", None, r"candidates\.npy is missing"),
        ("candidates.npy", b"x", r"candidates\.npy is damaged: it is no array of numbers"),
        ("candidates.npy", saved(np.zeros((3, 2), np.uint16)), "it has no pieces of the vocabularies"),
        ("candidates.npy", saved(np.zeros((size, 2), np.int64)), "it has no pieces of the vocabularies"),
        ("candidates.npy", saved(np.full((size, 2), 9999, np.uint16)), "it has no pieces of the vocabularies"),
        ("output.npy", None, r"output\.npy is missing"),
        ("output.onnx", None, r"output\.onnx is missing"),
        ("config.json", config([-99_999]), "it has no pieces of the vocabularies"),
        ("config.json", config([9999]), "it has no pieces of the vocabularies"),
        ("config.json", config("a text"), "shortlist.frequent must be a list, but it is a text"),
    ):
        with pytest.raises(UserError, match=fault):
            opened(broken(name, content)).decode(["the dog"])
