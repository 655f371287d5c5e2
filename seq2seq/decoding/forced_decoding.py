"""Compute log probabilities and attention of given outputs, by teacher forcing.

Shapes: ``B`` sources, ``N`` targets, ``M`` hypotheses of all sources, ``S`` source length, ``T`` target length, end
token included.
"""

from collections.abc import Sequence
from dataclasses import replace

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
    begin = target.start if begin is None else begin
    end = target.end if end is None else end
    width = max(map(len, targets), default=0) + 1
    wanted = torch.full((len(targets), width), target.padding)
    for row, ids in enumerate(targets):
        wanted[row, : len(ids)] = torch.tensor(ids, dtype=torch.long)
        wanted[row, len(ids)] = end
    start = torch.full((len(targets), 1), begin)
    inputs = torch.cat([start, wanted[:, :-1].masked_fill(wanted[:, :-1] == target.end, target.padding)], 1)
    inputs = inputs.masked_fill(inputs >= network.target_vocabulary, target.unknown)
    device = sources.ids.device
    wanted = wanted.to(device)
    memory = network.encode(sources.ids, sources.lengths, sources.copies)
    if rows is not None:
        memory = memory.select(torch.tensor(rows, device=device))
    values, _ = network.chosen(memory, network(memory, inputs.to(device)), wanted)
    return [pieces.tolist() for pieces in torch.split(values, (wanted != target.padding).sum(1).tolist())]


@torch.inference_mode()
def aligned(
    network: Network, memory: Memory, target: Tokenizer, found: list[list[Hypothesis]]
) -> list[list[Hypothesis]]:
    """Add attention and copy probabilities to the hypotheses of each source, by another forward pass of the decoder.

    The caller must set the network to evaluation mode.
    """
    if not any(found):
        return found
    flat, chosen, written = _written(memory, target, found)
    written = written.masked_fill(written == target.end, target.padding)  # attention for the end token is dropped
    decoded = network(chosen, _inputs(network, written, target))
    weights = decoded.weights.cpu()  # [M, T, S]
    shares: list[tuple[float, ...]] = [()] * len(flat)
    if network.options.copying:
        _, copied = network.chosen(chosen, decoded, written)
        parts = torch.split(copied.cpu(), [len(hypothesis.ids) for _, hypothesis in flat])
        shares = [tuple(part.tolist()) for part in parts]
    lengths = memory.is_token.sum(1).tolist()
    result: list[list[Hypothesis]] = [[] for _ in found]
    for (row, hypothesis), matrix, share in zip(flat, weights, shares, strict=True):
        read = matrix[: len(hypothesis.ids), : lengths[row]].clone()
        result[row].append(replace(hypothesis, attention=read, copied=share))
    return result


def with_own_probabilities(
    network: Network, memory: Memory, target: Tokenizer, found: list[list[Hypothesis]]
) -> list[list[Hypothesis]]:
    """Replace the hypotheses' log probabilities by the network's own, without repetition penalty and language model.

    The caller must set the network to evaluation mode.
    """
    if not any(found):
        return found
    flat, chosen, written = _written(memory, target, found)
    values, _ = network.chosen(chosen, network(chosen, _inputs(network, written, target)), written)
    totals = [float(part.sum()) for part in torch.split(values, [len(hypothesis.ids) + 1 for _, hypothesis in flat])]
    result: list[list[Hypothesis]] = [[] for _ in found]
    for (row, hypothesis), total in zip(flat, totals, strict=True):
        result[row].append(replace(hypothesis, log_probability=total))
    return result


def _written(
    memory: Memory, target: Tokenizer, found: list[list[Hypothesis]]
) -> tuple[list[tuple[int, Hypothesis]], Memory, Tensor]:
    """Return M (source index, hypothesis) pairs, the memory row of each, and the pieces with end token, [M, T]."""
    flat = [(row, hypothesis) for row, hypotheses in enumerate(found) for hypothesis in hypotheses]
    written = torch.full((len(flat), max(len(hypothesis.ids) for _, hypothesis in flat) + 1), target.padding)
    for place, (_, hypothesis) in enumerate(flat):
        written[place, : len(hypothesis.ids) + 1] = torch.tensor([*hypothesis.ids, target.end])
    device = memory.states.device
    return flat, memory.select(torch.tensor([row for row, _ in flat], device=device)), written.to(device)


def _inputs(network: Network, written: Tensor, target: Tokenizer) -> Tensor:
    """Return the decoder's inputs for the hypotheses, [M, T]."""
    before = written[:, :-1].masked_fill(written[:, :-1] == target.end, target.padding)
    before = before.masked_fill(before >= network.target_vocabulary, target.unknown)
    return torch.cat([before.new_full((len(before), 1), target.start), before], 1)
