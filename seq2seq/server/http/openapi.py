"""The OpenAPI 3.1 description of the endpoints, made of the dataclasses of their requests and answers."""

import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, is_dataclass
from typing import Any, Literal, get_args, get_origin

from seq2seq import __version__
from seq2seq.options import describe
from seq2seq.server.http.endpoint import Endpoint
from seq2seq.server.http.faults import MEANINGS
from seq2seq.server.http.typed_fields import Upload, jsonable, parts_of, typed_fields

TITLE = "seq2seq serve"
_SCALARS = {
    dict: "object",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    types.NoneType: "null",
    None: "null",
}
_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")


def description(endpoints: Iterable[Endpoint], *, has_keys: bool) -> dict[str, Any]:
    """Return the description of some endpoints as values of JSON; `has_keys` tells whether API keys are needed."""
    schemas = _Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(_PLACE.sub(r"{\1}", endpoint.path), {})[endpoint.method.lower()] = _operation(
            endpoint, schemas, has_keys=has_keys
        )
    components: dict[str, Any] = {"schemas": dict(sorted(schemas.made.items()))}
    if has_keys:
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": __version__,
            "description": "Models of sequences over HTTP: translation, summarization, dialogue, text generation.",
        },
        "paths": paths,
        "components": components,
    }


def _operation(endpoint: Endpoint, schemas: "_Schemas", *, has_keys: bool) -> dict[str, Any]:
    places = _PLACE.findall(endpoint.path)
    operation: dict[str, Any] = {
        "operationId": endpoint.method.lower() + "".join(f"_{word}" for word in re.findall(r"\w+", endpoint.path)),
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
    }
    own, helps = typed_fields(endpoint.request), describe(endpoint.request)
    if endpoint.method == "GET":
        parameters = [
            {
                "name": one.key,
                "in": "path" if one.name in places else "query",
                "required": one.name in places or one.is_required,
                "description": helps.get(one.name, ""),
                "schema": schemas.of(one.kind),
            }
            for one in own
        ]
        if parameters:
            operation["parameters"] = parameters
    else:
        reference = schemas.of(endpoint.request)
        has_file = any(Upload in parts_of(one.kind) for one in own)
        forms = ("multipart/form-data",) if has_file else _FORMS if endpoint.forms else ("application/json",)
        operation["requestBody"] = {"required": True, "content": {form: {"schema": reference} for form in forms}}
    content = {endpoint.media_type or "application/json": {"schema": schemas.of(endpoint.answer)}}
    if endpoint.events is not None:
        content["text/event-stream"] = {"schema": schemas.of(endpoint.events)}
    error = {"content": {"application/json": {"schema": schemas.of(endpoint.error)}}}
    operation["responses"] = {"200": {"description": "The answer", "content": content}}
    for status, meaning in MEANINGS.items():
        if status in (401, 403) and (not has_keys or endpoint.is_open):
            continue
        operation["responses"][str(status)] = {"description": meaning, **error}
    if has_keys and not endpoint.is_open:
        operation["security"] = [{"key": []}]
    return operation


_FORMS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


class _Schemas:
    """Schemas of types; dataclasses are named.

    Attributes:
        made: The schemas of dataclasses by name.
    """

    def __init__(self) -> None:
        self.made: dict[str, dict[str, Any]] = {}
        self._kinds: dict[str, type] = {}

    def of(self, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - an annotation
        """Return the schema of a type, which refers to those of dataclasses."""
        parts = parts_of(kind)
        if len(parts) > 1:
            return {"anyOf": [self.of(part) for part in parts]}
        origin, arguments = get_origin(kind), get_args(kind)
        if kind is Upload:
            return {"type": "string", "format": "binary"}
        if is_dataclass(kind):
            return self._named(kind)
        if origin is tuple:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is Literal:
            return {"type": "string", "enum": list(arguments)}
        if origin is Mapping:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        return {"type": _SCALARS[kind]}

    def _named(self, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a dataclass
        name = kind.__name__
        if self._kinds.setdefault(name, kind) is not kind:
            raise ValueError(f"Two dataclasses are named {name}: {kind.__module__} and {self._kinds[name].__module__}.")
        if name not in self.made:
            self.made[name] = {}  # a dataclass may contain itself
            self.made[name] = self._schema(kind)
        return {"$ref": f"#/components/schemas/{name}"}

    def _schema(self, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a dataclass
        own, helps = typed_fields(kind), describe(kind)
        properties: dict[str, Any] = {}
        for one in own:
            schema = self.of(one.kind)
            if one.has_only_known:
                schema = {**schema, "unevaluatedProperties": False}
            if text := helps.get(one.name):
                schema = {**schema, "description": text}
            if one.default is not MISSING and one.default is not None:
                schema = {**schema, "default": jsonable(one.default)}
            properties[one.key] = schema
        made: dict[str, Any] = {"type": "object", "properties": properties}
        if summary := (kind.__doc__ or "").strip().partition("\n")[0]:
            made["description"] = summary
        if required := [one.key for one in own if one.is_required]:
            made["required"] = required
        return made
