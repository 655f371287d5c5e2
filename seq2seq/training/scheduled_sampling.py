"""Scheduled sampling: in training, some of the decoder's input is its own predictions instead of the target.

Shapes: ``B`` batch, ``T`` target length, ``R`` readout width, ``V`` vocabulary, ``M`` replaced pieces.

With teacher forcing the decoder sees only correct prefixes, but at inference it continues its own output (Bengio et al.
2015, "Scheduled sampling for sequence prediction with recurrent neural networks"). Here the decoder runs twice
(Mihaylova and Martins 2019; Duckworth et al. 2019): the first pass, without gradients, predicts the next piece after
every correct prefix; some of these predictions replace target pieces in the input of the second pass, which is trained.
Both passes process the whole target in one call, whereas the original loops over pieces. As a result, each piece is
sampled after a correct prefix, whereas the original samples it after a prefix that may contain sampled pieces.

Replaced positions and pieces depend on torch's random generator, which is reseeded for each batch.
"""

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from seq2seq.network.encoder_decoder import CHUNK_BYTES, Network
from seq2seq.network.pointer import mixture
from seq2seq.network.state import Decoded, Memory, State
from seq2seq.run_setup.training_options import ScheduledSamplingOptions


def share(options: ScheduledSamplingOptions, step: int) -> float:
    """Return the probability of replacing a piece at an optimizer step: 0 at first, then rising linearly."""
    risen = 1.0 if options.ramp_steps == 0 else (step - options.start_step) / options.ramp_steps
    return options.probability * min(1.0, max(0.0, risen)) if step >= options.start_step else 0.0


def mixed_input(
    network: Network,
    memory: Memory,
    target_input: Int[Tensor, "batch target"],
    probability: float,
    choice: str,
    covering: bool = True,
    state: State | None = None,
) -> Int[Tensor, "batch target"]:
    """Return the decoder's input with some pieces replaced by the network's predictions.

    Args:
        network: Network in training.
        memory: Encoded sources.
        target_input: [B, T], start token and target pieces; the start token and padding are never replaced.
        probability: Probability of replacing a piece.
        choice: 'sample' or 'best', see :class:`~seq2seq.run_setup.training_options.ScheduledSamplingOptions`.
        covering: Whether attention already uses coverage.
        state: Initial state of the decoder; None derives it from the source.
    """
    is_replaced = torch.rand(target_input.shape, device=target_input.device) < probability
    is_replaced &= target_input != network.target_padding
    is_replaced[:, 0] = False
    if not bool(is_replaced.any()):
        return target_input
    with torch.no_grad():
        decoded = network(
            memory, target_input, covering, state
        )  # the state at t chooses the piece that is read at t + 1
        own = _chosen(network, memory, decoded, is_replaced[:, 1:], choice)  # [M]
    return target_input.masked_scatter(is_replaced, own)


def _chosen(
    network: Network, memory: Memory, decoded: Decoded, is_wanted: Bool[Tensor, "batch before"], choice: str
) -> Int[Tensor, " replaced"]:
    """Choose a piece at each selected position, in chunks for the reason given in :mod:`seq2seq.training.loss`."""
    states, weights, gate = (part[:, :-1][is_wanted] for part in (decoded.states, decoded.weights, decoded.gate))
    sources = is_wanted.nonzero()[:, 0]
    rows = max(1, CHUNK_BYTES // (4 * network.output.weight.shape[0]))
    chosen = []
    for start in range(0, states.shape[0], rows):
        part = slice(start, start + rows)
        logits = network.logits(states[part]).float()  # [rows, V]
        if network.options.copying:
            of = sources[part]
            logits = mixture(logits, gate[part], weights[part], memory.copies[of], memory.first[of], memory.extra)
            logits = logits[:, : network.target_vocabulary]  # unknown words cannot be decoder input
        if choice == "sample":
            # The argmax of logits with Gumbel noise is a sample from their softmax.
            logits = logits - torch.empty_like(logits).exponential_().log_()
        chosen.append(logits.argmax(-1))
    return torch.cat(chosen)
