"""The benchmark of translators scores every test set, each model and an ensemble."""

import json
import shutil
from pathlib import Path

import pytest
from sacrebleu.metrics.bleu import BLEU

import seq2seq
from benchmarks import records
from seq2seq.errors import UserError

SOURCES = ["The dog eats", "a big cat sees two books", "the old bird"]
REFERENCES = ["大狗吃", "一只大猫看见两本书", "老鸟"]


@pytest.fixture
def texts(tmp_path: Path) -> list[str]:
    """A test set."""
    for name, lines in (("a.en", SOURCES), ("a.zh", REFERENCES)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["--set", "few", str(tmp_path / "a.en"), str(tmp_path / "a.zh")]


@pytest.mark.slow
def test_models_are_scored_alone_and_together(
    drawn_model: Path, tmp_path: Path, texts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    second = tmp_path / "second"
    shutil.copytree(drawn_model, second)
    found = tmp_path / "figures.json"
    records.main([str(drawn_model), str(second), *texts, "--beam_size", "2", "--json", str(found)])
    figures = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert [one["model"] for one in figures] == [str(drawn_model), str(second)]
    assert figures[0]["chrf"] == figures[1]["chrf"]
    assert "beam search, 2 beams; nrefs:1|case:mixed|eff:no|tok:zh" in capsys.readouterr().out
    outputs = seq2seq.load(drawn_model).decode(SOURCES)
    records.main([str(drawn_model), str(second), *texts, "--together", "--json", str(found)])
    (figure,) = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert figure["model"] == f"{drawn_model} + {second}"
    expected = BLEU(tokenize="zh").corpus_score([one[0].text for one in outputs], [REFERENCES])
    assert figure["bleu"] == pytest.approx(expected.score)
    assert figure["ratio"] == pytest.approx(expected.ratio)


def test_sets_that_are_not_aligned_are_refused(drawn_model: Path, texts: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.zh").write_text("大狗吃\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"a\.en has 3 lines, but .*a\.zh has 1\."):
        records.main([str(drawn_model), *texts])
