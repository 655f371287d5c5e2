"""Finding the examples of an evaluation, and every error that can occur."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.evaluation.test_set import corpus_digest, of_files, of_split, run_of
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.plugin import registry
from seq2seq.run_setup.data_options import DataOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.training.pair_data import Seq2SeqData
from tests.seq2seq import toy_models
from tests.seq2seq.reversing import Reversing
from tests.seq2seq.trained import here

__all__ = ["here"]


def config(data: str = "") -> BundleConfig:
    return replace(toy_models.config(), training=replace(toy_models.FACTS, data=data))


def run(folder: Path, data: str) -> Path:
    (folder / "run" / "bundle").mkdir(parents=True)
    (folder / "run" / "config.yaml").write_text(data, encoding="utf-8")
    return folder / "run"


def test_the_split_of_a_run_with_files(tmp_path: Path) -> None:
    (tmp_path / "a.en").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "a.zh").write_text("一\n二\n", encoding="utf-8")
    folder = run(tmp_path, f"data:\n  train: [x]\n  test: [{tmp_path}/a.en, {tmp_path}/a.zh]\n")
    for given in (folder, folder / "bundle"):
        tested = of_split(given, config(), Reversing(), "test")
        assert tested.name == "test"
        assert [(example.source, example.target) for example in tested.examples] == [("one", "一"), ("two", "二")]
        assert tested.description.startswith("test split: ")
        assert [file["examples"] for file in tested.files] == [2, 2]
        assert tested.files[1]["sha256"] == hashlib.sha256((tmp_path / "a.zh").read_bytes()).hexdigest()
        assert tested.note == ""
    assert len(of_split(folder, config(), Reversing(), "test", 1).examples) == 1


@pytest.mark.parametrize(
    ("split", "note"), [("train", "was trained on these"), ("validation", "best weights were chosen")]
)
def test_scores_on_seen_data_carry_a_warning(tmp_path: Path, split: str, note: str) -> None:
    folder = run(tmp_path, "data:\n  train: []\n")
    tested = of_split(folder, config(), Reversing(), split)
    assert note in tested.note
    assert tested.examples == tuple(getattr(Reversing().sample(Reader()), split))


def test_examples_are_turned_around_for_a_model_of_the_reverse(tmp_path: Path) -> None:
    described = replace(config(), reader=Reader(reverse=True))
    folder = run(tmp_path, "data:\n  train: []\n")
    examples = of_split(folder, described, Reversing(), "test").examples
    there = Reversing().sample(Reader()).test
    assert [(example.source, example.target) for example in examples] == [
        (example.target, example.source) for example in there
    ]
    files = [tmp_path / "a.en", tmp_path / "a.zh"]
    for path in files:
        path.write_text(f"{path.suffix}\n", encoding="utf-8")
    (example,) = of_files(files, described.reader).examples
    assert (example.source, example.target) == (".zh", ".en")
    with pytest.raises(UserError, match=r"a.zh adds references, but the model was trained with --data.reverse"):
        of_files(files, described.reader, more_references=[files[1]])


def test_the_sample_corpus_is_known_by_its_digest(tmp_path: Path) -> None:
    tested = of_split(run(tmp_path, "data:\n  train: []\n"), config(), Reversing(), "test")
    assert tested.files[0]["sha256"] == corpus_digest(tested.examples)
    assert corpus_digest([Example("a", "b")]) != corpus_digest([Example("a", "b", ("b", "c"))])


def test_a_bundle_on_its_own_knows_the_sample_corpus_only(
    tmp_path: Path, here: Path, toy_tokenizers: Tokenizers
) -> None:
    # Training records the data in these words, by which an evaluation recognises the sample corpus.
    data = Seq2SeqData(DataOptions("reversing", train=[]))
    data.tokenizers = toy_tokenizers
    tested = of_split(tmp_path, config(data.about()["data"]), registry.load("reversing"), "test")
    assert len(tested.examples) == 30
    with pytest.raises(UserError, match="is a model folder without its run, so the files of its test split are not"):
        of_split(tmp_path, config("my corpus"), Reversing(), "test")


@pytest.mark.parametrize(
    ("yaml", "split", "message"),
    [
        ("data: [", "test", r"config\.yaml is damaged or not YAML: "),
        ("model: {}\n", "test", r"config\.yaml: data is missing"),
        ("data: [a]\n", "test", r"config\.yaml: data must be a mapping of names to values, but it is a list"),
        ("data:\n  train: 3\n", "test", r"config\.yaml: data\.train must be a list or null, but it is a whole number"),
        ("data:\n  train: [a]\n", "test", "names training files but none for the test split: give --source"),
        ("data:\n  train: [a]\n  test: [gone.en, gone.de]\n", "test", "No file gone.en, which .*config.yaml names for"),
    ],
)
def test_a_split_that_cannot_be_had(tmp_path: Path, yaml: str, split: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        of_split(run(tmp_path, yaml), config(), Reversing(), split)


def test_a_task_without_a_sample_corpus(tmp_path: Path) -> None:
    from tests.seq2seq.toy_task import Toy

    with pytest.raises(UserError, match="The sample corpus of toy has no test split"):
        of_split(run(tmp_path, "data:\n  train: []\n"), config(), Toy(), "test")


def test_more_references_stand_beside_the_first(tmp_path: Path) -> None:
    for name, text in (("a.en", "one\ntwo\n"), ("a.zh", "一\n二\n"), ("b.zh", "壹 \n贰\n"), ("c.zh", "x\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [tmp_path / "a.en", tmp_path / "a.zh"]
    tested = of_files(files, Reader(), more_references=[tmp_path / "b.zh"])
    assert [example.references for example in tested.examples] == [("一", "壹"), ("二", "贰")]
    assert len(tested.files) == 3
    assert tested.name == "a"
    message = re.escape("a.en has 2 lines, but ") + ".*c.zh has 1"
    with pytest.raises(UserError, match=message):
        of_files(files, Reader(), more_references=[tmp_path / "c.zh"])


def test_files_without_examples(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("source\ttarget\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"a\.tsv"):
        of_files([tmp_path / "a.tsv"], Reader())


def test_the_run_of_a_model(tmp_path: Path) -> None:
    folder = run(tmp_path, "data: {}\n")
    assert run_of(folder) == folder
    assert run_of(folder / "bundle") == folder
    assert run_of(tmp_path) is None


@pytest.mark.parametrize("targets", ["\n\n", " \n\u3000\n"])
def test_blank_references_are_refused(tmp_path: Path, targets: str) -> None:
    (tmp_path / "a.en").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "a.zh").write_text(targets, encoding="utf-8")
    files = [tmp_path / "a.en", tmp_path / "a.zh"]
    with pytest.raises(UserError) as caught:
        of_files(files, Reader())
    assert str(caught.value) == f"{files[1]} contains only blank lines: there is nothing to score."
    files[1].write_text("\n二\n", encoding="utf-8")
    assert [example.target for example in of_files(files, Reader()).examples] == ["", "二"]
