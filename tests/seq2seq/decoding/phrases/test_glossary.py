"""Glossaries: reading them, finding their terms in sources, and their translations in outputs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.decoding.phrases import glossary as glossary_module
from seq2seq.decoding.phrases.glossary import Glossary, Term, TermMatcher, glossary_of, occurs
from seq2seq.decoding.phrases.word_boundaries import is_whole
from seq2seq.errors import UserError


def found(text: str, *terms: str) -> list[str]:
    """The terms of a glossary that are in a text."""
    return [term.source for term in TermMatcher(Glossary([(term, "x") for term in terms])).terms(text)]


def test_a_file_has_a_term_and_its_alternatives_in_each_line(tmp_path: Path) -> None:
    path = tmp_path / "terms.tsv"
    path.write_text("Hund\tdog|dogs\n\n kleiner  Hund \t puppy | \n犬\tdog\nHund\thound|dog\n", encoding="utf-8")
    read = Glossary.read(path)
    assert read.terms == (
        Term("Hund", ("dog", "dogs", "hound")),
        Term("kleiner  Hund", ("puppy",)),
        Term("犬", ("dog",)),
    )
    assert len(read) == 3
    given_in_python = Glossary({"Hund": ["dog", "dogs", "hound"], "kleiner  Hund": "puppy", "犬": "dog"})
    assert given_in_python.terms == read.terms
    assert given_in_python.digest() == read.digest() != Glossary({"Hund": "dog"}).digest()
    assert glossary_of(read) is read
    assert glossary_of({"Hund": "dog"}).terms == (Term("Hund", ("dog",)),)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Hund dog\n", "line 1: expected a term, a tab and its translation (alternatives separated by '|'), but found"),
        ("Hund\tdog\nKatze\t\n", "terms.tsv, line 2: the term 'Katze' has no translation: write it after the tab, or"),
        ("Hund\t|\n", "terms.tsv, line 1: the term 'Hund' has no translation"),
        ("\tdog\n", "line 1: expected a term, a tab and its translation"),
        ("a\tb\tc\n", "line 1: expected a term"),
        ("\n \n", "has no terms: write a term, a tab and its translation in each line."),
        ("", "is empty."),
    ],
)
def test_a_line_that_is_no_term_is_a_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "terms.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        Glossary.read(path)
    assert sentence in str(caught.value)


def test_terms_given_in_python_may_not_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"^The glossary has no terms\.$"):
        Glossary({})
    with pytest.raises(
        UserError, match="The glossary's term 2 is 'b' with the translation ' ', but neither may be emp"
    ):
        Glossary([("a", "x"), ("b", " ")])
    monkeypatch.setattr(glossary_module, "MOST_TERMS", 1)
    with pytest.raises(UserError, match="The glossary has more than 1 terms, the most that are possible"):
        Glossary({"a": "x", "b": "y"})


def test_only_whole_words_match_where_spaces_separate_words() -> None:
    assert found("a dog's dogma, hotdog; dog.", "dog", "dogma", "hot") == ["dog", "dogma"]
    assert found("Hunde und Hündin", "Hund", "Hün") == []
    assert found("e\u0301t", "e") == []
    assert found("the C++ book", "C++") == ["C++"]


def test_chinese_terms_match_anywhere() -> None:
    assert found("我买了大狗。", "大狗", "买", "小") == ["买", "大狗"]
    assert found("用Python写", "Python") == ["Python"]


def test_the_longest_match_counts_and_matches_never_overlap() -> None:
    assert found("in New York City hall", "New York", "York City hall", "City") == ["York City hall"]
    assert found("New York and York", "New York", "York") == ["New York", "York"]
    assert found("new  york", "new york") == ["new york"]
    assert found("dog dog", "dog") == ["dog"]


def test_a_capital_is_accepted_where_a_sentence_begins() -> None:
    assert found("Dogs bark.", "dogs") == ["dogs"]
    assert found('He said: "Dogs bark." Cats do not.\nBirds sing.', "dogs", "cats", "birds") == [
        "dogs",
        "cats",
        "birds",
    ]
    assert found("I see Dogs.", "dogs") == []
    assert found("dogs bark.", "Dogs") == []


def test_terms_are_normalised_as_sources_are() -> None:
    matcher = TermMatcher(Glossary({"DOG": "x", "dog": "y|x"}), str.lower)
    assert [term.targets for term in matcher.terms("a dog")] == [("x", "y")]


@given(text=st.text("ab. 狗"), terms=st.lists(st.text("ab狗", min_size=1, max_size=3), min_size=1, max_size=4))
def test_matches_are_those_of_a_plain_search(text: str, terms: list[str]) -> None:
    places = sorted(
        (start - end, start, text[start:end])
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if text[start:end] in terms and is_whole(text, start, end)
    )
    taken: set[int] = set()
    expected = []
    for length, start, term in places:
        if not taken & set(range(start, start - length)):
            taken |= set(range(start, start - length))
            expected.append((start, term))
    assert found(text, *terms) == list(dict.fromkeys(term for _, term in sorted(expected)))


def test_a_translation_occurs_as_whole_words() -> None:
    assert occurs("hot dog", "A hot  dog.")
    assert occurs("dog", "Dog and cat")
    assert not occurs("dog", "the Dog")
    assert not occurs("dog", "hotdog dogs")
    assert occurs("dog", "hotdog dogs dog")
    assert occurs("狗", "大狗书")
    assert not occurs("dog", "")
