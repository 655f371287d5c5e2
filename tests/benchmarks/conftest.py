"""Fixtures of the benchmarks."""

from pathlib import Path

import pytest

from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig, TrainingFacts
from seq2seq.network.options import NetworkOptions
from tests.recorded import models


@pytest.fixture
def drawn_model(tmp_path: Path) -> Path:
    """Return the folder of a small random translation model that names the sample corpus as its training text."""
    tokenizers, options = models.trained(), NetworkOptions(embedding_size=16, hidden_size=24)
    network = models.drawn(options, tokenizers, seed=1, end_bias=1)
    facts = TrainingFacts(data="the sample corpus of translation")
    config = BundleConfig("translation", options, models.TRANSLATION, models.SEARCH, facts)
    bundle.save(tmp_path / "model", network, config, tokenizers)
    return tmp_path / "model"
