"""Counting words and documents of running text."""

import pytest

from seq2seq.corpus.example import Example, Mark
from seq2seq.evaluation.running_text import _WORD, documents


def chunk(text: str, is_last: bool) -> Example:
    return Example("", (text, Mark.END) if is_last else text)


def test_documents_end_where_they_are_marked_to() -> None:
    chunks = [chunk("a\n", False), chunk("b\n", False), chunk("c", True), chunk("d", True), chunk("e", False)]
    assert documents(chunks) == ["a\nb\nc", "d", "e"]
    assert documents([]) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('He said: "no".\n', ["He", "said:", '"no".', "\n"]),
        ("a <unk> n't N 10.5", ["a", "<unk>", "n't", "N", "10.5"]),
        ("\u3000\u3000从前，有。", ["从", "前，", "有。"]),
        ("“从前”\n人々", ["“从", "前”", "\n", "人", "々"]),
        ("用Python写", ["用", "Python", "写"]),
        ("……", ["……"]),
    ],
)
def test_words_are_those_between_blanks_or_characters_with_their_punctuation(text: str, words: list[str]) -> None:
    assert _WORD.findall(text) == words
