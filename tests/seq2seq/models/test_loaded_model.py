"""A model in memory: its verb, its name, and the numbers of texts."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.decoding.options import SamplingOptions, SearchOptions, of_sources
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin.registry import MODEL_ATTRIBUTES
from tests.seq2seq.decoded import sampled, searched, source_model

TEXTS = ["the old dog sees two books", "", "a cat", "three big red birds in Beijing today eat", "a cat", "   ", "dog"]


@pytest.fixture
def loaded(model: Path) -> SourceModel:
    """A model with random weights."""
    return source_model(model)


def test_the_verb_is_a_method(loaded: SourceModel) -> None:
    assert loaded.mimic(TEXTS) == [outputs[0].text for outputs in searched(loaded, TEXTS)]
    assert loaded.mimic(TEXTS, SearchOptions(beam_size=1, max_length=3)) != loaded.mimic(TEXTS)
    assert loaded.mimic([]) == []
    assert "mimic" in dir(loaded)
    assert copy.copy(loaded).mimic(["a cat"]) == loaded.mimic(["a cat"])


def test_one_text_gives_one_text_and_a_list_a_list(loaded: SourceModel) -> None:
    one: str = loaded.mimic("a cat")
    several: list[str] = loaded.mimic(["a cat", "a dog"])
    assert [one] == several[:1] == loaded.mimic(("a cat",))
    search = replace(of_sources(loaded.search), beam_size=1)
    assert [loaded.mimic("a cat", search)] == loaded.mimic(["a cat"], search)
    assert loaded.mimic("") == ""
    assert loaded.mimic([]) == []
    with pytest.raises(UserError, match=r"A text, or a list of texts, is needed: model\.mimic\(text\)\."):
        loaded.mimic()


def test_another_task_s_verb_is_refused_with_this_one_s(loaded: SourceModel) -> None:
    with pytest.raises(AttributeError) as fault:
        loaded.translate(["a"])
    assert str(fault.value) == (
        "This is a model for 'toy': it has no 'translate'. Type model.mimic(text), model.decode([text]) for "
        "alternatives or samples, or model.score for the probability of given texts."
    )
    assert not hasattr(loaded, "_private")


def test_the_names_that_no_verb_may_have_are_the_attributes_of_models(loaded: SourceModel) -> None:
    names = {*vars(loaded), *dir(SourceModel), *dir(LanguageModel)}
    assert {name for name in names if not name.startswith("_")} - {"generate"} == MODEL_ATTRIBUTES


def test_it_introduces_itself(loaded: SourceModel) -> None:
    assert repr(loaded) == f"<seq2seq model: toy en-zh, {loaded.network.weight_count():,} weights, on cpu>"


def test_numbers_make_the_draws(loaded: SourceModel) -> None:
    drawn = sampled(loaded, TEXTS, SamplingOptions(), first=4)
    back = sampled(loaded, TEXTS[::-1], SamplingOptions(), numbers=[10, 9, 8, 7, 6, 5, 4])
    assert back[::-1] == drawn
    with pytest.raises(UserError, match="7 texts came with 1 number"):
        sampled(loaded, TEXTS, numbers=[1])


def test_only_a_model_of_the_package_begins_sessions(model: Path) -> None:
    with pytest.raises(UserError, match=r"Only a model of seq2seq\.load begins sessions: type seq2seq\.load\(path\)"):
        SourceModel(bundle.load(model)).session()
