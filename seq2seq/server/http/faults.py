"""Faults of requests, and the forms in which clients expect them."""

from dataclasses import dataclass
from typing import Any

from seq2seq.errors import SentenceError

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    405: "invalid_request_error",
    429: "rate_limit_error",
}
"""OpenAI's names for kinds of faults, by status code; others are `api_error`."""

MEANINGS = {
    400: "The request is wrong",
    401: "An API key is needed",
    403: "The API key is not accepted",
    404: "There is no such model or file",
    408: "The request did not arrive in time",
    413: "The request is too large",
    415: "The body has a type that is not read",
    503: "The server is busy, or shutting down; Retry-After tells when to try again",
    504: "The answer took too long",
}
"""What status codes of faults mean, for the description of the endpoints."""


class RequestError(SentenceError):
    """A request that cannot be answered.

    Args:
        status: The HTTP status code.
        sentence: What is wrong.
        code: OpenAI's name for the fault; may be empty.
        parameter: The field that is wrong; may be empty.
        headers: Headers of the answer.
    """

    def __init__(
        self,
        status: int,
        sentence: str,
        *,
        code: str = "",
        parameter: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status, self.code, self.parameter, self.headers = status, code, parameter, headers or {}


@dataclass(frozen=True)
class ErrorAnswer:
    """An error of our own endpoints and of LibreTranslate's.

    Args:
        error: What is wrong, in one sentence.
    """

    error: str


@dataclass(frozen=True)
class OpenAIError:
    """What is wrong.

    Args:
        message: One sentence.
        type: Kind of error.
        param: Name of the field that is wrong, if it is one.
        code: Name of the error, if it has one.
    """

    message: str
    type: str
    param: str | None
    code: str | None


@dataclass(frozen=True)
class OpenAIErrorAnswer:
    """An error of OpenAI's endpoints.

    Args:
        error: What is wrong.
    """

    error: OpenAIError


def own_form(fault: RequestError) -> ErrorAnswer:
    """Return a fault in the form of our own endpoints and LibreTranslate's."""
    return ErrorAnswer(str(fault))


def openai_form(fault: RequestError) -> OpenAIErrorAnswer:
    """Return a fault in OpenAI's form."""
    kind = TYPES.get(fault.status, "api_error" if fault.status >= 500 else "invalid_request_error")
    return OpenAIErrorAnswer(OpenAIError(str(fault), kind, fault.parameter or None, fault.code or None))


ErrorForm = Any
"""A function such as `own_form`, which makes the body of an answer."""
