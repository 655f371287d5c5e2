"""The page that shows the OpenAPI description to people, without scripts and without loading anything."""

import json
from collections.abc import Iterable
from typing import Any

from seq2seq.report.html.page import page, text

STYLE = """
summary { cursor: pointer; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 4px 16px; margin: 8px 0; }
dt { font-family: ui-monospace, monospace; font-size: 0.88em; }
dd { margin: 0; }
dd small { color: var(--muted); }
.method { font-weight: 600; margin-right: 0.5em; }
pre { overflow-x: auto; background: var(--soft); padding: 10px 12px; border-radius: 6px; }
@media (max-width: 560px) { dl { grid-template-columns: 1fr; } dd { margin: 0 0 8px; } }
"""
_SCALARS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}


def docs_page(description: dict[str, Any], base: str) -> str:
    """Return the page.

    Args:
        description: The OpenAPI description.
        base: Address of the server, for the examples, with a slash at its end.
    """
    tags: dict[str, list[str]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            shown = _operation(path, method, operation, base)
            tags.setdefault(operation["tags"][0], []).append(shown)
    sections = [f"<section><h2>{text(tag)}</h2>{''.join(shown)}</section>" for tag, shown in tags.items()]
    schemas = description["components"]["schemas"]
    objects = "".join(_schema(name, schema) for name, schema in schemas.items())
    info = description["info"]
    needs_key = "securitySchemes" in description["components"]
    note = (
        "<p class='note'>Requests need an API key: the header <code>Authorization: Bearer KEY</code>, or the field "
        "<code>api_key</code>.</p>"
        if needs_key
        else ""
    )
    body = (
        f"<header><h1>{text(info['title'])}</h1><p>{text(info['description'])} Version {text(info['version'])}. For "
        f'programs: <a href="openapi.json">openapi.json</a>.</p></header>{note}{"".join(sections)}'
        f"<section><h2>Objects</h2>{objects}</section>"
    )
    return page(str(info["title"]), STYLE, body)


def _operation(path: str, method: str, operation: dict[str, Any], base: str) -> str:
    parts = [f"<summary><span class='method'>{text(method.upper())}</span><code>{text(path)}</code> "]
    parts.append(f"{text(operation['summary'])}</summary>")
    if parameters := operation.get("parameters"):
        rows = ((one["name"], one["schema"], one["required"], one.get("description", "")) for one in parameters)
        parts.append(_fields(rows))
    if body := operation.get("requestBody"):
        kinds = list(body["content"])
        parts.append(f"<p>Body: {_kind(body['content'][kinds[0]]['schema'])}, as {text(', '.join(kinds))}</p>")
    for kind, content in operation["responses"]["200"]["content"].items():
        parts.append(f"<p>Answer, {text(kind)}: {_kind(content['schema'])}</p>")
    statuses = ", ".join(
        f"{code} {one['description']}" for code, one in operation["responses"].items() if code != "200"
    )
    parts.append(f"<p>Errors: {text(statuses)}</p>")
    parts.append(f"<pre>{text(_example(path, method, operation, base))}</pre>")
    return f"<details>{''.join(parts)}</details>"


def _example(path: str, method: str, operation: dict[str, Any], base: str) -> str:
    """Return a command for an operation."""
    address = base.rstrip("/") + path
    if method == "get":
        return f"curl {address}"
    if "multipart/form-data" in operation["requestBody"]["content"] and len(operation["requestBody"]["content"]) == 1:
        return f"curl {address} -F file=@FILE.txt"
    examples = {
        "/chat": {"messages": [{"role": "user", "content": "Hello!"}]},
        "/generate": {"prompt": "Once upon a time"},
        "/v1/chat/completions": {"model": "MODEL", "messages": [{"role": "user", "content": "Hello!"}]},
        "/v1/completions": {"model": "MODEL", "prompt": "Once upon a time"},
    }
    body = json.dumps(examples.get(path, {"q": "Hello!"}))
    return f"curl {address} -H 'Content-Type: application/json' -d '{body}'"


def _schema(name: str, schema: dict[str, Any]) -> str:
    required = schema.get("required", ())
    rows = (
        (field, part, field in required, part.get("description", "")) for field, part in schema["properties"].items()
    )
    return f'<h3 id="{text(name)}">{text(name)}</h3><p>{text(schema.get("description", ""))}</p>{_fields(rows)}'


def _fields(rows: Iterable[tuple[str, dict[str, Any], bool, str]]) -> str:
    shown = []
    for name, schema, is_required, help_text in rows:
        facts = [_kind(schema)]
        facts += ["required"] if is_required else []
        if schema.get("default") not in (None, "", [], {}):
            facts.append(f"default {text(json.dumps(schema['default'], ensure_ascii=False))}")
        shown.append(f"<dt>{text(name)}</dt><dd>{text(help_text)} <small>({', '.join(facts)})</small></dd>")
    return f"<dl>{''.join(shown)}</dl>" if shown else ""


def _kind(schema: dict[str, Any]) -> str:
    """Return the type of a schema as HTML, with links to objects."""
    if "$ref" in schema:
        name = text(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    if "enum" in schema:
        return "one of " + ", ".join(f"<code>{text(value)}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    if schema.get("type") == "object":
        return "object"
    return "file" if schema.get("format") == "binary" else _SCALARS[schema["type"]]
