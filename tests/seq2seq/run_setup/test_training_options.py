"""Every message that refuses an option."""

from typing import Any

import pytest

from seq2seq.errors import UserError
from seq2seq.options import Options
from seq2seq.run_setup.training_options import (
    CheckpointOptions,
    CoverageOptions,
    OptimizerOptions,
    ScheduledSamplingOptions,
    ScheduleOptions,
    StoppingOptions,
    ValidationOptions,
)


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        (OptimizerOptions, {"name": "adamv"}, "optimizer.name is 'adamv', which does not exist. Did you mean 'adam'?"),
        (OptimizerOptions, {"learning_rate": 0.0}, "learning_rate is 0.0, but it must be above 0."),
        (OptimizerOptions, {"epsilon": 0.0}, "epsilon is 0.0, but it must be above 0."),
        (OptimizerOptions, {"weight_decay": -1.0}, "weight_decay is -1.0, but it must not be negative."),
        (OptimizerOptions, {"beta1": 1.0}, "beta1 is 1.0, but it is a probability"),
        (OptimizerOptions, {"beta2": -0.1}, "beta2 is -0.1, but it is a probability"),
        (OptimizerOptions, {"ema_decay": 1.0}, "ema_decay is 1.0, but it is a probability"),
        (OptimizerOptions, {"average_after": -1}, "average_after is -1, but it must not be negative"),
        (OptimizerOptions, {"average_after": 5, "ema_decay": 0.9}, "but there is one average: leave out one of them"),
        (ScheduleOptions, {"name": "cosin"}, "Did you mean 'cosine'?"),
        (ScheduleOptions, {"warmup_steps": -1}, "schedule.warmup_steps is -1, but it must not be negative."),
        (ScheduleOptions, {"patience": -1}, "schedule.patience is -1, but it must not be negative."),
        (ScheduleOptions, {"total_steps": 9}, "schedule.total_steps is 9 but must be 0 or above warmup_steps (400)."),
        (ScheduleOptions, {"minimum": 1.0}, "schedule.minimum is 1.0"),
        (ScheduleOptions, {"factor": 1.0}, "schedule.factor is 1.0"),
        (ScheduledSamplingOptions, {"probability": 1.0}, "scheduled_sampling.probability is 1.0, but it is a prob"),
        (ScheduledSamplingOptions, {"start_step": -1}, "scheduled_sampling.start_step is -1, but it must not be"),
        (ScheduledSamplingOptions, {"ramp_steps": -1}, "scheduled_sampling.ramp_steps is -1, but it must not be"),
        (ScheduledSamplingOptions, {"choice": "bast"}, "Did you mean 'best'?"),
        (CoverageOptions, {"loss_weight": -1.0}, "coverage.loss_weight is -1.0, but it must not be negative."),
        (CoverageOptions, {"score_start_step": -1}, "coverage.score_start_step is -1, but it must not be negative."),
        (CoverageOptions, {"loss_start_step": 5}, "coverage.loss_weight is 0, so the loss is off"),
        (ValidationOptions, {"decode_every": -1}, "validation.decode_every is -1, but it must not be negative."),
        (ValidationOptions, {"beam_size": 0}, "validation.beam_size is 0, but it must be at least 1."),
        (ValidationOptions, {"sentences": -1}, "validation.sentences is -1, but it must not be negative."),
        (StoppingOptions, {"monitor": "los"}, "Did you mean 'loss'?"),
        (StoppingOptions, {"patience": -1}, "stopping.patience is -1, but it must not be negative."),
        (StoppingOptions, {"min_delta": -0.5}, "stopping.min_delta is -0.5, but it must not be negative."),
        (StoppingOptions, {"start_after": -2}, "stopping.start_after is -2, but it must not be negative."),
        (CheckpointOptions, {"every_minutes": 0.0}, "checkpoint.every_minutes is 0.0, but it must be above 0."),
        (CheckpointOptions, {"keep": -1}, "checkpoint.keep is -1, but it must not be negative."),
    ],
)
def test_refusals(kind: type[Options], values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        kind(**values)
    assert sentence in str(refusal.value)
