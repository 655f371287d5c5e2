"""Characters that a model has never seen are found and named once, for every kind of tokenizer."""

from collections.abc import Callable
from pathlib import Path

import pytest

import seq2seq
from seq2seq import cli
from seq2seq.corpus.example import Mark
from seq2seq.models.unknown_characters import UnknownCharacters
from seq2seq.tokenization.tokenizer import Tokenizers

LONG = "ЖЩЫЭЮЯ"


def test_each_is_named_once_with_the_first_place(either_tokenizers: Tokenizers) -> None:
    unknown = UnknownCharacters(either_tokenizers.source)
    unknown.add("the old dog\n", "a:1")
    assert unknown.sentence() == ""
    unknown.add(("the Ж", Mark.TURN, "我们"), "a:2")
    assert unknown.sentence().startswith("The model has never seen ")
    assert "(first at a:2)" in unknown.sentence()
    assert "Ж" in unknown.characters
    assert all(character in "Ж我们" for character in unknown.characters)  # separators are not characters
    count = len(unknown.characters)
    unknown.add("Ж Ж", "a:3")
    assert len(unknown.characters) == count
    assert "(first at a:2)" in unknown.sentence()


def test_one_and_many_are_named(toy_tokenizers: Tokenizers) -> None:
    one, many = UnknownCharacters(toy_tokenizers.source), UnknownCharacters(toy_tokenizers.source)
    one.add("a Ж")
    many.add(LONG)
    assert one.sentence() == "The model has never seen the character Ж: its meaning is lost."
    assert many.sentence() == "The model has never seen 6 of the characters, Ж, Щ, Ы, Э, Ю, …: their meaning is lost."


def test_a_verb_says_it_once_on_stderr(
    model: Path,
    type_in: Callable[[bytes | str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    type_in("the old dog\nthe Ж dog\nЖ\n")
    assert cli.main(["mimic", str(model)]) == 0
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 3
    assert shown.err == ("The model has never seen the character Ж (first at standard input:2): its meaning is lost.\n")


def test_a_session_notes_each_once(model: Path) -> None:
    session = seq2seq.load(model).session()
    session.say("the Ж dog")
    assert session.notice == "The model has never seen the character Ж: its meaning is lost."
    session.say("the ЖЩ dog")
    assert session.notice == "The model has never seen the character Щ: its meaning is lost."
    session.say("the old dog")
    assert session.notice == ""
