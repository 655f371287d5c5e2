"""The benchmark of exported models measures all of them."""

import importlib.util
import json
from pathlib import Path

import pytest

from benchmarks import deploy
from tests.recorded.models import write


@pytest.mark.slow
def test_all_models_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deploy, "ROUNDS", 1)
    monkeypatch.setattr(deploy, "REPEATS", 1)
    write(tmp_path)
    for name, text in (("a.en", "the big dog eats\ntwo books\n"), ("a.zh", "大狗吃\n两本书\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / name) for name in ("translator", "a.en", "a.zh")]
    deploy.main([*files, "--sentences", "2", "--json", str(tmp_path / "figures.json")])
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))["figures"]
    others = ["Transformer, CTranslate2, 8 bits"] if importlib.util.find_spec("ctranslate2") else []
    assert [each["engine"] for each in figures] == ["PyTorch", "float32", "int8", "int8, shortlist", *others]
    assert figures[1]["equal"] == 1.0
    assert figures[1]["bleu"] == figures[0]["bleu"]
    assert all(0 < each["start_mb"] < figures[0]["start_mb"] for each in figures[1:])
    assert all(each["start_s"] > 0 and min(each["warm_ms"].values()) > 0 for each in figures)
    assert "| outputs equal to PyTorch's | 100.0% | 100.0% |" in capsys.readouterr().out
