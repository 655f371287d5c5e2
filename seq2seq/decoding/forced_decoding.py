"""Compute log probabilities and attention of given outputs, by teacher forcing.

Shapes: ``B`` sources, ``N`` targets, ``M`` hypotheses of all sources, ``S`` source length, ``T`` target length, end
token included.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import repeat

import torch
from torch import Tensor

from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.output import Hypothesis
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.state import Memory
from seq2seq.tokenization.tokenizer import Tokenizer


@torch.inference_mode()
def score(
    network: Network,
    sources: EncodedSources,
    targets: Sequence[Sequence[int]],
    target: Tokenizer,
    *,
    rows: Sequence[int] | None = None,
    begin: int | None = None,
    end: int | None = None,
) -> list[list[float]]:
    """Return the log probability of each piece of given targets.

    Args:
        network: The network, in evaluation mode.
        sources: [B] sources.
        targets: The ids of each target, without the end token; ids above the vocabulary are unknown source words.
        target: The target's tokenizer, for its special ids.
        rows: [N], the index of each target's source; each source is encoded only once. By default each source has one
            target.
        begin: First input id; by default the start token.
        end: Id expected after the last piece; by default the end token.

    Returns:
        For each target, the natural logarithms of its pieces and of the end token.
    """
    memory = network.encode(sources.ids, sources.lengths, sources.copies)
    if rows is not None:
        memory = memory.select(torch.tensor(rows, device=sources.ids.device))
    wanted = _padded(targets, target.end if end is None else end, memory, target)
    decoded = network(memory, _inputs(network, wanted, target.start if begin is None else begin, target))
    return [pieces.tolist() for pieces in _divided(network.chosen(memory, decoded, wanted)[0], wanted, target)]


@torch.inference_mode()
def aligned(
    network: Network, memory: Memory, target: Tokenizer, hypotheses: list[list[Hypothesis]]
) -> list[list[Hypothesis]]:
    """Add attention and copy probabilities to the hypotheses of each source, by another forward pass of the decoder.

    The caller must set the network to evaluation mode.
    """
    if not any(hypotheses):
        return hypotheses
    chosen, written = _written(memory, target, hypotheses)
    written = written.masked_fill(written == target.end, target.padding)  # attention for the end token is dropped
    decoded = network(chosen, _inputs(network, written, target.start, target))
    weights = iter(decoded.weights.cpu())  # [T, S] each
    shares: Iterator[Tensor] = repeat(torch.zeros(0))
    if network.options.copying:
        shares = _divided(network.chosen(chosen, decoded, written)[1].cpu(), written, target)
    return [
        [
            replace(
                hypothesis,
                attention=next(weights)[: len(hypothesis.ids), :length].clone(),
                copied=tuple(next(shares).tolist()),
            )
            for hypothesis in of_source
        ]
        for of_source, length in zip(hypotheses, memory.is_token.sum(1).tolist(), strict=True)
    ]


def with_own_probabilities(
    network: Network, memory: Memory, target: Tokenizer, hypotheses: list[list[Hypothesis]]
) -> list[list[Hypothesis]]:
    """Replace the hypotheses' log probabilities by the network's own, without repetition penalty and language model.

    The caller must set the network to evaluation mode.
    """
    if not any(hypotheses):
        return hypotheses
    chosen, written = _written(memory, target, hypotheses)
    decoded = network(chosen, _inputs(network, written, target.start, target))
    parts = _divided(network.chosen(chosen, decoded, written)[0], written, target)
    return [
        [replace(hypothesis, log_probability=float(next(parts).sum())) for hypothesis in of_source]
        for of_source in hypotheses
    ]


def _written(memory: Memory, target: Tokenizer, hypotheses: list[list[Hypothesis]]) -> tuple[Memory, Tensor]:
    """Return the memory row and the pieces with end token, [M, T], of each hypothesis."""
    rows = [row for row, of_source in enumerate(hypotheses) for _ in of_source]
    ids = [hypothesis.ids for of_source in hypotheses for hypothesis in of_source]
    return memory.select(torch.tensor(rows, device=memory.states.device)), _padded(ids, target.end, memory, target)


def _padded(targets: Sequence[Sequence[int]], end: int, memory: Memory, target: Tokenizer) -> Tensor:
    """Return targets with the end id, padded, on the device of the memory."""
    padded = torch.full((len(targets), max(map(len, targets), default=0) + 1), target.padding)
    for row, ids in enumerate(targets):
        padded[row, : len(ids) + 1] = torch.tensor([*ids, end])
    return padded.to(memory.states.device)


def _inputs(network: Network, written: Tensor, begin: int, target: Tokenizer) -> Tensor:
    """Return the decoder's inputs for targets, [N, T]."""
    before = written[:, :-1].masked_fill(written[:, :-1] == target.end, target.padding)
    before = before.masked_fill(before >= network.target_vocabulary, target.unknown)
    return torch.cat([before.new_full((len(before), 1), begin), before], 1)


def _divided(values: Tensor, written: Tensor, target: Tokenizer) -> Iterator[Tensor]:
    """Yield the part of each target from the values of all pieces, row by row."""
    return iter(torch.split(values, (written != target.padding).sum(1).tolist()))
