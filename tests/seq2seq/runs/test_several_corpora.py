"""Training on several corpora by the command: files, weights and temperature."""

from pathlib import Path

import pytest

from seq2seq.commands import fit
from seq2seq.errors import UserError
from tests.seq2seq.reversing import sentences
from tests.seq2seq.trained import differences, fork, here, load

__all__ = ["here"]

OPTIONS = ["--size_defaults", "false", "--data.batches.max_tokens", "150", "--stopping.monitor", "loss"]
OPTIONS += ["--model.network.hidden_size", "8", "--model.network.embedding_size", "8", "--trainer.accelerator", "cpu"]
OPTIONS += ["--data.tokenizer.vocabulary_size", "280", "--model.schedule.warmup_steps", "2", "--trainer.max_epochs=1"]


@pytest.fixture
def files(here: Path) -> list[str]:
    """A table of 120 pairs, aligned text of 40, and the options that name a table of 30 for validation."""
    for name, count, seed in (("big", 120, 1), ("validation", 30, 2)):
        lines = ["source\ttarget", *(f"{one.source}\t{one.target}" for one in sentences(count, seed))]
        (here / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pairs = sentences(40, 3)
    (here / "small.a").write_text("".join(f"{one.source}\n" for one in pairs), encoding="utf-8")
    (here / "small.b").write_text("".join(f"{one.target}\n" for one in pairs), encoding="utf-8")
    return ["--data.validation", "validation.tsv", *OPTIONS]


def test_weights(here: Path, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An option may be given once or several times; the header names each corpus."""
    train = ["--data.train", "big.tsv", "small.a", "small.b"]
    assert fit.main(["reversing", *train, *files, "--data.mixture.weights", "0.5", "2", "--run_dir", "once"]) == 0
    error = capsys.readouterr().err
    assert "data        big.tsv, small.a, small.b: 160 pairs; validation 30\n" in error
    assert "\n  big.tsv: 120 pairs, 60 an epoch\n  small.a small.b: 40 pairs, 80 an epoch\n" in error
    twice = ["--data.train", "big.tsv", "--data.train", "small.a", "small.b"]
    assert fit.main(["reversing", *twice, *files, "--data.mixture.weights", "[0.5, 2]", "--run_dir", "twice"]) == 0
    assert differences(here / "once", here / "twice") == []
    (here / "mixed.yaml").write_text(
        "data:\n  train: [big.tsv, small.a, small.b]\n  mixture: {weights: [0.5, 2]}\n", encoding="utf-8"
    )
    assert fit.main(["reversing", "-c", "mixed.yaml", *files, "--run_dir", "yaml"]) == 0
    assert differences(here / "once", here / "yaml") == []


def test_a_temperature(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    train = ["--data.train", "big.tsv", "small.a", "small.b", "--data.mixture.temperature", "1e9"]
    assert fit.main(["reversing", *train, *files, "--run_dir", "run"]) == 0
    assert "\n  big.tsv: 120 pairs, 80 an epoch\n  small.a small.b: 40 pairs, 80 an epoch\n" in capsys.readouterr().err


@pytest.mark.usefixtures("files")
def test_a_mixed_run_resumes_exactly(here: Path, files: list[str]) -> None:
    typed = ["fit", "reversing", "--data.train", "big.tsv", "small.a", "small.b", *files]
    typed += ["--data.mixture.weights", "0.3", "1.7", "--data.batches.sampling_alpha", "0.1"]
    typed[typed.index("--trainer.max_epochs=1")] = "--trainer.max_epochs=3"
    whole = fork(here, *typed, "--run_dir", "whole")
    steps = load(here / "whole")["global_step"]
    part = fork(here, *typed, "--run_dir", "part", "--trainer.max_steps", str(steps // 2 + 1))
    rest = fork(here, "fit", "--run_dir", "part", "--resume", "--trainer.max_steps", "-1")
    assert [done.returncode for done in (whole, part, rest)] == [0, 0, 0], rest.stderr
    assert differences(here / "whole", here / "part") == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--data.train", "big.tsv", "small.a"], r"small\.a: a corpus in one file is .tsv, .csv or .jsonl"),
        (
            ["--data.train", "big.tsv", "small.a", "small.b", "--data.mixture.weights", "1"],
            r"data\.mixture\.weights has 1 values, but data\.train names 2 corpora",
        ),
        (["--data.train", "big.tsv", "--data.train", "nowhere.tsv"], r"No file nowhere\.tsv"),
        (["--data.train", "big.tsv", "--data.mixture.weights", "much"], r"weights' must be"),
    ],
)
def test_mistakes_are_found_at_once(here: Path, files: list[str], options: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        fit.main(["reversing", *options, *files, "--run_dir", "run"])
    assert not (here / "run").exists()
