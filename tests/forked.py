"""Runs commands in forks of this process, which saves importing the libraries again."""

import io
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from seq2seq import cli

RAISED = 99
"""Exit code of a command that ended in an exception."""


def open_streams() -> None:
    """Give this process the standard streams of its file descriptors 0 to 2, as Python does at its start."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        raw = open(number, "rb" if number == 0 else "wb", buffering=-1, closefd=False)  # noqa: SIM115
        errors = "surrogateescape" if number < 2 else "backslashreplace"
        stream = io.TextIOWrapper(raw, "utf-8", errors, line_buffering=number == 2)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def command(words: list[str]) -> int:
    """Run a command as the main program does; return its exit code."""
    sys.argv = [str(Path(cli.__file__)), *words]
    sys.modules["__main__"].__spec__ = None  # Lightning would start this module again in other processes
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        code = cli.main(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else RAISED
    return code


def flush() -> None:
    """Write what is buffered: `os._exit` does not."""
    sys.stdout.flush()
    sys.stderr.flush()


def launch(folder: Path, environment: Mapping[str, str], action: Callable[[], int]) -> subprocess.CompletedProcess[str]:
    """Run a function in a fork, such as `command`.

    Args:
        folder: Where it runs.
        environment: Its environment; `PYTHONPATH` is read as at the start of a process.
        action: Returns the exit code.

    Returns:
        Its exit code, negative for a signal, and what it wrote.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            code = RAISED
            try:
                for number, end in enumerate((os.open(os.devnull, os.O_RDONLY), output.fileno(), errors.fileno())):
                    os.dup2(end, number)
                open_streams()
                os.chdir(folder)
                os.environ.clear()
                os.environ.update(environment)
                sys.path[:0] = environment["PYTHONPATH"].split(os.pathsep)
                code = action()
                flush()
            except BaseException:
                os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace"))
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return subprocess.CompletedProcess([], os.waitstatus_to_exitcode(status), *texts)
