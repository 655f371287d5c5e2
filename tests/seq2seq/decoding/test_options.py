"""The option groups of decoding methods, and reading options stored by an older version."""

from typing import Any

import pytest

from seq2seq.decoding.options import (
    BeamOptions,
    ConstraintOptions,
    SearchOptions,
    WritingOptions,
    of_sources,
    of_texts,
    stored_search,
    unused,
)
from seq2seq.errors import UserError
from seq2seq.files.typed_values import Fields

OF_BEAMS = set(BeamOptions().to_json())
OF_CONSTRAINTS = set(ConstraintOptions().to_json())


def test_no_option_belongs_to_two_blocks() -> None:
    assert not OF_BEAMS & OF_CONSTRAINTS
    assert set(WritingOptions().to_json()) == OF_CONSTRAINTS | {"batch_tokens"}
    own = {"no_repeat_source_ngram", "max_length_ratio", "max_length_extra", "required"}
    assert set(SearchOptions().to_json()) == OF_BEAMS | OF_CONSTRAINTS | own | {"batch_tokens"}
    assert set(unused(WritingOptions)) == OF_BEAMS | own
    assert unused(SearchOptions) == {}


def test_a_search_has_the_checks_of_all_its_blocks() -> None:
    for name in ("beam_size", "min_length", "max_length_extra", "batch_tokens"):
        with pytest.raises(UserError, match=f"{name} is -1"):
            Fields({name: -1}, "options").build(SearchOptions)


@pytest.mark.parametrize("name", ["banned", "required"])
def test_a_text_is_no_list_of_words(name: str) -> None:
    values: dict[str, Any] = {name: "a"}
    with pytest.raises(UserError, match=f"{name} is the text 'a', but it is a list of words and phrases"):
        SearchOptions(**values)


def test_a_language_model_loads_the_search_of_an_older_version() -> None:
    older = {**SearchOptions(beam_size=1, max_length=200, banned=("cat",)).to_json(), "banned": ["cat"]}
    assert stored_search(Fields(dict(older), "config.json"), WritingOptions) == WritingOptions(
        max_length=200, banned=("cat",)
    )
    assert stored_search(Fields(dict(older), "config.json"), SearchOptions).beam_size == 1
    with pytest.raises(UserError, match="WritingOptions has no option 'beam'"):
        stored_search(Fields({"beam": 1}, "config.json"), WritingOptions)


def test_each_kind_of_model_takes_its_part() -> None:
    search = SearchOptions(beam_size=3, max_length=7, max_length_ratio=3.0)
    assert of_sources(search) is search
    assert of_texts(search) == WritingOptions(max_length=7)
    with pytest.raises(UserError, match="a model that reads sources takes SearchOptions"):
        of_sources(WritingOptions())
