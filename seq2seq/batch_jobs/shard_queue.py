"""The shards that wait for a worker: those of killed workers, then new ones."""

from collections import deque
from collections.abc import Iterator

from seq2seq.batch_jobs.shards import Shard
from seq2seq.interruption import announce

MOST_KILLS = 3
"""A shard whose workers were killed this many times is left out."""
MOST_FAILED_STARTS = 3
"""The job ends if this many workers in succession end before their model is loaded."""


class ShardQueue:
    """Hands out shards, and takes back those whose workers were killed.

    Args:
        shards: New shards, cut when they are needed.

    Attributes:
        lost: Shards that were left out because their workers were killed again and again.
    """

    def __init__(self, shards: Iterator[Shard]) -> None:
        self._new = shards
        self._waiting: deque[Shard] = deque()
        self._kills: dict[tuple[str, int], int] = {}
        self.lost: list[Shard] = []

    def take(self) -> Shard | None:
        """Return the next shard; None if there is none, at least for now."""
        return self._waiting.popleft() if self._waiting else next(self._new, None)

    def keep(self, shard: Shard) -> None:
        """Take back a shard that no worker has begun."""
        self._waiting.append(shard)

    def take_back(self, shard: Shard, worker: str, how: str) -> None:
        """Take back the shard of a worker that has ended, and report it; leave it out if that happens too often.

        Args:
            shard: What the worker decoded.
            worker: Its name.
            how: How it ended, a verb and its complement.
        """
        self._kills[shard.key] = self._kills.get(shard.key, 0) + 1
        if self._kills[shard.key] < MOST_KILLS:
            announce(f"{worker} {how}; {shard} will be decoded again.")
            self._waiting.append(shard)
        else:
            announce(f"{MOST_KILLS} workers ended while decoding {shard}, which is left out.")
            self.lost.append(shard)

    @property
    def is_over(self) -> bool:
        """Whether no shard is left; otherwise the next one is cut and kept."""
        if not self._waiting and (shard := next(self._new, None)) is not None:
            self._waiting.append(shard)
        return not self._waiting
