"""Subword sampling: the same on every machine, with the right distribution."""

import hashlib
import math
import subprocess
import sys
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.corpus.example import Example
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.subword_sampling import Draws
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers
from seq2seq.tokenization.training import train

TEXT = "the big red dog sees three old birds in Beijing today, 今天北京的狗看见三本书😀"
IN_ANOTHER_PROCESS = """
import hashlib, sys
from pathlib import Path
from seq2seq.tokenization.tokenizer import Tokenizer
tokenizer = Tokenizer.load(Path(sys.argv[1]))
drawn = [tokenizer.sample(sys.argv[2], seed=seed, alpha=0.2) for seed in range(50)]
print(hashlib.sha256(repr(drawn).encode()).hexdigest())
"""


def test_another_process_draws_the_same(either_tokenizers: Tokenizers, tmp_path: Path) -> None:
    # sentencepiece's own sampling fails this test, because it mixes the process id into each seed.
    tokenizer = either_tokenizers.source
    tokenizer.save(tmp_path / "model")
    ours = repr([tokenizer.sample(TEXT, seed=seed, alpha=0.2) for seed in range(50)])
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS, str(tmp_path / "model"), TEXT]
    theirs = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    assert theirs == hashlib.sha256(ours.encode()).hexdigest()


@settings(max_examples=200)
@given(text=st.text(st.sampled_from("the dogcatbir今天北京狗。 ▁<s>😀")))
def test_leaving_out_nothing_is_sentencepiece_itself(toy_tokenizers: Tokenizers, text: str) -> None:
    tokenizer = toy_tokenizers.source
    assert tokenizer.sample(text, seed=1, alpha=1e-15) == tokenizer.encode(text)


def test_leaving_out_everything_spells(toy_tokenizers: Tokenizers) -> None:
    tokenizer = toy_tokenizers.source
    spelled = tokenizer.pieces(tokenizer.sample("the dog 狗", seed=1, alpha=1))
    assert spelled == ["▁", "t", "h", "e", "▁", "d", "o", "g", "▁", "狗"]


@pytest.mark.parametrize("alpha", [0.1, 0.5])
def test_lengths_are_those_of_sentencepiece(
    either_tokenizers: Tokenizers, toy_examples: list[Example], alpha: float
) -> None:
    tokenizer = either_tokenizers.source
    texts = [str(one.source) for one in toy_examples] * 3
    ours = sum(len(tokenizer.sample(text, seed=seed, alpha=alpha)) for seed, text in enumerate(texts))
    model = tokenizer._processor
    theirs = sum(len(model.encode(text, enable_sampling=True, alpha=alpha, nbest_size=-1)) for text in texts)
    assert abs(ours / theirs - 1) < 0.03


@pytest.fixture(scope="module")
def unigram() -> Tokenizer:
    """A unigram model in which one word has many segmentations."""
    texts = ["abab", "ab", "ba", "aba", "bab", "a b", "abab ab"]
    options = TokenizerOptions(vocabulary_size=10, model="unigram", byte_fallback=False)
    return train([Example(text, text) for text in texts * 20], options).source


def test_unigram_draws_follow_the_probabilities(unigram: Tokenizer) -> None:
    word, alpha = "▁abab", 0.5
    model = unigram._processor
    scores = {model.id_to_piece(number): model.get_score(number) for number in range(model.get_piece_size())}
    expected: dict[tuple[str, ...], float] = {}
    for count in range(len(word)):
        for cuts in combinations(range(1, len(word)), count):
            places = [0, *cuts, len(word)]
            pieces = tuple(word[one:two] for one, two in pairwise(places))
            if all(piece in scores for piece in pieces):
                expected[pieces] = math.exp(alpha * sum(scores[piece] for piece in pieces))
    assert len(expected) >= 4
    drawn = Counter(tuple(unigram.pieces(unigram.sample("abab", seed=seed, alpha=alpha))) for seed in range(8000))
    assert set(drawn) <= set(expected)
    for pieces, weight in expected.items():
        share = weight / sum(expected.values())
        assert abs(drawn[pieces] / 8000 - share) < 4 * math.sqrt(share * (1 - share) / 8000) + 1e-9


def test_bpe_leaves_out_merges_at_the_given_rate() -> None:
    examples = [Example("abcd", "abcd")] * 20
    tokenizer = train(examples, TokenizerOptions(vocabulary_size=9, byte_fallback=False))
    # The word takes a few merges, each of which is omitted with probability 0.3.
    model = tokenizer.source
    merges = len("▁abcd") - len(model.encode("abcd"))
    whole = sum(model.sample("abcd", seed=seed, alpha=0.3) == model.encode("abcd") for seed in range(4000)) / 4000
    assert abs(whole - 0.7**merges) < 0.03


def test_a_model_whose_pieces_reach_across_blanks(tmp_path: Path) -> None:
    import io

    from sentencepiece import SentencePieceTrainer

    model = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(["the dog and the cat"] * 50 + ["the dog", "and the", "the cat"] * 50),
        model_writer=model,
        vocab_size=30,
        model_type="bpe",
        split_by_whitespace=False,
        minloglevel=2,
    )
    tokenizer = Tokenizer(model.getvalue())
    assert any("▁" in piece[1:] for piece in tokenizer.pieces(range(30)))
    text = "the dog and the cat"
    assert tokenizer.sample(text, seed=1, alpha=1e-15) == tokenizer.encode(text)
    draws = [tokenizer.sample(text, seed=seed, alpha=0.3) for seed in range(50)]
    assert {tokenizer.decode(ids) for ids in draws} == {text}
    assert len(set(map(tuple, draws))) > 10


def test_uniform_numbers_are_uniform_and_never_zero() -> None:
    draws = Draws(7)
    numbers = [draws.uniform() for _ in range(10_000)]
    assert min(numbers) > 0
    assert max(numbers) <= 1
    assert abs(sum(numbers) / 10_000 - 0.5) < 0.02
    assert Draws(-1).uniform() != Draws(1).uniform()
