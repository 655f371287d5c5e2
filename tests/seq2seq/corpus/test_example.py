"""Texts with separators between their parts."""

from seq2seq.corpus.example import Mark, plain


def test_plain_writes_marks_for_people() -> None:
    assert plain(("Ann", Mark.SPEAKER, "a", Mark.TURN, "b", Mark.LINE, "c")) == "Ann: a\nb\nc"
    assert plain("a\nb") == "a\nb"
