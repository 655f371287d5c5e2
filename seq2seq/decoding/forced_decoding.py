"""Log probabilities of given outputs: teacher forcing over whole targets at once.

Shapes: ``B`` sources, ``N`` targets, ``S`` source length, ``T`` target length, end mark included, ``V`` vocabulary.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Int
from torch import Tensor

from seq2seq.network.encoder_decoder import Network
from seq2seq.tokenization.tokenizer import Tokenizer


@torch.inference_mode()
def score(
    network: Network,
    source: Int[Tensor, "batch source"],
    lengths: Int[Tensor, " batch"],
    targets: Sequence[Sequence[int]],
    target: Tokenizer,
    *,
    rows: Sequence[int] | None = None,
    copies: Int[Tensor, "batch source"] | None = None,
    begin: int | None = None,
    end: int | None = None,
) -> list[list[float]]:
    """Return the log probability of each piece of given targets.

    Args:
        network: The network, in evaluation mode.
        source: [B, S], padded ids.
        lengths: [B], ids without padding, at least one each.
        targets: The ids of each target, without the end mark; above the vocabulary for unknown words of its source.
        target: The target's tokenizer, for its special ids.
        rows: [N], the source of each target; by default each source has one. A source is encoded once.
        copies: See `Network.encode`.
        begin: Id that is read before the first piece; by default the start mark.
        end: Id that is expected after the last one; by default the end mark.

    Returns:
        For each target one natural logarithm per piece, and one for the end mark.
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
    wanted = wanted.to(source.device)
    memory = network.encode(source, lengths, copies)
    if rows is not None:
        memory = memory.select(torch.tensor(rows, device=source.device))
    values, _ = network.chosen(memory, network(memory, inputs.to(source.device)), wanted)
    return [pieces.tolist() for pieces in torch.split(values, (wanted != target.padding).sum(1).tolist())]
