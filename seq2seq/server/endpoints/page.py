"""Sends the page at / and its files, from ``seq2seq/page``."""

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seq2seq.report.html.page import STYLE

FOLDER, SERVED = "page", "served"
"""Folder of the pages, in this package and in addresses, and its subfolder for the served page only."""
INDEX, STYLE_FILE, ENTRY = f"{SERVED}/index.html", "style.css", f"{SERVED}/page.js"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Cache-Control": "no-cache",  # revalidated each time, and sent again only if it has changed
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class PageFile:
    """A file of the page.

    Args:
        content: Its bytes.
        media_type: Its media type.
    """

    content: bytes
    media_type: str

    @property
    def tag(self) -> str:
        """The entity tag, which changes with the content."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


def page_files() -> dict[str, PageFile]:
    """Return the files by their path: '/' for the page itself, '/page/...' for what it loads."""
    found = dict(_contents(files("seq2seq") / FOLDER))
    index = found.pop(INDEX).decode()
    # Named in the page, all modules are fetched at once instead of one import after another.
    links = "".join(
        f'<link rel="modulepreload" href="{FOLDER}/{name}">\n'
        for name in sorted(found)
        if name.endswith(".js") and name != ENTRY
    )
    found[STYLE_FILE] = f"{STYLE}\n{found[STYLE_FILE].decode()}".encode()
    named = {"/": PageFile(index.replace("</head>", f"{links}</head>").encode(), MEDIA_TYPES[".html"])}
    return named | {f"/{FOLDER}/{name}": PageFile(content, _media_type(name)) for name, content in found.items()}


def routes() -> list[Route]:
    """Return the routes of the page."""
    return [Route(path, _sender(file), methods=["GET"]) for path, file in page_files().items()]


def _sender(file: PageFile) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that sends a file, unless the browser has it."""
    headers = {**HEADERS, "ETag": file.tag}

    async def send(request: Request) -> Response:
        if file.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(file.content, headers=headers, media_type=file.media_type)

    return send


def _contents(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    """Yield the shared files and those of the served page, with their paths in the folder."""
    for prefix, place in (("", folder), (f"{SERVED}/", folder / SERVED)):
        for entry in place.iterdir():
            if entry.is_file():
                yield f"{prefix}{entry.name}", entry.read_bytes()


def _media_type(name: str) -> str:
    return MEDIA_TYPES[name[name.rindex(".") :]]
