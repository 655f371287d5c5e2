"""The pieces of required terms, and outputs that contain them."""

from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SearchOptions
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases import required_terms
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.decoding.phrases.required_terms import RequiredTerms, TermStatistics
from seq2seq.models import bundle
from seq2seq.models.source_model import SourceModel
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers
from seq2seq.tokenization.training import train
from tests.seq2seq.decoded import source_model

SEARCH = SearchOptions(beam_size=4, max_length=12)
GLOSSARY = Glossary({"dog": "大狗|狗", "book": "书", "zebra": "马"})


@pytest.fixture
def translator(model: Path) -> SourceModel:
    """A model of the toy task with random weights."""
    return source_model(model)


def spelled(target: Tokenizer, *words: str, language: str = "en") -> list[tuple[str, bool, bool]]:
    """The phrases of alternatives: the spelling of the pieces, and whether they are initial and whole words."""
    terms = RequiredTerms(Reader(target_language=language), target)
    (term,) = terms.of("", ["|".join(words)], None)
    return [(" ".join(target.pieces(ids)), is_initial, is_word) for ids, is_initial, is_word in term.phrases]


def test_words_are_spelled_as_in_running_text(toy_tokenizers: Tokenizers) -> None:
    target = toy_tokenizers.target
    assert spelled(target, "dog")[0] == (" ".join(target.pieces(target.encode("a dog")[1:])), False, True)
    (inner, is_initial, is_word), *others = spelled(target, "大狗")
    assert not is_initial
    assert not is_word
    assert "▁" not in inner
    assert all(is_initial for _, is_initial, _ in others)
    assert target.encode("这大狗。")[-len(inner.split()) - 1 : -1] == [
        target.ids_by_piece[piece] for piece in inner.split()
    ]


def test_a_capital_letter_may_begin_the_output(toy_tokenizers: Tokenizers) -> None:
    forms = spelled(toy_tokenizers.target, "dog")
    assert [is_initial for _, is_initial, _ in forms] == [False, True]
    assert (
        toy_tokenizers.target.decode([toy_tokenizers.target.ids_by_piece[piece] for piece in forms[1][0].split()])
        == "Dog"
    )
    assert len(spelled(toy_tokenizers.target, "Beijing")) == 1


def test_a_latin_word_between_chinese_characters_needs_no_space(toy_tokenizers: Tokenizers) -> None:
    forms = [pieces for pieces, is_initial, _ in spelled(toy_tokenizers.target, "dog", language="zh") if not is_initial]
    assert len(forms) == 2
    assert not forms[1].startswith("▁")


def test_tokenizers_without_a_leading_space_spell_it(toy_examples: list[Example]) -> None:
    target = train(toy_examples, TokenizerOptions(vocabulary_size=80, model="char", byte_fallback=False)).target
    assert not target.has_prefix
    assert [pieces[:3] for pieces, _, _ in spelled(target, "dog")][:2] == ["▁ d", "d o"]
    assert spelled(target, "qQ") == []
    assert spelled(target, "qQ", "dog")


def outputs(model: SourceModel, texts: list[str], decoding: Decoding) -> list[Output]:
    return [candidates[0] for candidates in model.decode(texts, decoding)]


def test_outputs_contain_the_terms_of_their_sources(translator: SourceModel) -> None:
    texts = ["the dog", "a cat", "two books and a book", "", "Dog . dog"]
    found = outputs(translator, texts, Decoding(SEARCH, glossary=GLOSSARY))
    assert [output.required for output in found] == [("大狗|狗",), (), ("书",), (), ("大狗|狗",)]
    assert all("狗" in found[row].text for row in (0, 4))
    assert "书" in found[2].text
    assert not any(output.missed for output in found)
    assert found[1].ids == outputs(translator, ["a cat"], Decoding(SEARCH))[0].ids


def test_required_words_are_in_all_outputs(translator: SourceModel) -> None:
    decoding = Decoding(replace(SEARCH, required=("红", "大狗|鸟"), banned=("大狗",)))
    for output in outputs(translator, ["the dog", "a cat", "books"], decoding):
        assert output.required == ("红", "大狗|鸟")
        assert "红" in output.text
        assert "鸟" in output.text
        assert not output.missed


def test_the_first_sentence_has_the_required_words_and_each_its_own_terms(translator: SourceModel) -> None:
    text = "The dog eats. The book sees."
    decoding = Decoding(replace(SEARCH, required=("红",)), glossary=GLOSSARY)
    ((output,),) = translator.decode([text], decoding, split=True)
    first, second = output.parts
    assert first.required == ("红", "大狗|狗")
    assert second.required == ("书",)
    assert output.required == ("红", "大狗|狗", "书")
    assert output.missed == ()
    streamed = list(translator.stream(text, decoding, split=True))
    assert "".join(streamed) == output.text


def test_outputs_that_have_the_terms_are_those_of_the_plain_search(translator: SourceModel) -> None:
    plain = outputs(translator, ["the dog", "a cat"], Decoding(SEARCH))
    assert all(output.text for output in plain)
    found = outputs(
        translator, ["the dog", "a cat"], Decoding(SEARCH, glossary=Glossary({"dog": plain[0].text, "cat": "三本"}))
    )
    assert found[0] == plain[0]
    assert found[0].required == (plain[0].text,)
    assert found[1] != plain[1]


def test_a_source_has_a_limited_number_of_phrases(toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(required_terms, "MOST_PHRASES", 6)
    terms = RequiredTerms(Reader(target_language="en"), toy_tokenizers.target)
    found = terms.of("", ["Aa|Bb|Cc", "Dd", "Ee"], None)
    assert [len(term.phrases) for term in found] == [3, 1, 0]
    assert [term.name for term in found] == ["Aa|Bb|Cc", "Dd", "Ee"]


def test_verbs_take_a_glossary(translator: SourceModel) -> None:
    with_terms = translator.mimic(["the dog", "a book"], SEARCH, glossary={"dog": "鸟", "book": ["书", "大狗"]})
    assert "鸟" in with_terms[0]
    assert any(word in with_terms[1] for word in ("书", "大狗"))
    assert "鸟" in translator.mimic("the dog", glossary=Glossary({"dog": "鸟"}))


def test_a_term_that_was_cut_off_is_not_required(model: Path, tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    folder = bundle.load(model)
    short = replace(folder.config, reader=replace(folder.config.reader, max_source_pieces=2))
    bundle.save(tmp_path / "short", folder.torch_network, short, toy_tokenizers)
    ((output,),) = source_model(tmp_path / "short").decode(["the cat sees a dog"], Decoding(SEARCH, glossary=GLOSSARY))
    assert output.lost
    assert output.required == ()


def test_the_note_counts_terms() -> None:
    statistics = TermStatistics()
    assert statistics.sentence() == "No term of the glossary occurs in the sources."
    statistics.add(("a", "b|c"), (), "x:1")
    assert statistics.sentence() == "2 terms required: 2 right, 0 missed."
    statistics.add(("d",), ("d",), "x:2")
    statistics.add(("e",), ("e",), "x:3")
    assert statistics.sentence() == "4 terms required: 2 right, 2 missed (first 'd' at x:2)."
