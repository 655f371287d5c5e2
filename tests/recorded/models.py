"""Models for the recorded outputs: small networks of every task, whose weights are the same on every machine."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import torch

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train
from seq2seq_dialogue.reader import DialogueReader
from seq2seq_generation.reader import TextReader
from seq2seq_summarization.reader import SummaryReader
from tests.seq2seq.conftest import CHINESE, ENGLISH

SEARCH = SearchOptions(beam_size=3, max_length=16)
UNREAD: dict[str, Any] = {"encoder": "none", "attention": "none", "bridge": "zero"}
TRANSLATION = Reader(source_language="en", target_language="zh")
VOCABULARY = 340
STRENGTH = 4.0
"""Weights are larger than at the start of a training: outputs depend on what is read, and ties are rare."""
MODELS: dict[str, tuple[str, Reader, dict[str, Any], dict[str, Any]]] = {
    "translator": ("translation", TRANSLATION, {}, {"rerank": RerankOptions()}),
    "deep": ("translation", TRANSLATION, {"decoder_layers": 2, "residual": True, "layer_norm": "between"}, {}),
    "feeder": ("translation", TRANSLATION, {"input_feeding": True, "attention": "general"}, {}),
    "backward": ("translation", TRANSLATION.turned(), {}, {}),
    "summarizer": ("summarization", SummaryReader(), {"copying": True, "coverage": True}, {}),
    "looker": ("summarization", SummaryReader(), {"attention": "multihead", "heads": 2}, {}),
    "partner": (
        "dialogue",
        DialogueReader(speakers=True),
        {"copying": True},
        {"sampling": SamplingOptions(seed=3, top_p=0.9)},
    ),
    "listener": ("dialogue", DialogueReader(), {"encoder": "hierarchical"}, {}),
    "author": ("generation", TextReader(), UNREAD, {"sampling": SamplingOptions(seed=5, min_p=0.02)}),
    "scribe": ("generation", TextReader(contiguous=True), {**UNREAD, "decoder_layers": 2}, {}),
}
"""Task, reader, options of the network, and further parts of the configuration."""


def write(folder: Path) -> None:
    """Write all models, each into a folder of its name."""
    tokenizers = trained()
    for number, (name, (task, reader, shape, others)) in enumerate(MODELS.items()):
        options = NetworkOptions(embedding_size=16, hidden_size=24, **shape)
        network = drawn(options, tokenizers, number, end_bias=-1 if task == "generation" else 1)
        bundle.save(folder / name, network, BundleConfig(task, options, reader, SEARCH, **others), tokenizers)


def drawn(options: NetworkOptions, tokenizers: Tokenizers, seed: int, end_bias: float) -> Network:
    """Return a network with random weights; `end_bias` is added to the end token's score."""
    network = bundle.network_for(options, tokenizers).eval()
    # NumPy draws the same numbers on every processor; the last bits of PyTorch's may differ.
    numbers = np.random.default_rng(seed)
    with torch.no_grad():
        for weights in network.parameters():
            values = numbers.uniform(-1, 1, weights.shape) * STRENGTH / np.sqrt(weights.shape[-1])
            weights.copy_(torch.from_numpy(values))
        # Most outputs are words, some are spelled in bytes.
        spelled = [id_ for piece, id_ in tokenizers.target.ids_by_piece.items() if piece.startswith("<0x")]
        network.output.bias[spelled] -= 6
        network.output.bias[tokenizers.target.end] += end_bias
    return network


def trained(*, byte_fallback: bool = True) -> Tokenizers:
    """Train one tokenizer for all of them, so that they can be combined."""
    draw = random.Random(11)
    english, chinese = ENGLISH.split(), CHINESE.split()
    examples = []
    for _ in range(200):
        words = [draw.randrange(len(english)) for _ in range(draw.randint(1, 12))]
        examples.append(Example(" ".join(english[word] for word in words), "".join(chinese[word] for word in words)))
    return train(
        examples, TokenizerOptions(vocabulary_size=VOCABULARY if byte_fallback else 84, byte_fallback=byte_fallback)
    )
