"""How likely given outputs are: teacher forcing over whole targets at once.

Shapes: ``B`` pairs, ``S`` source length, ``T`` target length, end mark included, ``V`` vocabulary.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Int
from torch import Tensor

from seq2seq.network import Network
from seq2seq.tokenizer import Tokenizer

CHUNK_BYTES = 16 * 2**20
"""Largest chunk of logits at a time; see the training loss for why."""


@torch.inference_mode()
def score(
    network: Network,
    source: Int[Tensor, "batch source"],
    lengths: Int[Tensor, " batch"],
    targets: Sequence[Sequence[int]],
    target: Tokenizer,
) -> list[list[float]]:
    """Return the log probability of each piece of given targets.

    Args:
        network: The network, in evaluation mode.
        source: [B, S], padded ids.
        lengths: [B], ids that are no padding, at least one each.
        targets: The ids of each target, without the end mark.
        target: The target's tokenizer, for its special ids.

    Returns:
        For each pair one natural logarithm per piece, and one for the end mark.
    """
    width = max(map(len, targets), default=0) + 1
    wanted = torch.full((len(targets), width), target.padding)
    for row, ids in enumerate(targets):
        wanted[row, : len(ids)] = torch.tensor(ids, dtype=torch.long)
        wanted[row, len(ids)] = target.end
    start = torch.full((len(targets), 1), target.start)
    inputs = torch.cat([start, wanted[:, :-1].masked_fill(wanted[:, :-1] == target.end, target.padding)], 1)
    wanted = wanted.to(source.device)
    states = network(network.encode(source, lengths), inputs.to(source.device))  # [B, T, R]
    is_token = wanted != target.padding
    rows = max(1, CHUNK_BYTES // (4 * network.output.out_features))
    parts = [
        torch.log_softmax(network.logits(part), -1).gather(1, pieces.unsqueeze(1)).squeeze(1)
        for part, pieces in zip(torch.split(states[is_token], rows), torch.split(wanted[is_token], rows), strict=True)
    ]
    values = torch.split(torch.cat(parts), is_token.sum(1).tolist())
    return [pieces.tolist() for pieces in values]
