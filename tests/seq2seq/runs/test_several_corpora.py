"""Training on several corpora by the command: files, weights and temperature."""

from pathlib import Path

import pytest

import seq2seq
from seq2seq import cli
from seq2seq.commands import fit
from seq2seq.errors import UserError
from seq2seq.models.source_model import SourceModel
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


def test_tags(here: Path, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A tag is a special token of the vocabulary; validation and use have the reader's, or the one given in use."""
    train = ["--data.train", "big.tsv", "small.a", "small.b", "--data.mixture.tags", "real", "bt"]
    assert fit.main(["reversing", *train, *files, "--data.reader.tag", "real", "--run_dir", "run"]) == 0
    capsys.readouterr()
    model = seq2seq.load("run")
    assert isinstance(model, SourceModel)
    assert list(model.tokenizers.source.tags) == ["real", "bt"]
    real, other = (one.decode(["ab bc"])[0][0] for one in (model, model.tagged("bt")))
    assert (real.source_pieces[0], other.source_pieces[0]) == ("<tag:real>", "<tag:bt>")
    assert model.tagged("").decode(["ab bc"])[0][0].source_pieces == real.source_pieces[1:]
    assert model.tagged("bt").reader.tag == "bt"
    with pytest.raises(UserError, match=r"has no tag 'news'\. Its tags: real, bt\."):
        model.tagged("news")
    (here / "input.txt").write_text("ab bc\n\ncd\n", encoding="utf-8")
    for tag, expected in ([], model), (["--tag", "bt"], model.tagged("bt")):
        assert cli.main(["reverse", "run", "input.txt", *tag]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines == [
            found[0].text if text else "" for text in ("ab bc", "", "cd") for found in expected.decode([text])
        ]
    assert cli.main(["evaluate", "run", "--data", "validation.tsv", "--tag", "bt", "--samples", "0"]) == 0
    options = ["--init_from", "run", "--data.train", "small.a", "small.b", "--run_dir", "next", "--data.mixture.tags"]
    assert fit.main(["reversing", *files[:2], *options, "new"]) == 0
    vocabulary = model.tokenizers.source.vocabulary_size
    assert f"{vocabulary:,} of {vocabulary + 1:,} pieces carried over; 1 piece initialized" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--data.train", "big.tsv", "validation.tsv", "small.a"],
            r"small\.a: a corpus in one file is .tsv, .csv or .jsonl",
        ),
        (
            ["--data.train", "big.tsv", "small.a", "small.b", "--data.mixture.weights", "1"],
            r"data\.mixture\.weights has 1 value, but data\.train names 2 corpora",
        ),
        (
            ["--data.train", "big.tsv", "small.a", "small.b", "--data.mixture.tags", "bt"],
            r"data\.mixture\.tags has 1 value, but data\.train names 2 corpora",
        ),
        (
            ["--data.train", "big.tsv", "--data.mixture.tags", "bt", "--data.reader.tag", "real"],
            r"data\.reader\.tag is 'real', but data\.mixture\.tags names bt: give one of them, or leave it out\.",
        ),
        (["--data.train", "big.tsv", "--data.train", "nowhere.tsv"], r"No file nowhere\.tsv"),
        (["--data.train", "big.tsv", "--data.mixture.weights", "much"], r"weights' must be"),
    ],
)
def test_mistakes_are_found_at_once(here: Path, files: list[str], options: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        fit.main(["reversing", *options, *files, "--run_dir", "run"])
    assert not (here / "run").exists()
