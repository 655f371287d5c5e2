"""Checks the types of values from files against annotations, because JSON and YAML may hold anything."""

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from seq2seq.errors import UserError, nearest

Built = TypeVar("Built")
LARGEST = (1 << 63) - 1
"""Largest 64-bit integer; torch and numpy hold no larger ones."""


def is_whole(value: object) -> bool:
    """Return whether a value is a 64-bit integer; True and False are not."""
    return type(value) is int and -LARGEST - 1 <= value <= LARGEST


def is_number(value: object) -> bool:
    """Return whether a value is a float or a 64-bit integer."""
    return type(value) is float or is_whole(value)


def fits(value: object, kind: Any) -> bool:  # noqa: ANN401 - an annotation
    """Return whether a value from JSON or YAML matches an annotation.

    Args:
        value: The value; a list also matches a tuple annotation, and an integer also matches float.
        kind: bool, int, float, str, None, a Literal, or lists, tuples, mappings and unions of these. Classes never
            match, because files hold only data.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return any(fits(value, argument) for argument in arguments)
    if origin is Literal:
        return any(type(value) is type(argument) and value == argument for argument in arguments)
    if origin in (list, tuple, Sequence, Iterable):
        if not isinstance(value, list | tuple):
            return False
        if origin is tuple and not (len(arguments) == 2 and arguments[1] is ...):
            return len(value) == len(arguments) and all(map(fits, value, arguments))
        return all(fits(part, arguments[0]) for part in value)
    if origin in (dict, Mapping):
        return isinstance(value, dict) and all(
            fits(key, arguments[0]) and fits(part, arguments[1]) for key, part in value.items()
        )
    if kind in (None, types.NoneType):
        return value is None
    if kind is float:
        return is_number(value)
    if kind is int:
        return is_whole(value)
    return kind in (bool, str) and isinstance(value, kind)


def named(kind: Any) -> str:  # noqa: ANN401 - an annotation
    """Describe an annotated type, for messages."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(name for argument in arguments if (name := named(argument))))
    if origin is Literal:
        return "one of " + ", ".join(map(str, arguments))
    if origin in (list, tuple, Sequence, Iterable):
        return "a list"
    if origin in (dict, Mapping) or is_dataclass(kind):
        return "a mapping"
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", types.NoneType: "null"}
    return names.get(kind, "null" if kind is None else "")


def kind_of(value: object) -> str:
    """Describe the type of a value, for messages that do not show the value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and not is_whole(value):
        return "an integer outside the 64-bit range"
    for kind, name in ((int, "a whole number"), (float, "a number"), (str, "a text"), (list, "a list")):
        if isinstance(value, kind):
            return name
    return "null" if value is None else "a mapping" if isinstance(value, dict) else f"a {type(value).__name__}"


def require_kind(value: object, kind: Any, name: str, place: str) -> None:  # noqa: ANN401 - an annotation
    """Refuse a value of the wrong type.

    Raises:
        UserError: If the type is wrong; the message names the file, the value's name, and both types.
    """
    if not fits(value, kind):
        raise UserError(f"{place}: {name} must be {named(kind)}, but it is {kind_of(value)}.")


def typed(values: object, kinds: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return the expected values of a mapping, all of which are required, and drop others.

    Raises:
        UserError: If it is not a mapping, or if a value is missing or of the wrong type.
    """
    fields_of = Fields(values, place)
    return {name: fields_of.get(name, kind) for name, kind in kinds.items()}


class Fields:
    """Mapping from a file, whose values are type-checked when read.

    Args:
        values: Contents of the file.
        place: Name of the file in messages.
        name: Path of the mapping in the file, such as ``training.scores``; '' is the whole file.

    Raises:
        UserError: If it is not a mapping with string keys.
    """

    def __init__(self, values: object, place: str, name: str = "") -> None:
        if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
            what = f"{place}: {name} must be" if name else f"{place} must contain"
            given = "not all its names are strings" if isinstance(values, dict) else f"it is {kind_of(values)}"
            raise UserError(f"{what} a mapping of names to values, but {given}.")
        self.values: dict[str, Any] = values
        self.place, self.name = place, name

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def get(self, key: str, kind: Any, default: Any = MISSING) -> Any:  # noqa: ANN401 - an annotation and its value
        """Return a value of an annotated type.

        Args:
            key: Key of the value.
            kind: Annotated type, see `fits`.
            default: Returned if the key is missing; without it, the key is required.

        Raises:
            UserError: If the value is missing or of the wrong type.
        """
        if key not in self.values:
            if default is MISSING:
                raise UserError(f"{self.place}: {self._path(key)} is missing.")
            return default
        require_kind(self.values[key], kind, self._path(key), self.place)
        return self.values[key]

    def text(self, key: str) -> str:
        """Return a string."""
        return cast(str, self.get(key, str))

    def whole(self, key: str, least: int = 0, most: int = LARGEST) -> int:
        """Return an integer from `least` to `most`."""
        value = cast(int, self.get(key, int))
        if not least <= value <= most:
            raise UserError(f"{self.place}: {self._path(key)} is {value}, but it must lie between {least} and {most}.")
        return value

    def section(self, key: str) -> "Fields":
        """Return a nested mapping."""
        if key not in self.values:
            raise UserError(f"{self.place}: {self._path(key)} is missing.")
        return Fields(self.values[key], self.place, self._path(key))

    def sections(self, key: str) -> list["Fields"]:
        """Return a list of mappings; empty if the key is missing."""
        value = self.values.get(key, [])
        if not isinstance(value, list | tuple):
            raise UserError(f"{self.place}: {self._path(key)} must be a list, but it is {kind_of(value)}.")
        return [Fields(part, self.place, f"{self._path(key)}[{number}]") for number, part in enumerate(value)]

    def without(self, key: str) -> "Fields":
        """Return the mapping without one of its keys."""
        return Fields({name: value for name, value in self.values.items() if name != key}, self.place, self.name)

    def build(self, kind: type[Built]) -> Built:
        """Build a dataclass with annotated fields.

        Raises:
            UserError: If a value has the wrong type, if a name is unknown, or if the dataclass refuses the values.
        """
        kinds = get_type_hints(kind)
        known = [field.name for field in fields(cast(Any, kind))]
        for key, value in self.values.items():
            if key not in known:
                hint = nearest(key, known)
                raise UserError(
                    f"{self.place}: {kind.__name__} has no option '{key}'. {hint}It has: {', '.join(known)}."
                )
            require_kind(value, kinds[key], self._path(key), self.place)
        for field in fields(cast(Any, kind)):
            if field.default is MISSING and field.default_factory is MISSING and field.name not in self.values:
                raise UserError(f"{self.place}: {self._path(field.name)} is missing.")
        lists = {key: tuple(value) for key, value in self.values.items() if isinstance(value, list)}
        return kind(**{**self.values, **{key: part for key, part in lists.items() if get_origin(kinds[key]) is tuple}})

    def _path(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key
