"""Weights taken from a trained model: everything of the same shape, and rows by the spelling of pieces."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from seq2seq.corpus.example import Example, Mark
from seq2seq.models import bundle
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train
from seq2seq.training.initial_weights import CarriedOver, InitialWeights, matched
from tests.seq2seq.toy_models import NETWORK


def other_tokenizers(size: int = 330, *, joint: bool = True) -> Tokenizers:
    """Return tokenizers of other text, which shares some words and characters with the toy corpus."""
    pairs = [("the dog sees a whale in the sea", "这 狗 看见 海"), ("the whale eats fish", "鲸鱼 吃 鱼")]
    examples = [Example(source, target) for source, target in pairs * 5]
    return train(examples, TokenizerOptions(vocabulary_size=size, joint=joint))


def test_the_same_vocabulary_carries_everything_over(model: Path, toy_tokenizers: Tokenizers) -> None:
    old = bundle.load(model).torch_network
    network = bundle.network_for(NETWORK, toy_tokenizers)
    carried, described = InitialWeights(model).fill(network, toy_tokenizers)
    for name, weight in network.state_dict().items():
        assert torch.equal(weight, old.state_dict()[name]), name
    size = toy_tokenizers.source.vocabulary_size
    assert carried.sentence() == f"{size:,} of {size:,} pieces carried over"
    assert described.startswith(f"{model} (toy en-zh, 1,234 steps on toy corpus, weights ")


@pytest.mark.parametrize("tied", ["none", "output", "all"])
def test_rows_of_shared_pieces_are_carried_over_and_the_others_stay(
    tmp_path: Path, model: Path, toy_tokenizers: Tokenizers, tied: str
) -> None:
    options = replace(NETWORK, tied_embeddings=tied)
    config = replace(bundle.load(model).config, network=options)
    torch.manual_seed(1)
    old = bundle.network_for(options, toy_tokenizers)
    bundle.save(tmp_path / "old", old, config, toy_tokenizers)
    new = other_tokenizers()
    torch.manual_seed(2)
    network = bundle.network_for(options, new)
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    carried, _ = InitialWeights(tmp_path / "old").fill(network, new)
    after, there = network.state_dict(), old.state_dict()
    ours, theirs = new.target, toy_tokenizers.target
    shared = set(ours.ids_by_piece) & set(theirs.ids_by_piece)
    assert {"▁the", "狗"} & shared
    assert 256 < len(shared) < len(ours.ids_by_piece)
    for name in ("source_embedding.weight", "decoder.embedding.weight", "output.weight", "output.bias"):
        for piece, number in ours.ids_by_piece.items():
            expected = there[name][theirs.ids_by_piece[piece]] if piece in shared else before[name][number]
            assert torch.equal(after[name][number], expected), (name, piece)
        assert torch.equal(after[name][ours.marks[Mark.TURN]], there[name][theirs.marks[Mark.TURN]])
        assert torch.equal(after[name][ours.end], there[name][theirs.end])
    rows = ("source_embedding.", "decoder.embedding.", "output.")
    rest = [name for name in after if not name.startswith(rows)]
    assert rest
    assert all(torch.equal(after[name], there[name]) for name in rest)
    missing = len(ours.ids_by_piece) - len(shared)
    total = ours.vocabulary_size
    assert carried.target == (total - missing, total)
    assert carried.sentence() == (
        f"{total - missing:,} of {total:,} pieces carried over; {missing:,} pieces initialized at random"
    )


def test_two_vocabularies_are_reported_separately(toy_tokenizers: Tokenizers) -> None:
    carried = CarriedOver((90, 100), (6_312, 8_000), is_joint=False)
    assert carried.sentence() == (
        "source: 90 of 100 pieces carried over; target: 6,312 of 8,000 pieces carried over; "
        "1,698 pieces initialized at random"
    )
    alone = CarriedOver((90, 100), (99, 100), is_joint=False, has_source=False)
    assert alone.sentence() == "99 of 100 pieces carried over; 1 piece initialized at random"
    new = other_tokenizers(joint=False)
    assert len(matched(new.source, toy_tokenizers.source)) < new.source.vocabulary_size


def test_half_precision_is_a_start_too(tmp_path: Path, model: Path, toy_tokenizers: Tokenizers) -> None:
    loaded = bundle.load(model)
    bundle.save(tmp_path / "half", loaded.torch_network, loaded.config, toy_tokenizers, "float16")
    network = bundle.network_for(NetworkOptions(**NETWORK.to_json()), toy_tokenizers)
    InitialWeights(tmp_path / "half").fill(network, toy_tokenizers)
    assert network.output.weight.dtype == torch.float32
    assert torch.equal(network.output.weight, loaded.torch_network.output.weight.half().float())
