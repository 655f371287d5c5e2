"""Lines of alignments become links between spans of characters."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.alignment.pharaoh import characters_of, links_of, tokens_of, words_of
from seq2seq.errors import UserError
from tests.properties import examples


def test_positions_count_words_characters_or_tokens() -> None:
    source = "Ein Haus"
    assert words_of(source).spans == [(0, 3), (4, 8)]
    assert characters_of("一 座房").spans == [(0, 1), (2, 3), (3, 4)]
    assert tokens_of("一座房子", ["一座", "房子"], "a:1").spans == [(0, 2), (2, 4)]
    links = links_of("1-1 0-0 1-1", words_of(source), tokens_of("一座房子", ["一座", "房子"], "a:1"), "a:1")
    assert links == ((0, 3, 0, 2), (4, 8, 2, 4))
    assert links_of("", words_of(source), words_of(""), "a:1") == ()


@examples(50)
@given(st.lists(st.text("ab好 ", max_size=4), max_size=6))
def test_tokens_cover_every_character_once(parts: list[str]) -> None:
    tokens = " ".join(parts).split()
    text = " ".join(parts)
    spans = tokens_of(text, tokens, "a:1").spans
    assert [text[start:end].replace(" ", "") for start, end in spans] == tokens


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("0-0 1:1", "a:7: '1:1' is no link of an alignment: each line has pairs of a source and a target position"),
        ("0-0-0", "a:7: '0-0-0' is no link"),
        ("-1-0", "a:7: '-1-0' is no link"),
        ("٠-٠", "is no link"),
        ("2-0", "a:7: 2-0 names source word 2, but the source has 2 words, counted from 0."),
        ("0-3", "a:7: 0-3 names target character 3, but the target has 3 characters, counted from 0."),
    ],
)
def test_a_malformed_line_is_reported_with_its_place(line: str, sentence: str) -> None:
    with pytest.raises(UserError, match=re.escape(sentence)):
        links_of(line, words_of("a b"), characters_of("abc"), "a:7")


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (["一", "房"], "t:2: the token '房' is not in the text there, which has '座'."),
        (["一", "座", "房", "子", "。"], "t:2: the token '。' is not in the text there, which has 'nothing'."),
        (["一"], "t:2: the tokens end before the text, which continues with '座房子'."),
    ],
)
def test_tokens_of_another_text_are_reported(tokens: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=re.escape(sentence)):
        tokens_of("一座房子", tokens, "t:2")
