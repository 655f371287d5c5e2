"""The benchmark of alignments measures the attention of runs."""

import json
from pathlib import Path

import pytest

from benchmarks import alignment


@pytest.mark.slow
def test_a_run_is_measured(drawn_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = tmp_path / "figures.json"
    alignment.main([str(drawn_model), "--json", str(found)])
    (figure,) = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert figure["pieces"] > 1000
    assert 0 < figure["largest"] < 0.5
    assert 0 < figure["mass"] < 0.5
    assert figure["nats"] > 1
    assert "target pieces with links" in capsys.readouterr().out
