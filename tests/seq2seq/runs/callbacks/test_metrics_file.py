"""The learning curves of a resumed run: what is written stays, whatever happened to the file."""

from pathlib import Path

import pytest

from seq2seq.commands import fit
from tests.seq2seq.trained import curves, here

__all__ = ["here"]

RESUME = ["--run_dir", "run", "--resume", "--trainer.max_steps"]


@pytest.mark.usefixtures("here")
def test_a_file_that_is_too_short_keeps_what_it_has(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = here / "run" / "metrics.csv"
    assert fit.main(["reversing", "--run_dir", "run", "--trainer.max_steps", "4"]) == 0
    header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    whole = curves(here / "run")
    # A power cut: the last lines never reached the disk, and one of them only in part.
    path.write_text(header + lines[0] + lines[1] + lines[2][:7], encoding="utf-8")
    capsys.readouterr()
    assert fit.main([*RESUME, "5"]) == 0
    assert "metrics.csv is shorter than the checkpoint says: its lines are kept" in capsys.readouterr().err
    found = curves(here / "run")
    assert found[:2] == whole[:2]
    assert [row[0] for row in found] == ["1", "2", "5"]
    # All of it is lost: the header comes back.
    path.unlink()
    assert fit.main([*RESUME, "6"]) == 0
    assert [row[0] for row in curves(here / "run")] == ["6"]
    # What was written after the checkpoint is written again.
    with path.open("a", encoding="utf-8") as file:
        file.write("7,1,train,1.0,1.0,,0.1,1,1\n")
    capsys.readouterr()
    assert fit.main([*RESUME, "8"]) == 0
    assert "shorter" not in capsys.readouterr().err
    assert [row[0] for row in curves(here / "run")] == ["6", "7", "8"]
