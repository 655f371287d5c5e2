"""Batch jobs on a Ray cluster of two nodes: the outputs of one process, also when a worker is killed."""

import argparse
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from seq2seq import __version__
from seq2seq.batch_jobs.ray_cluster import RayCluster
from seq2seq.batch_jobs.shard_worker import ShardWorker
from seq2seq.batch_jobs.shards import Shard
from seq2seq.cli import main
from seq2seq.errors import WorldError
from tests.seq2seq.batch_jobs.conftest import parsed, sources, write_inputs
from tests.seq2seq.text_files import read_parquet

ray = pytest.importorskip("ray", reason="Ray is not installed")
pytestmark = pytest.mark.slow
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Two nodes, with three processors together."""
    from ray.cluster_utils import Cluster

    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
    nodes.add_node(num_cpus=1)
    ray.init(address=nodes.address, log_to_driver=False)
    yield
    ray.shutdown()
    nodes.shutdown()


def actors() -> list[int]:
    """Return the processes of workers."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"ray::RayWorker" in path.read_bytes():
                found.append(int(path.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def is_under_way(output: Path) -> bool:
    """Wait for the first result of a job; return whether one came."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if any(path.is_file() for path in (output / "_job" / "parts").rglob("0*")):
            return True
        time.sleep(0.01)
    return False


def kill_one(output: Path, killed: list[int]) -> None:
    """Kill a worker as soon as there is a result."""
    if is_under_way(output) and (workers := actors()):
        os.kill(workers[0], signal.SIGKILL)
        killed.append(workers[0])


@pytest.mark.usefixtures("cluster")
def test_two_nodes_and_a_killed_worker_do_as_one_process(translator: Path, tmp_path: Path, capsys: Captured) -> None:
    given = write_inputs(tmp_path / "in")
    (given / "long.txt").write_text("\n".join(sources(2000)), encoding="utf-8")
    (tmp_path / "words.tsv").write_text("dog\tbird\n", encoding="utf-8")
    words = ["translate", str(translator), str(given), "--shard_lines", "5", "--glossary", str(tmp_path / "words.tsv")]
    assert main([*words, "--output", str(tmp_path / "one"), "--workers", "1"]) == 0
    killed: list[int] = []
    thread = threading.Thread(target=kill_one, args=(tmp_path / "ray", killed))
    thread.start()
    assert main([*words, "--output", str(tmp_path / "ray"), "--cluster", "ray"]) == 0
    thread.join()
    assert killed
    err = capsys.readouterr().err
    assert " was killed, or its machine failed; " in err
    for name in ("a.txt", "c.jsonl", "empty.txt", "sub/b.txt", "long.txt"):
        assert (tmp_path / "ray" / name).read_bytes() == (tmp_path / "one" / name).read_bytes()
    assert read_parquet(tmp_path / "ray" / "d.parquet") == read_parquet(tmp_path / "one" / "d.parquet")


@pytest.mark.usefixtures("cluster")
def test_another_version_on_a_machine_is_reported(
    translator: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("seq2seq.batch_jobs.ray_cluster.__version__", "0.0.1")
    (tmp_path / "a.txt").write_text("the dog\n", encoding="utf-8")
    words = ["translate", str(translator), str(tmp_path / "a.txt"), "--output", str(tmp_path / "out")]
    assert main([*words, "--cluster", "ray"]) == 2
    assert f"has seq2seq {__version__}, this one 0.0.1: install the same version on both." in capsys.readouterr().err


@pytest.mark.usefixtures("cluster")
def test_waiting_for_workers_is_reported(
    translator: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("seq2seq.batch_jobs.ray_cluster.LOOK_S", 0.05)
    monkeypatch.setattr("seq2seq.batch_jobs.ray_cluster.WAITING_S", 0.05)
    (tmp_path / "a.txt").write_text("the dog\n", encoding="utf-8")
    words = ["translate", str(translator), str(tmp_path / "a.txt"), "--output", str(tmp_path / "out")]
    assert main([*words, "--cluster", "ray", "--workers", "1"]) == 0
    assert "No worker is ready: 1 load the model or wait for free processors" in capsys.readouterr().err


@pytest.mark.usefixtures("cluster")
def test_mistakes(translator: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "a.jsonl").write_text('{"source": "a", "output": ""}\n', encoding="utf-8")
    words = ["translate", str(translator), str(tmp_path / "a.jsonl"), "--output", str(tmp_path / "out")]
    assert main([*words, "--cluster", "ray", "--workers", "9"]) == 2
    assert "--workers is 9, but the Ray cluster has 3 processors." in (capsys.readouterr().err)
    assert main([*words, "--cluster", "ray", "--device", "cuda"]) == 2
    assert "--device is cuda, but the Ray cluster has no GPU." in capsys.readouterr().err
    assert main([*words, "--cluster", "ray"]) == 2
    assert "a.jsonl:1 has a field 'output' already" in capsys.readouterr().err


def unloadable(_options: argparse.Namespace) -> ShardWorker:
    """Fail as a defect would."""
    raise ZeroDivisionError("a defect")


@pytest.mark.usefixtures("cluster")
def test_a_defect_in_a_worker_ends_the_job(translator: Path) -> None:
    shard = Shard("a", "a", "lines", 0, 0, 1, b'[[1, "x", ""]]')
    with pytest.raises(WorldError, match=r"Ray failed: .*ZeroDivisionError"):
        list(RayCluster(parsed(str(translator)), unloadable, 1).results(iter([shard])))
