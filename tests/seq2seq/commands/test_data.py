"""``seq2seq data``: corpora are listed, described and prepared by name."""

import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq.cli import main
from tests.corpora import DATA, state
from tests.environments import REPOSITORY
from tests.seq2seq.recipes.test_catalogue import OURS, announce
from tests.test_data_summaries import uniform, write

Captured = pytest.CaptureFixture[str]


def test_list_has_a_line_for_each(capsys: Captured) -> None:
    assert main(["data", "list"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["NAME", "TASK", "LANGUAGES", "SIZE", "LICENCE"]
    assert [line.split()[0] for line in lines] == list(OURS)
    (csl,) = (line for line in lines if line.startswith("csl "))
    assert csl.split() == "csl summarization zh 3,500 abstracts MIT by its licence file".split()


def test_list_names_a_broken_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    announce(tmp_path, monkeypatch, zero="lists_of_names:NOTHING")
    assert main(["data", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("broken: Recipe 'zero'")


def test_info_tells_how_to_prepare_and_train(capsys: Captured) -> None:
    assert main(["data", "info", "csl"]) == 0
    shown = capsys.readouterr().out
    for part in (
        "source     SunnyGJing/t5-pegasus-chinese on GitHub",
        "licence    MIT by its licence file; for research, do not ship the text",
        "writes     data/csl/processed/: train.jsonl, valid.jsonl, test.jsonl",
        "prepare    seq2seq data prepare csl --from FOLDER",
        "train      seq2seq fit summarization -c size/small -c summarization/csl",
        "  valid  d1b14bb5b17e8da894264634c752909f45035ca46d30822ce1cfbe2b33528acd",
    ):
        assert part in shown
    assert "--download" not in shown


def test_prepare_writes_where_the_configs_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine", uniform("train", "valid", "test", count=3))
    assert main(["data", "prepare", "csl", "--from", "mine"]) == 0
    shown = capsys.readouterr().out
    assert shown.endswith("Train on it: seq2seq fit summarization -c size/small -c summarization/csl\n")
    written = {path.name for path in (tmp_path / "data" / "csl" / "processed").iterdir()}
    assert written == set(OURS["csl"].writes)
    before = state(tmp_path / "data")
    assert main(["data", "prepare", "csl"]) == 0  # from raw/
    assert state(tmp_path / "data") == before


def test_a_plugin_s_recipe_is_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    announce(tmp_path / "site", monkeypatch, names="lists_of_names:RECIPE")
    assert main(["data", "prepare", "names", "--from", "here", "--output", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "given.txt").read_text(encoding="utf-8") == "here"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("list csl", "seq2seq data list takes no name: type seq2seq data info csl."),
        ("info", "seq2seq data info needs a NAME. Corpora: chatterbot, "),
        ("info csk", "No corpus named 'csk'. Did you mean 'csl'?"),
        ("info csl --from x", "--from is an option of seq2seq data prepare, not of info."),
        ("prepare csl --download", "csl has no --download: it reads train.jsonl, valid.jsonl, test.jsonl or summ"),
        ("prepare csl --languages en", "csl has no choice of languages: leave out --languages."),
        (
            "prepare multi30k --languages dee",
            "There is no language 'dee'. Did you mean 'de'? There are: en, de, fr, cs",
        ),
        ("prepar csl", "ACTION is 'prepar'. Did you mean 'prepare'? Choose from: list, info, prepare."),
    ],
)
def test_mistakes(words: str, sentence: str, capsys: Captured) -> None:
    assert main(["data", *words.split()]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.slow
def test_the_script_of_a_folder_does_the_same(tmp_path: Path) -> None:
    write(tmp_path / "mine", uniform("train", "valid", "test", count=3))
    words = [str(DATA / "csl" / "prepare.py"), "--from", str(tmp_path / "mine"), "--output", str(tmp_path / "to")]
    subprocess.run([sys.executable, *words], check=True, cwd=REPOSITORY, capture_output=True)
    assert {path.name for path in (tmp_path / "to" / "processed").iterdir()} == set(OURS["csl"].writes)
