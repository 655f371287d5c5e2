"""The benchmark of batch jobs writes every kind of file, and notices outputs that are lost, doubled or out of order."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks import many_lines
from benchmarks.batch_jobs import input_folder
from benchmarks.batch_jobs.checks import WrongOutputError, different, output_of, require_all
from benchmarks.batch_jobs.input_folder import WRITERS, texts, write_inputs
from benchmarks.batch_jobs.watched_command import Usage
from benchmarks.many_lines import LOST
from benchmarks.process_table import family
from tests.seq2seq.text_files import read_parquet, write_parquet

FILE_LINES = 40
LINES = FILE_LINES * len(WRITERS) + 7


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr(input_folder, "EMPTY_ONE_IN", 9)
    return write_inputs(tmp_path / "in", LINES, 3, FILE_LINES)


def copied(paths: list[Path], inputs: Path, outputs: Path) -> None:
    """Write outputs that repeat their sources."""
    drawn = list(texts(LINES, 3))
    for index, path in enumerate(paths):
        sources = drawn[index * FILE_LINES : (index + 1) * FILE_LINES]
        numbers = range(index * FILE_LINES, index * FILE_LINES + len(sources))
        output = output_of(path, inputs, outputs)
        output.parent.mkdir(parents=True, exist_ok=True)
        ids = [f"line-{number:09}" for number in numbers]
        if output.suffix == ".parquet":
            write_parquet(output, {"id": ids, "source": sources, "output": sources})
        elif output.suffix == ".jsonl":
            rows = [{"id": i, "source": text, "output": text} for i, text in zip(ids, sources, strict=True)]
            output.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        else:
            output.write_text("".join(text + "\n" for text in sources), encoding="utf-8")


def test_the_same_seed_writes_the_same_files(paths: list[Path], tmp_path: Path) -> None:
    again = write_inputs(tmp_path / "again", LINES, 3, FILE_LINES)
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in again]
    assert [path.name for path in paths] == [
        *("0000.txt", "0001.txt.gz", "0002.jsonl", "0003.jsonl.gz", "0004.parquet", "0005.txt")
    ]
    assert (tmp_path / "in" / "odd" / "0005.txt").read_text(encoding="utf-8").count("\n") == 7
    assert read_parquet(paths[4])["id"][0] == f"line-{4 * FILE_LINES:09}"
    assert list(texts(50, 3)) != list(texts(50, 4))


def test_right_outputs_are_accepted_and_wrong_ones_noticed(paths: list[Path], tmp_path: Path) -> None:
    inputs, outputs, other = (tmp_path / name for name in ("in", "out", "other"))
    copied(paths, inputs, outputs)
    copied(paths, inputs, other)
    assert require_all(paths, inputs, outputs) == LINES
    assert different(paths, inputs, outputs, other) == []
    text, objects = outputs / "0000.txt", outputs / "0002.jsonl"
    lines, rows = text.read_text(encoding="utf-8").splitlines(True), objects.read_bytes().splitlines(True)
    empty = lines.index("\n")
    for path, changed, message in (
        (text, "".join(lines[1:]), r"0000\.txt has 39 outputs for 40 sources"),
        (text, "".join([lines[0], *lines]), r"0000\.txt has 41 outputs for 40 sources"),
        (text, "".join([*lines[:empty], "a\n", *lines[empty + 1 :]]), rf"0000\.txt, output {empty + 1} is 'a' for the"),
        (objects, b"".join([rows[1], rows[0], *rows[2:]]).decode(), r"0002\.jsonl, output 1 has the id line-000000081"),
        (objects, b"".join([rows[0], *rows[:-1]]).decode(), r"0002\.jsonl, output 2 has the id line-000000080, not"),
    ):
        before = path.read_bytes()
        path.write_text(changed, encoding="utf-8")
        assert different(paths, inputs, outputs, other) == [path.name]
        with pytest.raises(WrongOutputError, match=message):
            require_all(paths, inputs, outputs)
        path.write_bytes(before)
    (outputs / "odd" / "0001.txt").unlink()
    with pytest.raises(WrongOutputError, match=r"0001\.txt is missing"):
        require_all(paths, inputs, outputs)


def test_finished_sources_are_those_of_files_and_parts(tmp_path: Path) -> None:
    assert many_lines.finished(tmp_path) == 0
    parts = tmp_path / "_job" / "parts" / "odd" / "0001.txt"
    parts.mkdir(parents=True)
    (parts / "000000").write_text('{"count": 30}\nan output\n', encoding="utf-8")
    (tmp_path / "_job" / "files.jsonl").write_text('{"sources": 200}\n{"sources": 1}\n{"sou', encoding="utf-8")
    assert many_lines.finished(tmp_path) == 231


def test_times_of_recovery_belong_to_their_kill() -> None:
    usage = Usage(100.0, 50.0, 5.0, [1.0, 2.0, 3.0, 4.0, 5.0], [], [])
    usage.messages = [(11.0, f"Worker 1 {LOST}"), (14.0, f"Worker 1 {many_lines.READY}.")]
    usage.messages += [(52.0, f"Worker 2 {LOST}"), (75.0, f"Worker 2 {many_lines.READY}.")]
    figures = many_lines.Figures("x", 2)
    many_lines.add(figures, usage, [10.0, 50.0])
    assert (figures.noticed_s, figures.recovered_s) == ([1.0, 2.0], [4.0, 25.0])


def test_a_family_has_children_and_their_memory() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        found = {process.pid: process for process in family([os.getpid()])}
        assert found[child.pid].parent == os.getpid()
        assert found[os.getpid()].megabytes > 5
        assert found[os.getpid()].cpu_s > 0
        child.kill()
    assert child.pid not in {process.pid for process in family([os.getpid()])}


@pytest.mark.slow
def test_a_small_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ray", reason="Ray is not installed")
    if shutil.which("taskset") is None:
        pytest.skip("taskset is not installed")
    from seq2seq.deployment.onnx_folder import write_onnx
    from seq2seq.models import bundle
    from tests.recorded.models import write

    write(tmp_path / "models")
    write_onnx(tmp_path / "onnx", bundle.load(tmp_path / "models" / "translator"), "float32", ())
    words = [str(tmp_path / "onnx"), "--lines", "30000", "--file_lines", "6000", "--shard_lines", "2000", "--kill"]
    assert many_lines.main([*words, "--folder", str(tmp_path / "work")]) == 0
    printed = capsys.readouterr().out
    assert "all runs: 30,000 outputs, in order, and byte for byte those of one process" in printed
    assert "killed worker: noticed after" in printed
    assert LOST in (tmp_path / "work" / "log-3.txt").read_text(encoding="utf-8")
