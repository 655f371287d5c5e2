"""Defaults of runs that start from a trained model."""

from typing import Any

import pytest

from seq2seq.run_setup.data_defaults import NEW_MODEL, fitted
from seq2seq.run_setup.fine_tuning_defaults import RATE, FirstTraining
from tests.seq2seq.run_setup.test_data_defaults import STATIC, pairs, parse

TRAINING: dict[str, Any] = {
    **STATIC,
    "data.tokenizer.source_model": "joint.model",
    "model.optimizer.name": "adam",
    "model.optimizer.learning_rate": 1e-3,
    "model.schedule.name": "inverse_sqrt",
}


def found(count: int, first: FirstTraining, *options: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the options of a run with a number of pairs, and the reason for each default."""

    def parsed(arguments: list[str]) -> dict[str, Any]:
        return parse(arguments, TRAINING)

    arguments, defaults = fitted(pairs(count), list(options), parsed, first.rules())
    return parsed(arguments), {default.option: default.reason for default in defaults}


def test_the_rate_is_a_fraction_of_that_of_the_first_training() -> None:
    values, reasons = found(2000, FirstTraining("adamw", 4e-3))
    assert values["model.optimizer.learning_rate"] == pytest.approx(4e-3 * RATE)
    assert reasons["model.optimizer.learning_rate"] == f"{RATE:g} times the 0.004 of the starting model's training"
    values, reasons = found(2000, FirstTraining())
    assert values["model.optimizer.learning_rate"] == pytest.approx(1e-3 * RATE)
    assert "the starting model's is unknown" in reasons["model.optimizer.learning_rate"]


def test_the_rate_of_another_kind_of_optimizer_says_nothing() -> None:
    values, _ = found(2000, FirstTraining("sgd", 20.0))
    assert values["model.optimizer.learning_rate"] == pytest.approx(1e-3 * RATE)
    values, reasons = found(2000, FirstTraining("adam", 1e-3), "--model.optimizer.name", "sgd")
    assert "model.optimizer.learning_rate" not in reasons
    values, _ = found(2000, FirstTraining("sgd", 20.0), "--model.optimizer.name", "sgd")
    assert values["model.optimizer.learning_rate"] == pytest.approx(20 * RATE)


@pytest.mark.parametrize("count", [30, 300, 2_000, 20_000])
def test_fine_tuning_is_shorter_than_training(count: int) -> None:
    def parsed(arguments: list[str]) -> dict[str, Any]:
        return parse(arguments, TRAINING)

    new = parsed(fitted(pairs(count), [], parsed, NEW_MODEL)[0])
    values, reasons = found(count, FirstTraining("adam", 1e-3))
    assert 3 <= values["trainer.max_epochs"] < new["trainer.max_epochs"]
    assert values["model.schedule.warmup_steps"] <= new["model.schedule.warmup_steps"]
    assert values["data.batches.max_tokens"] == new["data.batches.max_tokens"]
    assert {"trainer.max_epochs", "model.schedule.name", "model.schedule.warmup_steps"} <= reasons.keys()


def test_less_text_is_read_more_often() -> None:
    epochs = [found(count, FirstTraining())[0]["trainer.max_epochs"] for count in (100, 2_000, 50_000)]
    assert epochs == sorted(epochs, reverse=True)
    assert epochs[0] > epochs[-1]


def test_what_is_set_wins_and_is_not_announced() -> None:
    typed = ["--model.optimizer.learning_rate", "3e-4", "--trainer.max_epochs", "2", "--model.schedule.name", "plateau"]
    values, reasons = found(2000, FirstTraining("adam", 1e-3), *typed)
    assert (values["model.optimizer.learning_rate"], values["trainer.max_epochs"]) == (3e-4, 2)
    assert values["model.schedule.name"] == "plateau"
    assert not {"model.optimizer.learning_rate", "trainer.max_epochs", "model.schedule.name"} & reasons.keys()
