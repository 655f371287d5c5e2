"""Writing on a screen, with and without colour."""

import io

import pytest

from seq2seq.repl.screen import SHADES, Screen


def shown(act: str, *given: object, term: str = "xterm", **environment: str) -> str:
    file = io.StringIO()
    getattr(Screen(file, {"TERM": term, **environment}), act)(*given)
    return file.getvalue()


def test_every_text_is_harmless() -> None:
    evil = "\x1b[2J\x9b\nx"
    for act in ("put", "line", "note", "fault"):
        assert shown(act, evil, NO_COLOR="1").startswith("␛[2J\ufffd")
    assert shown("note", evil, NO_COLOR="1") == "␛[2J\ufffd x\n"


@pytest.mark.parametrize(
    ("term", "environment", "has_colour"),
    [("xterm", {}, True), ("xterm", {"NO_COLOR": "1"}, False), ("xterm", {"NO_COLOR": ""}, True), ("dumb", {}, False)],
)
def test_colour_where_it_is_wanted(term: str, environment: dict[str, str], has_colour: bool) -> None:
    assert (shown("fault", "no", term=term, **environment) == "\x1b[31mno\x1b[0m\n") == has_colour
    screen = Screen(io.StringIO(), {"TERM": term, **environment})
    shades = {screen.shaded("x", level) for level in range(SHADES)}
    assert len(shades) == (SHADES if has_colour else 1)


def test_a_mark_of_work_leaves_no_trace() -> None:
    for term, left in (("xterm", "… thinking\r\x1b[K"), ("dumb", "")):
        file = io.StringIO()
        with Screen(file, {"TERM": term, "NO_COLOR": "1"}).working("thinking"):
            pass
        assert file.getvalue() == left
