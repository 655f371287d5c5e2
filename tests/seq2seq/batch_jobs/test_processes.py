"""Worker processes: every shard gets its result once, also when workers are killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from seq2seq.batch_jobs import shard_queue
from seq2seq.batch_jobs.inputs import InputFile
from seq2seq.batch_jobs.processes import Processes, visible_gpus
from seq2seq.batch_jobs.shards import Shard, cut
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError, WorldError
from tests.seq2seq.batch_jobs.conftest import sources, worker
from tests.seq2seq.process_state import children, is_running


def shards(tmp_path: Path, count: int) -> list[Shard]:
    path = tmp_path / "a.txt"
    path.write_text("\n".join(sources(count)), encoding="utf-8")
    return list(cut(InputFile(path, path.name), Reader(), 1))


def words(translator: Path) -> list[str]:
    return ["translate", str(translator), "--workers", "1"]


def killing(given: list[Shard], at: int) -> Iterator[Shard]:
    """Yield shards; kill all workers just before one of them is handed out."""
    for shard in given:
        if shard.number == at:
            for process in children(os.getpid()):
                os.kill(process, signal.SIGKILL)
        yield shard


def test_a_killed_worker_s_shard_is_decoded_again(
    translator: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = shards(tmp_path, 33)
    pool = Processes(words(translator), 2)
    results = {}
    for shard, result in pool.results(killing(given, 4)):
        assert shard.number not in results
        results[shard.number] = result
    here = worker(str(translator))
    assert results == {shard.number: here.apply(shard) for shard in given}
    assert pool.lost == []
    assert "Worker 1 ended with SIGKILL" in capsys.readouterr().err
    assert not [process for process in children(os.getpid()) if is_running(process)]


def test_a_shard_that_kills_its_workers_is_left_out(
    translator: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shard_queue, "MOST_KILLS", 1)
    pool = Processes(words(translator), 1)
    given = shards(tmp_path, 15)
    assert [shard.number for shard, _ in pool.results(killing(given, 1))] == [0, 2]
    assert pool.lost == [given[1]]
    assert f"1 workers ended while decoding {given[1]}, which is left out." in capsys.readouterr().err


def test_a_worker_that_cannot_begin_is_reported(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"A worker ended with exit code 2 before its model was loaded\."):
        list(Processes(["translate", str(tmp_path), "--workers"], 1).results(iter(shards(tmp_path, 3))))


def test_a_fault_of_the_model_or_of_an_input_is_the_command_s(translator: Path, tmp_path: Path) -> None:
    shard = Shard("a", "a.jsonl", "objects", 0, 0, 1, b'[[1, {"source": "a", "output": ""}, ""]]')
    with pytest.raises(UserError, match=r"a\.jsonl:1 has a field 'output' already"):
        list(Processes(words(translator), 1).results(iter([shard])))
    with pytest.raises(UserError, match=r"There is no folder .*none"):
        list(Processes(words(tmp_path / "none"), 1).results(iter([shard])))


def test_workers_share_the_gpus(tmp_path: Path) -> None:
    assert visible_gpus({"CUDA_VISIBLE_DEVICES": "2,3"}) == ["2", "3"]
    assert visible_gpus({"CUDA_VISIBLE_DEVICES": ""}) == []
    assert visible_gpus({}, tmp_path / "none") == []
    for name in ("0000:01", "0000:02"):
        (tmp_path / name).mkdir()
    assert visible_gpus({}, tmp_path) == ["0", "1"]
