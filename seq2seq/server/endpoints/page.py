"""The page for people: files of the package, and no others."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
}
"""Media types of the files that are sent, by suffix."""
INDEX = "served/index.html"
UNSENT = ("offline",)
"""Folders of the page that belong to other uses of it."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@cache
def contents() -> dict[str, bytes]:
    """Return all files that can be asked for, by their path in the folder of the page."""
    return dict(_files(files("seq2seq").joinpath("page"), ""))


def _files(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found = []
    for one in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{path}{one.name}"
        if one.is_dir():
            found += _files(one, f"{name}/") if name not in UNSENT else []
        elif one.name.rpartition(".")[2] in TYPES:
            found.append((name, one.read_bytes()))
    return found


async def _file(request: Request) -> Response:
    name = request.path_params.get("path", INDEX)
    content = contents().get(name)
    if content is None:
        raise HTTPException(404)
    kind = TYPES[name.rpartition(".")[2]]
    return Response(content, headers=HEADERS, media_type=kind)


ROUTES = [Route("/", _file, methods=["GET"]), Route("/page/{path:path}", _file, methods=["GET"])]
