"""Typed fields of requests and answers: frozen dataclasses, read from JSON and forms, and written as JSON.

The same dataclasses describe the server in its OpenAPI document (`seq2seq.server.http.openapi`). Fields that a request
has and a dataclass has not are ignored, as other servers do, but not in objects of our own (`ONLY_KNOWN`); null is the
same as no value.
"""

import math
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from seq2seq.errors import nearest
from seq2seq.files.typed_values import is_number, is_whole, kind_of
from seq2seq.server.http.faults import RequestError

Built = TypeVar("Built")
TRUE, FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off", "")


@dataclass(frozen=True)
class Upload:
    """A file of a form.

    Args:
        name: The file's name, as the client gives it.
        content: Its bytes.
    """

    name: str
    content: bytes


ONLY_KNOWN: Mapping[str, Any] = {"only_known": True}
"""Metadata of a field whose value is an object in which unknown keys are refused, because they are misspelt."""


def written_as(name: str) -> dict[str, str]:
    """Return the metadata of a field of a dataclass that has another name in JSON."""
    return {"json": name}


class TypedField(NamedTuple):
    """A field of a dataclass, as requests and answers have it.

    Attributes:
        name: Its name in Python.
        key: Its name in JSON.
        kind: Its type.
        default: Its default; `MISSING` if there is none, or if it is made anew each time.
        is_required: Whether it has no default.
        has_only_known: Whether unknown keys of its value are refused.
    """

    name: str
    key: str
    kind: Any
    default: Any
    is_required: bool
    has_only_known: bool


@cache
def typed_fields(kind: type) -> tuple[TypedField, ...]:
    """Return the fields of a dataclass."""
    kinds = get_type_hints(kind)
    return tuple(
        TypedField(
            one.name,
            one.metadata.get("json", one.name),
            kinds[one.name],
            one.default,
            one.default is MISSING and one.default_factory is MISSING,
            bool(one.metadata.get("only_known")),
        )
        for one in fields(cast(Any, kind))
    )


@cache
def parts_of(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401 - an annotation
    """Return the members of a union, or the type itself."""
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def build(kind: type[Built], values: Mapping[str, Any], *, is_text: bool = False, path: str = "") -> Built:
    """Build a dataclass from the fields of a request.

    Args:
        kind: The dataclass.
        values: The fields. Those of a form (`is_text`) are lists of strings or of uploads.
        is_text: Whether values are converted from text.
        path: Name of the object that has the fields; may be empty.

    Raises:
        RequestError: If a field is missing or has the wrong type.
    """
    made = {}
    for one in typed_fields(cast(Any, kind)):
        value = values.get(one.key)
        if value is None:
            if one.is_required:
                raise RequestError(400, f"{path}{one.key} is missing.", parameter=f"{path}{one.key}")
        elif is_text:
            made[one.name] = _of_form(value, one.kind, one.key)
        else:
            if one.has_only_known and isinstance(value, dict):
                _require_known(one.kind, value, f"{path}{one.key}")
            made[one.name] = _of_json(value, one.kind, f"{path}{one.key}")
    return kind(**made)


def _require_known(kind: type, values: Mapping[str, Any], path: str) -> None:
    """Refuse keys that a dataclass has not; they are misspelt, and would be ignored."""
    known = [one.key for one in typed_fields(kind)]
    for key in values:
        if key not in known:
            sentence = f"{path} has no '{key}'. {nearest(key, known)}There are: {', '.join(known)}."
            raise RequestError(400, sentence, parameter=f"{path}.{key}")


_UNFIT = object()
"""Stands for a value that is not of a kind."""


def _of_json(value: Any, kind: Any, path: str) -> Any:  # noqa: ANN401 - a value from JSON and an annotation
    faults = []
    for part in parts_of(kind):
        try:
            converted = _converted(value, part, path)
        except RequestError as fault:  # a value of the right kind with a wrong part
            faults.append(fault)
        else:
            if converted is not _UNFIT:
                return converted
    if faults:
        raise faults[0]
    raise RequestError(400, f"{path} must be {described(kind)}, but it is {kind_of(value)}.", parameter=path)


def _converted(value: Any, kind: Any, path: str) -> Any:  # noqa: ANN401
    """Return a value as one of a kind, or `_UNFIT`."""
    if kind is str:
        return value if isinstance(value, str) else _UNFIT
    if kind is bool:
        return value if isinstance(value, bool) else _UNFIT
    if kind is int:
        return value if is_whole(value) else _UNFIT
    if kind is float:
        return float(value) if is_number(value) and math.isfinite(value) else _UNFIT
    if kind is Any:
        return value
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and isinstance(value, list):
        return tuple(_of_json(part, arguments[0], f"{path}[{number}]") for number, part in enumerate(value))
    if origin is Literal and isinstance(value, str):
        if value in arguments:
            return value
        raise RequestError(400, f"{path} is '{value}', but it must be {described(kind)}.", parameter=path)
    if not isinstance(value, dict):
        return _UNFIT
    if origin is Mapping:
        return {key: _of_json(part, arguments[1], f"{path}.{key}") for key, part in value.items()}
    return build(cast(type, kind), value, path=f"{path}.") if is_dataclass(kind) else _UNFIT


def _of_form(given: Any, kind: Any, name: str) -> Any:  # noqa: ANN401
    values = given if isinstance(given, list) else [given]
    parts = parts_of(kind)
    for part in parts:
        if get_origin(part) is tuple and (len(values) > 1 or str not in parts):
            return tuple(_of_text(value, get_args(part)[0], name) for value in values)
    if len(values) > 1:
        raise RequestError(
            400, f"{name} was given {len(values)} times, but it must be {described(kind)}.", parameter=name
        )
    return _of_text(values[0], kind, name)


def _of_text(value: Any, kind: Any, name: str) -> Any:  # noqa: ANN401
    parts = parts_of(kind)
    if isinstance(value, Upload) or Upload in parts:
        if isinstance(value, Upload) and Upload in parts:
            return value
        is_file = "a file" if isinstance(value, Upload) else "a text"
        raise RequestError(400, f"{name} must be {described(kind)}, but it is {is_file}.", parameter=name)
    for part in parts:
        try:
            if part is bool and value.lower() in TRUE + FALSE:
                return value.lower() in TRUE
            if part is int and len(value) <= 20 and is_whole(int(value)):
                return int(value)
            if part is float and math.isfinite(float(value)):
                return float(value)
        except ValueError:
            continue
        if part is str:
            return value
        if get_origin(part) is Literal and value in get_args(part):
            return value
    if any(is_dataclass(part) or get_origin(part) is Mapping for part in parts):
        raise RequestError(400, f"{name} has fields of its own: send the request as JSON.", parameter=name)
    raise RequestError(400, f"{name} is '{value[:80]}', but it must be {described(kind)}.", parameter=name)


def described(kind: Any) -> str:  # noqa: ANN401 - an annotation
    """Return a phrase for a type, as in 'q must be a text or a list of texts'."""
    return " or ".join(dict.fromkeys(filter(None, map(_phrase, parts_of(kind)))))


def _phrase(kind: Any) -> str:  # noqa: ANN401
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return "one of " + ", ".join(map(str, arguments))
    if origin is tuple:
        item = _phrase(parts_of(arguments[0])[0])
        return f"a list of {item.removeprefix('an ').removeprefix('a ')}s"
    if kind is Upload:
        return "a file"
    if is_dataclass(kind) or origin is Mapping:
        return "an object"
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    return names.get(kind, "")


def jsonable(value: Any) -> Any:  # noqa: ANN401 - the value of an answer
    """Return an answer as values of JSON; fields with the default None are left out if they are None."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if is_dataclass(value):
        parts = [(one, getattr(value, one.name)) for one in typed_fields(cast(type, type(value)))]
        return {one.key: jsonable(part) for one, part in parts if not (part is None and one.default is None)}
    if isinstance(value, Mapping):
        return {key: jsonable(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [jsonable(part) for part in value]
    return value
