"""The page of a server as a whole: its models, its history, and what it is for all users."""

import pytest

from tests.axe import require_accessible
from tests.seq2seq.page.conftest import NAMES, Serving
from tests.seq2seq.page.pages import NAMELESS, SENTENCES, TURNS, choose, done, open_page, press, say
from tests.webdriver import Browser, browser, needs_driver

pytestmark = [pytest.mark.slow, needs_driver]


def test_the_picker_and_the_address_choose_the_model(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "nothing")
    assert page.run("return [...document.querySelectorAll('#model option')].map(({ value }) => value);") == list(NAMES)
    assert page.run("return document.querySelector('#model').value;") == NAMES[0]  # there is no model of that name
    page.run(
        "const field = document.querySelector('#model'); field.value = 'author';"
        "field.dispatchEvent(new Event('change'));"
    )
    page.wait("document.querySelector('#prompt')")
    assert page.run("return location.hash;") == "#model=author"
    page.run("history.back();")
    page.wait("document.querySelector('#source')")
    assert page.run("return document.querySelector('#model').value;") == NAMES[0]


def test_the_history_is_kept_opened_and_deleted(page: Browser, site: Serving) -> None:
    entries = "return [...document.querySelectorAll('.entry')].map((one) => one.textContent);"
    open_page(page, site.address, "partner")
    choose(page, method="greedy")
    say(page, "the dog eats", 2)
    say(page, "a big cat", 4)
    turns = page.run(TURNS)
    open_page(page, site.address, "translator")
    page.click("#history summary")
    page.wait("document.querySelectorAll('.entry').length === 1")
    page.type("#source", SENTENCES[0])
    page.wait("document.querySelectorAll('.entry').length === 2")
    assert page.run(entries) == [SENTENCES[0], "the dog eats"]
    page.click("li:nth-child(2) .entry")
    page.wait("document.querySelectorAll('.turn').length === 4")
    assert page.run(TURNS) == turns
    press(page, "Why?", 1)  # the server explains what it has not just written
    page.wait("document.querySelector('.attended')?.textContent.startsWith('The whole reply attended to ')")
    assert page.run(entries) == ["the dog eats", SENTENCES[0]]
    page.click("li:nth-child(1) button.small")
    assert page.run(entries) == [SENTENCES[0]]
    press(page, "Delete the history")
    assert page.run(entries) == []
    assert page.run("return localStorage.getItem('seq2seq.history');") is None


def test_no_history_is_kept_if_the_user_does_not_want_one(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "summarizer")
    page.click("#history summary")
    page.click("#history input[type=checkbox]")
    page.type("#source", SENTENCES[0])
    page.press("Control", "Enter")
    done(page)
    assert page.run("return localStorage.getItem('seq2seq.history');") is None
    open_page(page, site.address, "summarizer")
    assert not page.run("return document.querySelector('#history input[type=checkbox]').checked;")


def test_nothing_is_asked_of_another_host(site: Serving) -> None:
    with browser(has_network_log=True) as page:
        for name in NAMES:
            open_page(page, site.address, name)
        page.type("#prompt", "the dog")
        page.press("Control", "Enter")
        done(page)
        asked = page.requests()
        asked = [address for address in asked if not address.startswith(("about:", "chrome:", "data:"))]
        assert len(asked) > 20
        assert [address for address in asked if not address.startswith(site.address)] == []
        assert page.log() == []


@pytest.mark.parametrize(
    ("name", "field"),
    [("translator", "#source"), ("summarizer", "#source"), ("partner", "#message"), ("author", "#prompt")],
)
@pytest.mark.parametrize("is_dark", [False, True])
def test_the_page_is_accessible(name: str, field: str, is_dark: bool, site: Serving) -> None:
    with browser(is_dark=is_dark) as page:
        open_page(page, site.address, name)
        require_accessible(page)
        page.type(field, " ".join(SENTENCES))
        page.click("#view button.main")
        done(page)
        page.run("for (const details of document.querySelectorAll('details')) details.open = true;")
        if page.run("return document.querySelector('.result .text[tabindex], .turn .text[tabindex]') !== null;"):
            page.run("document.querySelector('.text[tabindex]').focus();")
            page.press("Right")
        require_accessible(page)
        page.click("[data-language=zh]")
        require_accessible(page)


@pytest.mark.parametrize(
    ("name", "field"),
    [("translator", "#source"), ("summarizer", "#source"), ("partner", "#message"), ("author", "#prompt")],
)
def test_it_fits_a_phone_in_the_dark_in_chinese(name: str, field: str, site: Serving) -> None:
    with browser("zh-CN", is_dark=True) as page:
        page.resize(360, 740, is_phone=True)
        open_page(page, site.address, name)
        page.type(field, "the dog eats a big fish " * 3)
        page.press("Enter") if name == "partner" else page.press("Control", "Enter")
        page.wait("document.querySelector('.status')?.textContent.startsWith('用时')")
        page.run("for (const details of document.querySelectorAll('details')) details.open = true;")
        assert page.run("return document.documentElement.scrollWidth;") == 360
        assert page.run("return document.documentElement.lang;") == "zh"
        assert page.run("return getComputedStyle(document.body).backgroundColor;") == "rgb(17, 21, 26)"
        words = page.run("return document.querySelector('main').innerText;")
        assert "历史记录" in words
        assert "Options" not in words
        page.click("[data-language=en]")
        words = page.run("return document.querySelector('main').innerText;")
        assert "Options" in words
        assert "历史记录" not in words
        page.run("location.hash = 'model=author';")
        page.wait("document.querySelector('#prompt')")
        assert page.log() == []


def test_a_view_that_was_hidden_speaks_the_language_that_was_chosen_since(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "author")
    page.run("location.hash = 'model=translator';")
    page.wait("document.querySelector('#source')")
    page.click("[data-language=zh]")
    page.run("location.hash = 'model=author';")
    page.wait("document.querySelector('#prompt')")
    assert page.run("return document.querySelector('#view button.main').textContent;") == "生成"
    assert page.run("return document.querySelector('#model').selectedOptions[0].textContent;") == "文本生成（author）"


def test_everything_can_be_reached_and_is_named_by_keyboard(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "translator")
    assert page.run("return document.activeElement.id;") == "source"
    page.type("#source", "the dog")
    page.wait("document.querySelector('article .output')")
    done(page)
    seen = set()
    for _ in range(40):
        page.press("Tab")
        seen.add(page.run("return document.activeElement.tagName + '.' + document.activeElement.className;"))
    assert {"INPUT.", "BUTTON.main", "SUMMARY.", "P.text", "BUTTON.small", "SELECT.", "BUTTON.entry"} - seen == {
        "BUTTON.entry"  # the history is folded
    }
    assert page.run(NAMELESS) == 0
