"""Random numbers of a batch."""

from pathlib import Path

import torch

from seq2seq.commands import fit
from tests.seq2seq.trained import here, load

__all__ = ["here"]


def test_seeding_every_batch_leaves_nothing_behind(here: Path) -> None:
    """torch.manual_seed would queue a note for every absent device at each step, and its memory would grow."""
    before = len(torch.cuda._queued_calls)
    assert fit.main(["reversing", "--run_dir", "run"]) == 0
    assert len(load(here / "run")["callbacks"]) > 2
    assert len(torch.cuda._queued_calls) - before <= 3
