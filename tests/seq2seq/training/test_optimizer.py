"""Learning rates as published, weight decay where it belongs, and a schedule that resumes."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.run_setup.training_options import OptimizerOptions, ScheduleOptions
from seq2seq.training.optimizer import Schedule, optimizer_for


def schedule(rate: float = 1.0, **options: object) -> Schedule:
    weight = torch.nn.Parameter(torch.zeros(1))
    return Schedule(torch.optim.Adam([weight], lr=rate), ScheduleOptions(**options))  # type: ignore[arg-type]


def rates(made: Schedule, steps: int) -> list[float]:
    found = []
    for _ in range(steps):
        found.append(made.optimizer.param_groups[0]["lr"])
        made.optimizer.step()
        made.step()
    return found


def test_warm_up_is_a_straight_line() -> None:
    assert rates(schedule(2.0, name="constant", warmup_steps=4), 6) == [0.5, 1.0, 1.5, 2.0, 2.0, 2.0]


def test_inverse_square_root_falls_to_half_at_four_times_the_warm_up() -> None:
    found = rates(schedule(name="inverse_sqrt", warmup_steps=10), 40)
    assert found[9] == 1.0
    assert found[39] == 0.5
    assert rates(schedule(name="inverse_sqrt", warmup_steps=0), 4)[3] == 0.5


def test_cosine_reaches_the_minimum_at_the_end_of_the_run() -> None:
    made = schedule(name="cosine", warmup_steps=0, minimum=0.1)
    made.begin(10)
    found = rates(made, 12)
    assert found[0] == 1.0
    assert found[5] == pytest.approx(0.55)
    assert found[10] == found[11] == pytest.approx(0.1)


def test_a_number_of_its_own_beats_the_length_of_the_run() -> None:
    made = schedule(name="cosine", warmup_steps=0, total_steps=4, minimum=0.0)
    made.begin(100)
    assert rates(made, 5)[4] == 0.0


@given(
    name=st.sampled_from(["constant", "inverse_sqrt", "cosine"]),
    warmup=st.integers(0, 50),
    total=st.integers(60, 200),
    step=st.integers(0, 300),
)
def test_every_share_lies_between_0_and_1_and_rises_only_in_the_warm_up(
    name: str, warmup: int, total: int, step: int
) -> None:
    made = schedule(name=name, warmup_steps=warmup)
    made.begin(total)
    assert 0 < made.share(step) <= 1
    assert step < warmup or made.share(step + 1) <= made.share(step)


def test_plateau_drops_at_once_when_patience_runs_out_and_not_below_the_minimum() -> None:
    made = schedule(name="plateau", warmup_steps=0, factor=0.5, patience=1, minimum=0.2)
    for loss, rate in [(3.0, 1.0), (3.0, 1.0), (3.0, 0.5), (2.0, 0.5), (2.5, 0.5), (2.5, 0.25), (9, 0.25), (9, 0.2)]:
        made.observe(loss)
        assert made.optimizer.param_groups[0]["lr"] == rate


def test_other_schedules_do_not_look_at_losses() -> None:
    made = schedule(name="constant", warmup_steps=0, patience=0)
    made.observe(1.0)
    made.observe(2.0)
    assert made.drop == 1.0


def test_state_goes_on_but_rates_are_the_new_options() -> None:
    old = schedule(1.0, name="plateau", warmup_steps=0, patience=0)
    rates(old, 3)
    old.observe(1.0)
    old.observe(2.0)
    new = schedule(3.0, name="plateau", warmup_steps=0, patience=0)
    new.optimizer.load_state_dict(old.optimizer.state_dict())
    new.load_state_dict(old.state_dict())
    group = new.optimizer.param_groups[0]
    assert (new.last_epoch, new.best, group["lr"], group["initial_lr"]) == (3, 1.0, 1.5, 3.0)
    assert all(isinstance(value, int | float) for value in new.state_dict().values())
    assert math.isinf(schedule(name="cosine").total_steps)


def test_weight_decay_spares_biases_and_embeddings() -> None:
    network = Network(NetworkOptions(embedding_size=8, hidden_size=8), 20, 20, 0, 0)
    optimizer = optimizer_for(network, OptimizerOptions(name="adamw", weight_decay=0.1), fused=True)
    decay = {id(one): group["weight_decay"] for group in optimizer.param_groups for one in group["params"]}
    assert isinstance(optimizer, torch.optim.AdamW)
    for name, parameter in network.named_parameters():
        is_plain = "bias" in name or "embedding" in name
        assert decay[id(parameter)] == (0.0 if is_plain else 0.1), name
