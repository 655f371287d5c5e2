"""JSONL files: errors for lines that are not JSON objects, for other forms of JSON, and for missing keys."""

from pathlib import Path

import pytest

from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from tests.seq2seq.text_files import pairs, written


def test_a_line_that_is_no_json_is_shown(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", '{"source": "a", "target": "b"}\nHello there\n')
    with pytest.raises(UserError, match=r"a.jsonl:2: not JSON .* the line begins with: Hello there"):
        pairs(path)
    with pytest.raises(UserError, match=r"a JSON object like {...} is needed, but the line begins with: \[1\]"):
        pairs(written(path, "[1]\n"))
    with pytest.raises(UserError, match=r"a.jsonl:1: not JSON \(nested more than 64 levels deep\)"):
        pairs(written(path, '{"a": ' + "[" * 70 + "]" * 70 + "}"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '[{"source": "x", "target": "y"}, {"source": "茶", "target": "tea"}]\n'),
        ("a.json", '[\n  {"source": "x", "target": "y"},\n  {"source": "茶", "target": "tea"}\n]\n'),
        ("a b.jsonl", '{\n  "source": "x",\n  "target": "y"\n}\n{\n"source": "茶", "target": "tea"}'),
        ("a.json.gz", '[{"source": "x", "target": "y"},{"source": "茶", "target": "tea"}]\n'),
    ],
)
def test_arrays_and_objects_over_several_lines_are_read(tmp_path: Path, name: str, content: str) -> None:
    path = written(tmp_path / name, content)
    assert pairs(path) == [("x", "y"), ("茶", "tea")]
    assert [example.place for example in Reader().read([path])] == [f"{path}, item 1", f"{path}, item 2"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('[{"source": "x", "target": "y"}, 3]', r"a.json, item 2: a JSON object like {...} is needed, but it is 3\."),
        ("[\n]", r"a.json contains no object: its array is empty\."),
        ("[]\n", r"a.json contains no object: its array is empty\."),
        (
            '[{"source": "x", "target": "y"}',
            r"a.json: not JSON \('\]' is expected at character 32, but the end follows\)",
        ),
        (
            '[{"source": "x" "target": "y"}]',
            r"a.json: not JSON \(a comma or a closing bracket is expected at character 17\)",
        ),
        ('[{"source": "x", "target": "y"}] [', r"a.json: not JSON \(more text follows at character 34\)"),
        ('[{"a": ' + "[" * 70 + "]" * 70 + "}]", r"a.json: not JSON \(nested more than 64 levels deep\)"),
    ],
)
def test_a_damaged_array_is_named(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        pairs(written(tmp_path / "a.json", content))


def test_a_line_that_is_no_object_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"a.jsonl:1: a JSON object like {...} is needed, but the line begins with: \[1"
    ):
        pairs(written(tmp_path / "a.jsonl", "[1, 2]\n"))
    with pytest.raises(UserError, match=r"a.jsonl:2: a JSON object like {...} is needed, .* begins with: \[{"):
        pairs(written(tmp_path / "a.jsonl", '{"source": "x", "target": "y"}\n[{}]\n'))


@pytest.mark.parametrize(("key", "option"), [("target", "source_field"), ("source", "target_field")])
def test_a_missing_key_names_the_option_that_names_it(tmp_path: Path, key: str, option: str) -> None:
    path = written(tmp_path / "a.jsonl", f'{{"{key}": "x", "文": "y"}}\n')
    with pytest.raises(UserError) as caught:
        pairs(path)
    assert f"no key '{option.removesuffix('_field')}'" in str(caught.value)
    assert str(caught.value).endswith(
        f"There are: {key}, 文. Name the right one with --data.reader.{option} KEY (in use: --{option} KEY)."
    )
