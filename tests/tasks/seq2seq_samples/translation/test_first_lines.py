"""First lines: thirty inputs that occur in no split, and their accepted translations."""

import pytest

from seq2seq_samples.engine.first_lines import bare
from seq2seq_samples.translation.first_lines import LINES
from seq2seq_samples.translation.proof import LEAST_LINES, check, check_lines
from seq2seq_samples.translation.sample import Sentence, generate
from seq2seq_samples.translation.surface import Texts


def test_thirty_lines_of_words_that_train_has() -> None:
    train = Texts((sentence.en, sentence.zh) for sentence in generate(6000, 1, 1, seed=1)["train"])
    assert len({bare(line.text) for line in LINES}) == 30
    assert [line.text for line in LINES if not train.know(line.text, line.accepted[0])] == []


def test_a_first_line_in_a_split_is_found() -> None:
    splits = generate(300, 10, 10, seed=2)
    casual = Sentence("having", "i have a cat", "我有一只猫", (), ())
    failed = {finding.claim: finding.against for finding in check({**splits, "train": [*splits["train"], casual]})}
    assert failed["no first line is in any split"] == "i have a cat"


def test_right_lines_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    answers = [line.accepted[-1] for line in LINES]
    assert check_lines(answers).against == ""
    wrong = len(LINES) - LEAST_LINES + 1
    assert check_lines(["？"] * wrong + answers[wrong:]).against == str(LEAST_LINES - 1)
    output = capsys.readouterr().out
    assert "30 of 30 first lines are right" in output
    assert "wrong: Hello, how are you? -> ？ (right: 你好，你好吗？)" in output
