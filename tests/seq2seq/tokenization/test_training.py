"""Training tokenizers: bounded, reproducible, with a clear error for an impossible size."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.corpus.example import Example, Mark
from seq2seq.errors import UserError
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import TAB
from seq2seq.tokenization.training import CHUNK_CHARACTERS, chunks, train

SMALL = TokenizerOptions(vocabulary_size=340)


@pytest.mark.parametrize("model", ["bpe", "unigram"])
def test_training_twice_gives_the_same_model(toy_examples: list[Example], model: str) -> None:
    options = replace(SMALL, model=model, sample_sentences=200)
    assert train(toy_examples, options, seed=3).digest() == train(iter(toy_examples), options, seed=3).digest()
    assert train(toy_examples, options, seed=4).digest() != train(toy_examples, options, seed=3).digest()


@pytest.mark.parametrize("model", ["bpe", "unigram"])
def test_a_vocabulary_larger_than_the_text_allows_shrinks_with_a_note(
    toy_examples: list[Example], model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = replace(SMALL, model=model, vocabulary_size=9000)
    found = train(toy_examples, options).source.vocabulary_size - 6
    error = capsys.readouterr().err
    assert "vocabulary_size is 9,000, but the source and target text gives at most " in error
    assert f"tokens: the vocabulary has {found:,}." in error
    assert train(toy_examples, replace(options, vocabulary_size=found)).source.vocabulary_size == found + 6
    assert capsys.readouterr().err == ""


def test_a_vocabulary_smaller_than_the_characters_names_the_smallest(toy_examples: list[Example]) -> None:
    with pytest.raises(UserError, match=r"needs at least \d+ pieces for its characters and the 256 bytes"):
        train(toy_examples, replace(SMALL, vocabulary_size=260))
    small = replace(SMALL, vocabulary_size=8, byte_fallback=False)
    wanted = r"the source and target text needs at least \d+ .* give --data.tokenizer.vocabulary_size (\d+) "
    with pytest.raises(UserError, match=wanted) as caught:
        train(toy_examples, small)
    size = re.search(wanted, str(caught.value))
    assert size is not None
    assert train(toy_examples, replace(small, vocabulary_size=int(size[1]))).source.vocabulary_size >= int(size[1])
    with pytest.raises(UserError, match=r"give --data.tokenizer.vocabulary_size 1024 or more"):
        replace(SMALL, vocabulary_size=200)


def test_empty_text_is_named() -> None:
    with pytest.raises(UserError, match=r"There is no source and target text to train a tokenizer on"):
        train([Example("", " ")], SMALL)


def test_what_else_sentencepiece_says_is_passed_on(toy_examples: list[Example]) -> None:
    with pytest.raises(UserError, match=r"sentencepiece could not be trained on the source and target text: "):
        train(toy_examples, replace(SMALL, vocabulary_size=3_000_000_000))


def test_a_number_can_have_the_same_pieces_wherever_it_stands(toy_examples: list[Example]) -> None:
    room = Example("The room is 4834.", "4834号房间。")
    digits = ["4", "8", "3", "4"]
    text = [*toy_examples, *[room] * 200]
    for split, alike in ((False, False), (True, True)):
        tokenizer = train(text, replace(SMALL, vocabulary_size=360, split_digits=split)).source
        pieces = [tokenizer.pieces(tokenizer.encode(one)) for one in (str(room.source), str(room.target))]
        assert all(" ".join(digits) in " ".join(one) for one in pieces) == alike
        assert tokenizer.decode(tokenizer.encode(str(room.target))) == room.target


def test_long_lines_are_learned_from() -> None:
    word = "Donaudampfschiff"
    long = Example(" ".join([word] * 5000), "好" * 70_000)
    tokenizers = train([long], TokenizerOptions(vocabulary_size=300))
    assert len(tokenizers.source.encode(word)) < 6
    assert "".join(chunks(long.source)) == long.source
    assert max(map(len, chunks(long.target))) <= CHUNK_CHARACTERS + 1


def test_reserved_characters_and_marks_do_not_hide_a_line() -> None:
    text = ("a▁b", Mark.TURN, "c\td\ne▅f\x00g")
    assert list(chunks(text)) == ["a b", f"c{TAB}d", "e f g"]
    tokenizers = train([Example("zebra\tzebra ▅ zebra", "zebra")] * 20, TokenizerOptions(vocabulary_size=264))
    assert len(tokenizers.source.encode("zebra")) <= 6


def test_targets_are_not_rewritten(toy_examples: list[Example]) -> None:
    tokenizer = train(toy_examples, SMALL).target
    assert tokenizer.decode(tokenizer.encode("…ﬁ ①")) == "…ﬁ ①"


def test_unknown_characters_without_bytes(toy_examples: list[Example]) -> None:
    tokenizer = train(toy_examples, replace(SMALL, vocabulary_size=90, byte_fallback=False)).target
    assert tokenizer.unknown in tokenizer.encode("狗😀")
    assert tokenizer.decode(tokenizer.encode("狗😀狗")) == "狗⁇狗"


def test_given_models_are_used_as_they_are(toy_examples: list[Example], tmp_path: Path) -> None:
    from sentencepiece import SentencePieceTrainer

    model = io.BytesIO()
    # A model as made by other tools, with its own control symbols and NFKC.
    SentencePieceTrainer.train(
        sentence_iterator=(str(one.source) for one in toy_examples),
        model_writer=model,
        vocab_size=40,
        pad_id=3,
        minloglevel=2,
    )
    path = tmp_path / "given.model"
    path.write_bytes(model.getvalue())
    joint = train(iter(()), TokenizerOptions(source_model=str(path)))
    tokenizer = joint.source
    assert tokenizer.vocabulary_size == 46
    assert tokenizer.decode([tokenizer.start, *tokenizer.encode("the dog"), tokenizer.end]) == "the dog"
    assert not {1, 2, 3} & set(tokenizer.encode("<s> </s> <pad> the dog"))
    separate = train(toy_examples, TokenizerOptions(source_model=str(path), vocabulary_size=300, joint=False))
    assert separate.source.digest() == tokenizer.digest()
    assert separate.target.vocabulary_size == 306


def test_given_models_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"No tokenizer model .*nothing.model"):
        train([], TokenizerOptions(source_model=str(tmp_path / "nothing.model")))
    with pytest.raises(UserError, match=r"with data.tokenizer.joint both sides use data.tokenizer.source_model"):
        train([], TokenizerOptions(target_model="a.model"))
