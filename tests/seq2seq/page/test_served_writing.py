"""The page of a server holds conversations and writes texts, which can be stopped, changed and taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import seq2seq
from seq2seq.corpus.example import Example
from seq2seq.decoding.options import of_sources
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.source_model import SourceModel
from seq2seq_dialogue.reader import DialogueReader
from tests.seq2seq.page.conftest import MOST_PIECES, Serving, serving
from tests.seq2seq.page.pages import ATTENDED, DONE, TURNS, choose, done, open_page, press, say
from tests.webdriver import Browser, browser, needs_driver

pytestmark = [pytest.mark.slow, needs_driver]


def replies(folder: Path, turns: list[str], persona: tuple[str, ...] = ()) -> str:
    """Return Python's reply to a conversation, by greedy search."""
    model = seq2seq.load(folder / "partner")
    assert isinstance(model, SourceModel)
    assert isinstance(model.reader, DialogueReader)
    search = replace(of_sources(model.decoding.search), beam_size=1)
    decoding = replace(model.decoding, search=search, sampling=None)
    ((reply,),) = model.decode([Example(model.reader.history(turns, persona=persona), "")], decoding)
    return reply.text.strip() or "(empty)"


def test_a_conversation_goes_on_from_an_edited_message(page: Browser, site: Serving, exported: Path) -> None:
    open_page(page, site.address, "partner")
    choose(page, method="greedy")
    say(page, "the dog eats", 2)
    first = page.run(TURNS)
    assert first == ["the dog eats", replies(exported, ["the dog eats"])]
    say(page, "a big cat", 4)
    press(page, "Edit", 1)
    assert page.run("return document.activeElement.value;") == "a big cat"
    page.type(".editor textarea", " sleeps")
    page.press("Enter")
    page.wait(
        "document.querySelectorAll('.turn > .text:not([hidden])').length === 4 && !document.querySelector('.editor')"
    )
    done(page)
    assert page.run(TURNS) == [*first, "a big cat sleeps", replies(exported, [*first, "a big cat sleeps"])]
    press(page, "Edit")
    page.press("Escape")
    assert page.run("return document.querySelector('.editor') === null;")
    assert len(page.run(TURNS)) == 4


def test_facts_about_the_model_are_read(page: Browser, site: Serving, exported: Path) -> None:
    open_page(page, site.address, "partner")
    choose(page, method="greedy")
    page.type(".persona textarea", "two big birds\nI am a cook")
    say(page, "the dog eats", 2)
    assert page.run(TURNS)[1] == replies(exported, ["the dog eats"], ("two big birds", "I am a cook"))


def test_another_reply_replaces_the_last_one(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "partner")
    choose(page, method="sample", temperature=1.5)
    say(page, "the dog eats", 2)
    seen = {page.run(TURNS)[1]}
    for _ in range(4):
        press(page, "Another reply")
        page.wait(f"document.querySelectorAll('.turn > .text').length === 2 && {DONE}")
        seen.add(page.run(TURNS)[1])
    assert len(seen) > 1
    press(page, "New conversation")
    page.wait("document.querySelectorAll('.turn').length === 0")


def test_why_shows_the_attention_over_the_conversation(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "partner")
    choose(page, method="greedy")  # a drawn reply may be empty, and there is nothing to explain about it
    say(page, "the dog eats", 2)
    say(page, "a big cat", 4)
    assert "(empty)" not in page.run(TURNS)
    assert page.run("return document.querySelector('.attention').hidden;")
    press(page, "Why?", 1)
    page.wait("!document.querySelector('.attention').hidden")
    assert "a big cat" in page.run("return document.querySelector('.read').textContent;")
    assert page.run(ATTENDED).startswith("The whole reply attended to ")
    press(page, "Why?", 0)
    page.wait("!document.querySelector('.read').textContent.includes('a big cat')")
    press(page, "Why?", 0)
    page.wait("document.querySelector('.attention').hidden")
    page.click(".turn.model .text span")  # a word of a reply opens it as well
    page.wait("!document.querySelector('.attention').hidden")
    assert " attended to " in page.run(ATTENDED)
    press(page, "Close")
    assert page.run("return document.querySelector('.attention').hidden;")
    assert page.run("return document.querySelectorAll('.pinned').length;") == 0


@contextmanager
def slow_network(page: Browser, latency_ms: int) -> Iterator[None]:
    """Let answers begin later."""
    page.devtools("Network.enable")
    conditions = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    page.devtools("Network.emulateNetworkConditions", latency=latency_ms, **conditions)
    try:
        yield
    finally:
        page.devtools("Network.emulateNetworkConditions", latency=0, **conditions)


def test_a_message_without_a_reply_yet_is_given_back_when_it_is_stopped(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "partner")
    with slow_network(page, 3000):
        page.type("#message", "the dog eats")
        page.press("Enter")
        page.wait("[...document.querySelectorAll('button')].some((one) => one.textContent === 'Stop' && !one.hidden)")
        press(page, "Stop")
        page.wait("document.querySelector('.status').textContent === 'Stopped.'")
    assert page.run("return document.querySelector('#message').value;") == "the dog eats"
    assert page.run(TURNS) == []
    page.press("Enter")
    page.wait(f"document.querySelectorAll('.turn > .text').length === 2 && {DONE}")


def test_a_reply_that_is_stopped_stays_as_far_as_it_came(exported: Path) -> None:
    with serving(exported, names=["talker"]) as opened, browser() as page:
        open_page(page, opened.address, "talker")
        for count in (2, 4):
            page.type("#message", "the dog eats")
            page.press("Enter")
            page.wait("document.querySelector('.turn .unfinished')?.textContent.length > 2")
            press(page, "Stop")
            page.wait(f"document.querySelectorAll('.turn > .text').length === {count}")
            page.wait("document.querySelector('.status').textContent === 'Stopped.'")
        turns = page.run(TURNS)
        assert turns[0] == turns[2] == "the dog eats"
        assert min(map(len, turns)) > 2


def test_turns_that_the_model_does_not_remember_are_marked(page: Browser, site: Serving, exported: Path) -> None:
    model = seq2seq.load(exported / "partner")
    assert isinstance(model.reader, DialogueReader)
    remembered = model.reader.history_turns
    open_page(page, site.address, "partner")
    choose(page, method="greedy")
    count = 0
    while count - 1 <= remembered:
        count += 2
        say(page, "the dog eats", count)
    marked = page.run("return [...document.querySelectorAll('.turn')].map((one) => one.matches('.forgotten'));")
    assert marked == [place < count - 1 - remembered for place in range(count)]
    assert any(marked)


def test_a_text_is_continued_and_taken_back(page: Browser, site: Serving, exported: Path) -> None:
    open_page(page, site.address, "author")
    choose(page, method="greedy", maximum=20)
    page.type("#prompt", "the dog")
    page.press("Control", "Enter")
    done(page)
    model = seq2seq.load(exported / "author")
    assert isinstance(model, LanguageModel)
    decoding = replace(model.decoding, search=replace(model.decoding.search, max_length=20), sampling=None)
    ((first,),) = model.decode(["the dog"], decoding)
    whole = "return document.querySelector('.result .text').textContent;"
    assert page.run(whole) == "the dog" + first.text
    choose(page, method="sample", seed=1, maximum=20)
    press(page, "Continue")
    page.wait(f"document.querySelector('.result .text').textContent.length > {len('the dog' + first.text)}")
    done(page)
    assert page.run(whole).startswith("the dog" + first.text)
    press(page, "Undo")
    assert page.run(whole) == "the dog" + first.text
    press(page, "Undo")
    assert page.run("return document.querySelector('.result').hidden;")
    assert page.run("return document.activeElement.id;") == "prompt"


def test_a_text_that_is_stopped_stays_as_far_as_it_came(exported: Path) -> None:
    length = "document.querySelector('.result .text')?.textContent.length"
    with serving(exported, names=["teller"]) as opened, browser() as page:
        open_page(page, opened.address, "teller")
        before = 5
        for name in ("Write", "Continue"):
            choose(page, maximum=MOST_PIECES)
            press(page, name)
            page.wait(f"{length} > {before}")
            press(page, "Stop")
            page.wait("document.querySelector('.status').textContent === 'Stopped.'")
            before = page.run(f"return {length};")


def test_sliders_are_sent_and_the_models_own_values_are_exact(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "author")
    texts = []
    for temperature in (0.05, 0.05, 2):
        choose(page, method="sample", seed=5, maximum=30, temperature=temperature)
        page.click("#view button.main")
        page.wait("document.querySelector('#view button.main').hidden || " + DONE)
        done(page)
        texts.append(page.run("return document.querySelector('.result .text').textContent;"))
    assert texts[0] == texts[1] != texts[2]
    shown = page.run("return [...document.querySelectorAll('.sliders .value')].map((one) => one.textContent);")
    assert shown == ["2.00", "1.00"]
