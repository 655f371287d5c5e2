"""The benchmark of shortlists measures every size."""

import json
from pathlib import Path

import pytest

from benchmarks import shortlist
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig, TrainingFacts
from seq2seq.network.options import NetworkOptions
from tests.recorded import models


@pytest.mark.slow
def test_every_size_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tokenizers, options = models.trained(), NetworkOptions(embedding_size=16, hidden_size=24)
    network = models.drawn(options, tokenizers, seed=1, end_bias=1)
    facts = TrainingFacts(data="the sample corpus of translation")
    config = BundleConfig("translation", options, models.TRANSLATION, models.SEARCH, facts)
    bundle.save(tmp_path / "model", network, config, tokenizers)
    found = tmp_path / "figures.json"
    shortlist.main([str(tmp_path / "model"), "--sizes", "1,5", "400,400", "--json", str(found)])
    figures = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert [figure["size"] for figure in figures] == ["", "1,5", "400,400"]
    assert figures[0]["covered"] == 1.0
    assert 0 < figures[1]["covered"] < figures[2]["covered"] <= 1
    assert figures[1]["pieces"] < figures[2]["pieces"] <= figures[0]["pieces"]
    assert all(figure["sentences_per_cpu_second"] > 0 for figure in figures)
    assert "whole vocabulary: 346 pieces" in capsys.readouterr().out
