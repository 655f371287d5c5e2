"""Typed lines are stored, and only their owner can read them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.repl import history
from seq2seq.repl.history import History, history_path


def test_lines_are_kept_from_session_to_session(tmp_path: Path) -> None:
    path = tmp_path / "state" / "typed"
    one = History(path)
    for line in ("hello", "hello", " ", "a\\n\nb", "你好 \\"):
        one.add(line)
    assert one.lines == History(path).lines == ["hello", "a\\n\nb", "你好 \\"]
    assert path.stat().st_mode & 0o077 == 0


@given(
    st.lists(
        st.text(st.sampled_from("a\\n\n狗 "), min_size=1, max_size=8).filter(lambda line: line.strip()), max_size=4
    )
)
def test_every_line_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.mktemp("past") / "typed"
    kept = History(path)
    for line in lines:
        kept.add(line)
    assert History(path).lines == kept.lines


def test_halves_of_characters_are_no_fault(tmp_path: Path) -> None:
    History(tmp_path / "typed").add("a\ud800")
    assert History(tmp_path / "typed").lines == ["a?"]
    (tmp_path / "typed").write_bytes(b"\xff\0\n")
    assert History(tmp_path / "typed").lines == ["\ufffd"]
    History(tmp_path / "typed").add("a\0b")
    assert History(tmp_path / "typed").lines[-1] == "ab"


def test_old_lines_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST", 3)
    path = tmp_path / "typed"
    path.write_text("".join(f"{number}\n" for number in range(7)), encoding="utf-8")
    assert History(path).lines == ["4", "5", "6"]
    assert path.read_text(encoding="utf-8") == "4\n5\n6\n"


def test_without_a_file_nothing_is_kept(tmp_path: Path) -> None:
    kept = History(None)
    kept.add("secret")
    assert kept.lines == ["secret"]
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    kept = History(tmp_path / "file" / "typed")
    assert kept.notice.startswith("Typed lines are not stored: ")
    kept.add("hello")
    assert kept.lines == ["hello"]


def test_the_place_is_the_state_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert history_path({"XDG_STATE_HOME": "/state"}) == Path("/state/seq2seq/typed")
    for wrong in ({}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "relative"}):
        assert history_path(wrong) == Path("/home/me/.local/state/seq2seq/typed")
