"""Fine-tuning by the command: weights, architecture and tokenizer of a model, frozen parts, and what is forgotten."""

import json
import shutil
from pathlib import Path

import pytest
import torch
import yaml

from seq2seq.commands import fit
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.run_setup.fine_tuning_defaults import RATE
from tests.seq2seq.reversing import write_corpus
from tests.seq2seq.trained import differences, fork, here, load, settle

__all__ = ["here"]

OPTIONS = ["--size_defaults", "false", "--data.batches.max_tokens", "150", "--stopping.monitor", "loss"]
OPTIONS += ["--model.schedule.warmup_steps", "2", "--trainer.accelerator", "cpu", "--trainer.max_steps", "4"]
OPTIONS += ["--trainer.enable_progress_bar", "false", "--trainer.max_epochs", "1"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained run, whose path is absolute."""
    folder = tmp_path_factory.mktemp("base")
    with pytest.MonkeyPatch.context() as patch:
        settle(folder, patch)
        assert fit.main(["reversing", "--run_dir", "run", "--trainer.max_steps", "6"]) == 0
    return folder / "run"


def corpus(folder: Path) -> list[str]:
    """Write a corpus and return the options that name it."""
    train, validation = write_corpus(folder)
    return ["--data.train", train, "--data.validation", validation]


def test_a_run_starts_from_a_model(here: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Architecture, tokenizer and weights are the model's; the run folder and the model card say so."""
    typed = ["reversing", *corpus(here), *OPTIONS, "--init_from", str(base)]
    assert fit.main([*typed, "--run_dir", "still", "--model.optimizer.learning_rate", "1e-20"]) == 0
    vocabulary = bundle.load(base).tokenizers.source.vocabulary_size
    error = capsys.readouterr().err
    assert f"started from {base}: {vocabulary:,} of {vocabulary:,} pieces carried over" in error
    weights = [bundle.load(folder).torch_network.state_dict() for folder in (base, here / "still")]
    for name, weight in weights[0].items():
        assert torch.allclose(weight, weights[1][name], atol=1e-12), name
    values = yaml.safe_load((here / "still" / "config.yaml").read_text(encoding="utf-8"))
    assert values["init_from"] == str(base)
    assert values["model"]["network"]["hidden_size"] == 16
    steps = load(base, "last")["global_step"]
    card = (here / "still" / "bundle" / "README.md").read_text(encoding="utf-8")
    assert f"| Fine-tuned from | {base} (reversing, {steps} steps on the sample corpus of reversing, weights " in card

    assert fit.main([*typed, "--run_dir", "moved"]) == 0
    moved = bundle.load(here / "moved").torch_network.state_dict()
    assert any(not torch.equal(weight, moved[name]) for name, weight in weights[0].items())


def test_another_tokenizer(here: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["reversing", *corpus(here), *OPTIONS, "--init_from", str(base), "--run_dir", "run"]
    assert fit.main([*typed, "--data.tokenizer.vocabulary_size", "270"]) == 0
    error = capsys.readouterr().err
    assert "of 276 pieces carried over" in error
    assert bundle.load("run").tokenizers.source.vocabulary_size == 276


def test_frozen_parts_keep_their_weights(here: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["reversing", *corpus(here), *OPTIONS, "--init_from", str(base), "--run_dir", "run"]
    assert fit.main([*typed, "--freeze", "encoder", "source_embeddings", "--model.optimizer.weight_decay", "0.1"]) == 0
    assert "frozen      encoder, source_embeddings: " in capsys.readouterr().err
    old, new = (bundle.load(folder).torch_network.state_dict() for folder in (base, here / "run"))
    for name, weight in old.items():
        assert torch.equal(weight, new[name]) == name.startswith(("encoder.", "source_embedding.")), name


@pytest.mark.usefixtures("here")
def test_a_resumed_run_equals_one_without_a_break(here: Path, base: Path) -> None:
    """Also if the model that it started from is gone: the weights are in the checkpoint."""
    gone = here / "gone"
    (here / "base").symlink_to(base)
    gone.symlink_to(base)
    typed = ["fit", "reversing", *corpus(here), *OPTIONS, "--init_from", "gone", "--freeze", "encoder"]
    whole = fork(here, *typed, "--run_dir", "whole", "--trainer.max_steps", "6")
    part = fork(here, *typed, "--run_dir", "part", "--trainer.max_steps", "3")
    gone.unlink()
    rest = fork(here, "fit", "--run_dir", "part", "--resume", "--trainer.max_steps", "6")
    assert [done.returncode for done in (whole, part, rest)] == [0, 0, 0], rest.stderr
    assert differences(here / "whole", here / "part") == []
    assert "Fine-tuned from | gone (" in (here / "part" / "bundle" / "README.md").read_text(encoding="utf-8")


def test_forgetting_is_measured(here: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["reversing", *corpus(here), *OPTIONS, "--init_from", str(base), "--run_dir", "run"]
    assert fit.main([*typed, "--old_test", str(here / "validation.tsv")]) == 0
    error = capsys.readouterr().err
    assert f"Old test set {here / 'validation.tsv'} (30 examples):\n" in error
    assert "before" in error
    result = json.loads((here / "run" / "forgetting.json").read_text(encoding="utf-8"))
    assert [result[side]["model"] for side in ("before", "after")] == [str(base), "run"]  # as they were named
    assert [score["name"] for score in result["before"]["scores"]] == ["BLEU", "bits per character"]
    before, after = (result[side]["scores"][-1]["value"] for side in ("before", "after"))
    assert before != after
    scores = {
        (score.name, score.data): score.value for score in bundle.read_config(here / "run/bundle").training.scores
    }
    assert scores["bits per character", "old test set, before fine-tuning"] == before
    assert scores["bits per character", "old test set, after fine-tuning"] == after


def test_without_an_old_test_set_the_commands_are_named(
    here: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = ["reversing", *corpus(here), *OPTIONS, "--init_from", str(base), "--run_dir", "run"]
    assert fit.main([*typed, "--trainer.enable_progress_bar", "true"]) == 0
    error = capsys.readouterr().err
    assert f"  seq2seq evaluate {base} --data OLD.tsv\n  seq2seq evaluate run --data OLD.tsv\n" in error


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--init_from", "nowhere"], r"There is no folder nowhere: a model is a run folder"),
        (
            ["--init_from", "BASE", "--model.network.hidden_size", "32"],
            r"model\.network\.hidden_size is 32, but .*run, whose weights the run starts from, has 16: leave out "
            r"model\.network\.hidden_size, or leave out --init_from\.",
        ),
        (["--init_from", "BASE", "-c", "wide.yaml"], r"model\.network\.attention is none, but .* has general: leave"),
        (
            ["--init_from", "BASE", "--freeze", "encodr"],
            r"freeze is 'encodr', which does not exist\. Did you mean 'encoder'",
        ),
        (["--old_test", "a.tsv"], r"--old_test measures what the model of --init_from forgets, but there is no"),
        (["--init_from", "BASE", "--old_test", "nowhere.tsv"], r"No file nowhere\.tsv\."),
    ],
)
def test_contradictions_are_refused_at_once(here: Path, base: Path, options: list[str], sentence: str) -> None:
    (here / "wide.yaml").write_text("model: {network: {attention: none}}\n", encoding="utf-8")
    words = [str(base) if word == "BASE" else word for word in options]
    with pytest.raises(UserError, match=sentence):
        fit.main(["reversing", *corpus(here), "--run_dir", "run", *words])
    assert not (here / "run").exists()


def test_a_resumed_run_keeps_its_start_and_its_frozen_parts(here: Path, base: Path) -> None:
    typed = ["reversing", *corpus(here), *OPTIONS, "--init_from", str(base), "--freeze", "encoder"]
    assert fit.main([*typed, "--run_dir", "run"]) == 0
    for more, sentence in (
        (["--freeze", "decoder"], r"freeze is decoder, but the run in run was started with encoder: leave it out, or"),
        (["--init_from", "run"], r"init_from is run, but the run in run was started with .*run: leave it out"),
    ):
        with pytest.raises(UserError, match=sentence):
            fit.main(["--run_dir", "run", "--resume", *more])


@pytest.mark.usefixtures("here")
def test_dropout_may_differ_from_the_model(here: Path, base: Path) -> None:
    typed = ["reversing", *corpus(here), *OPTIONS, "--init_from", str(base), "--run_dir", "run"]
    assert fit.main([*typed, "--model.network.dropout", "0.05"]) == 0
    assert bundle.read_config(here / "run" / "bundle").network.dropout == 0.05


def test_fine_tuning_has_defaults_of_its_own(here: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They follow the first training, also that of a model of a version that did not record it."""
    facts = bundle.read_config(base / "bundle").training
    assert (facts.optimizer, facts.learning_rate) == ("adam", 1e-3)
    older = here / "older"
    shutil.copytree(base, older)
    config = json.loads((older / "bundle" / "config.json").read_text(encoding="utf-8"))
    del config["training"]["optimizer"], config["training"]["learning_rate"]
    (older / "bundle" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    brief = ["--trainer.accelerator", "cpu", "--trainer.max_steps", "2", "--data.batches.max_tokens", "150"]
    for name, start in (("new", base), ("old", older)):
        typed = ["reversing", *corpus(here), *brief, "--init_from", str(start), "--run_dir", name]
        assert fit.main(typed) == 0
        values = yaml.safe_load((here / name / "config.yaml").read_text(encoding="utf-8"))
        assert values["model"]["optimizer"]["learning_rate"] == pytest.approx(RATE * 1e-3)
        assert values["model"]["schedule"]["name"] == "cosine"
        error = capsys.readouterr().err
        assert "\nChosen for fine-tuning (docs/fine-tuning.md); your own settings take precedence:\n" in error
        assert f"  {RATE:g} times the 0.001 of the starting model's training\n" in error
    exported = here / "exported"
    shutil.copytree(older / "bundle", exported)
    typed = ["reversing", *corpus(here), *brief, "--init_from", str(exported), "--run_dir", "unknown"]
    assert fit.main([*typed, "--model.schedule.name", "constant"]) == 0
    assert "times that of a new model, because the starting model's is unknown\n" in capsys.readouterr().err
    values = yaml.safe_load((here / "unknown" / "config.yaml").read_text(encoding="utf-8"))
    assert values["model"]["schedule"]["name"] == "constant"
