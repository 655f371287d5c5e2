"""First lines: parsing their tables, and accepting outputs."""

import pytest

from seq2seq_samples.engine.first_lines import bare, count_right, first_lines

LINES = first_lines("""
I have a cat. = 我有一只猫。 / 我有只猫。
你好！ = Hello! How are you?
""")


def test_a_row_is_a_line_and_its_outputs() -> None:
    assert [line.text for line in LINES] == ["I have a cat.", "你好！"]
    assert LINES[0].accepted == ("我有一只猫。", "我有只猫。")


def test_an_output_is_right_whatever_its_case_and_last_mark() -> None:
    assert LINES[0].is_right("我有只猫")
    assert LINES[1].is_right("hello! how are you")
    assert not LINES[0].is_right("我有一只狗。")
    assert not LINES[0].is_right("")
    assert bare("Hi there !") == bare("hi there") != bare("Hi, there")


def test_right_outputs_are_counted_and_wrong_ones_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert count_right(LINES, ["我有只猫。", "Bye."], "first lines") == 1
    assert capsys.readouterr().out == (
        "wrong: 你好！ -> Bye. (right: Hello! How are you?)\n1 of 2 first lines are right\n"
    )
    with pytest.raises(ValueError, match="shorter"):
        count_right(LINES, ["我有只猫。"], "first lines")
