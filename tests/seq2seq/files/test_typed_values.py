"""Checking the values of files against annotated types."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.errors import UserError
from seq2seq.files.typed_values import LARGEST, Fields, fits, kind_of, named
from seq2seq.models.lengths import Lengths
from seq2seq.network.options import NetworkOptions
from tests.seq2seq.files.test_parsing import PLAIN


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (int, [0, -1, LARGEST], [True, 1.0, "1", None, LARGEST + 1, [], {}]),
        (float, [0.5, 3, float("nan")], [True, "0.5", 1 << 64, None, [0.5]]),
        (bool, [True], [0, "true", None]),
        (str, ["", "你好"], [1, None, ["a"]]),
        (int | None, [3, None], ["3", False]),
        (list[str], [[], ["a"]], ["a", ["a", 1], {"a": 1}, None]),
        (tuple[str, ...], [[], ["a", "b"]], ["ab", [1]]),
        (tuple[int, str], [[1, "a"]], [[1], ["a", 1]]),
        (Sequence[int], [[1]], [[1.5], "12"]),
        (dict[str, int], [{}, {"a": 1}], [{"a": "b"}, {1: 1}, [1]]),
        (Literal["a", 1], ["a", 1], ["b", True, 1.0]),
        (Path, [], ["a", None, {"class_path": "pathlib.Path"}]),
        (Any, [], ["a", 1]),
    ],
)
def test_types(kind: Any, good: list[object], bad: list[object]) -> None:  # noqa: ANN401 - an annotation
    assert [fits(value, kind) for value in good] == [True] * len(good)
    assert [fits(value, kind) for value in bad] == [False] * len(bad)


def test_types_have_names() -> None:
    assert named(int | None) == "a whole number or null"
    assert named(Literal["a", "b"]) == "one of a, b"
    values: list[object] = [True, 1, 1 << 64, 0.5, "", [], {}, None]
    assert [kind_of(one) for one in values] == [
        *(
            "true",
            "a whole number",
            "an integer outside the 64-bit range",
            "a number",
            "a text",
            "a list",
            "a mapping",
            "null",
        )
    ]


@pytest.mark.parametrize(
    "options", [NetworkOptions(), SearchOptions(banned=("a",)), SamplingOptions(), RerankOptions()]
)
def test_options_come_back(options: Any) -> None:  # noqa: ANN401 - a block of options
    assert Fields(options.to_json(), "config.json").build(type(options)) == options


@given(some.dictionaries(some.sampled_from(sorted(SearchOptions().to_json())), PLAIN, max_size=3))
def test_any_values_are_options_or_a_sentence(values: dict[str, object]) -> None:
    try:
        made = Fields(values, "config.json").build(SearchOptions)
    except UserError as fault:
        assert str(fault)  # noqa: PT017 - either is right
    else:
        assert replace(made) == made


@dataclass(frozen=True)
class Empty:
    """Nothing."""


@pytest.mark.parametrize("values", [[], "a", None, 3, {1: 2}])
def test_only_mappings_have_fields(values: object) -> None:
    why = "not all its names are strings" if isinstance(values, dict) else "it"
    with pytest.raises(UserError, match=rf"^a\.json must contain a mapping of names to values, but {why}"):
        Fields(values, "a.json")
    with pytest.raises(UserError, match=rf"^a\.json: b must be a mapping of names to values, but {why}"):
        Fields({"b": values}, "a.json").section("b")
    with pytest.raises(UserError, match=rf"^a\.json: b\[1\] must be a mapping of names to values, but {why}"):
        Fields({"b": [{}, values]}, "a.json").sections("b")


def test_fields_are_read_with_their_types() -> None:
    fields = Fields({"n": 3, "t": "x", "l": [], "o": {"k": None}, "z": None}, "a.json")
    assert (fields.whole("n"), fields.text("t"), fields.get("m", int, 7), fields.sections("m")) == (3, "x", 7, [])
    assert ("n" in fields, "z" in fields, "m" in fields) == (True, False, False)
    for fault, call in (
        ("a.json: n must be a text, but it is a whole number.", lambda: fields.text("n")),
        ("a.json: n is 3, but it must lie between 4 and 9.", lambda: fields.whole("n", 4, 9)),
        ("a.json: m is missing.", lambda: fields.text("m")),
        ("a.json: m is missing.", lambda: fields.section("m")),
        ("a.json: target is missing.", lambda: Fields({"source": 1}, "a.json").build(Lengths)),
        ("a.json: o.k must be a text, but it is null.", lambda: fields.section("o").text("k")),
        ("a.json: n must be a list, but it is a whole number.", lambda: fields.sections("n")),
        ("a.json: Empty has no option 'k'. It has: .", lambda: fields.section("o").build(Empty)),
    ):
        with pytest.raises(UserError) as refusal:
            call()
        assert str(refusal.value) == fault
