"""JSON read value by value, in parts of any size."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.errors import UserError
from seq2seq.files.json_stream import JsonStream, characters, json_stream
from tests.properties import examples
from tests.seq2seq.text_files import written

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def cut(text: str, sizes: list[int]) -> Iterator[str]:
    """Yield the parts of a text, of some sizes and then one character each."""
    place = 0
    for size in sizes:
        yield text[place : place + size]
        place += size
    yield from text[place:]


@examples(200)
@given(
    st.lists(VALUES, max_size=6), st.lists(st.integers(1, 50), max_size=6), st.sampled_from([None, 1]), st.booleans()
)
def test_items_are_those_of_the_whole_text(
    values: list[Any], sizes: list[int], indent: int | None, is_ascii: bool
) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=is_ascii)
    text.encode("utf-8", "surrogatepass")
    stream = JsonStream(cut(text, sizes), "a.json")
    assert [stream.value() for _ in stream.items()] == json.loads(text)
    stream.end()


@pytest.mark.parametrize("number", ["0.0", "-1", "-12.5", "1e5", "2.8597922360753336e+16", "3E-7", "120", "-0.5e-3"])
def test_numbers_may_be_cut_anywhere(number: str) -> None:
    text = f"[{number}, {number}]"
    for place in range(len(text)):
        for stream in (JsonStream(cut(text, [place]), "a.json"), JsonStream([text[:place], text[place:]], "a.json")):
            assert [stream.value() for _ in stream.items()] == json.loads(text)


@examples(100)
@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=6), st.lists(st.integers(1, 50), max_size=6))
def test_members_are_those_of_the_whole_text(values: dict[str, Any], sizes: list[int]) -> None:
    stream = JsonStream(cut(json.dumps(values), sizes), "a.json")
    assert {key: stream.value() for key in stream.members()} == values
    stream.end()


@examples(100)
@given(st.lists(VALUES, min_size=1, max_size=4), st.data())
def test_a_text_that_ends_too_early_is_refused(values: list[Any], data: st.DataObject) -> None:
    text = json.dumps(values)
    end = data.draw(st.integers(0, len(text) - 1))

    def read() -> list[object]:
        stream = JsonStream([text[:end]], "a.json")
        return [stream.value() for _ in stream.items()]

    with pytest.raises(UserError, match=r"^a\.json: not JSON \("):
        read()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[1 2]", r"a.json: not JSON \('\]' is expected at character 4, but '2' follows\)\."),
        ("[1", r"a.json: not JSON \('\]' is expected at character 3, but the end follows\)\."),
        ("3", r"a.json: not JSON \('\[' is expected at character 1, but '3' follows\)\."),
        ("[x]", r"a.json: not JSON \(a value is expected at character 2\)\."),
        ("[1] 2", r"a.json: not JSON \(more text follows at character 5\)\."),
        (f"[{'[' * 70}{']' * 70}]", r"a.json: not JSON \(nested more than 64 levels deep\)\."),
        (f"[{'9' * 500}]", r"a.json: not JSON \(a number of more than 400 characters\)\."),
        (f'["{"x" * 5000}"]', r"a.json: a value is longer than 1,000 bytes, the limit for one record\."),
        (f"[{'x' * 5000}]", r"a.json: not JSON \(a value is expected at character 2\)\."),
    ],
)
def test_damage_is_named(text: str, sentence: str) -> None:
    def read() -> list[object]:
        stream = JsonStream((text[place : place + 100] for place in range(0, len(text), 100)), "a.json", 1000)
        found = [stream.value() for _ in stream.items()]
        stream.end()
        return found

    with pytest.raises(UserError, match=sentence):
        read()


def test_a_key_must_be_a_text() -> None:
    with pytest.raises(UserError, match=r"a key in quotation marks is expected at character"):
        list(JsonStream(["{3: 4}"], "a.json").members())


def test_a_file_is_read_in_its_encoding(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        for name in ("a.json", "a.json.gz"):
            stream = json_stream(written(tmp_path / name, '["茶", "é"]'.encode(encoding)))
            assert [stream.value() for _ in stream.items()] == ["茶", "é"]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a.json is not UTF-8 \(byte 0xe9 after character 0\). Convert it, .* LATIN1"):
        list(characters(written(tmp_path / "a.json", '["é"]'.encode("latin-1"))))
    (tmp_path / "b.json.gz").write_bytes(b"[1]")
    with pytest.raises(UserError, match=r"b.json.gz is damaged or not a gzip file"):
        list(characters(tmp_path / "b.json.gz"))
    with pytest.raises(UserError, match=r"No file .*c.json"):
        list(characters(tmp_path / "c.json"))
