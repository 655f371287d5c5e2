"""Samples of a run, as a resumed run and a report find them."""

from pathlib import Path

import pytest

from seq2seq.runs.callbacks.written_samples import earlier

FIRST, SECOND = '{"step": 10, "text": "一"}', '{"step": 20, "text": "two"}'


def test_samples_before_a_step_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "samples.jsonl"
    assert earlier(path, 20) == []
    path.touch()
    assert earlier(path, 20) == []
    path.write_text(f"{FIRST}\n{SECOND}\n", encoding="utf-8")
    assert earlier(path, 20) == [{"step": 10, "text": "一"}]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "samples.jsonl:2: not JSON"),
        ('{"text": "x"}', "samples.jsonl:2: step is missing"),
        ('{"step": "3", "text": "x"}', "samples.jsonl:2: step must be a whole number, but it is a text"),
        ('{"step": 3, "text": []}', "samples.jsonl:2: text must be a text, but it is a list"),
    ],
)
def test_damaged_samples_stop_no_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, message: str
) -> None:
    path = tmp_path / "samples.jsonl"
    path.write_text(f"{FIRST}\n{line}\n{SECOND}\n", encoding="utf-8")
    assert earlier(path, 100) == [{"step": 10, "text": "一"}]
    assert message in capsys.readouterr().err
