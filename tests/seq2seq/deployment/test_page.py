"""The page in a headless Chromium: it writes what Python writes, offline, by keyboard, on a phone, in Chinese."""

import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from seq2seq.commands.export import main as export
from seq2seq.corpus.example import Example
from seq2seq.decoding.options import of_sources
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq_dialogue.reader import DialogueReader
from tests.axe import require_accessible
from tests.seq2seq.page.pages import ATTENDED, NAMELESS, SENTENCES, TURNS, choose, outputs, press
from tests.webdriver import Browser, Server, browser, needs_driver, server

pytestmark = [
    pytest.mark.slow,
    needs_driver,
    pytest.mark.skipif(find_spec("seq2seq_web_runtime") is None, reason="ONNX Runtime for browsers: make web"),
]
SEED = 3
"""Seed of a text that has not ended after 20 pieces."""
COUNT = "performance.getEntriesByName('computation').length"
"""How many computations have come to their end."""
NAMES = ("translator", "summarizer", "partner", "author")


@pytest.fixture(scope="module")
def exported(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page of each model, and with the same graphs for ONNX Runtime, all in float32."""
    folder = tmp_path_factory.mktemp("pages")
    for name in NAMES:
        for form in ("web", "onnx"):
            words = [str(models / name), str(folder / f"{name}-{form}"), "--format", form, "--precision", "float32"]
            assert export(words) == 0
    return folder


@pytest.fixture(scope="module")
def site(exported: Path) -> Iterator[Server]:
    with server(exported) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(shared: Browser) -> Iterator[Browser]:
    """A browser, which must not have complained at the end; earlier tests may have visited its pages."""
    shared.run("try { localStorage.clear(); } catch { /* before the first page */ }")
    yield shared
    assert shared.log() == []


def open_page(page: Browser, address: str) -> None:
    page.open(address)
    page.wait("document.body.dataset.state !== 'loading'")
    page.wait("document.body.dataset.state !== 'ready'")
    assert page.run("return document.body.dataset.state;") == "offline", page.run("return document.body.innerText;")


def done(page: Browser, count: int) -> None:
    """Wait for the end of the given number of computations."""
    page.wait(f"{COUNT} === {count} || document.querySelector('.fault')")
    assert page.run("return document.querySelector('.fault')?.textContent ?? '';") == ""


def test_beam_search_gives_the_outputs_of_python(page: Browser, site: Server, exported: Path) -> None:
    open_page(page, f"{site.address}translator-web/")
    choose(page, method="beam", beam_size=4, number=3)
    page.type("#source", "\n".join(SENTENCES))
    page.click("button.main")
    done(page, 1)
    model = load(exported / "translator-onnx")
    assert isinstance(model, SourceModel)
    search = replace(of_sources(model.decoding.search), beam_size=4)
    decoding = replace(model.decoding, search=search, count=3)
    expected = model.decode(SENTENCES, decoding)
    assert outputs(page) == [[output.text.strip() for output in candidates] for candidates in expected]
    shown = page.run("return [...document.querySelectorAll('.score')].map((score) => score.textContent);")
    scores = [f"{output.score:.2f}" for candidates in expected for output in candidates]
    assert shown == [score.replace("-0.00", "0.00").replace("-", "−") for score in scores]


def test_summaries_are_those_of_python(page: Browser, site: Server, exported: Path) -> None:
    text = " ".join(SENTENCES)
    open_page(page, f"{site.address}summarizer-web/")
    choose(page, method="greedy")
    page.type("#source", text)
    page.press("Control", "Enter")
    done(page, 1)
    model = load(exported / "summarizer-onnx")
    assert isinstance(model, SourceModel)
    search = replace(of_sources(model.decoding.search), beam_size=1)
    ((expected,),) = model.decode([text], replace(model.decoding, search=search))
    assert outputs(page) == [[expected.text.strip()]]


def test_a_conversation_remembers_its_turns(page: Browser, site: Server, exported: Path) -> None:
    open_page(page, f"{site.address}partner-web/")
    choose(page, method="greedy")
    model = load(exported / "partner-onnx")
    assert isinstance(model, SourceModel)
    assert isinstance(model.reader, DialogueReader)
    search = replace(of_sources(model.decoding.search), beam_size=1)
    turns: list[str] = []
    for count, message in enumerate(("the dog eats", "a big cat"), start=1):
        page.type("#message", message)
        page.press("Enter")
        done(page, count)
        turns.append(message)
        example = Example(model.reader.history(turns), "")
        ((reply,),) = model.decode([example], replace(model.decoding, search=search, sampling=None))
        turns.append(reply.text)
        assert page.run(TURNS) == [turn.strip() or "(empty)" for turn in turns]
    press(page, "New conversation")
    assert page.run("return document.querySelectorAll('.turn').length;") == 0


def test_a_text_is_continued(page: Browser, site: Server, exported: Path) -> None:
    open_page(page, f"{site.address}author-web/")
    choose(page, method="greedy", maximum=20)
    page.type("#prompt", "the dog")
    page.press("Control", "Enter")
    done(page, 1)
    model = load(exported / "author-onnx")
    assert isinstance(model, LanguageModel)
    search = replace(model.decoding.search, max_length=20)
    ((expected,),) = model.decode(["the dog"], replace(model.decoding, search=search, sampling=None))
    assert page.run("return document.querySelector('.result .text').textContent;") == "the dog" + expected.text


def test_the_same_seed_gives_the_same_text(page: Browser, site: Server) -> None:
    open_page(page, f"{site.address}author-web/")
    choose(page, method="sample", seed=7, maximum=20)
    texts = []
    for count in (1, 2):
        page.click("button.main")
        done(page, count)
        texts.append(page.run("return document.querySelector('.result .text').textContent;"))
    assert texts[0] == texts[1] != ""


def test_without_a_server_the_loaded_page_still_translates(exported: Path) -> None:
    with server(exported / "translator-web") as opened, browser() as page:
        open_page(page, opened.address)
        opened.close()
        page.open(opened.address)
        page.wait("document.body.dataset.state !== 'loading'")
        page.type("#source", SENTENCES[0])
        page.press("Control", "Enter")
        done(page, 1)
        assert outputs(page)[0][0] != ""


def test_large_files_are_fetched_once_and_only_from_this_server(exported: Path) -> None:
    with server(exported / "translator-web") as opened, browser() as page:
        open_page(page, opened.address)
        large = [name for name in opened.requests if name.endswith((".wasm", ".onnx"))]
        assert len(large) == len(set(large)) >= 3
        addresses = page.run("return performance.getEntriesByType('resource').map(({ name }) => name);")
        assert all(address.startswith(opened.address) for address in addresses)
        before = len(opened.requests)
        page.type("#source", "the dog\n")
        page.press("Control", "Enter")
        done(page, 1)
        assert opened.requests[before:] == []  # what is typed goes nowhere


def test_a_new_version_replaces_the_old_one(exported: Path, models: Path, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    (exported / "translator-web").rename(folder)
    try:
        with server(folder) as opened, browser() as page:
            open_page(page, opened.address)
            assert export([str(models / "author"), str(tmp_path / "new"), "--format", "web"]) == 0
            folder.rename(exported / "translator-web")
            (tmp_path / "new").rename(folder)
            open_page(page, opened.address)  # the old page, while its service worker fetches the new one
            ready = "(async () => (await navigator.serviceWorker.getRegistration()).waiting)()"
            page.wait(f"await {ready} !== null")
            page.open("about:blank")
            time.sleep(1)  # no window shows the old page any more
            open_page(page, opened.address)
            page.wait("document.querySelector('#prompt') !== null")
            assert len(page.run("return await caches.keys();")) == 1
    finally:
        if not (exported / "translator-web").exists():
            folder.rename(exported / "translator-web")


def test_a_damaged_file_is_named(exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    (exported / "translator-web").rename(folder)
    place = folder / "model" / "step.onnx"
    content = place.read_bytes()
    try:
        place.write_bytes(content[:-1] + b"!")
        with server(folder) as opened, browser() as page:
            page.open(opened.address)
            page.wait("document.body.dataset.state === 'fault'")
            assert page.run("return document.getElementById('status').textContent;") == (
                "The model could not be loaded. model/step.onnx could not be fetched, or is not the file that belongs "
                "to this page. Check the connection and reload the page."
            )
    finally:
        place.write_bytes(content)
        folder.rename(exported / "translator-web")


def test_attention_is_shown_for_the_pointer_and_the_keyboard(page: Browser, site: Server) -> None:
    shares = "return [...document.querySelectorAll('.read span')].map((one) => +one.style.getPropertyValue('--share'));"
    open_page(page, f"{site.address}translator-web/")
    page.type("#source", SENTENCES[0])
    page.press("Control", "Enter")
    done(page, 1)
    assert page.run(ATTENDED) == ""
    page.point(".result .text span")
    by_pointer = page.run(ATTENDED)
    assert " attended to " in by_pointer
    assert max(page.run(shares)) == 1
    page.point("#title")
    assert page.run(ATTENDED) == ""
    page.run("document.querySelector('.result .text').focus();")
    page.press("Right")
    assert page.run(ATTENDED) == by_pointer
    page.press("End")
    assert " attended to " in page.run(ATTENDED)


def test_an_edited_message_replaces_what_followed_and_the_reasons_of_a_reply_are_shown(
    page: Browser, site: Server
) -> None:
    open_page(page, f"{site.address}partner-web/")
    choose(page, method="greedy")
    for count, message in enumerate(("the dog eats", "a big cat"), start=1):
        page.type("#message", message)
        page.press("Enter")
        done(page, count)
    before = page.run(TURNS)
    press(page, "Edit")
    page.type(".editor textarea", " fish")
    page.press("Enter")
    done(page, 3)
    after = page.run(TURNS)
    assert len(before) == 4
    assert after[0] == "the dog eats fish"
    assert len(after) == 2
    press(page, "Why?")
    assert page.run(ATTENDED).startswith("The whole reply attended to")


def test_a_continuation_is_taken_back(page: Browser, site: Server) -> None:
    open_page(page, f"{site.address}author-web/")
    choose(page, method="sample", seed=SEED, maximum=20)
    whole = "return document.querySelector('.result .text').textContent;"
    page.click("button.main")
    done(page, 1)
    first = page.run(whole)
    press(page, "Continue")
    done(page, 2)
    assert len(page.run(whole)) > len(first)
    press(page, "Undo")
    assert page.run(whole) == first


@pytest.mark.parametrize(("name", "field"), [("translator", "#source"), ("partner", "#message"), ("author", "#prompt")])
def test_the_page_is_accessible(name: str, field: str, page: Browser, site: Server) -> None:
    open_page(page, f"{site.address}{name}-web/")
    require_accessible(page)
    page.type(field, SENTENCES[0])
    page.click("button.main")
    done(page, 1)
    page.run("document.querySelector('.options').open = true;")
    require_accessible(page)


def test_everything_can_be_reached_and_is_named_by_keyboard(page: Browser, site: Server) -> None:
    open_page(page, f"{site.address}translator-web/")
    assert page.run("return document.activeElement.id;") == "source"
    page.press("t")
    page.press("Control", "Enter")
    done(page, 1)
    seen = []
    for _ in range(30):
        page.press("Tab")
        seen.append(page.run("return document.activeElement.tagName + '.' + document.activeElement.className;"))
    for wanted in ("BUTTON.main", "SUMMARY.", "P.text", "BUTTON.small"):
        assert wanted in seen
    assert page.run(NAMELESS) == 0


def test_a_wrong_option_is_explained(page: Browser, site: Server) -> None:
    open_page(page, f"{site.address}translator-web/")
    choose(page, method="beam", beam_size=99)
    page.type("#source", "the dog")
    page.press("Control", "Enter")
    fault = page.wait("document.querySelector('.fault')?.textContent")
    assert fault == "Beam size must be a whole number from 1 to 32."


def test_a_computation_can_be_stopped(page: Browser, site: Server) -> None:
    open_page(page, f"{site.address}author-web/")
    choose(page, method="greedy", maximum=10000)  # which does not end before
    page.click("button.main")
    page.wait("document.querySelector('.result .text')?.textContent.length > 5")
    press(page, "Stop")
    page.wait("document.querySelector('.status').textContent === 'Stopped.'")
    assert page.run("return document.querySelector('.result .text').textContent;") != ""


@pytest.mark.parametrize(("name", "field"), [("translator", "#source"), ("partner", "#message"), ("author", "#prompt")])
def test_it_fits_a_phone_in_the_dark_in_chinese(name: str, field: str, site: Server) -> None:
    with browser("zh-CN", is_dark=True) as page:
        page.resize(360, 740, is_phone=True)
        open_page(page, f"{site.address}{name}-web/")
        choose(page, 方法="greedy")
        page.type(field, "the dog eats a big fish " * 3)
        page.click("button.main")
        done(page, 1)
        assert page.run("return document.documentElement.scrollWidth;") == 360
        assert page.run("return document.documentElement.lang;") == "zh"
        assert page.run("return getComputedStyle(document.body).backgroundColor;") == "rgb(17, 21, 26)"
        words = page.run("return document.querySelector('main').innerText;")
        assert "选项" in words
        page.click("[data-language=en]")
        assert "Options" in page.run("return document.querySelector('main').innerText;")
        assert page.log() == []


def test_loading_takes_less_than_25_megabytes_and_the_language_is_remembered(page: Browser, site: Server) -> None:
    open_page(page, f"{site.address}translator-web/")
    size = page.run("return Object.values(self.CONTENTS.files).reduce((sum, { size }) => sum + size, 0);")
    assert 14e6 < size < 15e6  # without the model, which is tiny here
    page.click("[data-language=zh]")
    open_page(page, f"{site.address}translator-web/")
    assert page.run("return document.documentElement.lang;") == "zh"
