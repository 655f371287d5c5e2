"""Round trips, special ids that cannot be typed, and sampling as a pure function."""

import multiprocessing
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.corpus.example import Example, Mark
from seq2seq.corpus.normalization import normalize
from seq2seq.errors import UserError
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers
from seq2seq.tokenization.training import train

ANY_TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufdd0") | st.sampled_from(" \n▁▅<s>/你好😀。")
)
TRICKY = [
    " leading",
    "   three",
    "trailing  ",
    " ",
    "a  b",
    "<s> </s> <unk> <pad> <turn> <0x41>",
    "▁ and ▅",
    "▁▁",
    "你好， 世界。",
    "👩\u200d👩\u200d👧",
    "… ﬁ Ｆ",
    "a\nb\n\nc\n",
    "\u2028\x85\x00",
]


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_texts_come_back(either_tokenizers: Tokenizers, text: str) -> None:
    tokenizer = either_tokenizers.source
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.decode(tokenizer.sample(text, seed=3, alpha=0.2)) == text


@settings(max_examples=300)
@given(text=ANY_TEXT, seed=st.integers(0, 2**64))
def test_any_text_comes_back(either_tokenizers: Tokenizers, text: str, seed: int) -> None:
    tokenizer = either_tokenizers.target
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.decode(tokenizer.sample(text, seed=seed, alpha=0.1)) == text
    clean = normalize(text, "nfc")
    assert tokenizer.decode(tokenizer.encode(clean)) == clean


@settings(max_examples=100)
@given(text=ANY_TEXT)
def test_nothing_typed_becomes_a_special_id(either_tokenizers: Tokenizers, text: str) -> None:
    tokenizer = either_tokenizers.source
    pieces = tokenizer.vocabulary_size - 3 - (len(Mark) - 1)  # Mark.END is the end that every target has
    special = [token for token in tokenizer.encode(text) if token >= pieces]
    assert special == [tokenizer.marks[Mark.LINE]] * text.count("\n")
    assert tokenizer.unknown not in tokenizer.encode(text)


def test_special_ids_follow_the_pieces(toy_tokenizers: Tokenizers) -> None:
    tokenizer = toy_tokenizers.source
    assert tokenizer.vocabulary_size == 340 + 6
    assert tokenizer.marks[Mark.END] == tokenizer.end
    own = [token for mark, token in tokenizer.marks.items() if mark is not Mark.END]
    ids = [tokenizer.padding, tokenizer.start, tokenizer.end, *own]
    assert ids == list(range(340, 346))
    assert tokenizer.pieces(ids) == ["<padding>", "<start>", "<end>", "<turn>", "<speaker>", "<line>"]
    assert tokenizer.pieces(tokenizer.encode("the a")) == ["▁the", "▁a"]


def test_marks_are_inserted_by_id(toy_tokenizers: Tokenizers) -> None:
    tokenizer = toy_tokenizers.source
    hello, dog = tokenizer.encode("the"), tokenizer.encode("dog")
    assert tokenizer.encode(("the", Mark.TURN, "dog")) == [*hello, tokenizer.marks[Mark.TURN], *dog]
    assert tokenizer.encode("the\ndog") == [*hello, tokenizer.marks[Mark.LINE], *dog]
    assert tokenizer.encode(("the", Mark.LINE, "dog")) == tokenizer.encode("the\ndog")
    assert tokenizer.encode(("the do", "g")) == tokenizer.encode("the dog")
    assert tokenizer.encode(()) == tokenizer.encode("") == []
    assert tokenizer.decode([tokenizer.start, *hello, tokenizer.marks[Mark.TURN], *dog, tokenizer.end]) == "the\ndog"


def test_decoding_an_id_outside_the_vocabulary_fails(toy_tokenizers: Tokenizers) -> None:
    with pytest.raises(IndexError, match=r"id 346 is outside the vocabulary of 346"):
        toy_tokenizers.source.decode([346])


def test_halves_of_surrogates_do_not_crash(toy_tokenizers: Tokenizers) -> None:
    tokenizer = toy_tokenizers.source
    assert tokenizer.decode(tokenizer.encode("a\ud800b")) == "a\ufffdb"


TEXT = "the big red dog sees three old birds in Beijing today"


def _draws(tokenizer: Tokenizer) -> list[list[int]]:
    return [tokenizer.sample(TEXT, seed=seed, alpha=0.1) for seed in range(20)]


def _draw_in_worker(tokenizer: Tokenizer, results: "multiprocessing.SimpleQueue[list[list[int]]]") -> None:
    results.put(_draws(tokenizer))


def test_sampling_is_a_function_of_its_arguments(either_tokenizers: Tokenizers) -> None:
    tokenizer = either_tokenizers.source
    first = _draws(tokenizer)
    assert len({tuple(ids) for ids in first}) > 2
    backwards = [tokenizer.sample(TEXT, seed=seed, alpha=0.1) for seed in reversed(range(20))]
    assert backwards[::-1] == first
    assert tokenizer.sample(TEXT, seed=4, alpha=0) == tokenizer.encode(TEXT)


def test_a_word_is_cut_alike_wherever_it_stands(either_tokenizers: Tokenizers) -> None:
    tokenizer = either_tokenizers.target
    for seed in range(40):
        first = tokenizer.sample("Beijing buys", seed=seed, alpha=0.3, alike=True)
        second = tokenizer.sample("two small Beijing", seed=seed, alpha=0.3, alike=True)
        word = tokenizer.sample("Beijing", seed=seed, alpha=0.3, alike=True)
        assert first[: len(word)] == word == second[len(second) - len(word) :]
        assert tokenizer.decode(first) == "Beijing buys"


def test_words_cut_alike_still_change_with_the_seed(toy_tokenizers: Tokenizers) -> None:
    cuts = {tuple(toy_tokenizers.target.sample("Beijing", seed=seed, alpha=0.3, alike=True)) for seed in range(40)}
    assert len(cuts) > 3


def test_forked_workers_draw_the_same_after_the_parent_drew(either_tokenizers: Tokenizers) -> None:
    expected = _draws(either_tokenizers.source)
    context = multiprocessing.get_context("fork")
    results: multiprocessing.SimpleQueue[list[list[int]]] = context.SimpleQueue()
    workers = [context.Process(target=_draw_in_worker, args=(either_tokenizers.source, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    drawn = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    assert drawn == [expected, expected]


def test_sampling_makes_texts_longer(either_tokenizers: Tokenizers, toy_examples: list[Example]) -> None:
    tokenizer = either_tokenizers.source
    plain = sum(len(tokenizer.encode(one.source)) for one in toy_examples)
    sampled = sum(len(tokenizer.sample(one.source, seed=number, alpha=0.1)) for number, one in enumerate(toy_examples))
    assert sampled > 1.1 * plain


def test_a_pickled_tokenizer_is_the_same(toy_tokenizers: Tokenizers) -> None:
    copy = pickle.loads(pickle.dumps(toy_tokenizers))
    assert copy.source is copy.target
    assert copy.digest() == toy_tokenizers.digest()
    assert copy.source.encode(TEXT) == toy_tokenizers.source.encode(TEXT)


def test_save_and_load(toy_tokenizers: Tokenizers, toy_examples: list[Example], tmp_path: Path) -> None:
    toy_tokenizers.save(tmp_path / "joint")
    joint = Tokenizers.load(tmp_path / "joint")
    assert joint.joint
    assert joint.source is joint.target
    assert joint.digest() == toy_tokenizers.digest()
    separate = train(toy_examples, TokenizerOptions(vocabulary_size=300, joint=False))
    separate.save(tmp_path / "separate")
    loaded = Tokenizers.load(tmp_path / "separate")
    assert not loaded.joint
    assert (loaded.source.digest(), loaded.target.digest()) == (separate.source.digest(), separate.target.digest())


def test_loading_what_is_not_there_or_no_model(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"contains no tokenizer: its tokenizer.json is missing"):
        Tokenizers.load(tmp_path)
    toy_tokenizers.save(tmp_path)
    with pytest.raises(UserError, match=r"No tokenizer model .*jiont.model. Did you mean 'joint.model'"):
        Tokenizer.load(tmp_path / "jiont.model")
    (tmp_path / "joint.model").write_bytes(b"not a model")
    with pytest.raises(UserError, match=r"joint.model is not a sentencepiece model"):
        Tokenizers.load(tmp_path)
    (tmp_path / "joint.model").write_bytes(b"")
    with pytest.raises(UserError, match=r"joint.model is not a sentencepiece model"):
        Tokenizer.load(tmp_path / "joint.model")
    (tmp_path / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(UserError, match=r"tokenizer.json: joint is missing"):
        Tokenizers.load(tmp_path)


def test_a_swapped_model_is_noticed(toy_tokenizers: Tokenizers, toy_examples: list[Example], tmp_path: Path) -> None:
    toy_tokenizers.save(tmp_path)
    train(toy_examples, TokenizerOptions(vocabulary_size=341)).source.save(tmp_path / "joint.model")
    with pytest.raises(UserError, match=r"is not the file that was saved there: its checksum differs"):
        Tokenizers.load(tmp_path)
