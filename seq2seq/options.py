"""Option classes: typed, immutable, checked at construction, and fast to import.

Each class is one block of command-line options and of YAML files, and is stored as JSON with the trained model. This
module does not import torch, so command-line parsers, plugins and bundles can read options in milliseconds.
"""

import re
from dataclasses import MISSING, asdict, fields
from typing import Any

from seq2seq.errors import UserError, nearest

_ARGUMENT = re.compile(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", re.MULTILINE)


class Options:
    """Base class of options, with conversion to JSON; `Fields.build` reads them back."""

    def __post_init__(self) -> None:
        """Refuse invalid values; each class checks its own fields and calls its base classes."""

    def to_json(self) -> dict[str, Any]:
        """Return the options as a JSON-serializable dictionary, in order of declaration."""
        return asdict(self)  # type: ignore[call-overload,no-any-return]


def describe(options: type) -> dict[str, str]:
    """Return the description of each option, from the Google-style docstrings of a class and its base classes."""
    descriptions: dict[str, str] = {}
    for kind in reversed(options.__mro__):
        arguments = _ARGUMENT.findall(kind.__dict__.get("__doc__") or "")
        descriptions |= {name: " ".join(text.split()) for name, text in arguments}
    return descriptions


def differences(options: object) -> dict[str, Any]:
    """Return the values of options (or of a reader) that differ from their defaults."""
    values = [(field, getattr(options, field.name)) for field in fields(options)]  # type: ignore[arg-type]
    return {field.name: value for field, value in values if field.default is MISSING or value != field.default}


LARGEST = 1_000_000_000
"""Default maximum of integer options; it fits into a tensor."""
MOST_THREADS = 4096
GREEDY = "For the likeliest piece each time, search with beam_size 1 instead of sampling."
"""Advice for a temperature of 0; commands may replace it."""


class OptionError(UserError):
    """Raised for a value that an option does not accept.

    Args:
        option: Name of the field.
        value: The value.
        expected: The requirement, a phrase that follows "must".
        advice: A sentence of advice; may be empty.
    """

    def __init__(self, option: str, value: object, expected: str, advice: str = "") -> None:
        self.option, self.value, self.expected, self.advice = option, value, expected, advice
        shown = f"'{value}'" if isinstance(value, str) else f"{value}"
        super().__init__(f"{option} is {shown}, but it must {expected}.{' ' if advice else ''}{advice}")

    def named(self, option: str, greedy: str = "") -> "OptionError":
        """Return the same error with the option as typed; ``greedy`` replaces the advice `GREEDY`."""
        return OptionError(
            option, self.value, self.expected, greedy if self.advice == GREEDY and greedy else self.advice
        )


def within(
    option: str, value: float, low: float, high: float = LARGEST, *, whole: bool = False, advice: str = ""
) -> None:
    """Refuse a number outside [low, high], or NaN; ``whole`` requires an integer.

    Raises:
        OptionError: If the number is refused; the message gives the range and the advice.
    """
    kinds = int if whole else (int, float)
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise OptionError(option, value, f"be a {'whole ' if whole else ''}number", advice)
    if not low <= value <= high:
        expected = f"be at least {low:g}" if value < low else f"lie between {low:g} and {high:,.12g}"
        raise OptionError(option, value, expected, advice)


def require(condition: bool, sentence: str) -> None:
    """Raise a `UserError` with a sentence if a condition is false."""
    if not condition:
        raise UserError(sentence)


def choice(option: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a value that is not among the choices, and suggest the nearest."""
    if value not in choices:  # the nearest choice is searched only now
        raise UserError(
            f"{option} is '{value}', which does not exist. {nearest(value, choices)}Choose from: {', '.join(choices)}."
        )


def fraction(option: str, value: float) -> None:
    """Refuse a probability outside [0, 1)."""
    require(0 <= value < 1, f"{option} is {value}, but it is a probability: it must be at least 0 and below 1.")


def not_negative(option: str, value: float) -> None:
    """Refuse a negative number."""
    require(value >= 0, f"{option} is {value}, but it must not be negative.")
