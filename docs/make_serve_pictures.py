"""Draw the pictures in ``docs/serve.md``: ``python docs/make_serve_pictures.py TRANSLATOR SUMMARIZER PARTNER AUTHOR``.

They show the page of ``seq2seq serve`` in Chromium. The models are folders: one that translates German into English,
and those of ``make demo`` that summarize, hold conversations and write texts.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.webdriver import Browser, browser

PICTURES = Path(__file__).parent / "pictures"
NAMES = ("german", "news", "chat", "tales")
SENTENCE, WORD = "Zwei Kinder in roten Jacken füttern die Enten am See.", "red"
MESSAGES = ("hello, how are you?", "what is your name?")
PROMPT = "The king"
DONE = "document.querySelector('.status')?.textContent.match(/^(Done|用时)/)"
WIDE, NARROW = 900, 380


@contextmanager
def serving(folders: Sequence[str]) -> Iterator[str]:
    """Serve the models, and yield the address."""
    models = [f"{name}={folder}" for name, folder in zip(NAMES, folders, strict=True)]
    command = [sys.executable, "-m", "seq2seq", "serve", *models, "--port", "0", "--no_access_log"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield next(match[0] for line in server.stdout if (match := re.search(r"http://[\w.:]+", line)))
        finally:
            server.terminate()


def translate(page: Browser) -> None:
    """Type a sentence, and pin a word of its translation."""
    page.type("#source", SENTENCE)
    page.wait(DONE)
    page.run(
        "const words = [...document.querySelectorAll('.result .text span')];"
        "words.find((word) => word.textContent === given[0]).click();",
        WORD,
    )


def summarize(page: Browser) -> None:
    """Summarize the first text to try, and point at a word of the summary."""
    page.click(".openers button")
    page.wait(DONE)
    page.run("document.querySelector('.result .text .copied').click();")


def converse(page: Browser) -> None:
    """Say something twice, and ask for the reasons of the second reply."""
    for count, message in enumerate(MESSAGES, 1):
        page.type("#message", message)
        page.press("Enter")
        page.wait(f"{DONE} && document.querySelectorAll('.turn').length === {2 * count}")
    page.run("[...document.querySelectorAll('.turn.model button')].at(-1).click();")
    page.wait("!document.querySelector('.attention').hidden")


def write(page: Browser) -> None:
    """Write a text with a fixed seed, and open the history."""
    page.run("document.querySelector('.fields input[max=\"2147483647\"]').value = 6;")
    page.type("#prompt", PROMPT)
    page.press("Control", "Enter")
    page.wait(DONE)
    page.run("document.querySelector('#history details').open = true;")


def draw(page: Browser, address: str, name: str, width: int, use: Callable[[Browser], None], picture: str) -> None:
    """Open the page at a model, use it, and write a picture."""
    page.resize(width, 900, is_phone=width == NARROW)
    page.open("about:blank")
    page.open(f"{address}/#model={name}")
    page.wait("document.body?.dataset.state === 'ready'")
    use(page)
    page.run("document.activeElement.blur(); scrollTo(0, 0);")
    # As high as the content, so that nothing is cut off and nothing floats.
    page.resize(width, page.run("return document.querySelector('main').scrollHeight;"), is_phone=width == NARROW)
    page.screenshot(PICTURES / picture)


def main() -> None:
    """Draw all pictures."""
    with serving(sys.argv[1:]) as address:
        with browser("en") as page:
            draw(page, address, "german", WIDE, translate, "serve_translation.png")
            draw(page, address, "chat", WIDE, converse, "serve_conversation.png")
        with browser("zh-CN", is_dark=True) as page:
            draw(page, address, "news", NARROW, summarize, "serve_summary_phone.png")
            draw(page, address, "tales", NARROW, write, "serve_text_phone.png")


if __name__ == "__main__":
    main()
