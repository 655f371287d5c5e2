"""Training on a GPU: precisions, clipping, the fused optimizer, resuming, several processes, and full memory."""

import csv
from pathlib import Path

import pytest
import torch

from tests.gpu.conftest import IS_REHEARSAL
from tests.seq2seq.trained import differences, here, launch, load

__all__ = ["here"]
pytestmark = pytest.mark.gpu

TORCHRUN = ("-m", "torch.distributed.run", "--nproc_per_node", "{}", "--standalone", "-m", "seq2seq.cli")
FIT = ["fit", "reversing", "--size_defaults", "false", "--data.batches.max_tokens", "400"]
FIT += ["--model.network.hidden_size", "48", "--model.network.embedding_size", "32"]
FIT += ["--model.optimizer.learning_rate", "5e-3", "--model.schedule.warmup_steps", "10"]


def losses(run: Path) -> list[float]:
    """Return the losses of training in the order of the steps."""
    with (run / "metrics.csv").open(encoding="utf-8") as file:
        return [float(row["loss"]) for row in csv.DictReader(file) if row["split"] == "train"]


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed", "16-mixed"])
@pytest.mark.parametrize("clip", ["0", "1"])
def test_the_loss_falls_in_every_precision(here: Path, accelerator: str, precision: str, clip: str) -> None:
    """With float16, the gradients are scaled, and clipped after they have been scaled back."""
    typed = [*FIT, "--trainer.accelerator", accelerator, "--trainer.precision", precision]
    typed += ["--trainer.gradient_clip_val", clip, "--trainer.max_epochs", "4", "--run_dir", "run"]
    done = launch(here, *typed)
    assert done.returncode == 0, done.stderr
    found = losses(here / "run")
    assert found[-1] < 0.9 * found[0]
    weights = load(here / "run")["state_dict"]
    assert all(torch.isfinite(tensor).all() for tensor in weights.values())
    assert {tensor.dtype for tensor in weights.values() if tensor.is_floating_point()} == {torch.float32}


@pytest.mark.parametrize(
    "more",
    [
        ["--model.network.copying", "true", "--model.network.coverage", "true", "--model.coverage.loss_weight", "1"],
        ["--model.rdrop_weight", "1"],
        [
            "--model.network.encoder_layers",
            "2",
            "--model.network.decoder_layers",
            "2",
            "--model.network.layer_norm=gates",
        ],
        ["--model.scheduled_sampling.probability", "0.5", "--model.scheduled_sampling.ramp_steps", "1"],
        ["--data.alignment.files", "auto", "--model.optimizer.ema_decay", "0.9"],
    ],
    ids=["coverage", "R-Drop", "layers", "scheduled sampling", "alignments"],
)
def test_every_part_trains(here: Path, accelerator: str, more: list[str]) -> None:
    done = launch(
        here, *FIT, *more, "--trainer.accelerator", accelerator, "--trainer.max_epochs", "1", "--run_dir", "run"
    )
    assert done.returncode == 0, done.stderr
    assert all(torch.isfinite(tensor).all() for tensor in load(here / "run")["state_dict"].values())


@pytest.mark.parametrize("precision", ["32-true", "16-mixed"])
def test_a_resumed_run_is_the_whole_one(here: Path, accelerator: str, precision: str) -> None:
    typed = [*FIT, "--trainer.accelerator", accelerator, "--trainer.precision", precision]
    typed += ["--trainer.deterministic", "true", "--trainer.max_epochs", "2"]
    assert launch(here, *typed, "--run_dir", "whole").returncode == 0
    steps = load(here / "whole")["global_step"]
    part = launch(here, *typed, "--run_dir", "part", "--trainer.max_steps", str(steps // 2))
    assert part.returncode == 0, part.stderr
    done = launch(here, "fit", "--run_dir", "part", "--resume", "--trainer.max_steps", "-1")
    assert done.returncode == 0, done.stderr
    assert differences(here / "whole", here / "part") == []


@pytest.mark.parametrize("more", [[], ["--model.network.copying", "true", "--model.network.coverage", "true"]])
def test_processes_train_together(here: Path, accelerator: str, more: list[str]) -> None:
    """Coverage is not used in the first steps, so its weights have no gradient of their own there."""
    count = 2 if IS_REHEARSAL else torch.cuda.device_count()
    late = ["--model.coverage.score_start_step", "3"] if more else []
    typed = [*FIT, *more, *late, "--trainer.accelerator", accelerator, "--trainer.strategy", "ddp", "--run_dir", "run"]
    typed += ["--trainer.devices", str(count), "--trainer.max_epochs", "2"]
    done = launch(here, *typed, tool=tuple(word.format(count) for word in TORCHRUN))
    assert done.returncode == 0, done.stderr
    found = losses(here / "run")
    assert found[-1] < found[0]


@pytest.mark.skipif(IS_REHEARSAL, reason="needs a GPU")
def test_full_memory_is_a_sentence(here: Path) -> None:
    huge = ["--model.network.hidden_size", "8192", "--model.network.embedding_size", "8192"]
    huge += ["--model.network.encoder_layers", "64", "--model.network.decoder_layers", "64"]
    done = launch(here, *FIT, *huge, "--trainer.accelerator", "gpu", "--run_dir", "run")
    assert done.returncode == 1
    assert "Memory is full" in done.stderr
    assert "Traceback" not in done.stderr
