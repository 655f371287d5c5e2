"""Dialogue models with random weights and their own tokenizer, to chat with."""

from functools import cache
from pathlib import Path

import torch

from seq2seq.corpus.example import Example, Mark
from seq2seq.decoding.options import SearchOptions
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train
from seq2seq_dialogue.reader import DialogueReader

GREEDY = SearchOptions(beam_size=1, min_length=2, max_length=8)
SHAPE = NetworkOptions(embedding_size=16, hidden_size=24)
LINES = ["hello there", "how are you today", "I like the old book", "你好 吗", "我 喜欢 书", "what is your name"]
ESCAPE = ("<0x1B>", "<0x5B>", "<0x32>", "<0x4A>", "<0xC2>", "<0x9B>", "<0x07>")
"""Control characters that would act on a terminal, such as the sequence that clears its screen."""


@cache
def tokenizers() -> Tokenizers:
    """Train a small tokenizer with byte fallback."""
    examples = [Example(one, one) for one in LINES]
    return train(examples, TokenizerOptions(vocabulary_size=330))


def partner(
    folder: Path,
    search: SearchOptions = GREEDY,
    *,
    shape: NetworkOptions = SHAPE,
    reader: DialogueReader | None = None,
    spelled: tuple[str, ...] = (),
) -> Path:
    """Write a model.

    Args:
        folder: Where.
        search: Its settings.
        shape: Its shape.
        reader: What it remembers.
        spelled: Pieces of which alone its replies are made.
    """
    made = tokenizers()
    tokenizer = made.target
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        network: Network = bundle.network_for(shape, made).eval()
        with torch.no_grad():
            for weight in network.parameters():
                weight.mul_(4)  # so that replies depend much on what is read
            network.output.bias.normal_()
            wordless = [number for name, number in tokenizer.ids_by_piece.items() if name.startswith("<0x")]
            network.output.bias[[*wordless, tokenizer.marks[Mark.LINE]]] -= 100
            for piece in spelled:
                network.output.weight[tokenizer.ids_by_piece[piece]] = 0  # all alike
                network.output.bias[tokenizer.ids_by_piece[piece]] = 500
    config = BundleConfig("dialogue", shape, reader or DialogueReader(), search)
    bundle.save(folder, network, config, made)
    return folder
