"""Ray nodes on this machine, each on a processor of its own."""

import os
import signal
from contextlib import suppress
from itertools import count as counted
from typing import Any

from benchmarks.process_table import Process, family

WORKER = "ray::RayWorker"
"""How a worker calls itself, to which Ray appends what it computes."""


class LocalNodes:
    """A Ray cluster of local nodes, until the end of the `with` block.

    A node has one processor by Ray's count, and its processes run on one of this machine's. The command, which runs
    on the first node, shares its processor.

    Args:
        count: Number of nodes.
    """

    def __init__(self, count: int) -> None:
        from ray.cluster_utils import Cluster

        self._cores = sorted(os.sched_getaffinity(0))
        self._cluster: Any = Cluster()
        self._numbers = counted()
        self._nodes: list[tuple[Any, list[int]]] = []
        for _ in range(count):
            self.add()

    def __enter__(self) -> "LocalNodes":
        return self

    def __exit__(self, *_: object) -> None:
        self._cluster.shutdown()

    @property
    def address(self) -> str:
        """Where the cluster is joined."""
        return str(self._cluster.address)

    @property
    def core(self) -> int:
        """The processor of the first node."""
        return self._cores[0]

    def add(self) -> None:
        """Start a node."""
        core = self._cores[next(self._numbers) % len(self._cores)]
        os.sched_setaffinity(0, {core})  # its processes inherit this
        try:
            node = self._cluster.add_node(num_cpus=1, include_dashboard=False)
        finally:
            os.sched_setaffinity(0, self._cores)
        pids = [info.process.pid for infos in node.all_processes.values() for info in infos]
        self._nodes.append((node, pids))

    def processes(self) -> list[Process]:
        """Return the processes of all nodes."""
        return family([pid for _, pids in self._nodes for pid in pids])

    def workers(self) -> list[Process]:
        """Return the workers of all nodes."""
        return [process for process in self.processes() if process.command.startswith(WORKER)]

    def kill_node(self) -> None:
        """Kill the last node, all of its processes at once."""
        node, pids = self._nodes.pop()
        for process in family(pids):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        self._cluster.remove_node(node, allow_graceful=False)
        # The next node gets the processor of this one.
        self._numbers = counted(len(self._nodes))
