"""Untrusted JSON and YAML: bounded, and every fault gives one sentence."""

import json
import math
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from seq2seq.errors import UserError
from seq2seq.files.parsing import (
    DEPTH,
    YAML_VALUES,
    is_deeper,
    parse_json,
    parse_yaml,
    read_json,
    read_text,
    read_yaml,
    size,
)

PLAIN = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(),
    lambda part: some.lists(part, max_size=4) | some.dictionaries(some.text(), part, max_size=4),
    max_leaves=20,
)


@settings(max_examples=50)
@given(PLAIN)
def test_what_is_plain_comes_back(value: object) -> None:
    assert parse_json(json.dumps(value), "a.json") == value
    assert parse_yaml(yaml.safe_dump(value), "a.yaml") == value


@settings(max_examples=300)
@given(some.text() | some.text("[]{}:,-&*!|>'\"#? \n\t0123456789eE.+_<=~%@`", max_size=60))
def test_any_text_is_a_value_or_a_sentence(text: str) -> None:
    for parse in (parse_json, parse_yaml):
        try:
            parse(text, "a file")
        except UserError as fault:
            assert str(fault).startswith("a file ")  # noqa: PT017 - either is right


@pytest.mark.parametrize("levels", [DEPTH, DEPTH + 1, 900, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("parse", [parse_json, parse_yaml])
def test_deep_values_are_refused(parse: Callable[[str, str], object], opened: str, closed: str, levels: int) -> None:
    text = opened * levels + "1" + closed * levels
    if levels <= DEPTH:
        assert not is_deeper(parse(text, "a file"), DEPTH)
    else:
        with pytest.raises(UserError, match=r"^a file is nested more than 64 levels deep, the limit for such a file"):
            parse(text, "a file")


def test_halves_of_surrogate_pairs_become_a_replacement() -> None:
    for text in (r'{"a\ud800": ["\udfff", "\uD83D\uDE00", "\\ud800"]}', r'{"a\uD800": ["\uDFFF", "😀", "\\ud800"]}'):
        assert parse_json(text, "a.json") == {"a\ufffd": ["\ufffd", "😀", "\\ud800"]}


def bomb(levels: int, width: int = 9) -> str:
    """Return a YAML text whose last line stands for width ** levels values."""
    lines = [f"a0: &a0 [{', '.join(['x'] * width)}]"]
    lines += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * width)}]" for number in range(1, levels)]
    return "\n".join(lines)


def test_aliases_may_repeat_but_not_multiply() -> None:
    assert parse_yaml("a: &a {b: 1}\nc: {<<: *a, d: *a}", "a.yaml") == {"a": {"b": 1}, "c": {"b": 1, "d": {"b": 1}}}
    assert len(bomb(8)) < 500
    before = time.process_time()
    for text in (bomb(8), bomb(30), bomb(8).replace("[", "{? [").replace("]", "] : x}")):
        with pytest.raises(
            UserError, match=f"^a.yaml contains more than {YAML_VALUES:,} values, counting what its alias"
        ):
            parse_yaml(text, "a.yaml")
    assert time.process_time() - before < 5
    for text in ("&a [*a]", "a: *b", "&a {b: *a}"):
        with pytest.raises(UserError, match=r"^a\.yaml "):
            parse_yaml(text, "a.yaml")


@pytest.mark.parametrize("text", ["9" * 401, "1:" * 300 + "1", "-" + "9" * 5000, "0." + "3" * 1000])
def test_long_numbers_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="number of more than 400 characters"):
        parse_yaml(text, "a.yaml")
    if ":" not in text and "." not in text:
        with pytest.raises(UserError, match="number of more than 400 characters"):
            parse_json(text, "a.json")
    assert parse_yaml(f"'{text}'", "a.yaml") == text
    assert math.isinf(float(str(parse_json("1e999", "a.json"))))


@pytest.mark.parametrize("text", ["!!python/object/apply:os.system [ls]", "!!python/name:os.system", "!!binary 'ä'"])
def test_yaml_makes_no_objects(text: str) -> None:
    with pytest.raises(UserError, match=r"^a\.yaml is damaged or not YAML"):
        parse_yaml(text, "a.yaml")


def test_files_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" + "1," * 100 + "1]", encoding="utf-8")
    assert read_json(path) == [1] * 101
    with pytest.raises(UserError, match=r"a\.json is larger than 100 bytes, the limit for such a file"):
        read_json(path, most=100)
    path.write_bytes(b"\xef\xbb\xbf{}")
    assert read_json(path) == read_yaml(path) == {}
    path.write_bytes(b"a\xff")
    with pytest.raises(UserError, match=r"a\.json is not UTF-8 \(byte 0xff at position 2\)"):
        read_text(path)
    with pytest.raises(UserError, match=r"b\.json could not be read: No such file"):
        read_text(tmp_path / "b.json")
    assert (size(3 << 20), size(1000)) == ("3 MiB", "1,000 bytes")
