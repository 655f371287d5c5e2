"""Language models with random weights, for tests."""

from pathlib import Path

import torch

import seq2seq
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.models.language_model import LanguageModel
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq_generation import Generation
from seq2seq_generation.reader import TextReader

NETWORK = NetworkOptions(embedding_size=12, hidden_size=16, encoder="none", attention="none", bridge="zero")


def write(folder: Path, tokenizers: Tokenizers, *, contiguous: bool = False) -> Path:
    """Write a bundle with random weights, the same at every call."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        network = bundle.network_for(NETWORK, tokenizers).eval()
    # Like a trained model, it prefers pieces to single bytes.
    spelled = [token for piece, token in tokenizers.target.ids_by_piece.items() if piece.startswith("<0x")]
    with torch.no_grad():
        network.output.bias[spelled] -= 6
    decoding, reader = Generation.decoding, TextReader(contiguous=contiguous)
    config = BundleConfig("generation", NETWORK, reader, decoding.search, sampling=decoding.sampling)
    bundle.save(folder, network, config, tokenizers)
    return folder


def language_model(path: Path) -> LanguageModel:
    """Load a language model."""
    model = seq2seq.load(path)
    assert isinstance(model, LanguageModel)
    return model
