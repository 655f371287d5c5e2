"""Our table of Lightning's trainer options: the same names and defaults, and sentences for values that cannot work."""

import inspect
from dataclasses import fields
from typing import Any

import pytest
from lightning.pytorch import Trainer

from seq2seq.errors import UserError
from seq2seq.run_setup.trainer_options import TRAINER_DEFAULTS, UNAVAILABLE, TrainerOptions, refusal


def test_the_table_has_the_names_and_defaults_of_lightning() -> None:
    theirs = {name: one.default for name, one in inspect.signature(Trainer).parameters.items()}
    ours = {field.name: field.default for field in fields(TrainerOptions)}
    assert list(ours) == list(theirs)
    assert ours == theirs | TRAINER_DEFAULTS


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        *(({name: 3}, sentence) for name, sentence in UNAVAILABLE.items()),
        ({"max_epochs": 0}, "trainer.max_epochs is 0: nothing would be trained."),
        ({"max_epochs": -2}, "trainer.max_epochs is -2, but it must be positive, or -1"),
        ({"max_steps": -7}, "trainer.max_steps is -7, but it must be positive"),
        ({"min_epochs": -1}, "trainer.min_epochs is -1, but it must not be negative."),
        ({"min_epochs": 5, "max_epochs": 3}, "trainer.min_epochs is 5, which is more than trainer.max_epochs (3)."),
        ({"min_steps": 5, "max_steps": 3}, "trainer.min_steps is 5, which is more than trainer.max_steps (3)."),
        ({"max_time": "soon"}, "trainer.max_time is 'soon', but a time is written DD:HH:MM:SS"),
        ({"max_time": "00:00:00:00"}, "but a time is written DD:HH:MM:SS"),
        (
            {"max_time": {"hour": 1}},
            "The unit of trainer.max_time is 'hour', which does not exist. Did you mean 'hours'",
        ),
        ({"max_time": {"hours": -1}}, "trainer.max_time is {'hours': -1}, but it must be above 0."),
        ({"max_time": "1" * 5000 + ":00:00:00"}, "but a time is written DD:HH:MM:SS"),
        ({"max_time": {"days": 10**9}}, "trainer.max_time is {'days': 1000000000}, but each number must be below"),
        ({"devices": "1" * 5000}, ", but it must be a number of devices such as 2"),
        ({"limit_train_batches": 0.0}, "trainer.limit_train_batches is 0: nothing would be trained."),
        (
            {"limit_train_batches": float("nan")},
            "trainer.limit_train_batches is nan, but it must be a number of batches",
        ),
        ({"limit_test_batches": -3}, "trainer.limit_test_batches is -3, but it must be a number of batches or a share"),
        (
            {"limit_predict_batches": 1.5},
            "is 1.5, but a share must be at most 1: give a whole number to count batches.",
        ),
        ({"val_check_interval": 0}, "trainer.val_check_interval is 0, but it must be at least 1 batch"),
        ({"val_check_interval": float("inf")}, "trainer.val_check_interval is inf, but it must be a number of batches"),
        ({"val_check_interval": "1 hour"}, "trainer.val_check_interval is '1 hour', but a time is written DD:HH:MM:SS"),
        ({"check_val_every_n_epoch": 0}, "trainer.check_val_every_n_epoch is 0, but it must be at least 1"),
        ({"max_epochs": -1}, "trainer.max_epochs is -1 and nothing else ends the run: give trainer.max_steps or"),
        ({"check_val_every_n_epoch": None}, "give trainer.val_check_interval as a whole number."),
        ({"accumulate_grad_batches": 0}, "trainer.accumulate_grad_batches is 0, but a step needs at least 1 batch."),
        (
            {"gradient_clip_val": float("nan")},
            "trainer.gradient_clip_val is nan, but it must be a number of at least 0",
        ),
        ({"gradient_clip_val": -1.0}, "trainer.gradient_clip_val is -1.0, but it must be a number of at least 0"),
        ({"gradient_clip_algorithm": "nrm"}, "'nrm', which does not exist. Did you mean 'norm'?"),
        ({"deterministic": "maybe"}, "trainer.deterministic is 'maybe', but it must be true, false or warn."),
        ({"log_every_n_steps": 0}, "trainer.log_every_n_steps is 0, but it must be at least 1."),
        ({"num_nodes": 0}, "trainer.num_nodes is 0, but it must be at least 1."),
        ({"strategy": "ddp_spawn"}, "trainer.strategy is 'ddp_spawn', which forks this process"),
        ({"strategy": "ddp_notebook"}, "type --trainer.strategy ddp."),
        ({"strategy": "ddpp"}, "trainer.strategy is 'ddpp', which does not exist. Did you mean 'ddp'? Choose from:"),
        ({"strategy": "deepspeed_stage_2"}, "splits a network among GPUs, but these networks fit into one"),
        ({"accelerator": "gpuu"}, "trainer.accelerator is 'gpuu', which does not exist. Did you mean 'gpu'?"),
        ({"devices": "x"}, "trainer.devices is x, but it must be a number of devices such as 2, a list of GPUs"),
        ({"devices": []}, "trainer.devices is [], but it must be a number of devices"),
        ({"devices": 0}, "trainer.devices is 0, but a run needs at least 1"),
        ({"precision": 64}, "trainer.precision is 64, which this network does not support. Choose from: 32-true, "),
        ({"precision": "16-true"}, "trainer.precision is 16-true, which this network does not support."),
        ({"profiler": "simpel"}, "trainer.profiler is 'simpel', which does not exist. Did you mean 'simple'?"),
    ],
)
def test_what_cannot_work_is_refused(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        TrainerOptions(**values)
    assert sentence in str(refusal.value)


def test_what_works_is_accepted() -> None:
    TrainerOptions(
        max_epochs=-1,
        max_time={"minutes": 5},
        limit_train_batches=0.5,
        limit_val_batches=1,
        val_check_interval="00:00:10:00",
        deterministic="warn",
        profiler="simple",
        strategy="ddp",
        fast_dev_run=False,
        num_sanity_val_steps=None,
    )
    TrainerOptions(check_val_every_n_epoch=None, val_check_interval=500)
    for devices in ("auto", 1, "2", -1, "-1", [0, 2], "0,2", "0,"):
        TrainerOptions(devices=devices, accelerator="gpu", strategy="auto")


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            "`val_check_interval` (5000) must be less than or equal to the number of the training batches (10). If you",
            "trainer.val_check_interval is 5000, but an epoch has 10 batches: give at most that, or add --trainer.",
        ),
        (
            "You requested to check 0.0001 of the `val_dataloader` but 0.0001 * 2 < 1. Please increase the",
            "trainer.limit_val_batches is 0.0001, which is less than one of 2 batches: give a larger share, or a whole",
        ),
        ("No supported gpu backend found!", "PyTorch finds no device here of the kind that trainer.accelerator names"),
        ("`MPSAccelerator` can not run on your system since", "PyTorch finds no device here of the kind that trainer."),
        ("Requirement 'torch_xla>=1.13' not met. HINT: Try", "PyTorch finds no device here of the kind that trainer."),
        (
            "`devices` selected with `CPUAccelerator` should be an int > 0.",
            "On a processor, trainer.devices is a number of processes: at least 1, such as 2.",
        ),
        (
            "You requested gpu: [7]\n But your machine only has: [0, 1]",
            "trainer.devices asks for the GPUs [7], but this machine has [0, 1].",
        ),
        ("No\n such  device", "The trainer refuses its options: No such device"),
    ],
)
def test_what_lightning_refuses_is_a_sentence_of_ours(message: str, sentence: str) -> None:
    assert refusal(message).startswith(sentence)
