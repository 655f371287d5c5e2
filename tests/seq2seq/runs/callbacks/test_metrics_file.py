"""The learning curves of a run, and of a resumed one: what is written stays, whatever happened to the file."""

import csv
import math
from pathlib import Path

import pytest

from seq2seq.commands import fit
from tests.seq2seq.trained import curves, here, load

pytestmark = pytest.mark.usefixtures("real_disk")

__all__ = ["here"]

RESUME = ["--run_dir", "run", "--resume", "--trainer.max_steps"]


def test_the_learning_curve(here: Path) -> None:
    options = ["--trainer.log_every_n_steps", "3", "--trainer.max_epochs", "2", "--model.validation.decode_every", "2"]
    assert fit.main(["reversing", "--run_dir", "run", *options]) == 0
    with (here / "run" / "metrics.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    train = [row for row in rows if row["split"] == "train"]
    validations = [row for row in rows if row["split"] == "validation"]
    assert [int(row["step"]) for row in train] == list(range(3, int(rows[-1]["step"]) + 1, 3))
    assert [row["bleu"] == "" for row in validations] == [False, True]
    assert [row["epoch"] for row in validations] == ["1", "2"]
    for row in rows:
        assert float(row["perplexity"]) == pytest.approx(math.exp(float(row["loss"])), rel=1e-4)
    assert all(float(row["tokens_per_second"]) > 0 for row in train)
    # The score of an earlier validation is not the score of later weights.
    kept = sorted((here / "run" / "checkpoints").glob("step=*.ckpt"))
    scores = [load(here / "run", path.stem)["scores"] for path in kept]
    assert ["val_bleu" in one for one in scores] == [True, False]
    assert all({"val_loss", "val_perplexity"} <= one.keys() for one in scores)


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
