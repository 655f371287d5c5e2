"""The output folder of a job: parts and finished files that survive kills, and are checked before they are used."""

import fcntl
import json
import subprocess
from pathlib import Path

import pytest

from seq2seq.batch_jobs.inputs import InputFile
from seq2seq.batch_jobs.job_folder import JobFolder
from seq2seq.batch_jobs.shards import Result, Shard
from seq2seq.errors import UserError, WorldError

IDENTITY = {"verb": "translate", "model": "0" * 64, "options": {"beam_size": 2}}


@pytest.fixture
def file(tmp_path: Path) -> InputFile:
    (tmp_path / "in.txt").write_text("a\nb\nc\n", encoding="utf-8")
    return InputFile(tmp_path / "in.txt", "deep/in.txt")


def shard(number: int, count: int = 1) -> Shard:
    return Shard("deep/in.txt", "in.txt", "lines", number, number, count, b'[1, "x", ""]\n' * count)


def test_parts_are_joined_in_order_and_recorded(tmp_path: Path, file: InputFile) -> None:
    folder = JobFolder(tmp_path / "out", IDENTITY)
    with folder.opened([file]):
        for number in (2, 0, 1):
            folder.put(shard(number), Result(1, [(number + 1, "why")] if number == 1 else [], number, b"%d\n" % number))
        assert folder.result(shard(1)) == Result(1, [(2, "why")], 1, b"")
        assert folder.result(shard(1, count=2)) is None  # other sources
        assert folder.result(shard(3)) is None
        done = folder.assemble(file, 3, 3, [])
        folder.close({"files": 1})
    assert (done.sources, done.failed, done.cut) == (3, 1, 3)
    assert (tmp_path / "out" / "deep" / "in.txt").read_bytes() == b"0\n1\n2\n"
    failures = (tmp_path / "out" / "deep" / "in.txt.failures.jsonl").read_text(encoding="utf-8")
    assert json.loads(failures) == {"place": f"{file.path}:2", "error": "why"}
    assert sorted(path.name for path in (tmp_path / "out" / "_job").iterdir()) == [
        "files.jsonl",
        "lock",
        "manifest.json",
    ]
    again = JobFolder(tmp_path / "out", IDENTITY)
    with again.opened([file]):
        assert again.is_finished(file)
        file.path.write_text("a\nb\nd\n", encoding="utf-8")
        assert not again.is_finished(file)


def test_a_line_that_a_kill_cut_off_is_forgotten(tmp_path: Path, file: InputFile) -> None:
    folder = JobFolder(tmp_path / "out", IDENTITY)
    with folder.opened([file]):
        folder.put(shard(0), Result(1, [], 0, b"0\n"))
        folder.assemble(file, 1, 1, [])
    log = tmp_path / "out" / "_job" / "files.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + b'{"file": "oth')
    again = JobFolder(tmp_path / "out", IDENTITY)
    with again.opened([file]):
        assert list(again.finished) == ["deep/in.txt"]
    assert log.read_bytes() == whole


def test_damage_is_noticed(tmp_path: Path, file: InputFile) -> None:
    folder = JobFolder(tmp_path / "out", IDENTITY)
    with folder.opened([file]):
        with pytest.raises(WorldError, match=r"in\.txt, sources 1 to 2: 1 of 2 sources have an output\."):
            folder.put(shard(0, count=2), Result(1, [], 0, b"0\n"))
        folder.put(shard(0), Result(1, [], 0, b"0\n"))
        with pytest.raises(WorldError, match=r"the shards have not as many sources as .*in\.txt: remove them and"):
            folder.assemble(file, 1, 2, [])
        with pytest.raises(
            WorldError, match=r"000001 is missing or damaged: run the command again, which decodes this"
        ):
            folder.assemble(file, 2, 2, [])
        part = folder.part(shard(0))
        part.write_bytes(part.read_bytes() + b"x")
        assert folder.result(shard(0)) is None
        with pytest.raises(WorldError, match=r"000000 is missing or damaged"):
            folder.assemble(file, 1, 1, [])


def test_another_job_and_another_process_are_refused(tmp_path: Path, file: InputFile) -> None:
    folder = JobFolder(tmp_path / "out", IDENTITY)
    with (
        folder.opened([file]),
        pytest.raises(UserError, match=r"Another process is working on .*out: wait for its end\."),
        JobFolder(tmp_path / "out", IDENTITY).opened([file]),
    ):
        pass
    with JobFolder(tmp_path / "out", IDENTITY | {"verb": "summarize"}).opened([file]):
        pass  # nothing has been decoded yet
    with folder.opened([file]):
        folder.put(shard(0), Result(1, [], 0, b"0\n"))
    for changes, message in (
        ({"verb": "summarize"}, r"another job: its verb was translate, now summarize; name another folder"),
        ({"model": "1" * 64}, r"another job: its model was 000000000000, now 111111111111; name another folder"),
        ({"options": {"beam_size": 3}}, r"another job: --beam_size was 2, now 3; name another folder"),
        ({"options": {}}, r"another job: --beam_size was 2, now not given; name another folder"),
    ):
        with pytest.raises(UserError, match=message), JobFolder(tmp_path / "out", IDENTITY | changes).opened([file]):
            pass


def test_unfinished_files_of_killed_jobs_are_removed(tmp_path: Path, file: InputFile) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = [f"deep/.in.txt.{dead.pid}.new", f"deep/.in.txt.failures.jsonl.{dead.pid}.new"]
    left.append(f"_job/.manifest.json.{dead.pid}.new")
    other = f"deep/.other.txt.{dead.pid}.new"
    for name in (*left, other):
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_text("begun", encoding="utf-8")
    with JobFolder(tmp_path / "out", IDENTITY).opened([file]):
        assert [name for name in (*left, other) if (tmp_path / "out" / name).exists()] == [other]


def test_options_may_change_until_a_shard_is_finished(tmp_path: Path, file: InputFile) -> None:
    """A full disk can end a job when the folder for its first shard exists, but no shard."""
    folder = JobFolder(tmp_path / "out", IDENTITY)
    with folder.opened([file]):
        folder.part(shard(0)).parent.mkdir(parents=True)
    other = IDENTITY | {"options": {"beam_size": 3}}
    with JobFolder(tmp_path / "out", other).opened([file]):
        pass
    described = json.loads((tmp_path / "out" / "_job" / "manifest.json").read_text(encoding="utf-8"))
    assert described["options"] == {"beam_size": 3}


def test_a_job_that_ended_while_another_waited_for_its_folder_is_not_taken_over(
    tmp_path: Path, file: InputFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is judged by what is in it when it is locked, not by what was there before."""
    real = fcntl.flock

    def run_first(*arguments: int) -> None:
        monkeypatch.setattr("fcntl.flock", real)
        with JobFolder(tmp_path / "out", IDENTITY).opened([file]):
            first = JobFolder(tmp_path / "out", IDENTITY)
            first.put(shard(0), Result(1, [], 0, b"0\n"))
        real(*arguments)

    monkeypatch.setattr("fcntl.flock", run_first)
    late = JobFolder(tmp_path / "out", IDENTITY | {"options": {"beam_size": 3}})
    with pytest.raises(UserError, match=r"another job: --beam_size was 2, now 3"), late.opened([file]):
        pass
