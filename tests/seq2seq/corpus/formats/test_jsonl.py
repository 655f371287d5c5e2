"""JSONL files: errors for lines that are not JSON objects, for other forms of JSON, and for missing keys."""

import shlex
from pathlib import Path

import pytest

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
    ("name", "content", "program"),
    [
        ("a.json", '[{"source": "x", "target": "y"}]\n', ".[]"),
        ("a.json", '[\n  {"source": "x", "target": "y"}\n]\n', ".[]"),
        ("a b.jsonl", '{\n  "source": "x",\n  "target": "y"\n}\n', "."),
        ("a.json.gz", '[{"source": "x", "target": "y"}]\n', ".[]"),
    ],
)
def test_json_of_another_form_is_told_its_conversion(tmp_path: Path, name: str, content: str, program: str) -> None:
    path = written(tmp_path / name, content)
    with pytest.raises(UserError) as caught:
        pairs(path)
    made = tmp_path / f"{name.split('.')[0]}-lines.jsonl"
    given = f"jq -c '{program}' {shlex.quote(str(path))}"
    if name.endswith(".gz"):
        given = f"gzip -dc {path} | jq -c '{program}'"
    assert str(caught.value) == (
        f"{path} is JSON, but not with one object in each line (JSONL): convert it with {given} > "
        f"{shlex.quote(str(made))}"
    )


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
