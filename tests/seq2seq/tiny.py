"""A tokenizer of eight pieces and networks over it, small enough that every output can be listed."""

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from seq2seq.corpus.example import Example
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizer
from seq2seq.tokenization.training import train

PIECES = 8
VOCABULARY = PIECES + 6
SHAPE = NetworkOptions(embedding_size=8, hidden_size=12, tied_embeddings="none")


@cache
def tiny_tokenizer() -> Tokenizer:
    """Train a real sentencepiece model of eight pieces."""
    examples = [Example("abcd dcba", "badc cdab"), Example("dd cc", "bb aa")]
    options = TokenizerOptions(vocabulary_size=PIECES, byte_fallback=False)
    return train(examples, options).target


def tiny_network(seed: int, options: NetworkOptions = SHAPE) -> Network:
    """Return a network whose outputs differ much from seed to seed."""
    torch.manual_seed(seed)
    padding = tiny_tokenizer().padding
    network = Network(options, VOCABULARY, VOCABULARY, padding, padding).eval()
    with torch.no_grad():
        network.output.weight.mul_(4)
        network.output.bias.normal_()
    return network


def padded(sources: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Return sources as [B, S] and their lengths."""
    lengths = torch.tensor([len(ids) for ids in sources])
    source = torch.full((len(sources), int(lengths.max())), tiny_tokenizer().padding)
    for row, ids in enumerate(sources):
        source[row, : len(ids)] = torch.tensor(ids)
    return source, lengths


def of_lengths(
    lengths: Tensor,
    *,
    copies: Tensor | None = None,
    words: Sequence[Sequence[str]] = (),
    prefixes: Sequence[Sequence[int]] | None = None,
) -> EncodedSources:
    """Return sources without ids, for what looks only at the rest."""
    return EncodedSources(lengths.new_zeros(len(lengths), 0), lengths, copies, words, prefixes)
