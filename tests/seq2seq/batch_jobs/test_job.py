"""A job whose workers are killed, or whose input changes, says so and keeps everything else."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from seq2seq.batch_jobs import shard_queue
from seq2seq.batch_jobs.inputs import InputFile, Record
from seq2seq.batch_jobs.job import Job
from seq2seq.batch_jobs.job_folder import JobFolder
from seq2seq.batch_jobs.job_progress import JobProgress
from seq2seq.batch_jobs.processes import Processes
from seq2seq.corpus.reader import Reader
from seq2seq.errors import WorldError
from tests.seq2seq.batch_jobs.conftest import CHUNK, sources
from tests.seq2seq.process_state import children


@dataclass(frozen=True)
class Disturbed(InputFile):
    """A file in the reading of which something happens.

    Args:
        line: Before which line it happens.
        event: What happens.
    """

    line: int = 0
    event: Callable[[], object] = bool

    def records(self, reader: Reader) -> Iterator[Record]:
        """Yield the sources."""
        for record in super().records(reader):
            if record.number == self.line:
                self.event()
            yield record


def run(translator: Path, folder: Path, file: InputFile) -> dict[str, int]:
    workers = Processes(["translate", str(translator), "--workers", "1"], 1)
    output = JobFolder(folder, {"verb": "translate", "model": "0", "options": {}})
    return Job([file], Reader(), output, workers, ["output"], 1, JobProgress()).run()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("\n".join(sources(3 * CHUNK)) + "\n", encoding="utf-8")
    return tmp_path / "a.txt"


def test_shards_that_are_left_out_are_named_and_the_others_kept(
    translator: Path, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard_queue, "MOST_KILLS", 1)

    def kill() -> None:
        for process in children(os.getpid()):
            os.kill(process, signal.SIGKILL)

    # The second shard is handed to a worker that has just been killed.
    file = Disturbed(path, "a.txt", 2 * CHUNK, kill)
    with pytest.raises(
        WorldError, match=r"1 shards were left out because .*a\.txt, sources 6 to 10\. Everything else i"
    ):
        run(translator, tmp_path / "out", file)
    assert not (tmp_path / "out" / "a.txt").exists()
    monkeypatch.undo()
    monkeypatch.setattr("seq2seq.command_line.lines.CHUNK_LINES", CHUNK)
    progress = run(translator, tmp_path / "out", InputFile(path, "a.txt"))
    assert progress == {"files": 1, "sources": 3 * CHUNK, "failed": 0, "cut": 0}
    assert (tmp_path / "out" / "a.txt").read_bytes().count(b"\n") == 3 * CHUNK


def test_a_file_that_changes_is_not_finished(translator: Path, path: Path, tmp_path: Path) -> None:
    def change() -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write("more\n")

    with pytest.raises(WorldError, match=r"a\.txt changed while it was read: repeat the command\."):
        run(translator, tmp_path / "out", Disturbed(path, "a.txt", 3 * CHUNK, change))
    assert run(translator, tmp_path / "out", InputFile(path, "a.txt"))["sources"] == 3 * CHUNK + 1
