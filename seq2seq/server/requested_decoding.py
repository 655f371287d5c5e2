"""The decoding that a request asks for: the model's own, changed by the request's options."""

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Literal

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import BeamOptions, SamplingOptions, SearchOptions, WritingOptions
from seq2seq.errors import UserError
from seq2seq.options import within
from seq2seq.server.served_models import TEXT, ServedModel

REMEMBERED = 256
"""Number of different decodings that are kept."""
OF_SAMPLING = ("temperature", "top_p", "top_k", "min_p")
LONGEST_OUTPUT = 1000
"""Most pieces of an output for which neither the model nor the request sets a limit."""


@dataclass(frozen=True)
class DecodingChoice:
    """How to decode; what is left out is as the model does by default.

    Args:
        method: 'beam' searches with several hypotheses, 'greedy' takes the likeliest piece at each step, 'sample' draws
            at random.
        beam_size: Number of hypotheses of a search.
        temperature: Divisor of the logits of a sample; below 1 is less random.
        top_p: Sample from the smallest set of likeliest pieces whose total probability is at least this value.
        top_k: Sample only from the k likeliest pieces; 0 is off.
        min_p: Sample from pieces whose probability is at least this fraction of the likeliest piece's.
        seed: With the text, it determines a sample.
        max_length: Maximum number of pieces of the output.
    """

    method: Literal["beam", "greedy", "sample"] | None = None
    beam_size: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    seed: int | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class DecodingLimits:
    """The most work that one request may ask for.

    Args:
        beams: Maximum number of hypotheses of a search.
        length: Maximum number of pieces of an output.
        outputs: Maximum number of outputs for one text.
    """

    beams: int
    length: int
    outputs: int


def decoding_of(model: ServedModel, choice: DecodingChoice, limits: DecodingLimits, count: int = 1) -> Decoding:
    """Return a model's decoding changed by a request.

    Args:
        model: The model.
        choice: What the request changes.
        limits: The most work that it may ask for.
        count: Number of outputs. A search with fewer beams gets as many beams.

    Raises:
        UserError: If options contradict each other, or if a value is impossible or beyond the limits.
    """
    return _changed(model.loaded.decoding, model.kind, choice, limits, count)


@lru_cache(maxsize=REMEMBERED)
def _changed(own: Decoding, kind: str, choice: DecodingChoice, limits: DecodingLimits, count: int) -> Decoding:
    """See `decoding_of`. Most requests are alike, and checking all options takes longer than finding them again."""
    drawn = [name for name in OF_SAMPLING if getattr(choice, name) is not None]
    method = choice.method or _method(own, choice, drawn, kind, count)
    if method != "sample" and drawn:
        raise UserError(f"{drawn[0]} is for sampling, but the method is '{method}': leave it out, or sample.")
    if method != "beam" and choice.beam_size not in (None, *((1,) if method == "greedy" else ())):
        raise UserError(f"beam_size belongs to a search, but the method is '{method}': leave it out, or search.")
    if choice.beam_size is not None:
        within("beam_size", choice.beam_size, 1, whole=True)
    most("The number of outputs", count, limits.outputs)
    if method == "greedy" and count > 1:
        others = "'sample'" if kind == TEXT else "'beam' or 'sample'"
        raise UserError(
            f"{count} outputs are wanted, but greedy search finds only one: set the method to {others}, or ask for one."
        )
    search = _search(own.search, choice, method, count)
    if isinstance(search, BeamOptions):
        most("beam_size", search.beam_size, limits.beams)
    if kind == TEXT and method == "beam":
        raise UserError("A text without a source is not searched with beams: the method is 'greedy' or 'sample'.")
    search = _bounded(search, choice, limits)
    return Decoding(search, _sampling(own, choice) if method == "sample" else None, None, count)


def most(name: str, value: int, largest: int) -> None:
    """Refuse a number that is larger than this server allows.

    Raises:
        UserError: If it is.
    """
    if value > largest:
        raise UserError(f"{name} is {value:,}, but this server allows at most {largest:,}.")


def _method(own: Decoding, choice: DecodingChoice, drawn: list[str], kind: str, count: int) -> str:
    """Return the method for a request that names none."""
    if choice.beam_size is not None:
        return "beam" if choice.beam_size != 1 else "greedy"
    if drawn or own.sampling is not None:
        return "sample"
    is_search = own.beams > 1 or (count > 1 and kind != TEXT)  # with as many beams as outputs
    return "beam" if is_search else "greedy"


def _search(own: WritingOptions, choice: DecodingChoice, method: str, count: int) -> WritingOptions:
    if not isinstance(own, SearchOptions):
        return own
    if method != "beam":
        return replace(own, beam_size=1, groups=1, n_best=1)
    beams = own.beam_size if choice.beam_size is None else choice.beam_size
    groups = own.groups if beams % own.groups == 0 else 1
    if beams < count:
        beams = -(-count // groups) * groups
    return replace(own, beam_size=beams, groups=groups, n_best=1)


def _bounded(search: WritingOptions, choice: DecodingChoice, limits: DecodingLimits) -> WritingOptions:
    if choice.max_length is not None:
        if choice.max_length < 1:
            raise UserError(f"max_length is {choice.max_length}, but it must be at least 1.")
        most("max_length", choice.max_length, limits.length)
        return replace(search, max_length=choice.max_length, min_length=min(search.min_length, choice.max_length))
    has_ratio = any(field.name == "max_length_ratio" for field in fields(search))
    if search.max_length == 0 and not has_ratio:
        return replace(search, max_length=min(LONGEST_OUTPUT, limits.length))
    return search


def _sampling(own: Decoding, choice: DecodingChoice) -> SamplingOptions:
    values = {name: getattr(choice, name) for name in (*OF_SAMPLING, "seed")}
    changes: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    return replace(own.sampling or SamplingOptions(), **changes)
