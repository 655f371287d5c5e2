"""Requests become dataclasses, and dataclasses become answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.typed_fields import Upload, build, jsonable, written_as


@dataclass(frozen=True)
class Inner:
    """An object."""

    size: int
    name: str = "none"


@dataclass(frozen=True)
class Outer:
    """An object with all kinds of fields."""

    q: str | tuple[str, ...]
    count: int = 1
    share: float | None = None
    is_fast: bool = field(default=False, metadata=written_as("isFast"))
    kind: Literal["a", "b"] = "a"
    inner: Inner | None = None
    several: tuple[Inner, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    file: Upload | None = None


def test_json_is_typed() -> None:
    values = {
        "q": ["a", "b"],
        "count": None,
        "share": 1,
        "isFast": True,
        "kind": "b",
        "inner": {"size": 3, "unknown": []},
        "several": [{"size": 1, "name": "x"}],
        "others": {"a": 1},
        "unknown": 7,
    }
    built = build(Outer, values)
    assert built == Outer(
        ("a", "b"), share=1.0, is_fast=True, kind="b", inner=Inner(3), several=(Inner(1, "x"),), others={"a": 1}
    )
    assert isinstance(built.share, float)


def test_forms_are_converted() -> None:
    values: dict[str, Any] = {"q": ["a"], "count": ["3"], "share": ["0.5"], "isFast": ["TRUE"], "kind": ["b"]}
    assert build(Outer, values, is_text=True) == Outer("a", 3, 0.5, True, "b")
    assert build(Outer, {"q": ["a", "b"], "isFast": ["0"]}, is_text=True) == Outer(("a", "b"))
    upload = Upload("a.txt", b"a")
    assert build(Outer, {"q": ["a"], "file": [upload]}, is_text=True).file is upload


@pytest.mark.parametrize(
    ("values", "is_text", "sentence"),
    [
        ({}, False, "q is missing."),
        ({"q": None}, False, "q is missing."),
        ({"q": {}}, False, "q must be a text or a list of texts, but it is a mapping."),
        ({"q": ["a", 1]}, False, "q[1] must be a text, but it is a whole number."),
        ({"q": "a", "count": 1.5}, False, "count must be a whole number, but it is a number."),
        ({"q": "a", "count": True}, False, "count must be a whole number, but it is true."),
        (
            {"q": "a", "count": 1 << 63},
            False,
            "count must be a whole number, but it is an integer outside the 64-bit range.",
        ),
        ({"q": "a", "share": float("nan")}, False, "share must be a number, but it is a number."),
        ({"q": "a", "kind": "c"}, False, "kind is 'c', but it must be one of a, b."),
        ({"q": "a", "inner": {}}, False, "inner.size is missing."),
        ({"q": "a", "inner": {"size": "x"}}, False, "inner.size must be a whole number, but it is a text."),
        ({"q": "a", "several": [{}]}, False, "several[0].size is missing."),
        ({"q": "a", "several": 3}, False, "several must be a list of objects, but it is a whole number."),
        ({"q": "a", "others": {"a": "b"}}, False, "others.a must be a whole number, but it is a text."),
        ({"q": "a", "file": "a"}, False, "file must be a file, but it is a text."),
        ({"q": ["a"], "count": ["x"]}, True, "count is 'x', but it must be a whole number."),
        ({"q": ["a"], "count": ["9" * 5000]}, True, f"count is '{'9' * 80}', but it must be a whole number."),
        ({"q": ["a"], "share": ["inf"]}, True, "share is 'inf', but it must be a number."),
        ({"q": ["a"], "isFast": ["maybe"]}, True, "isFast is 'maybe', but it must be true or false."),
        ({"q": ["a"], "count": ["1", "2"]}, True, "count was given 2 times, but it must be a whole number."),
        ({"q": ["a"], "inner": ["{}"]}, True, "inner has fields of its own: send the request as JSON."),
        ({"q": [Upload("a", b"")]}, True, "q must be a text or a list of texts, but it is a file."),
    ],
)
def test_a_wrong_field_is_named(values: dict[str, Any], is_text: bool, sentence: str) -> None:
    with pytest.raises(RequestError) as fault:
        build(Outer, values, is_text=is_text)
    assert str(fault.value) == sentence
    assert fault.value.status == 400
    assert fault.value.parameter


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda parts: st.lists(parts) | st.dictionaries(st.sampled_from(["q", "size", "name", "x"]), parts),
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("q", "count", "share", "kind", "inner", "several"), JSON)))
def test_any_json_is_typed_or_refused(values: dict[str, Any]) -> None:
    try:
        built = build(Outer, values)
    except RequestError:
        return
    assert isinstance(built.q, str) or all(isinstance(text, str) for text in built.q)
    assert type(built.count) is int
    assert built.inner is None or type(built.inner.size) is int


def test_an_answer_leaves_out_what_is_not_there() -> None:
    assert jsonable(Outer("a", 2, None, True, "a", Inner(1), (Inner(2),))) == {
        "q": "a",
        "count": 2,
        "isFast": True,
        "kind": "a",
        "inner": {"size": 1, "name": "none"},
        "several": [{"size": 2, "name": "none"}],
        "others": {},
    }


def test_an_answer_has_no_number_that_json_lacks() -> None:
    assert jsonable((float("-inf"), float("nan"), 1.5, None)) == [None, None, 1.5, None]
