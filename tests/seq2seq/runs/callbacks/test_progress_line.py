"""The progress line: on a log every so often, with speed, place and time left."""

import re
from pathlib import Path
from typing import cast

import pytest
from lightning.pytorch import LightningModule, Trainer

from seq2seq.commands import fit
from seq2seq.run_setup.training_options import StoppingOptions
from seq2seq.runs.callbacks.best_tracker import BestTracker
from seq2seq.runs.callbacks.progress_line import ProgressLine
from tests.seq2seq.trained import here

__all__ = ["here"]


@pytest.mark.usefixtures("here")
def test_lines_of_a_log(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # Every step is late enough for a line.
    monkeypatch.setattr(ProgressLine.__init__, "__defaults__", (0.0, 0.0))
    assert fit.main(["reversing", "--trainer.enable_progress_bar", "true", "--trainer.max_epochs", "2"]) == 0
    lines = capsys.readouterr().err.splitlines()
    steps = [line for line in lines if "tokens/s" in line]
    pattern = (
        r"epoch [12]/2  step \d+/\d+  loss \d\.\d{3}  \d:\d\d:\d\d elapsed  \d:\d\d:\d\d left  "
        r"[\d,]+ tokens/s  rate \d\.\d\de-\d\d"
    )
    assert all(re.fullmatch(pattern, line) for line in steps)
    assert len(steps) > 10
    validations = [line for line in lines if "validation (" in line]
    assert len(validations) == 2
    assert re.fullmatch(
        r"epoch 1/2  step \d+/\d+  validation \(\d\.\d s\): loss [\d.]+  perplexity [\d.]+  bleu [\d.e-]+  best so far",
        validations[0],
    )
    assert not any(character in line for line in lines for character in "\r\x1b")


def terminal_line(columns: int, monkeypatch: pytest.MonkeyPatch) -> ProgressLine:
    """Return a progress line as on a terminal."""
    monkeypatch.setenv("COLUMNS", str(columns))
    line = ProgressLine(BestTracker(StoppingOptions(), "val_bleu", True))
    line.line.is_terminal = True
    return line


@pytest.mark.parametrize("columns", [30, 60, 80, 200])
def test_a_line_never_wraps(columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    parts = ("epoch 1/30  step 1,234/13,590", "loss 3.214", "0:12:03 elapsed", "1:40:12 left", "1,200 tokens/s")
    terminal_line(columns, monkeypatch).line.write(*parts)
    written = capsys.readouterr().err
    assert written.startswith("\r\x1b[K" + parts[0][: columns - 2])
    assert len(written.removeprefix("\r\x1b[K")) < columns
    assert ("1:40:12 left" in written) == (columns >= 80)
    assert "\n" not in written


def test_what_follows_an_open_line_begins_on_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = terminal_line(80, monkeypatch)
    trainer, module = cast(Trainer, None), cast(LightningModule, None)
    for _ in range(2):
        line.line.write("step 1")
        line.on_exception(trainer, module, KeyboardInterrupt())
        line.on_train_end(trainer, module)  # it is closed already
        assert capsys.readouterr().err == "\r\x1b[Kstep 1\n"


def test_a_long_log_has_fewer_and_fewer_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], here: Path
) -> None:
    monkeypatch.setattr(ProgressLine.__init__, "__defaults__", (0.0, 1e-9))
    monkeypatch.setattr("seq2seq.runs.callbacks.progress_line.LOG_GROWTH", 1e12)
    assert fit.main(["reversing", "--trainer.enable_progress_bar", "true", "--trainer.max_epochs", "2"]) == 0
    assert capsys.readouterr().err.count("tokens/s") == 1


@pytest.mark.usefixtures("here")
def test_silence_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    assert fit.main(["reversing", "--run_dir", "run"]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("run\n", "")
    assert Path("run").is_dir()
