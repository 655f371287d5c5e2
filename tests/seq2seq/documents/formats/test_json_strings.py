"""JSON: strings of values are translated in place."""

import re

import pytest

from seq2seq.errors import UserError
from tests.seq2seq.documents.shouting import shouted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            '{\n  "a": "Hello {name}",\n "b": ["x y", 3, "some_id", "main"], "@c": {"d": "no no"}, "e": ""\n}\n',
            '{\n  "a": "HELLO {name}",\n "b": ["X Y", 3, "some_id", "MAIN"], "@c": {"d": "no no"}, "e": ""\n}\n',
        ),
        ('{"a": "\\u00e9 \\"q\\" {b: c}"}', '{"a": "\\u00c9 \\"Q\\" {B: C}"}'),
        ('{"a": "é"}', '{"a": "É"}'),
        (
            '{"a": {"message": "big $NAME$", "description": "no"}}',
            '{"a": {"message": "BIG $NAME$", "description": "no"}}',
        ),
        ('["大狗 dog"]', '["大狗 DOG"]'),
        ('"dog"', '"DOG"'),
    ],
)
def test_documents(given: str, wanted: str) -> None:
    assert shouted(given, "a.json")[0].decode() == wanted


def test_the_path_of_a_string_is_its_place() -> None:
    _, report = shouted('{"a": [{"b": "x"}, {"c": "the %q", "d": "the %x"}]}', "a.json")
    assert [note.partition(": the")[0] for note in report.notes] == ["a.json: a.1.d"]


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("{a}", "a key in double quotation marks is expected at line 1, column 2"),
        ("{\"a\": 'b'}", "a value is expected at line 1, column 7"),
        ('{\n"a": "b"\n"c": "d"}', "a comma or a closing bracket is expected at line 3, column 1"),
        ('{"a" "b"}', "a colon is expected at line 1, column 6"),
        ('{"a": "b}', "a text without closing quotation mark begins at line 1, column 7"),
        (
            '{"a": "b\nc"}',
            r"a line break or control character is not written as an escape such as \n at line 1, column 9",
        ),
        (r'{"a": "\q"}', "an escape that JSON does not have is at line 1, column 8"),
        ('{"a": "b"} c', "more text follows at line 1, column 12"),
        ("[" * 100 + "]" * 100, "nested more than 64 levels deep"),
    ],
)
def test_what_is_no_json_is_refused(content: str, cause: str) -> None:
    with pytest.raises(UserError, match=re.escape(f"a.json is not JSON: {cause}. Correct it there.")):
        shouted(content, "a.json")
