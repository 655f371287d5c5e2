"""Trying a run out: its plan, with memory and time, and no file anywhere."""

import re
import tempfile
from pathlib import Path

import pytest
from lightning.pytorch import Trainer

from seq2seq.commands import fit
from seq2seq.errors import UserError
from seq2seq.runs.dry_run import Measured, duration, memory
from tests.seq2seq.reversing import write_corpus
from tests.seq2seq.trained import fork, here

__all__ = ["here"]


def everything(folder: Path) -> list[tuple[str, bytes]]:
    """Return all files below a folder, without compiled code."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc")
    return [(str(path), path.read_bytes()) for path in files]


def test_it_reads_everything_and_writes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    train, validation = write_corpus(here)
    (here / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(here / "tmp"))
    before = everything(here)
    data = ["--data.train", train, "--data.validation", validation, "--data.test", validation]
    typed = ["reversing", *data, "--dry_run", "--trainer.accelerator", "cpu", "--model.network.hidden_size", "16"]
    assert fit.main([*typed, "--run_dir", "new"]) == 0
    assert everything(here) == before
    assert not (here / "new").exists()
    assert not (here / "cache").exists()
    assert list((here / "tmp").iterdir()) == []
    out = capsys.readouterr().out
    assert "\nfolder      new\n" in out
    assert "\ntest        30 examples\n" in out
    assert "Chosen by the amount of data" in out
    assert re.search(r"\nmemory {6}[\d.]+ MB at the peak; the largest batch has \d+ sources of \d+ tokens and", out)
    assert re.search(r"\ntime {8}about \d:\d\d:\d\d in all and \d:\d\d:\d\d an epoch, without validations", out)
    assert out.endswith("\nDry run: nothing was written.\n")


def test_a_process_of_its_own_leaves_nothing_either(here: Path) -> None:
    done = fork(here, "fit", "reversing", "--dry_run")
    assert done.returncode == 0, done.stderr
    assert "task        reversing\n" in done.stdout
    assert {path.name for path in here.iterdir()} == {"plugin"}


def test_mistakes_are_found_as_in_a_run(here: Path) -> None:
    train, validation = write_corpus(here)
    with (here / "train.tsv").open("a", encoding="utf-8") as file:
        file.write("ab\n")
    with pytest.raises(UserError, match=r"train\.tsv:202"):
        fit.main(["reversing", "--data.train", train, "--data.validation", validation, "--dry_run"])
    for words, advice in ((["--resume", "--run_dir", "run"], ", or leave out --resume"), ([], "")):
        verb = fit.main if words else fit.test.main
        with pytest.raises(UserError) as refusal:
            verb(["reversing", *words, "--dry_run"])
        assert str(refusal.value) == f"--dry_run tries out a new run of seq2seq fit TASK: leave it out{advice}."


def test_a_run_without_an_end_has_a_time_per_epoch() -> None:
    class Endless:
        estimated_stepping_batches, num_training_batches, accumulate_grad_batches = float("inf"), 100, 1

    trainer: Trainer = Endless()  # type: ignore[assignment]
    measured = Measured((2, 3, 4), [1.0, 2.0])
    assert duration(trainer, measured) == (
        "time        about 0:02:30 an epoch, without validations (1.5 s a batch, measured on 2 batches)"
    )
    assert memory(measured).endswith("; the largest batch has 2 sources of 3 tokens and 2 targets of 4 tokens")
    assert memory(Measured((2, 0, 4))).endswith("; the largest batch has 2 targets of 4 tokens")
