"""The script of a page in a real browser: search, sorting, filters, pages, many rows, and narrow screens."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seq2seq.report.html.document import html_report
from seq2seq.report.html.index import index_page
from seq2seq.report.language import say_in
from seq2seq.report.report import Report
from tests.seq2seq.report.html.test_index import run
from tests.seq2seq.report.sample_reports import report
from tests.seq2seq.report.test_language import full
from tests.webdriver import Browser, browser, needs_driver

pytestmark = [needs_driver, pytest.mark.slow]
HELPERS = """
const pick = (selector) => document.querySelector(selector);
const wait = () => new Promise((done) => setTimeout(done, 200));
const set = async (role, value) => {
  const control = pick(`[data-role="${role}"]`);
  control.value = value;
  control.dispatchEvent(new Event(role === "search" ? "input" : "change"));
  await wait();
};
const rows = () => [...document.querySelectorAll('[data-role="body"] tr')];
const numbers = () => rows().map((row) => Number(row.cells[0].textContent.replace(/[^0-9]/g, "")));
const count = () => pick('[data-role="count"]').textContent;
"""


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def found_by(window: Browser, script: str, page: str, folder: Path, *, width: int = 1280) -> Any:  # noqa: ANN401 - JSON
    """Return what a script returns in a page that is opened as a file, in a window of the given width in pixels."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    window.resize(width, 900)
    window.open(path.as_uri())
    return window.run(script)


def many(count: int) -> Report:
    """Return a report with many outputs, of which every fifth is empty, with decreasing chrF."""
    whole = report()
    each = (
        replace(
            whole.predictions[1],
            index=number,
            source=f"source {number}",
            hypothesis="" if number % 5 == 0 else f"output {number} 输出",
            references=(f"reference {number}",),
            chrf=100 - 90 * number / count,
            attention=(),
        )
        for number in range(count)
    )
    return replace(whole, predictions=tuple(each), worst=(), best=(), sections=())


def test_thousands_of_outputs_are_searched_sorted_and_turned_over(window: Browser, tmp_path: Path) -> None:
    script = """
    const found = {first: numbers().slice(0, 3), shown: rows().length, all: count()};
    pick('[data-role="on"]').click();
    found.next = numbers()[0];
    await set("sort", "4+");
    found.lowest = numbers()[0];
    await set("filter", "empty");
    found.empty = count();
    await set("filter", "");
    await set("search", "output 4321");
    found.searched = [count(), ...numbers()];
    await set("search", "输出 OUTPUT 4322 absent");
    found.none = count();
    await set("search", "");
    const head = document.querySelector('th[data-column="0"]');
    head.querySelector("button").click();
    head.querySelector("button").click();
    found.descending = [head.getAttribute("aria-sort"), numbers()[0]];
    return found;
    """
    found = found_by(window, HELPERS + script, html_report(many(6_000)), tmp_path)
    assert found["first"] == [1, 2, 3]
    assert found["shown"] == 50
    assert found["all"] == "6,000 of 6,000 outputs"
    assert found["next"] == 51
    assert found["lowest"] == 6_000
    assert found["empty"] == "1,200 of 6,000 outputs"
    assert found["searched"] == ["1 of 6,000 outputs", 4_322]
    assert found["none"] == "0 of 6,000 outputs"
    assert found["descending"] == ["descending", 6_000]


def test_what_an_output_does_not_share_with_its_reference_is_marked_and_text_stays_text(
    window: Browser, tmp_path: Path
) -> None:
    hostile = report("<img src=x onerror=document.title='broken'>")
    script = (
        "return [document.title, ...[...document.querySelectorAll('td mark')].map((one) => one.textContent.trim())]"
    )
    title, *marks = found_by(window, script, html_report(hostile), tmp_path)
    assert title != "broken"
    assert set(marks) == {"output"}


def test_marks_follow_the_closest_reference_and_characters_beside_figures(window: Browser, tmp_path: Path) -> None:
    whole = report()
    pairs = (("3月15日去了北京", ("3月15日去了上海",)), ("a big dog", ("no", "a big dog")))
    outputs = (
        replace(whole.predictions[1], index=place, hypothesis=output, references=references, attention=())
        for place, (output, references) in enumerate(pairs)
    )
    page = html_report(replace(whole, predictions=tuple(outputs), worst=(), best=(), sections=()))
    script = "return [...document.querySelectorAll('td mark')].map((one) => one.textContent)"
    assert found_by(window, script, page, tmp_path) == ["北京"]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_cut_off(window: Browser, tmp_path: Path, width: int, language: str) -> None:
    script = """
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
    const wide = [...document.querySelectorAll("body *")].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width && box.right > innerWidth + 1 && !one.closest(".wide, pre, .words");
    });
    const cut = wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 90));
    return [innerWidth, document.documentElement.scrollWidth, cut];
    """
    say = say_in(language)
    runs = [run("a_name_of_a_run_that_is_rather_long_" * 2, steps=1_000_000, seconds=5.0, weights=123_456_789)]
    pages = [html_report(full(), say, language), index_page(Path("/runs"), runs, Path("/runs/x.html"), say, language)]
    for page in pages:
        inner, scrolled, cut = found_by(window, script, page, tmp_path, width=width)
        assert (inner, cut) == (width, [])
        assert scrolled <= width


def test_the_table_of_runs_is_sorted_and_searched(window: Browser, tmp_path: Path) -> None:
    runs = [run(name, steps=steps) for name, steps in (("b", 200), ("c", 1_000), ("a", 30))] + [run("none")]
    script = """
    const names = () => [...document.querySelectorAll("tbody tr")].filter((row) => !row.hidden)
      .map((row) => row.cells[0].textContent);
    const buttons = [...document.querySelectorAll("th button")];
    const click = (name) => { buttons.find((one) => one.textContent === name).click(); return names(); };
    const found = [names(), click("run"), click("steps"), click("steps")];
    const box = document.querySelector("[data-search]");
    box.value = "c";
    box.dispatchEvent(new Event("input"));
    return [...found, names()];
    """
    page = index_page(Path("/runs"), runs, Path("/runs/index.html"))
    first, named, rising, falling, searched = found_by(window, script, page, tmp_path)
    assert first == ["b", "c", "a", "none"]
    assert named == ["a", "b", "c", "none"]
    assert rising == ["a", "b", "c", "none"]
    assert falling == ["c", "b", "a", "none"]  # cells without a value come last in both orders
    assert searched == ["c"]
