"""What the operating system knows of a process and those that it has started (Linux)."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    """A process at a moment.

    Args:
        pid: Its id.
        parent: Id of the process that started it.
        began: When it began, in ticks since the start of the machine; with `pid` it identifies the process.
        cpu_s: Its user and system time.
    """

    pid: int
    parent: int
    began: int
    cpu_s: float

    @property
    def folder(self) -> Path:
        """Its folder in /proc."""
        return Path("/proc") / str(self.pid)

    @property
    def megabytes(self) -> float:
        """Resident memory of its own: what it shares with others, such as Ray's object store, does not count."""
        try:
            lines = (self.folder / "status").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, ProcessLookupError):
            return 0.0
        return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1000

    @property
    def command(self) -> str:
        """Its command line, or what it calls itself."""
        try:
            return (self.folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""


def processes() -> dict[int, Process]:
    """Return all processes of the machine by their ids."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        pid = int(path.parent.name)
        cpu_s = (int(fields[11]) + int(fields[12])) / TICKS
        found[pid] = Process(pid, int(fields[1]), int(fields[19]), cpu_s)
    return found


def family(roots: Iterable[int]) -> list[Process]:
    """Return the processes with these ids, and all that they or their children have started."""
    table = processes()
    children: dict[int, list[Process]] = {}
    for process in table.values():
        children.setdefault(process.parent, []).append(process)
    found: dict[int, Process] = {}
    waiting = [table[pid] for pid in roots if pid in table]
    while waiting:
        process = waiting.pop()
        if process.pid not in found:
            found[process.pid] = process
            waiting += children.get(process.pid, [])
    return list(found.values())
