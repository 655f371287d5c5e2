"""Parts of the pages on their own: what was not read of a text, and the history of a browser."""

import pytest

from tests.environments import REPOSITORY
from tests.seq2seq.deployment.javascript import computed, needs_node
from tests.seq2seq.page.conftest import Serving
from tests.webdriver import Browser, needs_driver

PAGE = REPOSITORY / "seq2seq" / "page"


@needs_node
def test_the_end_of_a_text_that_was_not_read_is_found() -> None:
    calls = [
        ["The big dog eats.", ["▁The", "▁big", "▁do", "g"]],
        ["The  big\n dog eats.", ["▁The", "▁big", "▁dog"]],
        ["大狗吃鱼。", ["▁大", "狗"]],
        ["ＡＢＣ def", ["▁abc"]],  # a tokenizer that changes forms and letter case
        ["naïve café", ["▁na", "<0xC3>", "<0xAF>", "ve"]],
        ["The dog", ["▁The", "▁dog"]],
        ["Anna: hello", ["▁Anna", "<speaker>", "▁hello"]],  # read in another form
        ["", []],
        ["dog", []],
    ]
    assert computed(PAGE / "pieces.js", "unread", calls) == [
        *("eats.", "eats.", "吃鱼。", "def", "café", "", "", "", "dog")
    ]


@needs_node
def test_a_text_that_was_typed_further_or_corrected_is_the_same_text() -> None:
    calls = [
        *(["the dog", "the dog eats"], ["the dog eats", "the dog"], ["I has a dog", "I have a dog"], ["a", "a"]),
        *(["the dog", "a big cat"], ["大狗吃", "我会打网球"], ["a", "b"]),
    ]
    assert computed(PAGE / "served" / "history.js", "isRevised", calls) == [True] * 4 + [False] * 3


@pytest.mark.slow
@needs_driver
def test_the_history_is_limited_in_number_and_in_size(page: Browser, site: Serving) -> None:
    page.open(site.address)
    script = """
        const { History, MOST_ENTRIES, MOST_CHARACTERS } = await import("/page/served/history.js");
        const history = new History();
        const entry = (number, source) => ({ id: String(number), model: "m", kind: "source", state: { source } });
        for (let number = 0; number < MOST_ENTRIES + 20; number += 1) history.put(entry(number, "the dog"));
        const count = history.entries().length, first = history.entries()[0].id;
        for (let number = 100; number < 130; number += 1) history.put(entry(number, "x".repeat(30000)));
        const size = localStorage.getItem("seq2seq.history").length;
        const newest = history.entries()[0].id;
        history.put(entry(999, "x".repeat(2 * MOST_CHARACTERS)));
        localStorage.setItem("seq2seq.history", "broken");
        return [count, first, size <= MOST_CHARACTERS, size > MOST_CHARACTERS / 2, newest, history.entries()];"""
    assert page.run(script) == [50, "69", True, True, "129", []]
