"""Subword text is detected and joined, plain text is unchanged, and tokenized text is reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.errors import UserError
from seq2seq.metrics.scored_texts import FORMS, ScoredTexts, subwords_of, tokenized_note

WORDS = ["he", "bought", "three", "books", "yesterday", "Größe"]
CUT = st.lists(st.lists(st.sampled_from(["ab", "c", "déf", "9"]), min_size=1, max_size=3), min_size=1, max_size=8)


def written(words: list[list[str]], mark: str) -> str:
    """Join words, each a list of pieces, in the notation with this mark."""
    if mark == "▁":
        return " ".join(("▁" if not place else "") + piece for word in words for place, piece in enumerate(word))
    if mark == "Ġ":
        pieces = [("Ġ" if not place else "") + piece for word in words for place, piece in enumerate(word)]
        return " ".join(pieces).removeprefix("Ġ")
    if mark == "</w>":
        return " ".join(" ".join(word) + "</w>" for word in words)
    return " ".join({"@@": "@@ ", "##": " ##", "￭": " ￭"}[mark].join(word) for word in words)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.mark)
@given(words=CUT)
def test_pieces_are_joined_to_the_words_they_were_cut_from(form: object, words: list[list[str]]) -> None:
    chosen = next(notation for notation in FORMS if notation is form)
    lines = [words, words[::-1]]
    text = "\n".join(written(line, chosen.mark) for line in lines)
    assert chosen.join(text) == "\n".join(" ".join("".join(word) for word in line) for line in lines)


@pytest.mark.parametrize("mark", [form.mark for form in FORMS])
def test_subword_text_is_noticed(mark: str) -> None:
    texts = [written([list(word[:2]), [word[2:] or "x"], ["a", "b"]], mark) for word in WORDS] * 3
    if mark not in ("▁", "Ġ", "</w>"):
        texts = [written([["a", "b"], *([word] for word in WORDS)], mark)] * 10
    subwords = subwords_of(texts)
    assert subwords is not None
    assert subwords.mark == mark


@pytest.mark.parametrize(
    "texts",
    [
        ["mail me @@ home, user@example.org", "see you @ 5"] * 5,
        ["## A heading", "#tag ##", "C## and more"],
        ["我们 去 了 （▁）", "他 买 了 三 本 书 。"],
        ["one word@@ in many words"] + ["a plain text of eight words is this"] * 40,
        ["<b>x</b> </p>", "Ġ"],
        [""],
        [],
    ],
)
def test_ordinary_text_is_left_alone(texts: list[str]) -> None:
    assert subwords_of(texts) is None
    assert ScoredTexts().prepared(texts, "A") == (texts, "")


def test_what_is_joined_is_said_and_can_be_kept() -> None:
    texts = ["he b@@ ought th@@ ree books", "yes"]
    assert ScoredTexts().prepared(texts, "out.txt") == (
        ["he bought three books", "yes"],
        "out.txt: subword text (29 % of the tokens have '@@'), joined to words for scoring; --subwords keep scores the "
        "pieces.",
    )
    assert ScoredTexts("keep").prepared(texts, "out.txt") == (texts, "")
    references, note = ScoredTexts().prepared_references([texts, [texts[0]]], "References")
    assert references == [["he bought three books", "yes"], ["he bought three books"]]
    assert note.startswith("References: subword text")


def test_a_named_separator_becomes_a_line_break() -> None:
    assert ScoredTexts(separator="|||").prepared(["a b ||| c|||d"], "A") == (["a b\nc\nd"], "")
    blank = " " * 500_000  # a pattern would try each of them as the beginning of a separator
    assert ScoredTexts(separator="|").prepared([blank, f" a |{blank}| b "], "A") == ([blank, " a\n\nb "], "")
    with pytest.raises(UserError, match=r"--sentence_separator is blank, but it is the text between two sentences"):
        ScoredTexts(separator=" ")
    with pytest.raises(UserError, match=r"subwords is 'joim', which does not exist. Did you mean 'join'"):
        ScoredTexts("joim")


def test_tokenized_outputs_are_mentioned_once_with_their_system() -> None:
    tokenized, plain = ["he left ."] * 12 + ["yes"] * 8, ["He left."] * 20
    both = tokenized_note({"A": tokenized, "B": plain}, [[text] for text in tokenized])
    assert both == (
        "Outputs that end in ' .' look tokenized: 12 of 20 (A); the references look tokenized too, so the scores "
        "compare with each other, but not with published BLEU, which is of detokenized text."
    )
    assert "detokenize the outputs, or BLEU is too low" in tokenized_note({"A": tokenized}, [[text] for text in plain])
    assert tokenized_note({"A": plain, "B": ["no ."] * 9}, [["x ."]] * 20) == ""
