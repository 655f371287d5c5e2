"""Training in mixed precision, on processors with and without support."""

import math
from pathlib import Path

import pytest
import torch

from seq2seq.commands import fit
from seq2seq.network.precision import supported
from tests.seq2seq.trained import curves, here, load

__all__ = ["here"]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("precision", ["bf16-mixed", "16-mixed"])
def test_mixed_precision_and_threads(here: Path, precision: str, capsys: pytest.CaptureFixture[str]) -> None:
    threads = torch.get_num_threads()
    try:
        assert fit.main(["reversing", "--run_dir", "run", "--trainer.precision", precision, "--threads", "1"]) == 0
    finally:
        torch.set_num_threads(threads)
    trained_in, note = supported(precision, "auto")
    assert (trained_in == precision) == (note not in capsys.readouterr().err.splitlines())
    assert math.isfinite(float(curves(here / "run")[-1][3]))
    assert load(here / "run")["state_dict"]["network.output.bias"].dtype == torch.float32
