"""The queue of shards: every shard comes once, those of killed workers again, but not for ever."""

from collections.abc import Iterator

import pytest

from seq2seq.batch_jobs.shard_queue import MOST_KILLS, ShardQueue
from seq2seq.batch_jobs.shards import Shard


def shard(number: int) -> Shard:
    return Shard("a", "in/a", "lines", number, number, 1, b'[[1, "x", ""]]')


def test_shards_come_once_and_are_cut_when_they_are_needed() -> None:
    cut: list[int] = []

    def shards() -> Iterator[Shard]:
        for number in range(3):
            cut.append(number)
            yield shard(number)

    queue = ShardQueue(shards())
    assert queue.take() == shard(0)
    assert cut == [0]
    assert not queue.is_over
    assert cut == [0, 1]
    assert [queue.take(), queue.take(), queue.take()] == [shard(1), shard(2), None]
    assert queue.is_over
    queue.keep(shard(1))
    assert not queue.is_over
    assert queue.take() == shard(1)


def test_a_shard_that_kills_its_workers_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    queue = ShardQueue(iter([shard(0), shard(1)]))
    for _ in range(MOST_KILLS - 1):
        taken = queue.take()
        assert taken is not None
        assert taken.number == 0
        queue.take_back(taken, "Worker 1", "ended with SIGKILL")
    assert queue.lost == []
    assert (
        capsys.readouterr().err.count("Worker 1 ended with SIGKILL; in/a, sources 1 to 1 will be decoded again.") == 2
    )
    taken = queue.take()
    assert taken is not None
    queue.take_back(taken, "Worker 1", "ended with SIGKILL")
    assert queue.lost == [shard(0)]
    assert "3 workers ended while decoding in/a, sources 1 to 1, which is left out." in capsys.readouterr().err
    assert queue.take() == shard(1)
    assert queue.is_over
