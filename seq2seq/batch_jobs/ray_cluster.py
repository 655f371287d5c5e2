"""Workers on the machines of a Ray cluster (the extra `ray`).

Each worker is a Ray actor. Shards, outputs and the files of the models travel through Ray's object store, so the
machines need seq2seq but no shared folder. Ray Data is not used: it takes the texts of a whole dataset at once, starts
all workers anew for each dataset, and needs a processor for itself.
"""

import argparse
import logging
import os
import re
import socket
import time
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from seq2seq import __version__
from seq2seq.batch_jobs.ray_worker import Load, RayWorker, portable
from seq2seq.batch_jobs.shard_queue import MOST_FAILED_STARTS, ShardQueue
from seq2seq.batch_jobs.shards import Result, Shard
from seq2seq.errors import UserError, WorldError
from seq2seq.interruption import announce

AHEAD = 2
"""Shards that a worker has at a time: the next one travels while it decodes."""
LOOK_S = 10.0
"""How often the cluster is asked whether machines have joined."""
REACH_S = 10.0
"""How long the first machine of a cluster may take to answer."""
WAITING_S = 60.0
"""A message reports that no worker is ready after this many seconds."""
_ERROR = re.compile(r"[\w.]*(?:Error|Exception)\b.*: ")


class RayCluster:
    """Workers on a Ray cluster.

    Args:
        options: Arguments of the verb, which say how to decode.
        load: Loads the models that the options name. Machines import it by its name.
        count: Number of workers; None uses all GPUs or processors of the cluster, also those that join later.
        is_gpu: Whether each worker gets a GPU instead of a processor.

    Raises:
        UserError: If Ray is not installed.
    """

    def __init__(self, options: argparse.Namespace, load: Load, count: int | None, *, is_gpu: bool = False) -> None:
        if find_spec("ray") is None:
            raise UserError("--cluster ray needs Ray: pip install ray.")
        self._count, self._is_gpu, self._load = count, is_gpu, load
        self._options, self._carried = portable(options)
        self._queue = ShardQueue(iter(()))
        self._actors: dict[int, _Actor] = {}
        self._open: dict[tuple[str, int], Shard] = {}
        self._start: Any = None

    @property
    def lost(self) -> list[Shard]:
        """Shards that were left out because their workers were killed again and again."""
        return self._queue.lost

    def results(self, shards: Iterator[Shard]) -> Iterator[tuple[Shard, Result]]:
        """Decode shards and yield their results in the order in which they are finished.

        Raises:
            UserError: If the cluster is too small, if a worker cannot load the model, or if an input is malformed.
            WorldError: If Ray fails, or if workers end before they decode anything.
        """
        _connect()
        import ray

        wanted = self._wanted()
        carried = ray.put(self._carried)
        resources = {"num_gpus": 1} if self._is_gpu else {"num_cpus": 1}
        actor_class = ray.remote(RayWorker).options(scheduling_strategy="SPREAD", max_restarts=0, **resources)
        self._start = lambda: actor_class.remote(self._options, self._load, [carried])
        self._queue = ShardQueue(shards)
        looked = seen = time.monotonic()
        try:
            while True:
                for number in range(len(self._actors), wanted):
                    self._actors[number] = _Actor(number, self._start())
                self._hand_out()
                if not self._open and self._queue.is_over:
                    return
                calls = {call: actor for actor in self._actors.values() for call in actor.calls}
                ended, _ = ray.wait(list(calls), timeout=LOOK_S)
                for call in ended:
                    yield from self._heard(calls[call], call)
                now = time.monotonic()
                if now - looked >= LOOK_S:
                    looked, wanted = now, max(wanted, self._wanted())
                if any(actor.is_ready for actor in self._actors.values()):
                    seen = now
                elif now - seen >= WAITING_S:
                    seen = now
                    announce(
                        f"No worker is ready: {len(self._actors)} load the model or wait for free processors of the "
                        "Ray cluster."
                    )
        finally:
            for actor in self._actors.values():
                actor.end()
            self._actors.clear()

    def _wanted(self) -> int:
        """Return the number of workers.

        Raises:
            UserError: If the cluster is too small.
        """
        import ray

        there = int(ray.cluster_resources().get("GPU" if self._is_gpu else "CPU", 0))
        if not there and not self._actors:
            raise UserError(
                "--device is cuda, but the Ray cluster has no GPU." if self._is_gpu else "The Ray cluster is empty."
            )
        if self._count is not None and self._count > there and not self._actors:
            what = "GPUs" if self._is_gpu else "processors"
            raise UserError(f"--workers is {self._count}, but the Ray cluster has {there} {what}.")
        return self._count or there

    def _hand_out(self) -> None:
        """Give shards to workers, first to those that have none."""
        ready = [actor for actor in self._actors.values() if actor.is_ready]
        for size in range(AHEAD):
            for actor in [one for one in ready if len(one.calls) == size]:
                shard = self._queue.take() or (None if size else self._stolen(ready))
                if shard is None:
                    break
                self._open[shard.key] = shard
                actor.give(shard)

    def _stolen(self, actors: "list[_Actor]") -> Shard | None:
        """Return a shard that waits at another worker, at the end of a job."""
        return next((shard for actor in actors if (shard := actor.give_back()) is not None), None)

    def _heard(self, actor: "_Actor", call: object) -> Iterator[tuple[Shard, Result]]:
        """Yield the result of a call, if it is one.

        Raises:
            UserError: If a worker cannot load the model, or if an input is malformed.
            WorldError: If there is a defect, or if the worker has ended before.
        """
        import ray
        from ray import exceptions

        lost = (
            *(exceptions.RayActorError, exceptions.ObjectLostError, exceptions.OutOfMemoryError),
            *(exceptions.WorkerCrashedError, exceptions.NodeDiedError),
        )
        if call not in actor.calls:  # its worker was lost a moment ago
            return
        try:
            head, payload = ray.get(call)
        except exceptions.TaskCancelledError:
            del actor.calls[call]
            return
        except lost as fault:
            self._replace(actor, str(fault))
            return
        except exceptions.RayError as fault:
            raise WorldError(f"Ray failed: {cause_of(str(fault))}") from fault
        shard = actor.calls.pop(call)
        if "error" in head:
            raise UserError(head["error"]) if head["code"] == 2 else WorldError(head["error"])
        if shard is None:
            actor.begin(head)
        elif self._open.pop(shard.key, None):  # a shard that moved to another worker may come twice
            yield shard, Result.of(head, payload)

    def _replace(self, actor: "_Actor", fault: str) -> None:
        """Start another worker for one that has ended, and take its shards back.

        Raises:
            WorldError: If workers end before they are ready.
        """
        failed_starts = 0 if actor.is_ready else actor.failed_starts + 1
        if failed_starts == MOST_FAILED_STARTS:
            raise WorldError(f"{actor.name} ended before its model was loaded: {cause_of(fault)}")
        elsewhere = {shard.key for one in self._actors.values() if one is not actor for shard in one.shards}
        shards = [shard for shard in actor.shards if shard.key in self._open and shard.key not in elsewhere]
        if not shards:
            announce(f"{actor.name} was killed, or its machine failed; another one is started.")
        for place, shard in enumerate(shards):
            if place:
                self._queue.keep(shard)
            else:
                self._queue.take_back(shard, actor.name, "was killed, or its machine failed")
            del self._open[shard.key]
        actor.end()
        self._actors[actor.number] = _Actor(actor.number, self._start(), is_first=False, failed_starts=failed_starts)


class _Actor:
    """A worker.

    Args:
        number: Its index.
        handle: Ray's handle of it.
        is_first: Whether it replaces no other.
        failed_starts: How many in succession ended before they were ready.

    Attributes:
        calls: What it was asked to do, in order: a shard, or None for loading the model.
        name: Its name for messages.
        is_ready: Whether its model is loaded.
    """

    def __init__(self, number: int, handle: Any, *, is_first: bool = True, failed_starts: int = 0) -> None:  # noqa: ANN401 - Ray has no types
        self.number, self.failed_starts = number, failed_starts
        self.name = f"Worker {number + 1}"
        self.is_ready = False
        self._handle, self._is_first = handle, is_first
        self.calls: dict[Any, Shard | None] = {handle.load.remote(): None}

    @property
    def shards(self) -> list[Shard]:
        """The shards that it has: the first one is being decoded, others wait."""
        return [shard for shard in self.calls.values() if shard is not None]

    def begin(self, head: dict[str, Any]) -> None:
        """Note that its model is loaded.

        Raises:
            UserError: If its machine has another version of seq2seq.
        """
        if head["version"] != __version__:
            raise UserError(
                f"The machine {head['address']} of the Ray cluster has seq2seq {head['version']}, this one "
                f"{__version__}: install the same version on both."
            )
        self.is_ready = True
        self.name = f"Worker {self.number + 1} on {head['address']}"
        if not self._is_first:
            announce(f"{self.name} is ready in the place of the one that ended.")

    def give(self, shard: Shard) -> None:
        """Let it decode a shard."""
        self.calls[self._handle.decode.remote(shard.head, shard.content)] = shard

    def give_back(self) -> Shard | None:
        """Return a shard that waits behind another, and cancel it here; None if there is none."""
        import ray

        waiting = [(call, shard) for call, shard in self.calls.items() if shard is not None][1:]
        if not waiting:
            return None
        call, shard = waiting[-1]
        del self.calls[call]
        ray.cancel(call)
        return shard

    def end(self) -> None:
        """End it."""
        import ray

        ray.kill(self._handle)


def _connect() -> None:
    """Join the cluster, or start one on this machine.

    Raises:
        UserError: If there is no cluster at the given address, or if it has other versions of Ray or Python.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray
    from ray.exceptions import RayError

    logging.getLogger("ray").setLevel(logging.ERROR)
    if ray.is_initialized():
        return
    address = os.environ.get("RAY_ADDRESS", "")
    require_reachable(address, ray.util.get_node_ip_address())
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
    except (ConnectionError, RuntimeError, ValueError, RayError) as fault:
        where = f"the Ray cluster at {address}, which RAY_ADDRESS names" if address else "a Ray cluster"
        raise UserError(f"Could not join {where}: {' '.join(str(fault).split())}") from fault


def require_reachable(address: str, own: str) -> None:
    """Check that something listens at the address of a cluster, which Ray itself tries for many minutes.

    Args:
        address: HOST:PORT; other forms are left to Ray.
        own: This machine's address, which Ray uses instead of a local one.

    Raises:
        UserError: If nothing does.
    """
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdecimal():
        return
    for name in (host, own) if host in ("localhost", "127.0.0.1") else (host,):
        try:
            socket.create_connection((name, int(port)), timeout=REACH_S).close()
        except (OSError, OverflowError) as fault:
            raise UserError(
                f"No Ray cluster answers at {name}:{port} (RAY_ADDRESS is {address}): {fault}. Start one with "
                "ray start --head, or correct RAY_ADDRESS."
            ) from fault


def cause_of(text: str) -> str:
    """Return the innermost error in a text of Ray, which quotes the tracebacks of several processes."""
    errors = [line.strip() for line in text.splitlines() if _ERROR.match(line.strip())]
    own = [line for line in errors if "UserCodeException" not in line]
    return (own or errors or text.strip().splitlines() or ["no message"])[-1]
