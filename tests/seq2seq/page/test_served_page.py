"""The page of a server in a browser: every task, its history, its faults, and what it is for all users."""

import re
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
from seq2seq.server.http.api_keys import new_key
from seq2seq_dialogue.reader import DialogueReader
from tests.axe import require_accessible
from tests.recorded.commands import FILES
from tests.seq2seq.page.conftest import HASTY_PIECES, MOST_PIECES, NAMES, Serving, serving
from tests.webdriver import Browser, browser, needs_driver

pytestmark = [pytest.mark.slow, needs_driver]
SENTENCES = FILES["texts.txt"].splitlines()[:4]
DONE = "document.querySelector('.status')?.textContent.match(/^(Done|Stopped|The model ends)/)"
ATTENDED = "return document.querySelector('.attended').textContent.trim();"
TURNS = "return [...document.querySelectorAll('.turn > .text')].map((text) => text.textContent);"


def open_page(page: Browser, address: str, name: str) -> None:
    """Open the page at a model; only its hash may have changed, so that it is loaded anew."""
    page.open("about:blank")
    page.open(f"{address}#model={name}")
    page.wait("document.body?.dataset.state !== 'loading'")
    assert page.run("return document.body.dataset.state;") == "ready", page.run("return document.body.innerText;")


def choose(page: Browser, **options: object) -> None:
    """Set options as a user does, by the beginnings of their labels."""
    page.run("document.querySelector('.options').open = true;")
    for label, value in options.items():
        script = """
            const [label, value] = given;
            const field = [...document.querySelectorAll('.fields label, .sliders label')].find(
                (each) => each.firstChild.textContent.toLowerCase().startsWith(label)).lastChild;
            field.value = value;
            field.dispatchEvent(new Event('input'));
            field.dispatchEvent(new Event('change'));"""
        page.run(script, label.replace("_", " "), str(value))


def press(page: Browser, name: str, place: int = 0) -> None:
    """Press the button of a name, or another one of the same name."""
    script = """
        const named = [...document.querySelectorAll('button')].filter(
            (one) => one.textContent === given[0] && one.checkVisibility());
        named.at(given[1]).click();"""
    page.run(script, name, place)


def done(page: Browser) -> None:
    """Wait for the end of a computation without a fault."""
    page.wait(f"{DONE} || document.querySelector('.fault')")
    assert page.run("return document.querySelector('.fault')?.textContent ?? '';") == ""


def outputs(page: Browser) -> list[list[str]]:
    """Return the outputs of each source, best first."""
    script = """
        return [...document.querySelectorAll('article')].map((place) =>
            [...place.querySelectorAll('.text')].map(
                (text) => text.classList.contains('empty') ? '' : text.textContent));"""
    found: list[list[str]] = page.run(script)
    return found


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


# Translation


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


# Summaries


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


# Conversations


def replies(folder: Path, turns: list[str], persona: tuple[str, ...] = ()) -> str:
    """Return Python's reply to a conversation, by greedy search."""
    model = seq2seq.load(folder / "partner")
    assert isinstance(model, SourceModel)
    assert isinstance(model.reader, DialogueReader)
    search = replace(of_sources(model.decoding.search), beam_size=1)
    decoding = replace(model.decoding, search=search, sampling=None)
    ((reply,),) = model.decode([Example(model.reader.history(turns, persona=persona), "")], decoding)
    return reply.text.strip() or "(empty)"


def say(page: Browser, message: str, count: int) -> None:
    """Send a message, and wait for the given number of turns."""
    page.type("#message", message)
    page.press("Enter")
    page.wait(f"document.querySelectorAll('.turn > .text').length === {count} && {DONE}")


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
    say(page, "the dog eats", 2)
    say(page, "a big cat", 4)
    assert page.run("return document.querySelector('.attention').hidden;")
    press(page, "Why?", 1)
    page.wait("!document.querySelector('.attention').hidden")
    assert "a big cat" in page.run("return document.querySelector('.read').textContent;")
    assert page.run(ATTENDED).startswith("The whole reply attended to ")
    press(page, "Why?", 0)
    page.wait("!document.querySelector('.read').textContent.includes('a big cat')")
    press(page, "Why?", 0)
    page.wait("document.querySelector('.attention').hidden")


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


# Texts


def test_a_text_is_continued_and_taken_back(page: Browser, site: Serving, exported: Path) -> None:
    open_page(page, site.address, "author")
    choose(page, method="greedy", most=20)
    page.type("#prompt", "the dog")
    page.press("Control", "Enter")
    done(page)
    model = seq2seq.load(exported / "author")
    assert isinstance(model, LanguageModel)
    decoding = replace(model.decoding, search=replace(model.decoding.search, max_length=20), sampling=None)
    ((first,),) = model.decode(["the dog"], decoding)
    whole = "return document.querySelector('.result .text').textContent;"
    assert page.run(whole) == "the dog" + first.text
    choose(page, method="sample", seed=1, most=20)
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
            choose(page, most=MOST_PIECES)
            press(page, name)
            page.wait(f"{length} > {before}")
            press(page, "Stop")
            page.wait("document.querySelector('.status').textContent === 'Stopped.'")
            before = page.run(f"return {length};")


def test_sliders_are_sent_and_the_models_own_values_are_exact(page: Browser, site: Serving) -> None:
    open_page(page, site.address, "author")
    texts = []
    for temperature in (0.05, 0.05, 2):
        choose(page, method="sample", seed=5, most=30, temperature=temperature)
        page.click("#view button.main")
        page.wait("document.querySelector('#view button.main').hidden || " + DONE)
        done(page)
        texts.append(page.run("return document.querySelector('.result .text').textContent;"))
    assert texts[0] == texts[1] != texts[2]
    shown = page.run("return [...document.querySelectorAll('.sliders .value')].map((one) => one.textContent);")
    assert shown == ["2.00", "1.00"]


# The page as a whole


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
    page.type("#source", SENTENCES[0])
    page.wait("document.querySelectorAll('.entry').length === 2")
    assert page.run(entries) == [SENTENCES[0], "the dog eats"]
    page.click("#history summary")
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
    nameless = page.run(
        "return [...document.querySelectorAll('button, input, select, textarea')].filter((one) => "
        "!one.textContent.trim() && !one.labels?.length && !one.getAttribute('aria-label')).length;"
    )
    assert nameless == 0


# Faults


def fault(page: Browser) -> str:
    """Return what the page says is wrong."""
    found: str = page.wait("document.querySelector('.fault')?.textContent")
    return found


def test_a_server_with_keys_asks_for_one(exported: Path, tmp_path: Path) -> None:
    key = new_key(tmp_path / "keys", "somebody")
    with serving(exported, "--keys", str(tmp_path / "keys"), names=["summarizer"]) as opened, browser() as page:
        page.open(opened.address)
        assert fault(page) == "The server asks for a key. Enter one at the top of the page, and try again."
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
