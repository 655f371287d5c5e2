"""``seq2seq translate MODEL FOLDER --output FOLDER --workers N``: whole, in order, resumable, and never mixed."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seq2seq.cli import main
from tests.corpora import state
from tests.environments import REPOSITORY
from tests.seq2seq.batch_jobs.conftest import objects, sources, write_inputs
from tests.seq2seq.process_state import children, is_running
from tests.seq2seq.text_files import read_parquet, write_parquet

Captured = pytest.CaptureFixture[str]


def job(translator: Path, given: Path, output: Path, *options: str) -> int:
    return main(["translate", str(translator), str(given), "--output", str(output), "--shard_lines", "5", *options])


def printed(translator: Path, path: Path, capsys: Captured) -> str:
    capsys.readouterr()
    assert main(["translate", str(translator), str(path)]) == 0
    return capsys.readouterr().out


def test_every_kind_of_file_is_translated_as_by_one_process(translator: Path, tmp_path: Path, capsys: Captured) -> None:
    given, output = write_inputs(tmp_path / "in"), tmp_path / "out"
    assert job(translator, given, output, "--workers", "2", "--scores") == 0
    assert f"{output}: 53 sources in 5 files; 53 now, " in capsys.readouterr().out
    assert main(["translate", str(translator), str(given / "a.txt"), "--scores"]) == 0
    assert (output / "a.txt").read_text(encoding="utf-8") == capsys.readouterr().out
    assert (output / "empty.txt").read_bytes() == b""
    assert len((output / "sub" / "b.txt").read_text(encoding="utf-8").splitlines()) == 7
    rows = [json.loads(line) for line in (output / "c.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["source"]) for row in rows] == [(f"n{n}", text) for n, text in enumerate(sources(12))]
    table = read_parquet(output / "d.parquet")
    assert list(table) == ["id", "source", "output", "score", "error"]
    assert table["id"] == list(range(11))
    assert table["source"] == sources(11)
    lines = (output / "a.txt").read_text(encoding="utf-8").splitlines()
    assert table["output"][:10] == [
        line.split(" ||| ")[0] for line in lines[:10]
    ]  # the same sources in the same chunks
    assert [row["output"] for row in rows][:10] == table["output"][:10]
    manifest = json.loads((output / "_job" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["finished"] == {"files": 5, "sources": 53, "failed": 0, "cut": 0}
    assert not (output / "_job" / "parts").exists()

    before = state(output)
    assert job(translator, given, output, "--workers", "2", "--scores") == 0
    assert capsys.readouterr().out == f"{output}: 53 sources in 5 files; all were there already\n"
    after = state(output)
    assert {name: content for name, content in after.items() if "_job" not in name} == {
        name: content for name, content in before.items() if "_job" not in name
    }

    (output / "empty.txt").unlink()
    assert job(translator, given, output, "--workers", "1", "--scores") == 0
    assert (output / "empty.txt").exists()
    capsys.readouterr()
    for options, sentence in (
        (["--workers", "1"], "has outputs of another job: --scores was True, now not given; name another folder"),
        (["--workers", "1", "--scores", "--beam_size", "2"], "--beam_size was not given, now 2;"),
    ):
        assert job(translator, given, output, *options) == 2
        assert sentence in capsys.readouterr().err
    other = tmp_path / "other"
    other.mkdir()
    for path in translator.rglob("*"):
        if path.is_file():
            (other / path.relative_to(translator)).parent.mkdir(exist_ok=True)
            (other / path.relative_to(translator)).write_bytes(path.read_bytes())
    assert job(other, given, output, "--workers", "1", "--scores") == 0  # a copy is the same model
    config = json.loads((other / "config.json").read_text(encoding="utf-8"))
    (other / "config.json").write_text(json.dumps(config), encoding="utf-8")
    capsys.readouterr()
    assert job(other, given, output, "--workers", "1", "--scores") == 2
    assert "has outputs of another job: its model was " in capsys.readouterr().err


def test_sources_that_fail_are_listed(translator: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"the dog\nthe \xff cat\nthe bird\n")
    write_parquet(tmp_path / "in" / "b.parquet", {"source": ["the dog", None, "the bird"]})
    assert job(translator, tmp_path / "in", tmp_path / "out", "--workers", "1") == 1
    assert "2 sources failed and have no output" in capsys.readouterr().err
    assert (tmp_path / "out" / "a.txt").read_bytes().count(b"\n") == 3
    (failure,) = (tmp_path / "out" / "a.txt.failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(failure)["place"].endswith("a.txt:2")
    assert "not UTF-8" in json.loads(failure)["error"]
    table = read_parquet(tmp_path / "out" / "b.parquet")
    assert [text is None for text in table["output"]] == [False, True, False]
    assert "source" in table["error"][1]


def test_files_can_be_named_and_grow(translator: Path, tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n".join(sources(10)) + "\n", encoding="utf-8")
    words = ["translate", str(translator), str(path), "--output", str(tmp_path / "out"), "--shard_lines", "5"]
    assert main([*words, "--workers", "1"]) == 0
    path.write_text("\n".join(sources(15)) + "\n", encoding="utf-8")
    assert main([*words, "--workers", "1"]) == 0
    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == printed(translator, path, capsys)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("IN --workers 0 --output OUT", "--workers is 0"),
        ("IN --workers 1", "--workers needs a folder for the outputs: add --output FOLDER."),
        (
            "--workers 1 --output OUT",
            "--workers needs files or folders: seq2seq translate MODEL FOLDER --output FOLDER.",
        ),
        ("IN --shard_lines 5", "--shard_lines belongs to a job of several processes: add --workers N."),
        ("IN --output_field x", "--output_field belongs to a job of several processes: add --workers N."),
        ("IN --workers 1 --output OUT --document", "--document does not go with --workers, which decodes a source in"),
        ("IN --workers 1 --output OUT --attention x.jsonl", "--attention does not go with --workers"),
        ("IN --workers 1 --output IN/out", "is within the inputs"),
        ("IN/sub --workers 1 --output IN", "are within --output"),
        ("IN --workers 1 --output IN/a.txt", "is within the inputs"),
        ("IN/a.txt --workers 1 --output FILE", "is a file, but --output of several workers is a folder: name another."),
        ("IN/a.txt --workers 1 --output OTHER", "a.txt exists already and would be overwritten: name another folder"),
        ("IN --workers 1 --output OUT --greedy --sample", "--greedy does not sample"),
        ("TABLE --workers 1 --output OUT", "has no column 'source', but text: name it with --source_field."),
        ("TABLE --workers 1 --output OUT --output_field text --source_field text", "has a column 'text' already"),
    ],
)
def test_mistakes(options: str, sentence: str, translator: Path, tmp_path: Path, capsys: Captured) -> None:
    write_inputs(tmp_path / "IN")
    (tmp_path / "FILE").write_text("a", encoding="utf-8")
    (tmp_path / "OTHER").mkdir()
    (tmp_path / "OTHER" / "a.txt").write_text("mine", encoding="utf-8")
    write_parquet(tmp_path / "TABLE.parquet", {"text": ["a"]})
    words = [
        str(tmp_path / word.replace("TABLE", "TABLE.parquet"))
        if word.startswith(("IN", "OUT", "FILE", "OTHER", "TABLE"))
        else word
        for word in options.split()
    ]
    assert main(["translate", str(translator), *words]) == 2
    assert sentence in capsys.readouterr().err
    assert (tmp_path / "OTHER" / "a.txt").read_text(encoding="utf-8") == "mine"


def test_one_file_is_counted_in_the_singular(translator: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "one.txt").write_text("the dog\n", encoding="utf-8")
    assert job(translator, tmp_path / "one.txt", tmp_path / "out", "--workers", "1") == 0
    assert f"{tmp_path / 'out'}: 1 source in 1 file; 1 now, " in capsys.readouterr().out


def test_without_ray_the_extra_is_named(translator: Path, tmp_path: Path, capsys: Captured) -> None:
    if any("ray" in path for path in sys.path):
        pytest.skip("Ray is installed")
    write_inputs(tmp_path / "in")
    assert job(translator, tmp_path / "in", tmp_path / "out", "--cluster", "ray") == 2
    assert "--cluster ray needs Ray: pip install ray." in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.usefixtures("real_disk")
def test_kills_at_any_time_lose_and_double_nothing(translator: Path, tmp_path: Path) -> None:
    """The whole command, or one of its workers, is killed again and again, and repeated until it ends by itself."""
    given, output = tmp_path / "in", tmp_path / "out"
    given.mkdir()
    (given / "a.txt.gz").write_bytes(gzip.compress("\n".join(sources(30_000)).encode()))
    (given / "b.jsonl").write_text(objects(sources(8_000)), encoding="utf-8")
    words = [sys.executable, "-m", "seq2seq", "translate", str(translator), str(given), "--shard_lines", "2000"]
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'tasks'}"}
    whole = tmp_path / "whole"
    subprocess.run([*words, "--output", str(whole), "--workers", "1"], check=True, env=environment)
    draw = random.Random(5)
    kills = 0
    while True:
        process = subprocess.Popen([*words, "--output", str(output), "--workers", "2"], env=environment)
        end = time.monotonic() + draw.uniform(0.4, 1.6)
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        if kills == 12:
            assert process.wait(300) == 0
            break
        if process.poll() is not None:
            assert process.returncode == 0
            break
        workers = children(process.pid)
        if kills % 3 == 2 and workers:
            os.kill(draw.choice(workers), signal.SIGKILL)
            time.sleep(draw.uniform(0, 1))
        process.kill()
        process.wait()
        kills += 1
        end = time.monotonic() + 20
        while any(map(is_running, workers)) and time.monotonic() < end:
            time.sleep(0.05)
        assert not any(map(is_running, workers))
    assert kills >= 3
    for name in ("a.txt", "b.jsonl"):
        assert (output / name).read_bytes() == (whole / name).read_bytes()
    assert sorted(path.name for path in output.iterdir()) == ["_job", "a.txt", "b.jsonl"]
