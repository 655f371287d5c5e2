"""Reading the learning curves of a run."""

from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.evaluation.curves import curves

HEADER = "step,epoch,split,loss,perplexity,bleu,learning_rate,tokens_per_second,seconds\n"


def test_learning_curves_are_read_as_far_as_they_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    rows = ["50,1,train,6.5,678,,0.1,10,7\n", "100,1,validation,4.25,70,12.5,0.1,,9\n"]
    bad = ["150,2,train,nan,1,,0.1,1,1\n", "200,2,other,1.0,1,,,,\n", "250,2,tr"]
    path.write_text(HEADER + "".join([*rows, *bad]), encoding="utf-8")
    read = curves(path)
    assert read is not None
    assert read.metric == "bleu"
    assert [(point.step, point.split, point.loss, point.metric) for point in read.points] == [
        (50, "train", 6.5, None),
        (100, "validation", 4.25, 12.5),
    ]


def test_damaged_learning_curves_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    path.write_bytes(HEADER.encode() + b"\xff\n")
    with pytest.raises(UserError, match=r"metrics\.csv, line 2: not UTF-8"):
        curves(path)
    path.write_text(HEADER + f"{10**30},1,train,6.5,678,,0.1,10,7\n", encoding="utf-8")
    assert curves(path) is None


@pytest.mark.parametrize("content", ["", HEADER, "something,else\n1,2\n"])
def test_no_learning_curves(tmp_path: Path, content: str) -> None:
    path = tmp_path / "metrics.csv"
    assert curves(path) is None
    path.write_text(content, encoding="utf-8")
    assert curves(path) is None
