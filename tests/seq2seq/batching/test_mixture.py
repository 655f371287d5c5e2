"""How often each pair of several corpora is read."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.batching.loader import BatchLoader, evaluation_loader, training_loader
from seq2seq.batching.mixture import Mixture
from seq2seq.batching.options import BatchOptions, MixtureOptions
from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.tokenization.tags import with_tags
from seq2seq.tokenization.tokenizer import Tokenizers

sizes = st.lists(st.integers(1, 40), min_size=1, max_size=4)


@given(sizes, st.data(), st.integers(0, 3))
def test_every_pair_of_a_corpus_is_read_equally_often(sizes: list[int], data: st.DataObject, seed: int) -> None:
    """Within one, after any number of epochs; and the corpora in the ratio of their weights."""
    weights = [data.draw(st.sampled_from([0.1, 0.5, 1.0, 1.5, 3.0])) for _ in sizes]
    mixture = Mixture.of(sizes, MixtureOptions(weights), seed)
    assert mixture.counts == tuple(max(1, round(size * weight)) for size, weight in zip(sizes, weights, strict=True))
    read: Counter[int] = Counter()
    for epoch in range(5):
        pairs = mixture.pairs(epoch)
        assert len(pairs) == mixture.total
        read.update(pairs.tolist())
        start = 0
        for size, count in zip(sizes, mixture.counts, strict=True):
            times = [read[number] for number in range(start, start + size)]
            assert sum(times) == (epoch + 1) * count
            assert max(times) - min(times) <= 1
            start += size


def test_weights_of_one_read_every_pair_once() -> None:
    assert Mixture.of([3, 4], MixtureOptions([1.0, 1.0]), 1).pairs(7).tolist() == list(range(7))
    assert not MixtureOptions([1.0, 1.0]).is_mixing


def test_a_temperature_raises_small_corpora_and_keeps_the_length_of_an_epoch() -> None:
    assert Mixture.of([900, 100], MixtureOptions(temperature=2.0), 1).counts == (750, 250)
    assert Mixture.of([900, 100], MixtureOptions(temperature=1e9), 1).counts == (500, 500)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"weights": [0.0]}, r"data\.mixture\.weights contains 0\.0, but a weight must be above 0 and at most 1,000\."),
        ({"temperature": 0.5}, r"data\.mixture\.temperature is 0\.5, but it must be at least 1\."),
        ({"temperature": 2.0, "weights": [1.0]}, r"but both set how often a corpus is read: leave out one of them\."),
    ],
)
def test_numbers_that_make_no_sense_are_refused(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        MixtureOptions(**options)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=r"data\.mixture\.weights has 1 value, but data\.train names 2 corpora"):
        Mixture.of([1, 2], MixtureOptions([1.0]), 1)


@pytest.fixture(scope="module")
def store(
    toy_examples: list[Example], toy_tokenizers: Tokenizers, tmp_path_factory: pytest.TempPathFactory
) -> TokenStore:
    """The toy corpus as two: 250 and 50 pairs."""
    folder: Path = tmp_path_factory.mktemp("toy") / "store"
    examples = [replace(example, corpus=int(number >= 250)) for number, example in enumerate(toy_examples)]
    return TokenStore.build(examples, toy_tokenizers, folder, fingerprint="two")


def loader(store: TokenStore, tokenizers: Tokenizers, *weights: float) -> BatchLoader:
    options = BatchOptions(max_tokens=300, sampling_alpha=0.1)
    return training_loader(store, tokenizers, options, seed=3, mixture=MixtureOptions(list(weights)))


def indices(batches: BatchLoader, epoch: int) -> list[list[int]]:
    batches.sampler.set_epoch(epoch)  # type: ignore[attr-defined]
    return [batch.indices.tolist() for batch in batches]


def test_a_store_knows_its_corpora(store: TokenStore, toy_store: TokenStore) -> None:
    assert store.corpora == (250, 50)
    assert toy_store.corpora == (300,)


def test_a_corpus_whose_pairs_are_all_dropped_is_empty(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    examples = [Example("the dog", "狗"), Example("", "", corpus=1), Example("a cat", "猫", corpus=2)]
    store = TokenStore.build(examples, toy_tokenizers, tmp_path / "store", fingerprint="three")
    assert store.corpora == (1, 0, 1)
    tokenizers, mixture = with_tags(toy_tokenizers, ["b", "c"]), MixtureOptions([1.0, 5.0, 2.0], tags=["", "b", "c"])
    batches = list(training_loader(store, tokenizers, BatchOptions(max_tokens=300), seed=3, mixture=mixture))
    assert sorted(number for batch in batches for number in batch.indices.tolist()) == [0, 1, 1]
    tagged = {batch.indices[row].item(): batch.source[row, 0].item() for batch in batches for row in range(len(batch))}
    assert tagged[1] == tokenizers.source.tag("c")
    with pytest.raises(UserError, match=r"data\.mixture\.tags has 2 values, but data\.train names 3 corpora"):
        training_loader(store, tokenizers, BatchOptions(), seed=3, mixture=MixtureOptions(tags=["b", "c"]))


def test_batches_follow_the_weights_and_repeat_exactly(store: TokenStore, toy_tokenizers: Tokenizers) -> None:
    batches = loader(store, toy_tokenizers, 0.5, 2.0)
    for epoch in range(2):
        read = Counter(number for batch in indices(batches, epoch) for number in batch)
        assert sum(count for number, count in read.items() if number < 250) == 125
        assert [read[number] for number in range(250, 300)] == [2] * 50
        assert indices(loader(store, toy_tokenizers, 0.5, 2.0), epoch) == indices(batches, epoch)
    assert indices(loader(store, toy_tokenizers), 1) == indices(loader(store, toy_tokenizers, 1.0, 1.0), 1)


def test_resuming_with_other_weights_waits_for_the_next_epoch(store: TokenStore, toy_tokenizers: Tokenizers) -> None:
    mixed, plain = loader(store, toy_tokenizers, 0.5, 2.0), loader(store, toy_tokenizers)
    assert mixed.differences(mixed.state_dict()) == []
    assert mixed.differences(plain.state_dict())[0] == "data.mixture.weights is [0.5, 2.0] (was None)"
    assert plain.differences(mixed.state_dict())[0] == "data.mixture.weights is None (was [0.5, 2.0])"
    iterator = iter(mixed)
    first = [next(iterator).indices for _ in range(3)]
    again = loader(store, toy_tokenizers, 0.5, 2.0)
    again.load_state_dict(mixed.state_dict())
    rest = [batch.indices for batch in again]
    whole = [batch.indices for batch in loader(store, toy_tokenizers, 0.5, 2.0)]
    assert len(first) + len(rest) == len(whole)
    assert all(np.array_equal(one, two) for one, two in zip([*first, *rest], whole, strict=True))


@pytest.mark.parametrize("alpha", [0.0, 0.3])
def test_each_corpus_has_its_tag(store: TokenStore, toy_tokenizers: Tokenizers, alpha: float) -> None:
    """The tag is the first piece of a source, is counted in its length, and an overlong source keeps it."""
    tokenizers = with_tags(toy_tokenizers, ["bt"])
    tag, mixture = tokenizers.source.tag("bt"), MixtureOptions(tags=["", "bt"])
    options = BatchOptions(max_tokens=300, sampling_alpha=alpha)
    reader = Reader(max_source_pieces=4)
    batches = training_loader(store, tokenizers, options, seed=3, mixture=mixture, reader=reader)
    for batch in batches:
        for row, number in enumerate(batch.indices.tolist()):
            ids = batch.source[row, : batch.source_lengths[row]].tolist()
            assert (ids[0] == tag) == (number >= 250)
            assert ids.count(tag) <= 1
            assert alpha == 0 or len(ids) <= 4 + (number >= 250)
        assert batch.source.numel() <= 300
    with pytest.raises(UserError, match=r"has no tag 'news'"):
        training_loader(store, tokenizers, options, seed=3, mixture=MixtureOptions(tags=["", "news"]))


def test_validation_has_the_tag_of_the_reader(store: TokenStore, toy_tokenizers: Tokenizers) -> None:
    tokenizers = with_tags(toy_tokenizers, ["bt"])
    batches = evaluation_loader(store, tokenizers, BatchOptions(max_tokens=300), reader=Reader(tag="bt"))
    assert all((batch.source[:, 0] == tokenizers.source.tag("bt")).all() for batch in batches)


def test_tags_belong_to_the_position_in_an_epoch(store: TokenStore, toy_tokenizers: Tokenizers) -> None:
    tokenizers = with_tags(toy_tokenizers, ["bt"])
    options = BatchOptions(max_tokens=300)
    plain, tagged = (
        training_loader(store, tokenizers, options, seed=3, mixture=MixtureOptions(tags=tags))
        for tags in ([], ["", "bt"])
    )
    assert "data.mixture.tags is ['', 'bt'] (was None)" in tagged.differences(plain.state_dict())
    assert "data.mixture.tags is None (was ['', 'bt'])" in plain.differences(tagged.state_dict())


def test_a_tag_is_one_word() -> None:
    with pytest.raises(UserError, match=r"data\.mixture\.tags is 'two words', but a tag has 1 to 40 letters"):
        MixtureOptions(tags=["two words"])
    with pytest.raises(UserError, match=r"data\.reader\.tag is '<bt>', but a tag has 1 to 40 letters"):
        Reader(tag="<bt>")
    with pytest.raises(UserError, match=r"data\.mixture\.tags has 1 value, but data\.train names 2 corpora"):
        MixtureOptions(tags=["bt"]).require_corpora(2)
