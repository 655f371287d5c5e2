"""Opens a page in a headless browser, if one is installed, and returns what a script finds in it."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
_POLICY = re.compile('<meta http-equiv="Content-Security-Policy"[^>]*>')


def found_by(script: str, page: str, folder: Path, *, width: int = 1280, height: int = 900) -> Any:  # noqa: ANN401
    """Return the JSON value that a script returns in a page.

    Args:
        script: The body of an asynchronous JavaScript function.
        page: The page; its policy, which would not run the script, is taken out.
        folder: Where the page is put.
        width: Width of the window in pixels.
        height: Its height.
    """
    assert BROWSER is not None
    # A window of a real browser has a least width, a frame has none.
    added = (
        "<script>addEventListener('load', async () => { let found; try { found = await (async () => {"
        f"{script}"
        "})(); } catch (fault) { found = String(fault.stack); } parent.postMessage(JSON.stringify({found}), '*'); });"
        "</script></body>"
    )
    (folder / "page.html").write_text(_POLICY.sub("", page).replace("</body>", added), encoding="utf-8")
    frame = (
        "<!DOCTYPE html><title>frame</title><script>addEventListener('message', (event) => {"
        "document.body.replaceChildren(event.data); });</script><body>"
        f'<iframe src="page.html" width="{width}" height="{height}" style="border:0"></iframe></body>'
    )
    (folder / "frame.html").write_text(frame, encoding="utf-8")
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files")
    done = subprocess.run(
        [BROWSER, *options, "--virtual-time-budget=20000", "--dump-dom", (folder / "frame.html").as_uri()],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    body = re.search(r"<body>(.*?)</body>", done.stdout, re.DOTALL)
    assert body, done.stderr[-2000:]
    return json.loads(unescape(body[1]))["found"]
