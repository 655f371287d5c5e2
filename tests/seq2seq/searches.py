"""Searches of tiny networks, for the tests of several kinds of search."""

from collections.abc import Generator
from typing import TypeVar

from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import score
from seq2seq.decoding.options import SearchOptions
from seq2seq.decoding.output import Hypothesis
from seq2seq.generators import Returning
from seq2seq.network.encoder_decoder import Network
from tests.seq2seq.tiny import padded, tiny_tokenizer

P = TypeVar("P")
R = TypeVar("R")
TOKENIZER = tiny_tokenizer()
PENALTIES = [("none", 1.0), ("average", 1.0), ("average", 0.5), ("gnmt", 0.8)]


def searched(
    network: Network, sources: list[list[int]], options: SearchOptions, prefixes: list[list[int]] | None = None
) -> list[list[Hypothesis]]:
    source, lengths = padded(sources)
    return beam_search(network, EncodedSources(source, lengths, prefixes=prefixes), TOKENIZER, options, attention=True)


def score_of(network: Network, source: list[int], ids: tuple[int, ...]) -> float:
    """The network's own log probability of an output."""
    row, length = padded([source])
    return sum(score(network, EncodedSources(row, length), [ids], TOKENIZER)[0])


def finished(parts: Generator[P, None, R]) -> tuple[list[P], R]:
    """Return what a generator yields, and what it returns."""
    iterator = Returning(parts)
    return list(iterator), iterator.result
