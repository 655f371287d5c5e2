"""Mistakes in options and option files give one sentence that names what to type."""

from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.plugin import registry
from seq2seq.run_setup.option_parser import REPLACED
from seq2seq.run_setup.request import Plan, Request, plan
from tests.seq2seq.trained import here

__all__ = ["here"]


def parsed(*arguments: str) -> Plan:
    return plan(registry.load("reversing"), Request.parse("fit", ["reversing", *arguments]), None)


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
        (["--dry_rum"], "There is no option 'dry_rum'. Did you mean 'dry_run'? See --help."),
        (["--traner.max_epochs", "8"], "Did you mean 'trainer.max_epochs'? See --help."),
        (
            ["--model.network.hidden_size", "big"],
            "'model.network.hidden_size' must be a whole number, but 'big' was",
        ),
        (
            ["--trainer.max_epochs", "few"],
            "'trainer.max_epochs' must be a whole number or null, but 'few' was given.",
        ),
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


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("model: {netork: {hidden_size: 8}}", "There is no option 'model.netork.hidden_size'. Did you mean"),
        ("modle: 3", "There is no option 'modle'."),
        ("data: {reader: {source_langage: en}}", "Did you mean 'data.reader.source_language'?"),
        ("model: [", "a.yaml is damaged or not YAML: did not find expected node content, line 2."),
        ("model: 3", "a.yaml: model must be a mapping of names to values, but it is a whole number."),
        ("[1]", "a.yaml must contain a mapping of names to values, but it is a list."),
    ],
)
def test_mistakes_in_a_file_are_a_sentence(here: Path, content: str, sentence: str) -> None:
    (here / "a.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as refusal:
        parsed("-c", "a.yaml")
    assert sentence in str(refusal.value)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", [*REPLACED, "optimizer.lr", "lr_scheduler.gamma", "model.class_path"])
def test_options_that_people_know_from_elsewhere_say_what_to_type(name: str) -> None:
    with pytest.raises(UserError) as refusal:
        parsed(f"--{name}", "3")
    assert f"There is no option '{name}'" in str(refusal.value)
    root = name.split(".")[0]
    assert name == "model.class_path" or REPLACED[root] in str(refusal.value)
    assert "\n" not in str(refusal.value)
