"""``report.json``: reading it, and which files are refused."""

import json
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.report.report_file import digest, read


def test_a_digest_knows_where_texts_end() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])
    assert digest(["a\n", "b"]) != digest(["a", "\nb"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is damaged or not JSON"),
        ("[" * 5000, "is nested more than 64 levels deep"),
        ('{"format": 1, "predictions": {}, "recipe": {}}', "is not a report of seq2seq evaluate"),
        ("[]", "is not a report of seq2seq evaluate"),
        ('{"format": 1}', "is not a report of seq2seq evaluate"),
        (
            json.dumps({"format": 99, "predictions": [], "recipe": {}}),
            "has format 99, but .* reads format 1: evaluate the model again",
        ),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read(path)


def test_a_report_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be read: No such file"):
        read(tmp_path / "report.json")
