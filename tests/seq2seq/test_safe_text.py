"""No text can control a terminal, and columns are counted as a terminal counts them."""

import io
import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.errors import UserError, WorldError
from seq2seq.safe_text import (
    LONGEST_SENTENCE,
    fitted,
    harmless,
    in_line,
    raw_stdout,
    safe_stdout,
    sentence,
    width,
)

ANY = st.text(st.characters(), max_size=40)
CONTROLS = st.text(st.sampled_from("\x1b[]()2;J\x07\x9b\x9d\\\r\n\t\b\x7f\u202e\u2066\u2028\ud800a狗"), max_size=40)


@given(st.one_of(ANY, CONTROLS))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = harmless(text)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert harmless(shown) == shown
    assert "\n" not in in_line(text)
    shown.encode()


@given(CONTROLS, CONTROLS)
def test_a_text_in_parts_is_as_harmless_as_the_whole(one: str, two: str) -> None:
    assert harmless(one) + harmless(two) == harmless(one + two)


@given(st.text(st.characters(categories=["L", "N", "P", "Z"], exclude_characters="\u2028\u2029"), max_size=30))
def test_plain_text_stays(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone", "␛[2Jgone"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x9b2J", "\ufffd2J"),
        ("a\tb\r\nc", "a b␍\nc"),
        ("evil \u202etxt.exe", "evil txt.exe"),
        ("one\u2028two\x0bthree", "one\ntwo\nthree"),
        ("\U000e0041seen", "seen"),
        ("e\u0301 狗 😀", "e\u0301 狗 😀"),
    ],
)
def test_what_is_shown_instead(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("dog", 3), ("狗，", 4), ("e\u0301", 1), ("ｶﾞ", 2), ("한", 2)])
def test_columns(text: str, columns: int) -> None:
    assert width(text) == columns


@given(st.text(st.sampled_from("ab狗書\u0301"), max_size=12), st.integers(1, 9))
def test_a_fitted_text_takes_its_columns(text: str, columns: int) -> None:
    shown = fitted(text, columns)
    assert width(shown) == columns
    if width(text) <= columns:
        assert shown.rstrip(" ") == text
    else:
        assert unicodedata.normalize("NFC", shown).rstrip(" ").endswith("…")


@given(st.one_of(ANY, CONTROLS), st.integers(0, 4))
def test_a_message_is_one_short_harmless_line_whatever_it_quotes(quoted: str, times: int) -> None:
    for kind in (UserError, WorldError):
        message = str(
            kind(f"The key '{quoted * 10**times if times < 5 else quoted * times}' is unknown: leave it out.")
        )
        assert message == harmless(message)
        assert "\n" not in message
        assert len(message) <= LONGEST_SENTENCE
        assert message.startswith("The key '")
        assert message.endswith("leave it out.")


def test_a_long_word_is_cut_in_the_middle_and_a_path_is_not() -> None:
    assert sentence(f"'{'k' * 10_000}' is unknown.") == f"'{'k' * 197} … {'k' * 98}' is unknown."
    path = "/a" * 140
    assert sentence(f"No file {path}.") == f"No file {path}."
    assert len(sentence("a word " * 10_000)) == LONGEST_SENTENCE


class Terminal(io.StringIO):
    """Keeps what it would show."""

    def isatty(self) -> bool:
        """Be one."""
        return True


def test_what_is_printed_reaches_a_terminal_harmless_and_a_pipe_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        monkeypatch.setattr(sys, "stdout", stream)
        with safe_stdout():
            print("\x1b[2Jgone\u202e", "狗")
            with raw_stdout():
                print("\x1b[1mbold")
            print("\x07")
        assert sys.stdout is stream
    assert terminal.getvalue() == "␛[2Jgone 狗\n\x1b[1mbold\n␇\n"
    assert pipe.getvalue() == "\x1b[2Jgone\u202e 狗\n\x1b[1mbold\n\x07\n"


def test_bytes_reach_a_terminal_harmless_also_in_parts_of_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    with safe_stdout():
        for byte in "狗\x9b2J\x1b\n".encode():
            sys.stdout.buffer.write(bytes([byte]))
        sys.stdout.buffer.flush()
    assert terminal.getvalue() == "狗\ufffd2J␛\n"
