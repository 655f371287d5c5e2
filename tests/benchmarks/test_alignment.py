"""The benchmark of alignments measures the attention of runs."""

import json
from pathlib import Path

import pytest

from benchmarks import alignment
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig, TrainingFacts
from seq2seq.network.options import NetworkOptions
from tests.recorded import models


@pytest.mark.slow
def test_a_run_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tokenizers, options = models.trained(), NetworkOptions(embedding_size=16, hidden_size=24)
    network = models.drawn(options, tokenizers, seed=1, end_bias=1)
    facts = TrainingFacts(data="the sample corpus of translation")
    config = BundleConfig("translation", options, models.TRANSLATION, models.SEARCH, facts)
    bundle.save(tmp_path / "model", network, config, tokenizers)
    found = tmp_path / "figures.json"
    alignment.main([str(tmp_path / "model"), "--json", str(found)])
    (figure,) = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert figure["pieces"] > 1000
    assert 0 < figure["largest"] < 0.5
    assert 0 < figure["mass"] < 0.5
    assert figure["nats"] > 1
    assert "target pieces with links" in capsys.readouterr().out
