"""File names that are not UTF-8, such as those in Chinese archives: through every verb, in all outputs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq import cli
from tests.environments import REPOSITORY

Captured = pytest.CaptureFixture[str]
NAME = os.fsdecode("中文".encode("gbk"))


@pytest.fixture
def folder(model: Path, tmp_path: Path) -> Path:
    """A folder whose name is GBK, with a model, sources, and a folder of documents named alike."""
    made = tmp_path / NAME
    try:
        made.mkdir()
    except OSError:
        pytest.skip("this file system takes no such names")
    shutil.copytree(model, made / "model")
    (made / f"{NAME}.txt").write_text("a cat\nthe dog\n", encoding="utf-8")
    (made / f"{NAME}.tsv").write_text("source\ttarget\na cat\t猫\n", encoding="utf-8")
    (made / "docs").mkdir()
    (made / "docs" / f"{NAME}.txt").write_text("a cat\n", encoding="utf-8")
    return made


def test_every_verb_reads_and_writes_such_names(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    model, text, table = str(folder / "model"), str(folder / f"{NAME}.txt"), str(folder / f"{NAME}.tsv")
    page, copy = folder / f"{NAME}.html", folder / f"copy{NAME}.txt"
    copy.write_bytes(Path(text).read_bytes())
    for typed in (
        ["info", model],
        ["mimic", model, text, "--json"],
        ["mimic", model, str(folder / "docs")],
        ["mimic", model, str(folder / "docs"), "--json"],
        ["mimic", model, str(folder / "docs"), "--output", str(folder / f"out{NAME}")],
        ["mimic", model, text, "--output", str(folder / f"{NAME}.out")],
        ["mimic", model, text, "--attention", str(page)],
        ["score", model, text, str(copy)],
        ["evaluate", model, "--data", table, "--samples", "0", "--output", str(folder / "report")],
        ["compare", text, text, "--references", text, "--samples", "5"],
        ["compare", text, text, "--references", text, "--samples", "5", "--json"],
    ):
        assert cli.main(typed) == 0, typed
        sys.stdout.flush()
        shown = capfdbinary.readouterr()
        assert shown.err == b"" or b"log probability" in shown.err
        if "--json" in typed and typed[0] == "mimic":
            places = [json.loads(line)["place"] for line in shown.out.decode("utf-8").splitlines()]
            assert all("\\xd6\\xd0\\xce\\xc4.txt" in place for place in places)
    assert (folder / f"out{NAME}" / f"{NAME}.txt").is_file()
    assert page.is_file()
    values = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))
    assert "\\xd6\\xd0\\xce\\xc4.tsv" in values["recipe"]["data"]["description"]
    assert (folder / "report" / "report.html").read_text(encoding="utf-8")


def test_messages_show_the_bytes_of_such_names(folder: Path, capsys: Captured) -> None:
    missing = str(folder / f"x{NAME}")
    for typed in (
        ["mimic", missing],
        ["mimic", str(folder / "model"), missing],
        ["evaluate", str(folder / "model"), "--data", f"{missing}.tsv"],
        ["score", str(folder / "model"), missing, missing],
        ["compare", missing, missing],
    ):
        assert cli.main(typed) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert "x\\xd6\\xd0\\xce\\xc4" in error
    for verb in ("fit", "validate"):
        assert cli.main([verb, "toy", "--data.train", missing]) == 2
        assert "is not UTF-8" in (error := capsys.readouterr().err)
        assert "rename the file or folder, for example with convmv -f GBK -t UTF-8 --notest" in error


@pytest.mark.slow
def test_a_process_of_its_own_says_it_too(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "seq2seq.cli", "info", str(folder / f"x{NAME}")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tasks")])},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"x\\xd6\\xd0\\xce\\xc4" in done.stderr
    assert b"Traceback" not in done.stderr
