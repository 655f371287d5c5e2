"""Options from files and the command line: what wins, what is refused, what help says."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from seq2seq import task as tasks
from seq2seq.application import Application
from seq2seq.commands import fit
from seq2seq.errors import UserError
from seq2seq.options import SamplingOptions
from seq2seq.training import Request, application
from tests.seq2seq.trained import here

__all__ = ["here"]


def parsed(*arguments: str) -> Application:
    request = Request.parse("fit", ["reversing", *arguments])
    return application(tasks.load("reversing"), request, None)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--model.network.hiden_size", "8"],
            "no option 'model.network.hiden_size'. Did you mean 'model.network.hidden_size'? See --model.help.",
        ),
        # An abbreviation of exactly one option is refused like any other unknown name.
        (["--model.network.hidden", "8"], "Did you mean 'model.network.hidden_size'?"),
        (["--trainer.max_epoch", "8"], "Did you mean 'trainer.max_epochs'? See --trainer.help."),
        (["--traner.max_epochs", "8"], "Did you mean 'trainer.max_epochs'? See --help."),
        (["--model.network.hidden_size", "big"], "'model.network.hidden_size' must be int, but 'big' was given."),
        (["--trainer.max_epochs", "few"], "Option 'trainer.max_epochs' must be int or null, but 'few' was given."),
        (["--data.train", "a.en"], "Option 'data.train' must be a list like [a,b], but 'a.en' was given."),
        (["--model.network.attention", "dott"], "attention is 'dott', which does not exist. Did you mean 'dot'?"),
        (["--search.beam_size", "0"], "beam_size is 0, but it must be at least 1."),
        (["--sampling.topp", "0.9"], "There is no option 'sampling.topp'. Did you mean 'sampling.top_p'?"),
        (["--data.reader.normalization", "nfd"], "reader.normalization is 'nfd', which does not exist."),
        (["--trainer.max_epochs"], "argument --trainer.max_epochs: expected one argument"),
        (["-c", "nowhere"], "'nowhere' is neither a file nor the name of a config."),
        (["--run_dir"], "--run_dir: expected one argument."),
    ],
)
def test_mistakes_are_a_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        parsed(*arguments)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.usefixtures("here")
def test_one_option_turns_the_examples_around() -> None:
    assert parsed("--data.reverse", "true").datamodule.reader.reverse
    assert not parsed().datamodule.reader.reverse
    with pytest.raises(UserError, match=r'"data.reader.reverse" must be given via "data.reverse"'):
        parsed("--data.reader.reverse", "true")


@pytest.mark.usefixtures("here")
def test_how_the_model_will_decode_can_be_said_at_the_beginning() -> None:
    task = tasks.load("reversing")
    assert (parsed().datamodule.search, parsed().datamodule.sampling) == (task.search, task.sampling)
    data = parsed("--search.min_length", "5", "--sampling.top_p", "0.9").datamodule
    assert (data.search, data.sampling) == (replace(task.search, min_length=5), None)
    assert parsed("--sample", "true", "--sampling.top_p", "0.9").datamodule.sampling == SamplingOptions(top_p=0.9)
    dialogue = application(tasks.load("dialogue"), Request.parse("fit", ["dialogue"]), None).datamodule
    assert not dialogue.sampling  # the sample's configuration searches
    assert dialogue.search.beam_size == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("model: {netork: {hidden_size: 8}}", "There is no option 'model.netork.hidden_size'. Did you mean"),
        ("modle: 3", "There is no option 'modle'."),
        ("data: {reader: {source_langage: en}}", "Did you mean 'data.reader.source_language'?"),
        ("model: [", "a.yaml is damaged or not YAML: did not find expected node content, line 2."),
        ("model: 3", "a.yaml: model must be a mapping of names to values, but it is a whole number."),
        ("[1]", "a.yaml must hold a mapping of names to values, but it is a list."),
    ],
)
def test_mistakes_in_a_file_are_a_sentence(here: Path, content: str, sentence: str) -> None:
    (here / "a.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as refusal:
        parsed("-c", "a.yaml")
    assert sentence in str(refusal.value)


def test_later_files_win_and_the_command_line_beats_them(here: Path) -> None:
    first = {"trainer": {"max_epochs": 7, "callbacks": [{"class_path": "tests.seq2seq.trained.Accident"}]}}
    second = {"trainer": {"max_epochs": 8}, "model": {"network": {"hidden_size": 32}}}
    (here / "one.yaml").write_text(yaml.safe_dump(first), encoding="utf-8")
    (here / "two.yaml").write_text(yaml.safe_dump(second), encoding="utf-8")
    made = parsed("--model.network.embedding_size=12", "-c", "one.yaml", "-c", "two.yaml")
    assert made.config.trainer.max_epochs == 8
    assert made.config.trainer.callbacks[0].class_path == "tests.seq2seq.trained.Accident"
    network = made.model.options
    # From the command line, from a file, from the sample's own configuration, and a default of the signature.
    assert (network.embedding_size, network.hidden_size, made.config.data.batches.max_tokens) == (12, 32, 150)
    assert made.config.trainer.gradient_clip_val == 1.0


@pytest.mark.usefixtures("here")
def test_the_sample_configuration_is_for_the_sample_only() -> None:
    made = parsed("--data.train", "[a.tsv]")
    assert made.config.data.batches.max_tokens == 4096
    assert not made.datamodule.is_sample


@pytest.mark.usefixtures("here")
def test_help_fits_a_screen_and_points_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert fit.main(["--help"]) == 0
    screen = capsys.readouterr().out
    assert len(screen.splitlines()) <= 40
    assert max(map(len, screen.splitlines())) <= 120
    for group in ("data", "model", "search", "sampling", "stopping", "checkpoint", "trainer"):
        assert f"--{group}.help" in screen
        assert fit.main(["reversing", f"--{group}.help"]) == 0
    details = capsys.readouterr().out
    for option in (
        "data.reader.source_language",
        "model.network.hidden_size",
        "trainer.max_epochs",
        "stopping.patience",
    ):
        assert f"--{option}" in details
    assert "Width of the decoder's LSTM layers" in details
    assert fit.main(["reversing", "--model.schedule.help"]) == 0
    assert "warmup_steps" in capsys.readouterr().out
    with pytest.raises(UserError, match=r"There are no options 'modell'\. Did you mean 'model'\?"):
        fit.main(["reversing", "--modell.help"])


@pytest.mark.usefixtures("here")
def test_which_task() -> None:
    with pytest.raises(UserError, match=r"Which task\? Type: seq2seq fit TASK\. Installed tasks: .*reversing"):
        fit.main([])
    with pytest.raises(UserError, match=r"No task named 'reversin'\. Did you mean 'reversing'\?"):
        fit.main(["reversin"])
