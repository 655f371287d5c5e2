"""Compute log probabilities and attention of given outputs, by teacher forcing.

Shapes: ``B`` sources, ``N`` targets, ``M`` hypotheses of all sources, ``S`` source length, ``T`` target length, end
token included.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any

import numpy as np

from seq2seq.arrays import Array, beside, namespace, to_numpy
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.output import Hypothesis
from seq2seq.decoding.step_model import Memory, Scorer
from seq2seq.tokenization.vocabulary import Vocabulary


def score(
    network: Scorer[Any],
    sources: EncodedSources,
    targets: Sequence[Sequence[int]],
    target: Vocabulary,
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
    with network.inference():
        memory = network.encode(sources.ids, sources.lengths, sources.copies)
        if rows is not None:
            memory = memory.select(beside(np.array(rows, dtype=np.int64), sources.ids))
        wanted = _padded(targets, target.end if end is None else end, memory, target)
        inputs = _inputs(network, wanted, target.start if begin is None else begin, target)
        log_probabilities, _, _, _ = network.forced(memory, inputs, wanted)
    return [pieces.tolist() for pieces in _divided(log_probabilities, wanted, target)]


def aligned(
    network: Scorer[Any], memory: Memory, target: Vocabulary, hypotheses: list[list[Hypothesis]]
) -> list[list[Hypothesis]]:
    """Add attention and copy probabilities to the hypotheses of each source, by another forward pass of the decoder.

    The caller must set the network to evaluation mode.
    """
    if not any(hypotheses):
        return hypotheses
    with network.inference():
        chosen, written = _written(memory, target, hypotheses)
        written[written == target.end] = target.padding  # attention for the end token is dropped
        _, copied, attention, _ = network.forced(chosen, _inputs(network, written, target.start, target), written)
    weights = iter(to_numpy(attention))  # [T, S] each
    shares: Iterator[Array] = repeat(np.zeros(0))
    if copied is not None:
        shares = _divided(to_numpy(copied), to_numpy(written), target)
    return [
        [
            replace(
                hypothesis,
                attention=next(weights)[: len(hypothesis.ids), :length].copy(),
                copied=tuple(next(shares).tolist()),
            )
            for hypothesis in of_source
        ]
        for of_source, length in zip(hypotheses, to_numpy(memory.is_token).sum(1).tolist(), strict=True)
    ]


def with_own_probabilities(
    network: Scorer[Any], memory: Memory, target: Vocabulary, hypotheses: list[list[Hypothesis]]
) -> list[list[Hypothesis]]:
    """Replace the hypotheses' log probabilities by the network's own, without repetition penalty and language model.

    The caller must set the network to evaluation mode.
    """
    if not any(hypotheses):
        return hypotheses
    with network.inference():
        chosen, written = _written(memory, target, hypotheses)
        log_probabilities, _, _, _ = network.forced(chosen, _inputs(network, written, target.start, target), written)
    parts = _divided(log_probabilities, written, target)
    return [
        [replace(hypothesis, log_probability=float(next(parts).sum())) for hypothesis in of_source]
        for of_source in hypotheses
    ]


def _written(memory: Memory, target: Vocabulary, hypotheses: list[list[Hypothesis]]) -> tuple[Memory, Array]:
    """Return the memory row and the pieces with end token, [M, T], of each hypothesis."""
    rows = [row for row, of_source in enumerate(hypotheses) for _ in of_source]
    ids = [hypothesis.ids for of_source in hypotheses for hypothesis in of_source]
    return memory.select(beside(np.array(rows), memory.is_token)), _padded(ids, target.end, memory, target)


def _padded(targets: Sequence[Sequence[int]], end: int, memory: Memory, target: Vocabulary) -> Array:
    """Return targets with the end id, padded, as an array beside the memory's."""
    padded = np.full((len(targets), max(map(len, targets), default=0) + 1), target.padding)
    for row, ids in enumerate(targets):
        padded[row, : len(ids) + 1] = [*ids, end]
    return beside(padded, memory.is_token)


def _inputs(network: Scorer[Any], written: Array, begin: int, target: Vocabulary) -> Array:
    """Return the decoder's inputs for targets, [N, T]."""
    xp = namespace(written)
    before = xp.asarray(written[:, :-1], copy=True)
    before[before == target.end] = target.padding
    before[before >= network.target_vocabulary] = target.unknown
    return xp.concat([xp.full_like(written[:, :1], begin), before], axis=1)


def _divided(values: Array, written: Array, target: Vocabulary) -> Iterator[Array]:
    """Yield the part of each target from the values of all pieces, row by row."""
    begin = 0
    for size in namespace(written).sum(written != target.padding, axis=1).tolist():
        yield values[begin : begin + size]
        begin += size
