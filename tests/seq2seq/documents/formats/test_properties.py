"""Java's .properties: escapes and layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.documents.formats.by_suffix import read
from seq2seq.documents.languages import Languages
from tests.properties import examples
from tests.seq2seq.documents.shouting import shouted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("# c\n! d\na.b = Hello {0}, it''s\\u00e9\n", "# c\n! d\na.b = HELLO {0}, IT''S\\u00c9\n"),
        ("long = one \\\n    two\r\nkey\\ with: a \\n b", "long = ONE TWO\r\nkey\\ with: A \\n B"),
        ("empty=\nk v w\n", "empty=\nk V W\n"),
        ("a=it's \\ud83d\\ude00", "a=IT'S \\ud83d\\ude00"),
        ("a=大狗 dog é", "a=大狗 DOG É"),
        ("a=\\ b", "a=\\ B"),
    ],
)
def test_documents(given: str, wanted: str) -> None:
    assert shouted(given, "a.properties")[0].decode() == wanted


def test_latin_1_is_read() -> None:
    assert shouted("a=é".encode("latin-1"), "a.properties")[0] == "a=É".encode("latin-1")


@examples(300)
@given(st.text(alphabet="ab =:\\#!\n\r\tué0", max_size=40))
def test_a_file_of_which_nothing_is_put_stays(text: str) -> None:
    assert read(text.encode(), "a.properties", Languages()).content() == text.encode()
