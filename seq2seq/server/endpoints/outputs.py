"""Outputs of models as our own endpoints return them, and what our own requests share."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

from seq2seq.decoding.output import Output
from seq2seq.server.http.faults import RequestError
from seq2seq.server.scheduler import Job, Scheduler

DIGITS = 5
"""Digits behind the point of attention weights and of fractions."""
MOST_DRAWS = 1 << 20
"""Number of samples of a text that can be asked for one after the other."""


@dataclass(frozen=True)
class OutputAnswer:
    """An output of a model.

    Args:
        text: The text.
        score: Score for ranking: the log probability with the search's penalties.
        log_probability: Natural logarithm of the output's probability, end included.
        pieces: [T], the pieces of the output.
        source_pieces: [S], the pieces that the model read.
        lost: Number of pieces of the source that were cut off.
        attention: [T, S], the weight of each source piece for each output piece; if asked for, and if the model has
            attention.
        copied: [T], the fraction of each piece's probability that is due to copying; if the model copies.
        piece_log_probabilities: [T], natural logarithm of each piece's probability.
    """

    text: str
    score: float | None
    log_probability: float | None
    pieces: tuple[str, ...]
    source_pieces: tuple[str, ...]
    lost: int
    attention: tuple[tuple[float, ...], ...] | None = None
    copied: tuple[float, ...] | None = None
    piece_log_probabilities: tuple[float, ...] | None = None


@dataclass(frozen=True)
class TextEvent:
    """A part of a text.

    Args:
        text: The part.
    """

    text: str


def output_answer(output: Output) -> OutputAnswer:
    """Return an output as our endpoints do."""
    weights = output.attention
    return OutputAnswer(
        output.text,
        output.score,
        output.log_probability,
        output.pieces,
        output.source_pieces,
        output.lost,
        None if weights is None else tuple(map(tuple, weights.astype(float).round(DIGITS).tolist())),
        tuple(round(float(value), DIGITS) for value in output.copied) or None,
        tuple(round(float(value), DIGITS) for value in output.piece_log_probabilities) or None,
    )


async def parts_of(
    scheduler: Scheduler, model: str, job: Job, finish: Callable[[Output], Any]
) -> AsyncGenerator[Any, None]:
    """Yield the parts of a text as events, and last the event that is made of the whole output."""
    stream = scheduler.stream(model, job)
    try:
        async for part in stream:
            if isinstance(part, str):
                yield TextEvent(part)
            else:
                yield finish(part)
    finally:
        await stream.aclose()


def require_count(name: str, count: int) -> None:
    """Refuse a number of outputs below 1."""
    if count < 1:
        raise RequestError(400, f"{name} is {count}, but it must be at least 1.", parameter=name)


def require_draw(draw: int) -> None:
    """Refuse an impossible number of earlier outputs."""
    if not 0 <= draw < MOST_DRAWS:
        raise RequestError(400, f"draw is {draw}, but it must lie between 0 and {MOST_DRAWS - 1:,}.", parameter="draw")
