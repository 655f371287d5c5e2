"""The progress line: on a log every so often, with speed, place and time left."""

import re
from pathlib import Path

import pytest

from seq2seq.commands import fit
from seq2seq.progress import ProgressLine
from tests.seq2seq.trained import here

__all__ = ["here"]


@pytest.mark.usefixtures("here")
def test_lines_of_a_log(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # Every step is late enough for a line.
    monkeypatch.setattr(ProgressLine.__init__, "__defaults__", (0.0, 0.0))
    assert fit.main(["reversing", "--trainer.enable_progress_bar", "true", "--trainer.max_epochs", "2"]) == 0
    lines = capsys.readouterr().err.splitlines()
    steps = [line for line in lines if "tokens/s" in line]
    pattern = r"epoch [12]/2  step \d+  loss \d\.\d{3}  rate \d\.\d\de-\d\d  [\d,]+ tokens/s  \d:\d\d:\d\d left"
    assert all(re.fullmatch(pattern, line) for line in steps)
    assert len(steps) > 10
    validations = [line for line in lines if "validation (" in line]
    assert len(validations) == 2
    assert re.fullmatch(
        r"epoch 1/2  step \d+  validation \(\d\.\d s\): loss [\d.]+  perplexity [\d.]+  bleu [\d.e-]+  best so far",
        validations[0],
    )


@pytest.mark.usefixtures("here")
def test_silence_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    assert fit.main(["reversing", "--run_dir", "run"]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("run\n", "")
    assert Path("run").is_dir()
