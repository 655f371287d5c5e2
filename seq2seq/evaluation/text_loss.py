"""Computes the loss of running text, with the state carried through the whole text or in random windows.

Shapes: ``N`` pieces of the text, ``B`` rows read in parallel, ``T`` pieces read per row and call.

Losses are in nats per piece. When a model is used, the state is carried through a text. Random windows imitate models
with a limited context, such as Transformers; their loss is higher because the first pieces of a window have little
context.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.arrays import to_numpy
from seq2seq.decoding.step_model import PromptReader
from seq2seq.tokenization.tokenizer import Tokenizer

PART = 128
"""Number of pieces read per call in each row."""
ROWS = 16
"""Maximum number of parts of a text that are read in parallel; this is many times faster."""
LEAD_IN = 2048
"""Number of context pieces read before each part, without counting their loss."""

Ids = NDArray[np.int64]


def carried(
    network: PromptReader[Any],
    ids: Sequence[int] | Ids,
    target: Tokenizer,
    begin: int,
    *,
    rows: int = ROWS,
    lead_in: int = LEAD_IN,
) -> NDArray[np.float32]:
    """Return the loss of each piece of a text with carried state.

    Args:
        network: A network without encoder, in evaluation mode.
        ids: [N], the text, with an end token after each document.
        target: The tokenizer, for its special ids.
        begin: Id that precedes the first piece.
        rows: Maximum number of parts into which the text is split; parts are read in parallel, and none is shorter than
            the lead-in. With 1, the state is carried through the whole text; otherwise, it is carried only through each
            part and the lead-in before it. The difference is negligible because an LSTM's effective context is hundreds
            of pieces, not thousands.
        lead_in: See `LEAD_IN`.

    Returns:
        [N], nats.
    """
    text = np.asarray(ids, dtype=np.int64)
    inputs = before(text, target, begin)
    rows = max(1, min(rows, len(text) // max(1, lead_in)))
    length = -(-len(text) // rows)
    losses = np.zeros(len(text), dtype=np.float32)
    starts = np.arange(rows) * length
    with network.inference():
        state = _led_in(network, inputs, starts[1:], lead_in)
        for first in range(0, length, PART):
            width = min(PART, length - first)
            read = np.full((rows, width), target.padding, dtype=np.int64)
            wanted = read.copy()
            for row, start in enumerate(starts.tolist()):
                part = slice(start + first, min(start + first + width, start + length, len(text)))
                size = max(0, part.stop - part.start)
                read[row, :size], wanted[row, :size] = inputs[part], text[part]
            part_losses, state = _losses(network, read, wanted, target.padding, state)
            for row, start in enumerate(starts.tolist()):
                size = int((wanted[row] != target.padding).sum())
                losses[start + first : start + first + size] = part_losses[row, :size]
    return losses


def windowed(
    network: PromptReader[Any],
    ids: Sequence[int] | Ids,
    target: Tokenizer,
    *,
    window: int,
    count: int,
    seed: int,
    rows: int = 64,
) -> NDArray[np.float32]:
    """Return the loss of each piece in random windows, with only the piece before the window as context.

    Args:
        network: A network without encoder, in evaluation mode.
        ids: [N], the text, at least two pieces.
        target: The tokenizer, for its special ids.
        window: Maximum window length in pieces; shorter for a short text.
        count: Number of windows.
        seed: Seed of the window positions.
        rows: Number of windows read in parallel.

    Returns:
        [count, window], nats.
    """
    text = np.asarray(ids, dtype=np.int64)
    window = min(window, len(text) - 1)
    starts = np.random.default_rng([seed % 2**64, 11]).integers(0, len(text) - window, count)
    inputs = before(text, target, target.start)
    losses = np.zeros((count, window), dtype=np.float32)
    with network.inference():
        for first in range(0, count, rows):
            places = starts[first : first + rows, None] + np.arange(1, window + 1)  # [B, T]
            part_losses, _ = _losses(network, inputs[places], text[places], target.padding, None)
            losses[first : first + rows] = part_losses
    return losses


def before(text: Ids, target: Tokenizer, begin: int) -> Ids:
    """Return the decoder's inputs for the pieces of a text, [N]."""
    inputs = np.concatenate([[begin], text[:-1]])
    return np.where(inputs == target.end, target.start, inputs)


def _led_in(network: PromptReader[Any], inputs: Ids, starts: Ids, lead_in: int) -> Any:  # noqa: ANN401 - a state of it
    """Return the state from which each row starts: initial for the first row, after the lead-in for the others.

    With a single row there is no lead-in, and the state is None.
    """
    if not len(starts):
        return None
    state = network.start(network.without_source(len(starts)))
    for first in range(0, lead_in, PART):
        places = starts[:, None] - lead_in + np.arange(first, min(first + PART, lead_in))
        state = network.read(network.array(inputs[places]), state)
    return network.start(network.without_source(1)).followed_by([state])


def _losses(
    network: PromptReader[Any],
    read: Ids,
    wanted: Ids,
    padding: int,
    state: Any,  # noqa: ANN401 - a state of the network
) -> tuple[NDArray[np.float32], Any]:
    """Return the loss of each target piece ([B, T], 0 at padding) and the state after the last piece."""
    memory = network.without_source(len(read))
    values, _, _, after = network.forced(memory, network.array(read), network.array(wanted), state)
    losses = np.zeros(wanted.shape, dtype=np.float32)
    losses[wanted != padding] = -to_numpy(values)
    return losses, after
