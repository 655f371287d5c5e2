"""Drives a headless Chromium over the WebDriver protocol, with chromedriver and the standard library."""

import base64
import functools
import http.server
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
DRIVER = shutil.which("chromedriver")
needs_driver = pytest.mark.skipif(BROWSER is None or DRIVER is None, reason="no Chromium or no chromedriver")
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Control": "\ue009", "Right": "\ue014", "Left": "\ue012", "End": "\ue010"}
KEYS |= {"Escape": "\ue00c", "Backspace": "\ue003"}
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_OPTIONS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


class Browser:
    """A browser with one window.

    Args:
        folder: An empty folder for its profile.
        language: The language that pages see.
        is_dark: Whether pages see the preference for dark colours.
        has_network_log: Whether it remembers what its pages ask for (`requests`).
    """

    def __init__(
        self, folder: Path, language: str = "en", *, is_dark: bool = False, has_network_log: bool = False
    ) -> None:
        assert BROWSER is not None
        assert DRIVER is not None
        self._driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, text=True)
        assert self._driver.stdout is not None
        port = next(
            found[1]
            for line in self._driver.stdout
            if (found := re.search(r"started successfully on port (\d+)", line))
        )
        self._address = f"http://127.0.0.1:{port}"
        chrome: dict[str, object] = {
            "binary": BROWSER,
            "args": [*_OPTIONS, f"--user-data-dir={folder}", f"--accept-lang={language}", f"--lang={language}"],
            "prefs": {"intl.accept_languages": language, "intl.selected_languages": language},
        }
        capabilities: dict[str, dict[str, object]] = {
            "goog:chromeOptions": chrome,
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        if has_network_log:
            capabilities["goog:loggingPrefs"]["performance"] = "ALL"
        try:
            answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        except BaseException:
            self._driver.terminate()
            raise
        self._address += f"/session/{answer['sessionId']}"
        # While a page scrolls smoothly, the driver misses its elements.
        media = {"prefers-reduced-motion": "reduce", "prefers-color-scheme": "dark" if is_dark else "light"}
        features = [{"name": name, "value": value} for name, value in media.items()]
        self.devtools("Emulation.setEmulatedMedia", features=features)

    def _call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self._address + path, data, method=method)
        try:
            with _DIRECT.open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as fault:
            raise AssertionError(json.load(fault)["value"]["message"]) from None

    @property
    def process(self) -> int:
        """Process id of chromedriver, of which the browser's processes are descendants."""
        return self._driver.pid

    def devtools(self, command: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        """Send a command of the DevTools protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, address: str) -> None:
        """Open a page, and wait until its files are loaded."""
        self._call("POST", "/url", {"url": address})

    def resize(self, width: int, height: int, *, is_phone: bool = False) -> None:
        """Set the size of the page in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 2 if is_phone else 1, "mobile": is_phone}
        self.devtools("Emulation.setDeviceMetricsOverride", **size)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - JSON
        """Return what the body of an asynchronous JavaScript function returns."""
        wrapped = (
            "const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);"
            f"(async (...given) => {{ {script} }})(...given)"
            ".then((value) => done({ value }), (fault) => done({ fault: String(fault.stack) }));"
        )
        answer = self._call("POST", "/execute/async", {"script": wrapped, "args": list(arguments)})
        assert "fault" not in answer, answer["fault"]
        return answer.get("value")

    def wait(self, condition: str, seconds: float = 30) -> Any:  # noqa: ANN401 - JSON
        """Wait until a JavaScript expression is true, and return its value."""
        end = time.monotonic() + seconds
        while not (value := self.run(f"return {condition};")):
            state = "no message" if time.monotonic() < end else self.run("return document.body.innerText;")
            assert time.monotonic() < end, f"{condition} did not become true. The page says: {state} {self.log()}"
            time.sleep(0.01)
        return value

    def find(self, selector: str) -> str:
        """Return the id of the first element that a CSS selector matches."""
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        return str(found[_ELEMENT])

    def click(self, selector: str) -> None:
        """Click an element as a user does: it must be visible."""
        self._call("POST", f"/element/{self.find(selector)}/click")

    def type(self, selector: str, text: str) -> None:
        """Type into an element."""
        self._call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def press(self, *keys: str) -> None:
        """Press keys together, with the focus where it is."""
        down = [{"type": "keyDown", "value": KEYS.get(key, key)} for key in keys]
        up = [{"type": "keyUp", "value": KEYS.get(key, key)} for key in reversed(keys)]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [*down, *up]}]})

    def point(self, selector: str) -> None:
        """Move the pointer onto an element."""
        origin = {_ELEMENT: self.find(selector)}
        move = {"type": "pointerMove", "x": 0, "y": 0, "origin": origin}
        self._call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [move]}]})

    def screenshot(self, path: Path, *, is_whole_page: bool = True) -> None:
        """Write a picture of the page."""
        answer = self.devtools("Page.captureScreenshot", captureBeyondViewport=is_whole_page)
        path.write_bytes(base64.b64decode(answer["data"]))

    def log(self) -> list[str]:
        """Return the messages in the browser's console since the last call, among them violations of the policy."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})]

    def requests(self) -> list[str]:
        """Return the addresses that pages have asked for since the last call; the browser must have a network log."""
        entries = [
            json.loads(entry["message"])["message"] for entry in self._call("POST", "/se/log", {"type": "performance"})
        ]
        sent = ("Network.requestWillBeSent", "Network.webSocketCreated")
        return [
            str(entry["params"].get("url") or entry["params"]["request"]["url"])
            for entry in entries
            if entry["method"] in sent
        ]

    def close(self) -> None:
        """Close the browser."""
        try:
            self._call("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait()


@contextmanager
def browser(language: str = "en", *, is_dark: bool = False, has_network_log: bool = False) -> Iterator[Browser]:
    """Open a browser with a new profile."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        opened = Browser(Path(folder), language, is_dark=is_dark, has_network_log=has_network_log)
        try:
            yield opened
        finally:
            opened.close()


class Server:
    """A server of static files, as simple as ``python -m http.server``, which remembers what it was asked for.

    Args:
        folder: The folder to serve.
        port: The port; 0 for any.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.requests: list[str] = []
        handler = functools.partial(_Handler, self.requests, directory=str(folder))
        self._server = _Server(("127.0.0.1", port), handler)
        self.port = self._server.server_port
        self.address = f"http://localhost:{self.port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop it: nobody answers at its address any more."""
        self._server.shutdown()
        self._server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64  # a browser asks for many files at once, and a busy machine accepts them late

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that was closed before it had its answer."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, requests: list[str], *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - passed on
        self._requests = requests
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        self._requests.append(self.path)
        super().do_GET()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Serve a folder."""
    opened = Server(folder)
    try:
        yield opened
    finally:
        opened.close()
