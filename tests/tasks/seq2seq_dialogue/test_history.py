"""A long conversation is truncated alike in the token store, with subword sampling, and in a chat."""

from pathlib import Path

import pytest

from seq2seq.batching.segmentation import Segmentation
from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.example import Example, Mark
from seq2seq.decoding.options import SearchOptions
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.models.source_model import SourceModel
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq_dialogue import Dialogue
from seq2seq_dialogue.reader import DialogueReader
from tests.seq2seq import toy_models
from tests.seq2seq.decoded import searched

READER = DialogueReader(history_turns=0, max_source_pieces=30)


@pytest.fixture
def store(tmp_path: Path, toy_examples: list[Example], toy_tokenizers: Tokenizers) -> TokenStore:
    return TokenStore.build(toy_examples, toy_tokenizers, tmp_path / "store", fingerprint="1", reader=READER)


@pytest.fixture
def model(tmp_path: Path, toy_tokenizers: Tokenizers) -> SourceModel:
    config = BundleConfig("dialogue", toy_models.NETWORK, READER, SearchOptions(max_length=5), toy_models.FACTS)
    bundle.save(tmp_path / "model", toy_models.network(toy_tokenizers), config, toy_tokenizers)
    loaded = bundle.Bundle(tmp_path / "model", config, Dialogue(), toy_models.network(toy_tokenizers), toy_tokenizers)
    return SourceModel(loaded)


def test_a_model_remembers_what_it_was_trained_on(
    store: TokenStore, model: SourceModel, toy_examples: list[Example], toy_tokenizers: Tokenizers
) -> None:
    tokenizer = toy_tokenizers.source
    outputs = [found[0] for found in searched(model, toy_examples)]
    assert [list(one.source_pieces) for one in outputs] == [
        tokenizer.pieces(store.source(number).tolist()) for number in range(len(store))
    ]
    wholes = [tokenizer.encode(one.source) for one in toy_examples]
    assert sum(one.lost for one in outputs) == store.truncation.lost > 0
    assert store.truncation.cut == sum(len(whole) > 30 for whole in wholes)
    assert store.truncation.pieces == sum(map(len, wholes))
    for number, whole in enumerate(wholes):
        kept = store.source(number).tolist()
        assert len(kept) <= 30
        assert kept == whole[len(whole) - len(kept) :]
        # Whole turns: what is forgotten ends with a turn's mark, unless the last turn alone was too long.
        lost = whole[: len(whole) - len(kept)]
        assert not lost or lost[-1] == tokenizer.marks[Mark.TURN] or kept.count(tokenizer.marks[Mark.TURN]) == 1
    scores = model.score(toy_examples, toy_examples)
    assert [one.lost for one in scores] == [one.lost for one in outputs]


def test_samples_forget_whole_turns_too(store: TokenStore, toy_tokenizers: Tokenizers) -> None:
    segmentation = Segmentation(store, toy_tokenizers, seed=2, alpha=0.3, reader=READER)
    turn = toy_tokenizers.source.marks[Mark.TURN]
    for number in range(len(store)):
        source = segmentation.pair(number, 1)[0].tolist()
        assert len(source) <= 30
        assert source[-1] == turn
        # What is kept reads as the end of the text.
        text = store.source_text(number)
        assert isinstance(text, tuple)
        if source.count(turn) > 1:
            turns = [part for part in text if not isinstance(part, Mark)][-source.count(turn) :]
            shown = toy_tokenizers.source.decode(source)
            assert [line.removeprefix(": ") for line in shown.split("\n")[:-1]] == turns


def test_a_message_that_is_too_long_keeps_its_end(model: SourceModel) -> None:
    (found,) = searched(model, ["hello " * 200 + "tea"])[0]
    assert len(found.source_pieces) == 30
    assert "".join(found.source_pieces[:-1]).endswith("tea")
    assert found.lost > 100
