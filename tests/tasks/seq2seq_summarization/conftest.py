"""Fixtures for the tests of this plugin: the toy corpus and tokenizers of the core's tests, and a model."""

from pathlib import Path

import pytest

from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq_summarization import Summarization
from seq2seq_summarization.reader import SummaryReader
from tests.seq2seq import toy_models
from tests.seq2seq.conftest import toy_examples, toy_tokenizers

__all__ = ["toy_examples", "toy_tokenizers"]


@pytest.fixture
def model(tmp_path: Path, toy_tokenizers: Tokenizers) -> Path:
    """A summarizer of chats with random weights, which reads 40 pieces."""
    reader = SummaryReader(speakers=True, max_source_pieces=40)
    config = BundleConfig("summarization", toy_models.NETWORK, reader, Summarization.decoding.search, toy_models.FACTS)
    bundle.save(tmp_path / "model", toy_models.network(toy_tokenizers), config, toy_tokenizers)
    return tmp_path / "model"
