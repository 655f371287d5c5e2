"""Texts in another script than the others."""

import importlib.util

import pytest

from seq2seq.inspection import language_check

ENGLISH = ["I saw the cat.", "Where is the station?", "The kettle is on."]


def test_scripts_are_told_apart_without_a_classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    sample = [(f"f:{number}", text) for number, text in enumerate([*ENGLISH * 4, "今天早上好吗"], start=1)]
    assert language_check.findings(sample, "turns") == (
        "",
        ["1 of 13 turns is not in Latin letters as the others are (first at f:13)."],
    )
    assert language_check.findings([*sample, *sample[-1:] * 9], "turns")[1] == [
        "The turns are in several scripts: Latin letters 55%, Chinese characters 45%."
    ]
    assert language_check.findings([("f:1", "12:30"), ("f:2", "...")], "turns") == ("", [])


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Is there tea?", "LATIN"),
        ("茶 ok?", "CJK"),
        ("Ｉｓ there", "LATIN"),
        ("おはよう", "CJK"),
        ("Есть чай?", "CYRILLIC"),
        ("안녕하세요", "HANGUL"),
        ("12:30!", ""),
        ("", ""),
    ],
)
def test_the_script_of_most_letters_counts(text: str, script: str) -> None:
    assert language_check.script_of(text) == script
