"""Run folders: new ones, used ones, those of somebody else, and those of the dead."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_folders import is_temporary, replace_folder
from seq2seq.run_setup.run_folder import PROCESS_VARIABLE, RunFolder, rank
from tests.seq2seq.kills import kills

pytestmark = pytest.mark.usefixtures("real_disk")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RANK", "LOCAL_RANK", "SLURM_PROCID", "SLURM_NTASKS", PROCESS_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_folder_is_named_by_task_and_time() -> None:
    first, second = RunFolder.create("", "toy"), RunFolder.create("", "toy")
    assert first.path.parent == Path("runs/toy")
    assert first.path != second.path
    first.unlock()
    second.unlock()
    assert not list(Path("runs/toy").iterdir())  # neither has begun


def test_runs_that_start_in_the_same_moment_get_different_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "strftime", lambda _: "now")
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda _: RunFolder.create("", "toy"), range(8)))
    assert {folder.path.name for folder in folders} == {"now", *(f"now_{number}" for number in range(2, 9))}
    Path("runs/toy").rename("elsewhere")
    Path("runs/toy").touch()
    with pytest.raises(WorldError, match=r"The run folder runs/toy/now cannot be used: Not a directory\."):
        RunFolder.create("", "toy")


def test_a_folder_with_a_run_is_not_overwritten() -> None:
    folder = RunFolder.create("run", "toy")
    folder.config.write_text("data: {}", encoding="utf-8")
    folder.unlock()
    with pytest.raises(UserError, match=r"run folder run contains a run: continue it with --resume, or choose another"):
        RunFolder.create("run", "toy")


def test_a_folder_with_other_things_is_not_touched() -> None:
    Path("photos").mkdir()
    Path("photos/cat.jpg").touch()
    with pytest.raises(UserError, match=r"photos is not empty \(cat\.jpg\): choose another folder with --run_dir\."):
        RunFolder.create("photos", "toy")


def test_what_a_failed_start_left_is_no_run() -> None:
    folder = RunFolder.create("run", "toy")
    folder.tokenizer.mkdir()
    folder.unlock()
    again = RunFolder.create("run", "toy")
    assert not again.tokenizer.exists()
    again.unlock()


def test_a_start_that_was_killed_can_be_repeated() -> None:
    def start() -> None:
        folder = RunFolder.create("run", "toy")
        replace_folder(folder.tokenizer, lambda new: (new / "joint.model").write_bytes(b"pieces"))
        folder.begin("data: {}")

    was_writing = 0
    for _ in kills(start):
        run = Path("run")
        if run.is_dir() and not (run / "config.yaml").exists():
            was_writing += any(is_temporary(path.name) for path in run.iterdir())
            RunFolder(run).require_new()
            again = RunFolder.create("run", "toy")
            assert not [path.name for path in run.iterdir() if is_temporary(path.name)]
            again.unlock()
        shutil.rmtree(run, ignore_errors=True)
    assert was_writing > 1


def test_a_tokenizer_that_no_run_made_is_not_touched() -> None:
    given = Path("models/tokenizer/spm.model")
    given.parent.mkdir(parents=True)
    given.touch()
    with pytest.raises(UserError, match=r"models is not empty \(tokenizer\): choose another folder with --run_dir\."):
        RunFolder.create("models", "toy")
    assert given.exists()
    folder = RunFolder.create("run", "toy")
    folder.begin("data: {}")
    folder.config.unlink()
    folder.tokenizer.mkdir()
    folder.unlock()
    with pytest.raises(UserError, match="run is not empty"):
        RunFolder.create("run", "toy")


def test_resuming_needs_a_folder_with_a_run() -> None:
    with pytest.raises(UserError, match=r"--resume needs to know which run to continue: add --run_dir FOLDER\."):
        RunFolder.reopen("")
    with pytest.raises(UserError, match=r"There is nothing to resume in nowhere: it contains no config\.yaml\."):
        RunFolder.reopen("nowhere")
    assert not Path("nowhere").exists()


def test_a_folder_cannot_be_made() -> None:
    Path("file").touch()
    with pytest.raises(WorldError, match="The run folder file/run cannot be used: "):
        RunFolder.create("file/run", "toy")


def test_a_folder_in_use_names_the_process_and_a_dead_process_does_not_hold_it() -> None:
    # The child outlives its parent for a moment, like a loader's worker, and has inherited the lock.
    code = (
        "import os, time; from seq2seq.run_setup.run_folder import RunFolder; folder = RunFolder.create('run', 'toy');"
        "folder.config.touch(); child = os.fork(); child and print('locked', flush=True);"
        "time.sleep(60 if child else 2)"
    )
    root = str(Path(__file__).parents[3])
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        sentence = f"The run folder run is in use by process {process.pid} on "
        with pytest.raises(UserError, match=sentence):
            RunFolder.create("run", "toy")
        with pytest.raises(UserError, match=sentence):
            RunFolder.reopen("run")
        process.send_signal(signal.SIGKILL)
        process.wait()
    RunFolder.reopen("run").unlock()


def test_the_other_processes_follow_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    first = RunFolder.create("", "toy")
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert RunFolder.create("", "toy").path == first.path
    monkeypatch.delenv(PROCESS_VARIABLE)
    with pytest.raises(UserError, match=r"Several processes need one run folder: give --run_dir"):
        RunFolder.create("", "toy")
    assert RunFolder.create("other", "toy").path == Path("other")
    first.unlock()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, 0),
        ({"LOCAL_RANK": "1"}, 1),
        ({"RANK": "2", "LOCAL_RANK": "0"}, 2),
        ({"SLURM_PROCID": "3", "SLURM_NTASKS": "4"}, 3),
        ({"SLURM_PROCID": "3", "SLURM_NTASKS": "4", "RANK": "5"}, 5),  # torchrun in a task of SLURM
        ({"SLURM_PROCID": "0", "SLURM_NTASKS": "1", "LOCAL_RANK": "1"}, 1),  # started by Lightning
    ],
)
def test_the_rank_is_what_the_launcher_says(
    variables: dict[str, str], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert rank() == expected


@pytest.mark.parametrize(
    "owner", [b"abc here\n", b"\xff\xfe", b"1" * 5000 + b" here", b"", b"1 2 3", "٣ here".encode()]
)
def test_a_damaged_note_of_the_owner_keeps_nobody_out(owner: bytes) -> None:
    Path("run").mkdir()
    Path("run/.lock-owner").write_bytes(owner)
    folder = RunFolder(Path("run"))
    folder.lock()
    assert Path("run/.lock-owner").read_text(encoding="utf-8").startswith(str(os.getpid()))
    folder.unlock()
