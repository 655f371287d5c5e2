"""The notation of the sample tales: its meaning, its errors, and how many texts it yields."""

import re

import pytest

from seq2seq_samples.generation.wording import Choice, Slot, Word, fragments, parsed, slots, ways, words


def test_the_notation_is_read() -> None:
    assert parsed("A <colour> {thing2} of {hero his}, [red|<old> [x|]].") == (
        "A ",
        Word("colour"),
        " ",
        Slot("thing2", ""),
        " of ",
        Slot("hero", "his"),
        ", ",
        Choice((("red",), (Word("old"), " ", Choice((("x",), ()))))),
        ".",
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[a|b", "'[a|b' has a '[' without a ']' after it"),
        ("a|b", "'a|b' has a '|' without a '[' before it"),
        ("a]b", "'a]b' has a ']' without a '[' before it"),
        ("{Hero}", "'{Hero}' is neither '{name}', '{name form}' nor '<name>' in '{Hero}'"),
        ("<a b>", "'<a b>' is neither"),
        ("a { b", "'{' is neither"),
    ],
)
def test_broken_notation_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=re.escape(fault)):
        parsed(text)


def test_a_class_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="The lexicon of 'zh' has no class 'colours'"):
        words("zh", "colours")


def test_ways_are_counted() -> None:
    colours = len(words("en", "colour"))
    assert ways(parsed("[a|b|] <colour> {hero} [x|[y|z]]"), "en") == 3 * colours * 3
    # An entry of the lexicon that is made of other classes counts as what these give.
    assert ways(parsed("<soon>"), "en") > len(words("en", "soon"))


def test_fragments_and_slots_are_found_wherever_they_stand() -> None:
    wording = parsed("Once {hero} [saw {place}|heard [a {thing one}|]] there.")
    assert list(fragments(wording)) == ["Once", "", "saw", "heard", "a", "there."]
    assert list(slots(wording, "en")) == [Slot("hero", ""), Slot("place", ""), Slot("thing", "one")]
