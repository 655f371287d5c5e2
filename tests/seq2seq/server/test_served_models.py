"""Names of models on the command line and in requests."""

from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.models.load import load
from seq2seq.server.served_models import ServedModels, UnknownModelError, named
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import language_models, toy_models


def test_a_model_is_named_after_its_folder_or_as_wanted(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = model.parent / "run"
    run.mkdir()
    model.rename(run / "bundle")
    assert [(one.name, one.folder) for one in named([str(run), f"en-zh={run}"])] == [
        ("run", run / "bundle"),
        ("en-zh", run / "bundle"),
    ]
    monkeypatch.chdir(run / "bundle")
    assert named(["."])[0].name == "run"


def test_a_link_keeps_its_own_name(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = model.parent / "current"
    link.symlink_to(model.rename(model.parent / "version-2"))
    assert named([str(link)])[0].name == "current"
    monkeypatch.chdir(model.parent)
    assert named(["version-2/../current/"])[0].name == "current"


def test_a_folder_may_have_an_equals_sign(model: Path) -> None:
    odd = model.rename(model.parent / "a=b")
    assert [one.name for one in named([str(odd), f"c={odd}"])] == ["a=b", "c"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["{0}", "{0}"], "Two models are named 'model', {0} and {0}: name one, as in other={0}."),
        (["a\nb={0}"], "'a b' is no name for a model: give up to 100 printable characters, NAME={0}."),
        (
            ["x=missing"],
            "There is no folder missing: a model is a run folder, its folder bundle, or an exported folder.",
        ),
    ],
)
def test_a_wrong_name_is_refused(model: Path, words: list[str], sentence: str) -> None:
    with pytest.raises(UserError) as fault:
        named([word.format(model) for word in words])
    assert str(fault.value) == sentence.format(model)


def test_a_reverse_model_is_not_served(model: Path, toy_tokenizers: Tokenizers) -> None:
    backward = toy_models.write(model.parent / "backward", toy_tokenizers, reverse=True)
    with pytest.raises(UserError, match=r"was trained with --data\.reverse true"):
        named([str(backward)])


def test_a_model_is_found_by_name_verb_and_kind(model: Path, toy_tokenizers: Tokenizers) -> None:
    author = language_models.write(model.parent / "author", toy_tokenizers)
    models = ServedModels({"mine": load(model), "author": load(author)})
    assert models.of_name("mine").name == models.of_verb("mimic").name == "mine"
    assert models.of_kind("text").name == "author"
    with pytest.raises(UnknownModelError, match=r"There is no model 'autor'. Did you mean 'author'\? There are: mine"):
        models.of_name("autor")
    with pytest.raises(UserError, match=r"'author' does not mimic: it is a model for 'generation'\. These do: mine\."):
        models.of_verb("mimic", "author")
