"""Draw the pictures of the page in ``docs/deploy.md``: ``python docs/make_page_picture.py PAGE``.

They show a real page in Chromium. PAGE is a folder of ``seq2seq export --format web`` that translates German.
"""

import sys
from pathlib import Path

from tests.webdriver import Browser, browser, server

PICTURES = Path(__file__).parent / "pictures"
SENTENCE = "Zwei Kinder in roten Jacken füttern die Enten am See."
WORD = "red"
DONE = "performance.getEntriesByName('computation').length"


def draw(page: Browser, address: str, width: int, path: Path, *, count: int, is_phone: bool) -> None:
    """Translate the sentence, point at a word, and write a picture of the page."""
    page.resize(width, 900, is_phone=is_phone)
    page.open(address)
    page.wait("document.body.dataset.state === 'offline'")
    page.run("document.querySelector('input[max=\"16\"]').value = given[0];", count)  # the number of outputs
    page.type("#source", SENTENCE)
    page.press("Control", "Enter")
    page.wait(DONE)
    page.run(
        "const words = [...document.querySelectorAll('.result .text span')];"
        "words.find((word) => word.textContent === given[0]).dispatchEvent("
        "new PointerEvent('pointerover', { bubbles: true }));"
        "document.activeElement.blur();",
        WORD,
    )
    # As high as the content, so that nothing is cut off and nothing floats.
    page.resize(width, page.run("return document.querySelector('main').scrollHeight;"), is_phone=is_phone)
    page.screenshot(path)


def main() -> None:
    """Draw both pictures."""
    (folder,) = map(Path, sys.argv[1:])
    with server(folder) as opened:
        with browser("en") as page:
            draw(page, opened.address, 900, PICTURES / "page.png", count=3, is_phone=False)
        with browser("zh-CN", is_dark=True) as page:
            draw(page, opened.address, 360, PICTURES / "page_phone.png", count=1, is_phone=True)


if __name__ == "__main__":
    main()
