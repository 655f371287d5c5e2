"""The page of a server translates while one types, and shows what summaries were made of."""

from dataclasses import replace
from pathlib import Path

import pytest

import seq2seq
from seq2seq.models.source_model import SourceModel
from tests.seq2seq.page.conftest import HASTY_PIECES, Serving
from tests.seq2seq.page.pages import ATTENDED, SENTENCES, choose, done, open_page, outputs, press
from tests.webdriver import Browser, needs_driver

pytestmark = [pytest.mark.slow, needs_driver]


def translated(folder: Path, texts: list[str], name: str = "translator") -> list[list[str]]:
    """Return what Python finds with three beams, three outputs for each text."""
    model = seq2seq.load(folder / name)
    assert isinstance(model, SourceModel)
    found = model.decode(texts, replace(model.decoding, count=3))
    return [[output.text.strip() for output in candidates] for candidates in found]


def wait_for_outputs(page: Browser, expected: list[list[str]]) -> None:
    script = """JSON.stringify([...document.querySelectorAll('article')].map((place) =>
        [...place.querySelectorAll('.text')].map(
            (text) => text.classList.contains('empty') ? '' : text.textContent)))"""
    try:
        page.wait(f"{script} === JSON.stringify({expected!r})", 10)
    except AssertionError:
        assert outputs(page) == expected


def test_what_is_typed_is_translated_without_a_button(page: Browser, site: Serving, exported: Path) -> None:
    open_page(page, site.address, "translator")
    page.type("#source", "\n".join(SENTENCES))
    wait_for_outputs(page, translated(exported, SENTENCES))


def test_the_last_text_wins(page: Browser, site: Serving, exported: Path) -> None:
    open_page(page, site.address, "translator")
    script = """
        const field = document.querySelector('#source');
        for (const text of given[0]) {
            field.value = text;
            field.dispatchEvent(new InputEvent('input'));
            await new Promise((after) => setTimeout(after, 320));
        }"""
    lines = " ".join(SENTENCES * 8)
    texts = [lines[:length] for length in (600, 40, 500, 30, 400, 20)]
    page.run(script, texts)
    wait_for_outputs(page, translated(exported, [texts[-1].strip()]))
    done(page)
    page.run("await new Promise((after) => setTimeout(after, 1500));")  # an older answer would have come by now
    assert outputs(page) == translated(exported, [texts[-1].strip()])


def test_typing_translates_only_the_lines_that_changed(page: Browser, site: Serving) -> None:
    asked = (
        """return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/translate')).length;"""
    )
    open_page(page, site.address, "translator")
    page.type("#source", f"{SENTENCES[0]}\n{SENTENCES[1]}")
    page.wait("document.querySelectorAll('article').length === 2")
    done(page)
    before = page.run(asked)
    page.type("#source", " dog")
    page.wait(
        f"performance.getEntriesByType('resource').filter("
        f"({{ name }}) => name.endsWith('/translate')).length > {before}"
    )
    done(page)
    assert page.run(asked) == before + 1


def test_a_text_that_is_sent_by_a_key_is_not_sent_again(page: Browser, site: Serving) -> None:
    asked = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/translate')).length"
    open_page(page, site.address, "translator")
    choose(page, method="sample")
    page.type("#source", SENTENCES[0])
    page.press("Control", "Enter")
    page.wait(f"{asked} === 1")
    page.run("await new Promise((after) => setTimeout(after, 800));")
    assert page.run(f"return {asked};") == 1
    page.press("Control", "Enter")  # another sample
    page.wait(f"{asked} === 2")
    done(page)


def test_without_translating_as_one_types_the_button_translates(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "translator")
    page.click(".tools-line input")
    page.type("#source", SENTENCES[0])
    page.run("await new Promise((after) => setTimeout(after, 800));")
    assert outputs(page) == []
    page.click("#view button.main")
    done(page)
    assert len(outputs(page)[0]) == 3
    open_page(page, site.address, "translator")
    assert not page.run("return document.querySelector('.tools-line input').checked;")  # remembered


def test_an_emptied_text_has_no_translation(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "translator")
    page.type("#source", "dog")
    page.wait("document.querySelector('article .output')")
    for _ in "dog":
        page.press("Backspace")
    page.wait("document.querySelector('.result').hidden")
    assert outputs(page) == []


def test_a_click_on_a_word_pins_what_it_came_from(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "translator")
    page.type("#source", SENTENCES[0])
    page.wait("document.querySelector('article .output span')")
    done(page)
    page.click(".result .text span")
    pinned = page.run(ATTENDED)
    assert " attended to " in pinned
    page.point("#title")
    assert page.run(ATTENDED) == pinned
    assert page.run("return document.querySelectorAll('.pinned').length;") == 1
    page.run("document.querySelector('li .text').focus();")
    page.press("Right")  # a word of an alternative takes its place
    assert page.run("return document.querySelectorAll('.pinned').length;") == 1
    assert page.run("return document.querySelector('li .pinned') !== null;")
    page.press("Escape")
    page.point("#title")
    assert page.run(ATTENDED) == ""
    assert page.run("return document.querySelectorAll('.pinned').length;") == 0


def test_the_languages_are_swapped_if_a_model_translates_back(page: Browser, site: Serving, exported: Path) -> None:
    open_page(page, site.address, "translator")
    page.type("#source", SENTENCES[0])
    page.wait("document.querySelector('article .output')")
    done(page)
    best = outputs(page)[0][0]
    press(page, "Swap the languages")
    page.wait("document.querySelector('#title').textContent.includes('from Chinese to English')")
    assert page.run("return document.querySelector('#source').value;") == best
    assert page.run("return location.hash;") == "#model=backward"
    wait_for_outputs(page, translated(exported, [best], "backward"))
    assert page.run("return document.activeElement.id;") == "source"


def test_a_summary_marks_copied_words_and_shows_what_was_read(page: Browser, site: Serving, exported: Path) -> None:
    text = " ".join(SENTENCES)
    open_page(page, site.address, "summarizer")
    page.type("#source", text)
    page.press("Control", "Enter")
    done(page)
    model = seq2seq.load(exported / "summarizer")
    assert isinstance(model, SourceModel)
    ((expected,),) = model.decode([text], attention=True)
    assert outputs(page) == [[expected.text.strip()]]
    shown = page.run("return [...document.querySelectorAll('.result .text .copied')].map((one) => one.textContent);")
    pieces = [piece for piece, share in zip(expected.pieces, expected.copied, strict=True) if share > 0.5]
    assert "".join(shown) == "".join(pieces).replace("\u2581", "")
    assert page.run("return document.querySelector('.read').textContent;") == text
    assert page.run("return document.querySelectorAll('.unread').length;") == 0


def test_what_was_cut_from_a_long_text_is_shown(page: Browser, site: Serving) -> None:
    text = " ".join(SENTENCES)
    open_page(page, site.address, "hasty")
    page.type("#source", text)
    page.press("Control", "Enter")
    done(page)
    note = page.run("return document.querySelector('article .note').textContent;")
    assert note == f"The text was too long: only its first {HASTY_PIECES} pieces were read."
    read = page.run("return document.querySelector('.read').textContent;")
    unread = page.run("return document.querySelector('.unread').textContent;")
    assert len(unread) > 10
    assert f"{read}{unread}".replace(" ", "") == text.replace(" ", "")


def test_outputs_are_seen_on_a_low_screen_and_a_pinned_word_stays_beside_its_attention(
    page: Browser, site: Serving
) -> None:
    seen = """
        const seen = (element) => {
            const { left, top, height } = element.getBoundingClientRect();
            return element.contains(document.elementFromPoint(left + 1, top + height / 2));
        };
        return given.map((selector) => seen(document.querySelector(selector)));"""
    page.resize(1366, 650)
    try:
        open_page(page, site.address, "translator")
        page.type("#source", SENTENCES[0])
        page.wait("document.querySelector('article .output span')")
        done(page)
        assert page.run(seen, ".result .text span") == [True]
        page.click(".result .text span")
        assert page.run(seen, ".result .text span", ".read span") == [True, True]
    finally:
        page.resize(1000, 1000)


def test_outputs_that_the_user_asks_for_are_brought_into_view(page: Browser, site: Serving) -> None:
    bottom = "return [document.querySelector('.result .text').getBoundingClientRect().bottom, scrollY];"
    page.resize(1366, 650)
    try:
        open_page(page, site.address, "summarizer")
        page.type("#source", "\n".join(SENTENCES))
        page.press("Control", "Enter")
        done(page)
        end, scrolled = page.run(bottom)
        assert 0 < end < 650
        assert scrolled > 0
    finally:
        page.resize(1000, 1000)
