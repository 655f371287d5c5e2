"""What follows from a task's class: training options, conversations, sample corpora, and the use of reverse models."""

from collections.abc import Mapping
from typing import ClassVar

import pytest

from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.plugin.registry import load
from seq2seq.plugin.task import Task, TextTask, converses, has_sample, require_verb, training_defaults


class Tales(TextTask):
    """A language model that changes one of the options of all language models."""

    training: ClassVar[Mapping[str, object]] = {"model.label_smoothing": 0.1, "model.network.hidden_size": 64}


def test_a_language_model_has_options_of_its_own() -> None:
    assert training_defaults(Task()) == {}
    defaults = training_defaults(Tales())
    assert (defaults["model.network.encoder"], defaults["model.network.hidden_size"]) == ("none", 64)
    assert defaults["model.label_smoothing"] == 0.1  # the task's value takes precedence
    assert Tales().metrics(Reader()) == []


def test_a_task_converses_or_has_a_sample_if_it_says_how() -> None:
    assert not converses(Task())
    assert not has_sample(Task())
    assert {name: converses(load(name)) for name in ("dialogue", "translation")} == {
        "dialogue": True,
        "translation": False,
    }
    assert has_sample(load("dialogue"))


def test_a_reverse_model_has_a_verb_only_if_the_task_is_reversible() -> None:
    require_verb(load("translation"), Reader(reverse=True), "runs/first")
    require_verb(load("dialogue"), Reader(), "runs/first")
    with pytest.raises(UserError, match=r"^runs/first was trained with --data\.reverse true: .* To chat, use a model"):
        require_verb(load("dialogue"), Reader(reverse=True), "runs/first")
