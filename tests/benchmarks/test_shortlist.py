"""The benchmark of shortlists measures every size."""

import json
from pathlib import Path

import pytest

from benchmarks import shortlist


@pytest.mark.slow
def test_every_size_is_measured(drawn_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = tmp_path / "figures.json"
    shortlist.main([str(drawn_model), "--sizes", "1,5", "400,400", "--json", str(found)])
    figures = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert [figure["size"] for figure in figures] == ["", "1,5", "400,400"]
    assert figures[0]["covered"] == 1.0
    assert 0 < figures[1]["covered"] < figures[2]["covered"] <= 1
    assert figures[1]["pieces"] < figures[2]["pieces"] <= figures[0]["pieces"]
    assert all(figure["sentences_per_cpu_second"] > 0 for figure in figures)
    assert "whole vocabulary: 346 pieces" in capsys.readouterr().out
