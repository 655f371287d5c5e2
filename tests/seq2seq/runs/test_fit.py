"""From the command line to a run folder, and back: fit, validate, test, predict."""

import math
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import yaml
from lightning.pytorch import Callback, LightningModule, Trainer

import seq2seq
from seq2seq.commands import fit
from seq2seq.commands.fit import predict, test, validate
from seq2seq.decoding.options import SamplingOptions, of_sources
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.lengths import has_limits_of
from seq2seq.run_setup.run_folder import RunFolder
from tests.seq2seq.decoded import searched
from tests.seq2seq.reversing import sentences, write_corpus
from tests.seq2seq.trained import curves, here, load, settle

__all__ = ["here"]


def test_a_run_from_beginning_to_end(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--trainer.max_epochs", "3", "--checkpoint.keep", "2", "--search.min_length", "2", "--sample", "true"]
    assert fit.main(["reversing", "--run_dir", "run", *options]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "run"
    found = {child.name for child in (here / "run").iterdir() if not child.name.startswith(".")}
    assert found == {"bundle", "checkpoints", "config.yaml", "metrics.csv", "tokenizer"}
    checkpoints = {child.name for child in (here / "run" / "checkpoints").iterdir()}
    assert {"best.ckpt", "last.ckpt"} < checkpoints
    assert len(RunFolder(here / "run").kept) == 2
    config = yaml.safe_load((here / "run" / "config.yaml").read_text(encoding="utf-8"))
    assert config["data"]["task"] == "reversing"
    assert config["model"]["network"]["hidden_size"] == 16
    assert config["trainer"]["max_epochs"] == 3
    assert config["trainer"]["callbacks"] is None

    model = seq2seq.load("run")
    assert len(searched(model, ["ab bc"])) == 1
    facts = bundle.read_config(bundle.find("run")).training
    assert model.search.min_length == 2
    # The longest output fits the targets of the training, since nobody typed another.
    lengths = bundle.read_config(bundle.find("run")).lengths
    assert lengths is not None
    assert 0 < lengths.target <= 40
    search = of_sources(model.search)
    assert search.max_length_ratio == 0
    assert search.max_length_extra == max(2, math.ceil(1.25 * lengths.target) + 5)
    assert model.sampling == SamplingOptions()
    assert facts.steps == load(here / "run", "best")["global_step"]
    assert facts.data == "the sample corpus of reversing"

    # The verbs that look at the best weights find what the validation of the training found.
    assert validate.main(["run"]) == 0
    printed = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    scores = load(here / "run", "best")["scores"]
    assert float(printed["val_loss"]) == pytest.approx(scores["val_loss"], rel=1e-5)
    assert float(printed["val_bleu"]) == pytest.approx(scores["val_bleu"], abs=1e-3)
    assert float(printed["val_perplexity"]) == pytest.approx(math.exp(scores["val_loss"]), rel=1e-4)
    assert test.main(["reversing", "--run_dir", "run", "--model.validation.beam_size", "2"]) == 0
    assert {line.split("\t")[0] for line in capsys.readouterr().out.splitlines()} == {
        "test_loss",
        "test_perplexity",
        "test_bleu",
    }
    assert predict.main(["run"]) == 0
    outputs = capsys.readouterr().out.removesuffix("\n").split("\n")
    assert len(outputs) == 30

    # A finished run has nothing left to do; with more epochs it goes on.
    assert fit.main(["--run_dir", "run", "--resume"]) == 0
    before = curves(here / "run")
    assert fit.main(["--run_dir", "run", "--resume", "--trainer.max_epochs", "4"]) == 0
    assert curves(here / "run")[: len(before)] == before
    assert len(curves(here / "run")) > len(before)


def test_files_of_the_user(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Named files are read, empty pairs are dropped with a note, and the outputs come in the order of the file."""
    train, validation = write_corpus(here)
    with (here / "train.tsv").open("a", encoding="utf-8") as file:
        file.write("ab\t\n")
    options = ["-c", str(Path(__file__).parents[1] / "reversing" / "configs" / "sample.yaml")]
    data = ["--data.train", train, "--data.validation", validation, "--data.test", validation]
    assert fit.main(["reversing", "--run_dir", "run", *options, *data, "--trainer.max_epochs", "4"]) == 0
    dropped = capsys.readouterr().err
    assert "Dropped 1 of 201 pairs: 1 with an empty side (first at" in dropped
    assert "train.tsv:202)" in dropped
    assert predict.main(["run"]) == 0
    outputs = capsys.readouterr().out.removesuffix("\n").split("\n")
    model = seq2seq.load("run")
    assert not has_limits_of(model.search, model.task.decoding.search)  # they follow the lengths seen in training
    found = searched(
        model, [str(one.source) for one in sentences(30, 2)], replace(of_sources(model.search), beam_size=1)
    )
    assert outputs == [one[0].text.replace("\n", " ") for one in found]


def test_options_follow_the_amount_of_data(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not set follows the data, with a reason; what is typed or in a file stays, and so do a run's options."""
    train, validation = write_corpus(here)
    (here / "own.yaml").write_text("model:\n  schedule: {warmup_steps: 9}\n", encoding="utf-8")
    options = ["--data.train", train, "--data.validation", validation, "-c", "own.yaml", "--trainer.max_epochs", "1"]
    options += ["--trainer.accelerator", "cpu", "--model.network.hidden_size", "16", "--model.network.embedding_size=8"]
    assert fit.main(["reversing", "--run_dir", "run", *options, "--data.tokenizer.vocabulary_size", "290"]) == 0
    values = yaml.safe_load((here / "run" / "config.yaml").read_text(encoding="utf-8"))
    assert values["data"]["batches"]["max_tokens"] == 400
    assert values["data"]["tokenizer"]["vocabulary_size"] == 290
    assert values["model"]["schedule"]["warmup_steps"] == 9
    assert values["trainer"]["max_epochs"] == 1
    error = capsys.readouterr().err
    assert "Chosen by the amount of data (docs/how_much_data.md); your own settings take precedence:\n" in error
    assert re.search(r"\n  data\.batches\.max_tokens 400 +about \d+ batches an epoch\n", error)
    assert "warmup_steps 9" not in error
    fixed = ["--size_defaults", "false", "--data.tokenizer.vocabulary_size", "280"]
    assert fit.main(["reversing", "--run_dir", "fixed", *options, *fixed]) == 0
    values = yaml.safe_load((here / "fixed" / "config.yaml").read_text(encoding="utf-8"))
    assert values["data"]["batches"]["max_tokens"] == 4096
    assert "Chosen by the amount" not in capsys.readouterr().err
    assert fit.main(["--run_dir", "run", "--resume", "--trainer.max_epochs", "2"]) == 0
    values = yaml.safe_load((here / "run" / "config.yaml").read_text(encoding="utf-8"))
    assert (values["data"]["batches"]["max_tokens"], values["trainer"]["max_epochs"]) == (400, 2)


@pytest.mark.usefixtures("here")
def test_resuming_another_model_or_task_is_refused(here: Path) -> None:
    assert fit.main(["reversing", "--run_dir", "run"]) == 0
    resume = ["--run_dir", "run", "--resume", "--trainer.max_epochs", "2"]
    with pytest.raises(UserError, match=r"belongs to another model: network\.hidden_size is 16 there, 32 here\."):
        fit.main([*resume, "--model.network.hidden_size", "32"])
    with pytest.raises(UserError, match=r"The run in run is of task 'reversing', not 'translation'\."):
        fit.main(["translation", *resume])
    assert fit.main(["reversing", *resume, "--model.network.dropout", "0.1"]) == 0
    for content in (b"junk", b""):
        (here / "run" / "checkpoints" / "last.ckpt").write_bytes(content)
        with pytest.raises(UserError, match=r"last\.ckpt is not a checkpoint of seq2seq"):
            fit.main(resume)
    (here / "run" / "config.yaml").write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match=r"config\.yaml is not a configuration of a run: it names no data\.task\."):
        fit.main(resume)


@pytest.mark.usefixtures("here")
def test_the_command_line_beats_the_checkpoint(here: Path) -> None:
    """A checkpoint's own hyper-parameters never come back silently."""
    constant = ["--model.schedule.name", "constant", "--model.schedule.warmup_steps", "0"]
    assert fit.main(["reversing", "--run_dir", "run", *constant]) == 0
    changed = ["--model.optimizer.learning_rate", "0.25", "--model.optimizer.beta1", "0.5", "--trainer.max_epochs", "2"]
    assert fit.main(["--run_dir", "run", "--resume", *changed]) == 0
    rates = {row[6] for row in curves(here / "run") if row[1] == "2"}
    assert rates == {"0.25"}
    assert load(here / "run")["optimizer_states"][0]["param_groups"][0]["betas"] == (0.5, 0.98)


@pytest.mark.usefixtures("here")
def test_mistakes_before_training_leave_no_run(here: Path) -> None:
    with pytest.raises(UserError, match="vocabulary_size is 20, but 256 pieces are the bytes"):
        fit.main(["reversing", "--run_dir", "run", "--data.tokenizer.vocabulary_size", "20"])
    with pytest.raises(UserError, match=r"data\.validation names no files, but data\.train does"):
        fit.main(["reversing", "--run_dir", "run", "--data.train", write_corpus(here)[0]])
    with pytest.raises(UserError, match=r"stopping\.monitor is 'metric', but model\.validation\.decode_every is 0"):
        fit.main(["reversing", "--run_dir", "run", "--stopping.monitor", "metric", "--model.validation.decode_every=0"])
    assert fit.main(["reversing", "--run_dir", "run"]) == 0


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--threads", "-3"], r"threads is -3, but it must not be negative\."),
        (["--data.workers", "-1"], r"data\.workers is -1, but it must not be negative\."),
        (["--trainer.accumulate_grad_batches", "0"], r"accumulate_grad_batches is 0, but a step needs at least 1"),
        (["--trainer.max_epochs", "0"], r"trainer\.max_epochs is 0: nothing would be trained\."),
        (["--trainer.limit_train_batches", "0"], r"trainer\.limit_train_batches is 0: nothing would be trained\."),
        (["--model.label_smoothing", "1.5"], r"model\.label_smoothing is 1\.5, but it is a probability"),
        (
            ["--model.network.tied_embeddings", "all", "--data.tokenizer.joint", "false"],
            r"tied_embeddings 'all' shares one table .* set data\.tokenizer\.joint to true",
        ),
        (
            [
                *("--model.network.copying", "true", "--data.tokenizer.joint", "false"),
                *("--data.batches.sampling_alpha", "0.1"),
            ],
            r"sampling_alpha segments source and target independently, so copied words would be spelled",
        ),
        (
            ["--model.coverage.loss_weight", "1", "--model.network.attention", "none"],
            r"model\.coverage\.loss_weight penalizes repeated attention, but model\.network\.attention is 'none'",
        ),
        (
            ["--model.coverage.score_start_step", "5"],
            r"model\.coverage\.score_start_step is 5, but model\.network\.coverage is false",
        ),
    ],
)
def test_numbers_that_make_no_sense_are_refused(options: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        fit.main(["reversing", "--run_dir", "run", *options])


def test_a_configuration_may_be_empty_but_is_text(here: Path) -> None:
    (here / "empty.yaml").write_text("# nothing differs\n", encoding="utf-8")
    assert fit.main(["reversing", "-c", "empty.yaml", "--run_dir", "run", "--trainer.max_steps", "1"]) == 0
    (here / "latin.yaml").write_bytes("# für\ndata: {}\n".encode("latin-1"))
    with pytest.raises(UserError, match=r"latin\.yaml is not UTF-8 \(byte 0xfc at position 4\): it is damaged, or"):
        fit.main(["reversing", "-c", "latin.yaml"])


class Fault(Callback):
    """Raises KeyboardInterrupt when training is about to begin."""

    def on_fit_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Interrupt."""
        raise KeyboardInterrupt


def test_a_start_that_is_interrupted_leaves_no_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fault = "--trainer.callbacks+=tests.seq2seq.runs.test_fit.Fault"
    assert fit.main(["reversing", "--run_dir", "run", fault]) == 130
    assert "Stopped by SIGINT before training began." in capsys.readouterr().err
    assert not (here / "run" / "config.yaml").exists()
    assert fit.main(["reversing", "--run_dir", "run"]) == 0


def test_a_run_without_a_checkpoint_starts_at_the_beginning(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fit.main(["reversing", "--run_dir", "run", "--trainer.max_steps", "2"]) == 0
    (here / "run" / "checkpoints" / "last.ckpt").unlink()
    capsys.readouterr()
    assert fit.main(["--run_dir", "run", "--resume"]) == 0
    assert "run contains no checkpoint yet: training starts from the beginning." in capsys.readouterr().err


def test_an_option_without_its_value_is_named() -> None:
    with pytest.raises(UserError, match=r"--run_dir: expected one argument\."):
        fit.main(["reversing", "--run_dir"])


@pytest.mark.usefixtures("here")
def test_torchrun_and_the_trainer_must_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LOCAL_WORLD_SIZE", "2"), ("WORLD_SIZE", "2"), ("RANK", "0"), ("LOCAL_RANK", "0")):
        monkeypatch.setenv(name, value)
    with pytest.raises(
        UserError, match=r"torchrun started 2 processes, but trainer\.devices .* make 1: leave both out"
    ):
        fit.main(["reversing", "--run_dir", "run", "--trainer.devices", "1"])


@pytest.mark.usefixtures("here")
def test_which_run_to_look_at() -> None:
    with pytest.raises(UserError, match=r"Which run\? Type: seq2seq test RUN_FOLDER"):
        test.main([])
    with pytest.raises(UserError, match=r"No run in reversing\. 'reversing' is a task: add --run_dir RUN_FOLDER\."):
        test.main(["reversing"])
    with pytest.raises(UserError, match=r"No run in nowhere\. It contains no config\.yaml\."):
        predict.main(["nowhere"])


@pytest.mark.usefixtures("here")
def test_a_run_without_validation_uses_its_last_weights(here: Path) -> None:
    options = ["--trainer.limit_val_batches", "0", "--model.optimizer.ema_decay", "0.9", "--trainer.max_steps", "4"]
    assert fit.main(["reversing", "--run_dir", "run", *options]) == 0
    assert not (here / "run" / "checkpoints" / "best.ckpt").exists()
    last = load(here / "run")
    assert last["global_step"] == 4
    average = last["callbacks"]["WeightAverage"]["average"]
    assert torch.equal(bundle.load("run").torch_network.output.bias, average["network.output.bias"])


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--trainer.precision", "bf16-true"],
            r"trainer\.precision is bf16-true, which this network does not support\.",
        ),
        (["--trainer.accelerator", "tpu"], "PyTorch finds no device here of the kind that trainer.accelerator names"),
        (
            ["--trainer.val_check_interval", "5000"],
            r"trainer\.val_check_interval is 5000, but an epoch has \d+ batches: give at most that, or add",
        ),
    ],
)
def test_what_the_trainer_refuses_is_a_sentence(options: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        fit.main(["reversing", "--run_dir", "run", *options])


@pytest.mark.usefixtures("here")
def test_tensorboard_is_an_extra(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(UserError, match=r"TensorBoard is not installed: pip install 'lstm-seq2seq\[tensorboard\]'"):
        fit.main(["reversing", "--run_dir", "run", "--tensorboard", "true"])
    monkeypatch.undo()
    pytest.importorskip("tensorboard")
    with pytest.MonkeyPatch.context() as patch:
        settle(here, patch)
        assert fit.main(["reversing", "--run_dir", "logged", "--tensorboard", "true"]) == 0
    assert list((here / "logged" / "tensorboard").glob("events*"))
