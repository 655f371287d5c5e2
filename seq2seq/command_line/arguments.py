"""Argument parsers of the verbs: short errors that suggest the nearest option, and arguments from option classes."""

import argparse
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

from seq2seq.errors import UserError, nearest
from seq2seq.files.typed_values import is_whole
from seq2seq.options import LARGEST, OptionError, Options, describe, within

if TYPE_CHECKING:
    from seq2seq.metrics.scored_texts import ScoredTexts

AnyOptions = TypeVar("AnyOptions", bound=Options)


class Parser(argparse.ArgumentParser):
    """The argument parser of a verb, with one-sentence errors and without abbreviated options."""

    def __init__(self, verb: str, description: str) -> None:
        super().__init__(
            prog=f"seq2seq {verb}",
            description=description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.register("type", int, _whole)

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:  # noqa: ANN401 - argparse's own
        """Return an argument's values; ``--seed=--`` gives '--', where argparse would give an empty list."""
        if action.option_strings and action.nargs is None and arg_strings == ["--"]:
            return self._get_value(action, "--")
        return super()._get_values(action, arg_strings)

    def error(self, message: str) -> NoReturn:
        """Raise UserError instead of printing the usage."""
        known = [name for action in self._actions for name in action.option_strings]
        unknown = re.match(r"unrecognized arguments: (\S+)", message)
        if unknown and unknown[1].startswith("-"):
            hint = nearest(unknown[1].split("=")[0], known)
            message = f"there is no option {unknown[1]}. {hint}".strip()
        wrong = re.match(r"argument (\S+): invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if wrong:
            choices = [name.strip(" '") for name in wrong[3].split(",")]
            message = f"{wrong[1]} is '{wrong[2]}'. {nearest(wrong[2], choices)}Choose from: {', '.join(choices)}"
        end = "" if message.endswith((".", "?")) else "."
        raise UserError(f"{message[0].upper()}{message[1:]}{end} See {self.prog} --help.")


def add_options(
    parser: argparse.ArgumentParser, title: str, options: type[Options], skip: Iterable[str] = ()
) -> "argparse._ArgumentGroup":
    """Add an argument for each field of an option class except the fields in `skip`, and return their group.

    The arguments have no defaults. A field has the type str, int, float, bool, or tuple of strings; a tuple becomes a
    repeatable argument.
    """
    group = parser.add_argument_group(title)
    help_texts = describe(options)
    for field in fields(options):  # type: ignore[arg-type]
        if field.name not in skip:
            text = help_texts[field.name].replace("%", "%%")
            if field.type == tuple[str, ...]:
                group.add_argument(f"--{field.name}", action="append", metavar="TEXT", help=text)
                continue
            kind = {bool: _truth}.get(cast(Any, field.type), field.type)
            group.add_argument(f"--{field.name}", type=kind, metavar=_metavar(field.type), help=text)
    return group


MOST_SAMPLES = 100_000
"""Maximum number of bootstrap samples; more would not change any printed digit, but would need more memory."""
GREEDY = "For the likeliest piece each time, type --greedy instead."


def chosen(
    options: AnyOptions,
    arguments: argparse.Namespace,
    skip: Iterable[str] = (),
    names_typed: Mapping[str, str] = MappingProxyType({}),
) -> AnyOptions:
    """Return options updated from the command line, except for the fields in `skip`.

    `names_typed` maps a field to its command-line option if that is not ``--FIELD``.

    Raises:
        OptionError: If a value is invalid; the message names the option as typed.
    """
    names = [field.name for field in fields(options) if field.name not in skip]  # type: ignore[arg-type]
    values = {name: getattr(arguments, name, None) for name in names}
    changes = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if value is not None
    }
    try:
        return replace(options, **changes) if changes else options  # type: ignore[type-var]
    except OptionError as fault:
        raise fault.named(names_typed.get(fault.option, f"--{fault.option}"), GREEDY) from fault


def counted(option: str, value: int | None, most: int = LARGEST, least: int = 1) -> None:
    """Check the number given for an option that belongs to no option class.

    Raises:
        OptionError: If it is out of range.
    """
    if value is not None:
        within(option, value, least, most, whole=True)


def counted_seed(seed: int) -> None:
    """Raise UserError if a bootstrap seed is negative, which numpy does not accept."""
    if seed < 0:
        raise UserError(f"--seed is {seed}, but it must not be negative.")


def add_scored_texts(parser: argparse.ArgumentParser) -> None:
    """Add the options that normalise outputs and references for scoring."""
    parser.add_argument(
        "--subwords",
        choices=("join", "keep"),
        help="subword text, such as 'th@@ ree': join it to words for scoring (default) or keep the pieces",
    )
    parser.add_argument(
        "--sentence_separator",
        metavar="TEXT",
        help="text between the sentences of outputs and references; a line break, <q> and the like are known",
    )


def scored_texts(arguments: argparse.Namespace) -> "ScoredTexts":
    """Return the normalisation of outputs and references for scoring."""
    from seq2seq.metrics.scored_texts import ScoredTexts

    return ScoredTexts(arguments.subwords or "join", arguments.sentence_separator or "")


def _metavar(kind: object) -> str:
    return {int: "N", float: "X", bool: "true|false"}.get(cast(Any, kind), "NAME")


def _whole(word: str) -> int:
    """Parse an integer of at most 64 bits, the limit of torch and numpy."""
    try:
        number = int(word)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"invalid int value: {word!r}") from fault
    if not is_whole(number):
        raise argparse.ArgumentTypeError(f"{number} is outside the 64-bit range")
    return number


def _truth(word: str) -> bool:
    if word not in ("true", "false"):
        raise argparse.ArgumentTypeError(f"'{word}' is neither true nor false")
    return word == "true"
