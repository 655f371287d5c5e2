"""What the page of a server says when the server refuses, is busy, or is gone."""

import re
from pathlib import Path

import pytest

from seq2seq.server.http.api_keys import new_key
from tests.seq2seq.page.conftest import serving
from tests.seq2seq.page.pages import SENTENCES, done, open_page, outputs
from tests.webdriver import Browser, browser, needs_driver

pytestmark = [pytest.mark.slow, needs_driver]


def fault(page: Browser) -> str:
    """Return what the page says is wrong."""
    found: str = page.wait("document.querySelector('.fault')?.textContent")
    return found


def test_a_server_with_keys_asks_for_one(exported: Path, tmp_path: Path) -> None:
    key = new_key(tmp_path / "keys", "somebody")
    with serving(exported, "--keys", str(tmp_path / "keys"), names=["summarizer"]) as opened, browser() as page:
        page.open(opened.address)
        assert fault(page) == "The server requires a key. Enter one at the top of the page, and try again."
        assert page.run("return document.activeElement.id;") == "server-key"
        page.type("#server-key", "wrong")
        page.press("Enter")
        page.wait("document.querySelector('.fault')?.textContent.includes('does not accept this key')")
        page.type("#server-key", key)
        page.press("Enter")
        page.wait("document.body.dataset.state === 'ready'")
        page.type("#source", SENTENCES[0])
        page.press("Control", "Enter")
        done(page)
        assert outputs(page)[0][0] != ""


def test_a_lost_connection_is_said_in_the_language_of_the_page(exported: Path) -> None:
    with browser() as page:
        with serving(exported, names=["translator"]) as opened:
            open_page(page, opened.address, "translator")
        page.type("#source", "the dog")
        assert fault(page) == "The connection to the server was lost. Check that it is running, and try again."
        page.click("[data-language=zh]")
        assert fault(page) == "与服务器的连接已断开。请确认服务器正在运行，然后重试。"


def test_a_text_that_is_too_long_is_refused_with_what_to_do(exported: Path) -> None:
    options = ("--max_body", "2000")
    with serving(exported, *options, names=["summarizer"]) as opened, browser() as page:
        open_page(page, opened.address, "summarizer")
        page.run("document.querySelector('#source').value = 'dog '.repeat(1000);")
        page.click("#view button.main")
        assert fault(page) == "The text is too long for this server. Shorten it, and try again."


def test_an_answer_that_takes_too_long_is_explained(exported: Path) -> None:
    with serving(exported, "--timeout", "0.001", names=["summarizer"]) as opened, browser() as page:
        open_page(page, opened.address, "summarizer")
        page.type("#source", " ".join(SENTENCES))
        page.press("Control", "Enter")
        assert fault(page) == ("The answer took too long. Shorten the text, or lower the beam size, and try again.")


def test_a_busy_server_says_how_long_to_wait(exported: Path) -> None:
    # A text waits ten seconds for others: the next one finds no room.
    options = ("--queue", "1", "--wait_ms", "10000")
    with serving(exported, *options, names=["summarizer"]) as opened, browser() as page:
        open_page(page, opened.address, "summarizer")
        page.type("#source", SENTENCES[0])
        body = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": '{"q": "the dog"}'}
        page.run("fetch('summarize', given[0]); await new Promise((after) => setTimeout(after, 1000));", body)
        page.press("Control", "Enter")
        said = re.fullmatch(r"The server is busy\. Wait (\d+) seconds, and try again\.", fault(page))
        assert said
        assert int(said[1]) >= 1
