"""Jobs, and their parts on the way through batches.

A :class:`Job` is one text to decode. A `Request` divides it into parts (its sentences, or groups of its samples), which
are decoded in `Batch` es together with parts of other jobs, and puts their outputs together again. The outputs of a job
are those of `LoadedModel.decode` or `LoadedModel.stream`, whatever else is decoded at the same time.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions
from seq2seq.decoding.output import Output
from seq2seq.errors import UserError


@dataclass(frozen=True)
class Job:
    """One text to decode.

    Args:
        source: A line as typed by a user, or an example.
        decoding: Decoding options.
        number: Index of the text; see `first` of `LoadedModel.decode`.
        draw: Index of the first sample among this text's samples; see `LoadedModel.stream`.
        stop: Stop strings; an output ends before the first occurrence of any of them. A model with sources decodes the
            whole output: only its text is cut.
        attention: Whether to set `attention` and `copied` of the outputs.
        piece_scores: Whether to set `piece_log_probabilities` of the outputs.

    Raises:
        UserError: If a stop string is empty.
    """

    source: str | Example
    decoding: Decoding
    number: int = 0
    draw: int = 0
    stop: tuple[str, ...] = ()
    attention: bool = False
    piece_scores: bool = False

    def __post_init__(self) -> None:
        """Refuse empty stop strings."""
        if isinstance(self.stop, str) or not all(self.stop):
            raise UserError(f"stop is {self.stop!r}, but it must be a list of texts, none of them empty.")


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a job, which is decoded in one batch.

    Args:
        place: Index of the part in its request.
        key: Parts with equal keys may be decoded in one batch.
        length: Number of pieces that are read.
        rows: Number of rows in each step: beams or samples.
        numbers: Index of each sample, which with the seed determines it; one number for a search.
        sampling: Sampling options; None for search.
    """

    place: int
    key: Hashable
    length: int
    rows: int
    numbers: tuple[int, ...]
    sampling: SamplingOptions | None


class Progress(NamedTuple):
    """What a step has added to a part.

    Attributes:
        part: The part.
        text: Text that was generated, if the part is streamed.
        pieces: Number of pieces that were generated.
        outputs: The outputs of a part that has ended; else None.
    """

    part: Part
    text: str = ""
    pieces: int = 0
    outputs: list[Output] | None = None


class Request(ABC):
    """A job that is being decoded.

    Attributes:
        parts: Its parts; may be empty, for an empty text.
        read: Number of pieces that are read.
    """

    parts: Sequence[Part]

    @property
    def read(self) -> int:
        """Number of pieces that are read, over all parts."""
        return sum(part.length for part in self.parts)

    @abstractmethod
    def add(self, progress: Progress) -> str:
        """Add the progress of a part, and return the text that can be shown now if the request is streamed."""

    @property
    @abstractmethod
    def is_over(self) -> bool:
        """Whether all parts have ended."""

    @abstractmethod
    def outputs(self) -> tuple[str, list[Output]]:
        """Return the rest of the text to show if the request is streamed, and the job's outputs.

        Raises:
            UserError: See `LoadedModel.decode`.
            WorldError: If memory is exhausted.
        """


class Batch(ABC):
    """Parts with equal keys that are decoded together.

    Attributes:
        grows: Whether parts may be added after the first step.
    """

    grows = False

    @property
    @abstractmethod
    def parts(self) -> Sequence[Part]:
        """The parts that have not ended."""

    @property
    @abstractmethod
    def rows(self) -> int:
        """Number of rows of the next step."""

    @abstractmethod
    def is_open(self, part: Part) -> bool:
        """Return whether a part with the same key can still be added."""

    @abstractmethod
    def add(self, part: Part) -> None:
        """Add a part that `is_open` accepts."""

    @abstractmethod
    def drop(self, parts: Iterable[Part]) -> None:
        """Remove parts before the next step."""

    @abstractmethod
    def advance(self) -> list[Progress]:
        """Run one step, and return the progress of the parts.

        Raises:
            WorldError: If memory is exhausted, or if a score is NaN.
        """


def cut(output: Output, stop: Sequence[str]) -> Output:
    """Return an output whose text ends before the first stop string in it."""
    places = [place for text in stop if (place := output.text.find(text)) >= 0]
    return replace(output, text=output.text[: min(places)]) if places else output


def without_seed(sampling: SamplingOptions | None) -> SamplingOptions | None:
    """Return sampling options with the default seed: samples with different seeds can be drawn together."""
    return None if sampling is None else replace(sampling, seed=SamplingOptions.seed)
