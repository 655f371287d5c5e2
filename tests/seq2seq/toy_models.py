"""Models of the toy task with random weights, for tests."""

from dataclasses import replace
from pathlib import Path

import torch

from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig, Introduction, StoredScore, TrainingFacts
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq.toy_task import ToyReader

NETWORK = NetworkOptions(embedding_size=16, hidden_size=24)
SECOND = NetworkOptions(embedding_size=16, hidden_size=20)
"""Options of another network, for an ensemble."""
SEARCH = SearchOptions(beam_size=3, max_length=12)
FACTS = TrainingFacts(
    seed=7,
    config_hash="abc",
    steps=1234,
    data="toy corpus",
    scores=(StoredScore("BLEU", 12.345, "nrefs:1|tok:zh", "validation"),),
)


def network(tokenizers: Tokenizers, options: NetworkOptions = NETWORK) -> Network:
    """Return a small network with random weights, the same at every call."""
    source, target = tokenizers.source, tokenizers.target
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return Network(options, source.vocabulary_size, target.vocabulary_size, source.padding, target.padding).eval()


def config(
    options: NetworkOptions = NETWORK, *, shout: bool = False, max_source_pieces: int = 0, reverse: bool = False
) -> BundleConfig:
    """Return the configuration of a bundle with such a network."""
    reader = ToyReader(source_language="en", target_language="zh", shout=shout, max_source_pieces=max_source_pieces)
    turned = reader.turned() if reverse else reader
    # Random weights have low confidence; with this mean, no output is doubtful.
    return BundleConfig("toy", options, turned, SEARCH, FACTS, introduction=Introduction(300, -20.0, 1.0))


def write(
    folder: Path,
    tokenizers: Tokenizers,
    options: NetworkOptions = NETWORK,
    *,
    shout: bool = False,
    max_source_pieces: int = 0,
    reverse: bool = False,
    sampling: SamplingOptions | None = None,
    rerank: RerankOptions | None = None,
) -> Path:
    """Write a bundle with random weights."""
    described = config(options, shout=shout, max_source_pieces=max_source_pieces, reverse=reverse)
    described = replace(described, sampling=sampling, rerank=rerank)
    bundle.save(folder, network(tokenizers, options), described, tokenizers)
    return folder
