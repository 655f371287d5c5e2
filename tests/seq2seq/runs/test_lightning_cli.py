"""Options from files and the command line: precedence, questions about them, and classes that they name."""

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from seq2seq.commands import fit
from seq2seq.commands.fit import TrainerVerb, predict, test, validate
from seq2seq.decoding.options import SamplingOptions, of_sources
from seq2seq.errors import UserError
from seq2seq.plugin import registry
from seq2seq.run_setup.option_parser import option_parser
from seq2seq.run_setup.request import Request, plan
from seq2seq.runs.lightning_cli import Application
from tests.seq2seq.trained import here

__all__ = ["here"]


def parsed(*arguments: str) -> Application:
    task = registry.load("reversing")
    return Application(task, plan(task, Request.parse("fit", ["reversing", *arguments]), None).arguments)


@pytest.mark.usefixtures("here")
def test_one_option_turns_the_examples_around() -> None:
    assert parsed("--data.reverse", "true").data().reader.reverse
    assert not parsed().data().reader.reverse
    with pytest.raises(UserError, match=r'"data.reader.reverse" must be given via "data.reverse"'):
        parsed("--data.reader.reverse", "true")


@pytest.mark.usefixtures("here")
def test_how_the_model_will_decode_can_be_said_at_the_beginning() -> None:
    task = registry.load("reversing")
    assert (parsed().data().search, parsed().data().sampling) == (task.decoding.search, task.decoding.sampling)
    data = parsed("--search.min_length", "5", "--sampling.top_p", "0.9").data()
    assert (data.search, data.sampling) == (replace(task.decoding.search, min_length=5), None)
    assert parsed("--sample", "true", "--sampling.top_p", "0.9").data().sampling == SamplingOptions(top_p=0.9)
    task = registry.load("dialogue")
    dialogue = Application(task, plan(task, Request.parse("fit", ["dialogue"]), None).arguments).data()
    assert not dialogue.sampling  # the sample's configuration searches
    assert of_sources(dialogue.search).beam_size == 1


def test_later_files_win_and_the_command_line_beats_them(here: Path) -> None:
    first = {"trainer": {"max_epochs": 7, "callbacks": [{"class_path": "tests.seq2seq.trained.Accident"}]}}
    second = {"trainer": {"max_epochs": 8}, "model": {"network": {"hidden_size": 32}}}
    (here / "one.yaml").write_text(yaml.safe_dump(first), encoding="utf-8")
    (here / "two.yaml").write_text(yaml.safe_dump(second), encoding="utf-8")
    made = parsed("--model.network.embedding_size=12", "-c", "one.yaml", "-c", "two.yaml")
    assert made.config.trainer.max_epochs == 8
    assert made.config.trainer.callbacks[0].class_path == "tests.seq2seq.trained.Accident"
    network = made.config_init.model.network
    # From the command line, from a file, from the sample's own configuration, and a default of the signature.
    assert (network.embedding_size, network.hidden_size, made.config.data.batches.max_tokens) == (12, 32, 150)
    assert made.config.trainer.gradient_clip_val == 1.0


@pytest.mark.usefixtures("here")
def test_the_sample_configuration_is_for_the_sample_only() -> None:
    made = parsed("--data.train", "[a.tsv]")
    assert made.config.data.batches.max_tokens == 4096
    assert not made.data().is_sample


@pytest.mark.usefixtures("here")
def test_help_and_print_config_show_what_the_run_would_take(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the sample corpus its own settings count, beaten by files and options; with other data they do not."""
    (here / "a.yaml").write_text("model: {network: {embedding_size: 12}}", encoding="utf-8")
    (here / "a.tsv").write_text("source\ttarget\n" + "a\tb\n" * 300, encoding="utf-8")
    for arguments in (
        ["-c", "a.yaml", "--trainer.max_epochs", "3"],
        ["--data.train", "a.tsv", "--size_defaults", "false"],
    ):
        config = parsed(*arguments).config
        assert fit.main(["reversing", *arguments, "--print_config"]) == 0
        printed = yaml.safe_load(capsys.readouterr().out)
        for group in ("model", "data", "search", "sampling", "stopping", "checkpoint", "trainer"):
            expected = config[group].as_dict()
            expected.get("reader", {}).pop("reverse", None)  # the same as data.reverse
            assert printed[group] == json.loads(json.dumps(expected)), group  # YAML has no tuples
        assert fit.main(["reversing", *arguments, "--model.network.help"]) == 0
        network = config.model.network
        page = capsys.readouterr().out
        for name in ("embedding_size", "hidden_size", "dropout"):
            assert f"--model.network.{name} {network[name]} " in page
        assert fit.main(["reversing", "--trainer.help", *arguments]) == 0
        assert f"--trainer.max_epochs {config.trainer.max_epochs} " in capsys.readouterr().out
    own = ["reversing", "--data.train", "a.tsv", "--data.validation", "a.tsv"]
    assert fit.main([*own, "--print_config"]) == 0
    batches = yaml.safe_load(capsys.readouterr().out)["data"]["batches"]
    assert batches["max_tokens"] < 4096  # it follows the data
    assert fit.main([*own, "--data.batches.help"]) == 0
    assert f"--data.batches.max_tokens {batches['max_tokens']} " in capsys.readouterr().out
    assert fit.main(["reversing", "--print_config=skip_null"]) == 0
    assert "null" not in capsys.readouterr().out
    with pytest.raises(UserError, match=r"--print_config=comment does not exist: type --print_config, or"):
        fit.main(["reversing", "--print_config=comment"])


@pytest.mark.parametrize("verb", [validate, test, predict])
def test_verbs_on_a_run_answer_questions_too(here: Path, verb: TrainerVerb, capsys: pytest.CaptureFixture[str]) -> None:
    assert fit.main(["reversing", "--print_config"]) == 0
    stored = capsys.readouterr().out
    (here / "run").mkdir()
    (here / "run" / "config.yaml").write_text(stored, encoding="utf-8")
    assert verb.main(["run", "--print_config", "--data.seed", "7"]) == 0
    assert yaml.safe_load(capsys.readouterr().out)["data"]["seed"] == 7
    assert verb.main(["run", "--data.batches.help"]) == 0
    assert "--data.batches.max_tokens " in capsys.readouterr().out


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "typed",
    [
        ["--data.train", "a.en", "a.zh"],
        ["--data.train", "a.en,a.zh"],
        ["--data.train", "[a.en,a.zh]"],
        ["--data.train=a.en,a.zh"],
        ["--data.train", '["a.en", "a.zh"]'],
        ["--data.train", "a.en, a.zh"],
        ["--data.train", "[a.en,", "a.zh]"],
        ["--data.train+=a.en", "--data.train+=a.zh"],
    ],
)
def test_files_are_named_in_every_usual_way(typed: list[str]) -> None:
    made = plan(registry.load("reversing"), Request.parse("fit", ["reversing", *typed, "--threads", "1"]), None)
    assert made.config.data.train == ["a.en", "a.zh"]
    assert made.data.train == ["a.en", "a.zh"]
    assert made.config.threads == 1
    assert parsed(*typed).data().files["train"] == ["a.en", "a.zh"]


def test_a_file_may_be_named_without_brackets(here: Path) -> None:
    (here / "with, comma.tsv").touch()
    (here / "a.yaml").write_text("data: {train: 'with, comma.tsv', test: 'b.en,b.zh'}", encoding="utf-8")
    made = parsed("-c", "a.yaml", "--data.validation", "语料.tsv")
    assert made.data().files == {
        "train": ["with, comma.tsv"],
        "validation": ["语料.tsv"],
        "test": ["b.en", "b.zh"],
    }


@pytest.mark.usefixtures("here")
def test_which_task() -> None:
    with pytest.raises(UserError, match=r"Which task\? Type: seq2seq fit TASK\. Installed tasks: .*reversing"):
        fit.main([])
    with pytest.raises(UserError, match=r"No task named 'reversin'\. Did you mean 'reversing'\?"):
        fit.main(["reversin"])


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            ["--trainer.callbacks+=nowhere.Nothing"],
            "the class nowhere.Nothing, which cannot be used: No module",
        ),
        (
            ["--trainer.plugins", "nowhere.X"],
            "'trainer.plugins' names the class nowhere.X, which cannot be used",
        ),
        (["--trainer.callbacks+=EarlyStopping"], "needs options of its own: add --trainer.callbacks.monitor VALUE."),
        (["--trainer.callbacks.monitor", "val_loss"], "There is no option 'trainer.callbacks.monitor': name the class"),
        (["--trainer.callbacks+=EarlyStoping"], "Option 'trainer.callbacks' is 'EarlyStoping', which is nothing that"),
        (
            ["--trainer.callbacks+=os.path"],
            "is 'os.path', which is no Callback of Lightning's or of your own",
        ),
        (["--trainer.logger", "WandbLogger"], "names the class lightning.pytorch.loggers.WandbLogger, which cannot be"),
    ],
)
def test_a_class_that_cannot_be_used_is_a_sentence(typed: list[str], sentence: str) -> None:
    if "WandbLogger" in typed and find_spec("wandb"):
        pytest.skip("wandb is installed, so that its logger can be used")
    with pytest.raises(UserError) as refusal:
        parsed(*typed)
    assert sentence in str(refusal.value)
    assert len(str(refusal.value)) < 300


@pytest.mark.usefixtures("here")
def test_a_whole_number_counts_batches_whatever_was_imported_before() -> None:
    from lightning.pytorch import Trainer  # its import decides the order of int and float in Python's cache of types

    typed = [
        "--trainer.limit_val_batches",
        "1",
        "--trainer.limit_train_batches=2",
        "--trainer.limit_test_batches",
        "1.0",
    ]
    application = parsed(*typed, "--trainer.val_check_interval", "0.5")
    for values in (application.config.trainer, option_parser(application.task, Trainer).parsed(typed).trainer):
        assert repr(values["limit_val_batches"]) == "1"
        assert repr(values["limit_train_batches"]) == "2"
        assert repr(values["limit_test_batches"]) == "1.0"
