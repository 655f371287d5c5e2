"""JSON: strings of values are translated in place."""

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


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(UserError, match=r"a.json is not JSON: "):
        shouted("{a}", "a.json")
