"""Searches of tiny networks, for the tests of several kinds of search."""

import itertools
from collections.abc import Generator, Sequence
from typing import TypeVar

import torch

from seq2seq.corpus.example import Mark
from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import score
from seq2seq.decoding.options import SearchOptions
from seq2seq.decoding.output import Hypothesis
from seq2seq.decoding.penalties import coverage_penalty, length_penalty
from seq2seq.decoding.phrases.required_phrases import Requirement
from seq2seq.generators import Returning
from seq2seq.network.encoder_decoder import Network
from tests.seq2seq.tiny import PIECES, padded, tiny_tokenizer

P = TypeVar("P")
R = TypeVar("R")
TOKENIZER = tiny_tokenizer()
PENALTIES = [("none", 1.0), ("average", 1.0), ("average", 0.5), ("gnmt", 0.8)]


def searched(
    network: Network,
    sources: list[list[int]],
    options: SearchOptions,
    prefixes: list[list[int]] | None = None,
    required: Sequence[Sequence[Requirement]] = (),
) -> list[list[Hypothesis]]:
    source, lengths = padded(sources)
    batch = EncodedSources(source, lengths, prefixes=prefixes, required=required)
    return beam_search(network, batch, TOKENIZER, options, attention=True)


def score_of(network: Network, source: list[int], ids: tuple[int, ...]) -> float:
    """The network's own log probability of an output."""
    row, length = padded([source])
    return sum(score(network, EncodedSources(row, length), [ids], TOKENIZER)[0])


def finished(parts: Generator[P, None, R]) -> tuple[list[P], R]:
    """Return what a generator yields, and what it returns."""
    iterator = Returning(parts)
    return list(iterator), iterator.result


@torch.no_grad()
def exhaustive(network: Network, source: list[int], options: SearchOptions) -> list[tuple[float, tuple[int, ...]]]:
    """Score every output that the options allow, best first."""
    allowed = [*range(PIECES), TOKENIZER.marks[Mark.LINE]]
    outputs = [
        ids
        for length in range(options.min_length, options.max_length + 1)
        for ids in itertools.product(allowed, repeat=length)
        if not options.no_repeat_ngram or not repeats(ids, options.no_repeat_ngram)
    ]
    ids, lengths = padded([source] * len(outputs))
    memory = network.encode(ids, lengths)
    probabilities = score(network, EncodedSources(ids, lengths), outputs, TOKENIZER)
    inputs = torch.full((len(outputs), options.max_length + 1), TOKENIZER.padding)
    for row, output in enumerate(outputs):
        inputs[row, 0] = TOKENIZER.start
        inputs[row, 1 : len(output) + 1] = torch.tensor(output, dtype=torch.long)
    weights = network(memory, inputs).weights
    scored = []
    for row, (output, values) in enumerate(zip(outputs, probabilities, strict=True)):
        value = sum(values) / float(length_penalty(torch.tensor(len(output) + 1), options))
        if options.coverage_beta:
            # The step that generates the end token attends to the source, too.
            coverage = weights[row, : len(output) + 1].sum(0)
            value += coverage_penalty(coverage, memory.is_token[row], options.coverage_beta).item()
        scored.append((value, output))
    return sorted(scored, reverse=True)


def repeats(ids: tuple[int, ...], ngram: int) -> bool:
    found = [ids[place : place + ngram] for place in range(len(ids) - ngram + 1)]
    return len(set(found)) < len(found)
