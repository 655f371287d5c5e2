"""What requests to OpenAI's endpoints and their answers share: fields, usage, log probabilities, ends of texts."""

import re
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SearchOptions, WritingOptions
from seq2seq.decoding.output import Output
from seq2seq.server.endpoints.outputs import require_count
from seq2seq.server.endpoints.texts import texts_of
from seq2seq.server.http.endpoint import Endpoint, Handler
from seq2seq.server.http.faults import OpenAIErrorAnswer, RequestError, openai_form
from seq2seq.server.http.service import Service
from seq2seq.server.requested_decoding import DecodingChoice, decoding_of, most
from seq2seq.server.served_models import ServedModel

MOST_STOPS = 16
SEEDS = 1 << 31
TAG = "OpenAI"
End = Literal["stop", "length"]
_BYTE = re.compile("<0x([0-9A-F]{2})>")
_SPACE = "\u2581"


@dataclass(frozen=True)
class StreamOptions:
    """Options of a stream.

    Args:
        include_usage: Whether the last event counts the tokens.
    """

    include_usage: bool = False


@dataclass(frozen=True)
class Usage:
    """Numbers of tokens.

    Args:
        prompt_tokens: Tokens that were given.
        completion_tokens: Tokens that were generated.
        total_tokens: Their sum.
    """

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


@dataclass(frozen=True)
class Token:
    """A generated token.

    Args:
        token: Its text; '<0xE4>' is a byte of a character.
        logprob: Natural logarithm of its probability.
        bytes: The bytes of its text.
        top_logprobs: Always empty.
    """

    token: str
    logprob: float
    bytes: tuple[int, ...]
    top_logprobs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OpenAIRequest(ABC):
    """What both endpoints read.

    Args:
        model: Name of the model.
        max_tokens: Maximum number of tokens; at most as many as the server allows.
        temperature: Above 0 samples; 0 takes the likeliest output. Without it, the model decodes as by default.
        top_p: Sample from the smallest set of likeliest tokens with this probability.
        n: Number of outputs for each prompt or conversation.
        stream: Whether to send the outputs in parts, as server-sent events.
        stream_options: Options of the stream.
        stop: Texts before which an output ends.
        seed: Determines a sample; without it, every request gets another one.
    """

    model: str
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    n: int = 1
    stream: bool = False
    stream_options: StreamOptions | None = None
    stop: str | tuple[str, ...] | None = None
    seed: int | None = None

    @property
    def length(self) -> int | None:
        """Maximum number of tokens; None if the request sets none."""
        return self.max_tokens

    @property
    @abstractmethod
    def has_scores(self) -> bool:
        """Whether log probabilities are wanted."""

    def decoding(self, service: Service, model: ServedModel) -> Decoding:
        """Return the decoding for a model.

        Raises:
            RequestError: If a value is impossible.
        """
        require_count("n", self.n)
        if self.length is not None:
            require_count("max_tokens", self.length)
        limits = service.decoding_limits
        length = None if self.length is None else min(self.length, limits.length)
        own = model.decoding
        choice = DecodingChoice(max_length=length)
        if self.temperature == 0 or self.top_p == 0:
            choice = DecodingChoice("greedy" if own.beams == 1 else "beam", max_length=length)
        elif self.temperature is not None or self.top_p is not None or own.sampling is not None:
            seed = secrets.randbelow(SEEDS) if self.seed is None else self.seed
            choice = DecodingChoice("sample", None, self.temperature, self.top_p, seed=seed, max_length=length)
        decoding = decoding_of(model, choice, limits)
        if decoding.sampling is None and decoding.beams == 1:
            most("The number of outputs", self.n, limits.outputs)
            return decoding  # all outputs are the same
        return decoding_of(model, choice, limits, self.n)

    def stops(self) -> tuple[str, ...]:
        """Return the texts before which an output ends.

        Raises:
            RequestError: If there are too many.
        """
        stops = texts_of(self.stop or ())
        if len(stops) > MOST_STOPS:
            raise RequestError(400, f"stop has {len(stops)} texts, but at most {MOST_STOPS} work.", parameter="stop")
        return tuple(filter(None, stops))


def openai_endpoint(
    path: str, summary: str, request: type, answer: type, handle: Handler, *, events: type | None = None
) -> Endpoint:
    """Return an endpoint with faults in OpenAI's form."""
    method = "GET" if events is None else "POST"
    return Endpoint(
        method, path, summary, request, answer, handle, openai_form, OpenAIErrorAnswer, events=events, tag=TAG
    )


def usage_of(outputs: Sequence[Sequence[Output]]) -> Usage:
    """Return the usage for the outputs of each text."""
    read = sum(len(found[0].source_pieces) + found[0].lost for found in outputs if found)
    written = sum(len(output.pieces) for found in outputs for output in found)
    return Usage(read, written, read + written)


def end_of(output: Output, search: WritingOptions) -> End:
    """Return why an output ended: 'length' if it reached the limit, with sentences each for itself."""
    for part in output.parts or (output,):
        limit = search.max_length
        if not limit and isinstance(search, SearchOptions):
            limit = int(np.float32(len(part.source_pieces)) * np.float32(search.max_length_ratio))
            limit += search.max_length_extra
        if limit and len(part.pieces) >= limit:
            return "length"
    return "stop"


def tokens_of(output: Output) -> tuple[Token, ...]:
    """Return the tokens of an output with their log probabilities."""
    tokens = []
    for number, (piece, value) in enumerate(zip(output.pieces, output.piece_log_probabilities, strict=True)):
        text = piece.replace(_SPACE, " ")
        text = text.removeprefix(" ") if number == 0 and not output.text.startswith(" ") else text
        byte = _BYTE.fullmatch(piece)
        content = (int(byte[1], 16),) if byte else tuple(text.encode())
        tokens.append(Token(text, value, content))
    return tuple(tokens)


def new_id(prefix: str) -> str:
    """Return an identifier of an answer."""
    return f"{prefix}-{secrets.token_hex(12)}"


def now() -> int:
    """Return the time in seconds."""
    return int(time.time())
