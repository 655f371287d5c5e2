"""The lines that open a session and mark doubtful outputs: in English and Chinese, only at a terminal."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig, Introduction
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin.phrases import phrases
from seq2seq.plugin.registry import load
from seq2seq.repl.opening import CHINESE, doubt, doubts, opening
from seq2seq.report.language import english, say_in
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> Path:
    """A model of the toy task whose outputs are all doubtful."""
    toy_task.install(tmp_path / "site", monkeypatch)
    folder = toy_models.write(tmp_path / "model", toy_tokenizers)
    loaded = SourceModel(bundle.load(folder))
    config = replace(loaded.bundle.config, introduction=Introduction(5, -0.01, 0.01))
    bundle.save(folder, loaded.torch_network, config, loaded.tokenizers)
    return folder


def config(data: str, introduction: Introduction) -> BundleConfig:
    described = toy_models.config()
    return replace(described, training=replace(described.training, data=data), introduction=introduction)


@pytest.mark.parametrize(
    ("data", "introduction", "english_line", "chinese_line"),
    [
        (
            "the sample corpus of translation",
            Introduction(7_000),
            "Trained on the sample corpus of translation, 7,000 examples, en-zh. It knows such texts and little else.",
            "训练数据：翻译样例语料，7,000 个例子，en-zh。它只熟悉这类文本。",
        ),
        (
            "/home/me/a.en /home/me/a.zh b.en b.zh",
            Introduction(),
            "Trained on a.en a.zh b.en …, en-zh. It knows such texts and little else.",
            "训练数据：a.en a.zh b.en …，en-zh。它只熟悉这类文本。",
        ),
        ("", Introduction(), "", ""),
    ],
)
def test_what_a_model_was_trained_on(
    model: Path, data: str, introduction: Introduction, english_line: str, chinese_line: str
) -> None:
    task, described = load("translation"), config(data, introduction)
    chinese = say_in("zh", {**phrases(task, "zh"), **CHINESE})
    assert opening(described, task, english) == ([english_line] if english_line else [])
    assert opening(described, task, chinese) == ([chinese_line] if chinese_line else [])


def test_doubt_names_the_usual_score_where_it_is_known(model: Path) -> None:
    known, unknown = config("", Introduction(1, -0.1, 0.1)), config("", Introduction())
    assert doubt(known, -1.234, english).startswith("Unsure (-1.23 per token, usually -0.10): this may be unlike")
    assert doubt(unknown, -1.234, english).startswith("Unsure (-1.23 per token): this may be unlike")
    chinese = say_in("zh", CHINESE)
    of_many = [chinese(doubts(places)) for places in (["a:1", "b:2"], ["a:1"], [""])]
    for sentence in (doubt(known, -1.0, chinese), doubt(unknown, -1.0, chinese), *of_many):
        assert sentence.startswith(("把握不大", "2 个输出把握不大", "1 个输出把握不大"))
        assert "unlike" not in sentence


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_verb_marks_doubt_at_a_terminal_only(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], is_terminal: bool
) -> None:
    file = model.parent / "two.en"
    file.write_text("the old dog\na cat\n", encoding="utf-8")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    assert cli.main(["mimic", str(model), str(file)]) == 0
    shown = capsys.readouterr()
    marked = f"Unsure of 2 outputs (first at {file}:1): their sources may be unlike what the model was trained on."
    assert (marked in shown.err) == is_terminal
    assert "Unsure" not in shown.out
