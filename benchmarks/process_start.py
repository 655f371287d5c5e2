"""Measures commands in processes of their own, from the start of the process to its end."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

COMMAND = "import sys; from seq2seq.cli import main; sys.exit(main(sys.argv[1:]))"
# Linux adds the memory of the process that starts another to the other's, so a small process starts it.
_LAUNCH = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


@dataclass(frozen=True)
class Start:
    """The smallest values of several runs of a command.

    Args:
        cpu_seconds: User and system time.
        megabytes: Resident memory.
        errors: What the last run wrote to stderr.
    """

    cpu_seconds: float
    megabytes: float
    errors: str


def started(words: list[str], repeat: int, code: int = 0, text: str = "", folder: Path | None = None) -> Start:
    """Run a command several times, with one thread.

    Args:
        words: Arguments of a Python interpreter.
        repeat: Number of runs.
        code: The expected exit code.
        text: Standard input.
        folder: Working directory.

    Raises:
        SystemExit: If the command ends with another exit code.
    """
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    launch = [sys.executable, "-S", "-c", _LAUNCH, sys.executable, "-P", *words]
    seconds, megabytes, errors = [], [], ""
    for _ in range(repeat):
        done = subprocess.run(
            launch, input=text, cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        ended, used, memory = done.stdout.splitlines()[-1].split()
        if int(ended) != code:
            raise SystemExit(f"{' '.join(words)} ended with {ended}: {done.stderr}")
        seconds.append(float(used))
        megabytes.append(float(memory))
        errors = done.stderr.strip()
    return Start(min(seconds), min(megabytes), errors)
