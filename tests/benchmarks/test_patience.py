"""The benchmark of the search's patience measures every value."""

import json
from pathlib import Path

import pytest

from benchmarks import patience
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig, TrainingFacts
from seq2seq.network.options import NetworkOptions
from tests.recorded import models


@pytest.mark.slow
def test_every_value_is_measured(tmp_path: Path) -> None:
    tokenizers, options = models.trained(), NetworkOptions(embedding_size=16, hidden_size=24)
    network = models.drawn(options, tokenizers, seed=1, end_bias=3)
    facts = TrainingFacts(data="the sample corpus of translation")
    config = BundleConfig("translation", options, models.TRANSLATION, models.SEARCH, facts)
    bundle.save(tmp_path / "model", network, config, tokenizers)
    found = tmp_path / "figures.json"
    patience.main([str(tmp_path / "model"), "--values", "20", "1", "--most", "30", "--json", str(found)])
    long, short = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert (long["patience"], short["patience"]) == (20, 1)
    assert long["equal"] == 1.0
    assert 0 < short["steps"] < long["steps"]
    assert {"BLEU", "chrF"} <= set(long["scores"])
