"""The code of the pages: nothing from other hosts, no markup made of texts, and every phrase in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from seq2seq.plugin import registry
from tests.environments import REPOSITORY

PAGE = REPOSITORY / "seq2seq" / "page"
SHARED, OFFLINE, SERVED = PAGE, PAGE / "offline", PAGE / "served"
HEAD = re.compile('<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
ENTRY = re.compile(r'^  (?:"(.*?)"|(\w+)):\s*"(.*)",$', re.MULTILINE)
NO_PHRASES = {
    *("Content-Type", "GET", "POST", "Enter", "Escape", "ArrowRight", "ArrowLeft", "Home", "End", "Top-p", "Min-p"),
    *("Accept", "Authorization", "Retry-After", "NFKC", "{reason}", "{name}", "{time}"),
}
"""Strings that begin with a capital letter and are no phrases: names of keys, headers and faults, or no words."""


def catalogue(folder: Path) -> Iterator[tuple[str, str]]:
    """Return the English and Chinese phrases of a page."""
    for one, other, chinese in ENTRY.findall((folder / "chinese.js").read_text(encoding="utf-8")):
        yield one or other, chinese


def used(folder: Path) -> set[str]:
    """Return the phrases in the code of a folder: its strings that begin with a capital letter or with a value."""
    found: set[str] = set()
    for path in folder.glob("*.js"):
        if path.name != "chinese.js":
            code = re.sub(r'"\s*\+\s*"', "", path.read_text(encoding="utf-8"))
            found |= set(re.findall(r'"((?:[A-Z]|\{)[^"\n]*)"', code))
    return found - NO_PHRASES


@pytest.mark.parametrize(
    ("folder", "policy"),
    [
        (OFFLINE, "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'; form-action 'none'"),
        (
            SERVED,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'",
        ),
    ],
)
def test_a_page_may_load_nothing_from_elsewhere_and_has_no_script_of_its_own(folder: Path, policy: str) -> None:
    index = (folder / "index.html").read_text(encoding="utf-8")
    found = HEAD.search(index)
    assert found
    assert found[1] == policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", index)


def test_no_code_names_another_host_or_makes_markup_of_a_text() -> None:
    for path in PAGE.rglob("*.*"):
        code = path.read_text(encoding="utf-8")
        addresses = {address for address in re.findall(r"https?://[\w.-]+", code) if "localhost" not in address}
        assert addresses <= {"http://www.w3.org", "https://github.com"}, path  # a namespace; references in comments
        assert not re.search(r"(?<!-)\b(eval|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b", code), path


def test_every_phrase_has_a_chinese_translation() -> None:
    shared = {english for english, _ in catalogue(SHARED)}
    assert len(shared) > 50
    assert used(SHARED) <= shared, sorted(used(SHARED) - shared)
    for folder in (OFFLINE, SERVED):
        known = shared | {english for english, _ in catalogue(folder)}
        assert used(folder) <= known, sorted(used(folder) - known)
    offline = {english for english, _ in catalogue(OFFLINE)}
    for name in ("network.js", "penalties.js"):  # faults of the engine while it computes
        assert set(re.findall(r'new Error\("(.*?)"', (PAGE / "engine" / name).read_text(encoding="utf-8"))) <= offline


def test_no_phrase_is_there_twice_or_unused() -> None:
    everywhere = "".join(path.read_text(encoding="utf-8") for path in PAGE.rglob("*.js") if path.name != "chinese.js")
    code = re.sub(r'"\s*\+\s*"', "", everywhere)
    phrases = [english for folder in (SHARED, OFFLINE, SERVED) for english, _ in catalogue(folder)]
    assert len(phrases) == len(set(phrases))
    summaries = {registry.load(name).summary for name in ("dialogue", "generation", "summarization", "translation")}
    assert len(summaries & set(phrases)) == 4  # they come with the model
    assert [phrase for phrase in phrases if phrase not in summaries and f'"{phrase}"' not in code] == []


@pytest.mark.parametrize("folder", [SHARED, OFFLINE, SERVED])
def test_chinese_phrases_have_the_values_of_the_english_ones_and_wide_punctuation(folder: Path) -> None:
    for english, chinese in catalogue(folder):
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", chinese)), english
        assert re.search("[\u4e00-\u9fff（]", chinese), chinese
        assert not re.search("[\u4e00-\u9fff][,:;()]", chinese), f"{chinese}: punctuation of Chinese is wide"
