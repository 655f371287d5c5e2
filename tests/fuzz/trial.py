"""Runs one input in a forked process with limits on time, memory and files."""

import contextlib
import hashlib
import os
import pty
import random
import resource
import select
import shutil
import signal
import sys
import termios
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from tests.forked import RAISED, command, flush, open_streams
from tests.fuzz.command_lines import Input, make, verb_of
from tests.fuzz.mutation import CANARY

CPU_S = 25
"""Processor time of an input; the slowest that work take about five."""
WAIT_S, IDLE_TICKS = 30, 20
"""A process that computed less than that (0.2 s) in this time waits for something that never comes."""
PROMPT_S = 3
"""For a prompt at a terminal; a verb without one reads what is typed then."""
MEMORY_BYTES = 3 << 30
"""Address space beyond what the process has when it is forked."""
FILE_BYTES = 512 << 20


@dataclass
class Outcome:
    """How an input ended.

    Args:
        seed: With the number, the input.
        number: Its number.
        verb: Its verb.
        words: The command line.
        damages: What was done to files.
        is_terminal: Whether it ran at a terminal.
        code: Exit code; negative for a signal; None if it was stopped.
        cpu_s: Processor time, in seconds.
        output: What it wrote to standard output.
        errors: What it wrote to standard error.
        changed: Files that it should not have changed.
        executed: Whether something stored in a file was executed.
    """

    seed: int
    number: int
    verb: str
    words: list[str]
    damages: list[str]
    is_terminal: bool
    code: int | None = None
    cpu_s: float = 0.0
    output: bytes = b""
    errors: bytes = b""
    changed: list[str] = field(default_factory=list)
    executed: bool = False


def run(seed: int, number: int, materials: Path, place: Path) -> Outcome:
    """Make an input and run it.

    Args:
        seed: With the number, the input.
        number: Its number.
        materials: Where valid files are.
        place: A folder for it, which is emptied.
    """
    shutil.rmtree(place, ignore_errors=True)
    folder = place / "outer" / "here"
    folder.mkdir(parents=True)
    draw = random.Random(f"{seed}/{number}")
    verb = verb_of(draw)
    given = Input(folder, materials, draw)
    make(verb, given)
    outcome = Outcome(seed, number, verb, given.words, given.damages, given.is_terminal)
    before = {name: _digest(folder / name) for name in given.kept}
    (place / "input").write_bytes(given.standard_input)
    _watch(given, place, outcome)
    outcome.errors = (place / "errors").read_bytes()
    outcome.changed = [name for name, digest in before.items() if _digest(folder / name) != digest]
    outcome.executed = any(place.rglob(CANARY))
    return outcome


def _watch(given: Input, place: Path, outcome: Outcome) -> None:
    master, slave = pty.openpty() if given.is_terminal else (-1, -1)
    if given.is_terminal:  # what is typed would be shown as it is
        settings = termios.tcgetattr(slave)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, settings)
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process == 0:
        _child(given, place, slave)
    if given.is_terminal:
        os.close(slave)
        outcome.output = _at_terminal(master, given.standard_input)
        os.close(master)
    is_done = _is_done(process)
    if not is_done:
        os.killpg(process, signal.SIGKILL)
    _, status, usage = os.wait4(process, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)  # what it left running
    outcome.code = os.waitstatus_to_exitcode(status) if is_done else None
    outcome.cpu_s = usage.ru_utime + usage.ru_stime
    if not given.is_terminal:
        outcome.output = (place / "output").read_bytes()


def _is_done(process: int) -> bool:
    """Wait for a process for as long as it computes, which a limit ends; return whether it ended."""
    ended, before = os.pidfd_open(process), -1
    try:
        while not select.select([ended], [], [], WAIT_S)[0]:
            fields = (
                Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
            )
            ticks = int(fields[11]) + int(fields[12])
            if ticks - before < IDLE_TICKS:
                return False
            before = ticks
    finally:
        os.close(ended)
    return True


def _at_terminal(master: int, typed: bytes) -> bytes:
    """Type into a terminal line by line, and Ctrl-D at the end; return what is shown until its other side is closed."""
    shown = bytearray()
    lines = typed.splitlines(keepends=True)
    started, ends = time.monotonic(), True
    while time.monotonic() - started < 4 * WAIT_S:
        ready, _, _ = select.select([master], [], [], 0.05)
        if not ready:
            # What is typed before the prompt is read in another mode, in which Ctrl-D is lost.
            if shown or time.monotonic() - started > PROMPT_S:
                ends = not ends and not lines
                with contextlib.suppress(OSError):
                    os.write(master, lines.pop(0)[:1000] if lines else b"\x04" if ends else b"\n")
            continue
        try:
            part = os.read(master, 1 << 16)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        shown += part
    return bytes(shown)


def _child(given: Input, place: Path, slave: int) -> NoReturn:
    """Become the command; never return."""
    code = RAISED
    try:
        os.setsid()
        _redirect(place, slave)
        os.chdir(given.folder)
        os.environ.update(
            HOME=str(given.folder), XDG_CACHE_HOME=str(given.folder / "cache"), COLUMNS="100", TERM="dumb"
        )
        for name in [name for name in os.environ if name.startswith("SEQ2SEQ_")]:
            del os.environ[name]
        _limit()
        code = command(given.words)
        flush()
    except BaseException:
        os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace"))
    finally:
        os._exit(code)


def _redirect(place: Path, slave: int) -> None:
    files = {0: (place / "input", os.O_RDONLY), 1: (place / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)}
    errors = os.open(place / "errors", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number, (path, mode) in files.items():
        os.dup2(slave if slave >= 0 else os.open(path, mode), number)
    os.dup2(errors, 2)
    open_streams()


def _limit() -> None:
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY_BYTES, used + MEMORY_BYTES))
    spent = int(time.process_time()) + CPU_S
    resource.setrlimit(resource.RLIMIT_CPU, (spent, spent + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _digest(path: Path) -> str:
    """Return a hash of a file, or of the files in a folder but for locks and leftovers."""
    total = hashlib.sha256()
    for one in [path] if path.is_file() else sorted(path.rglob("*")):
        if one.is_file() and not one.name.startswith("."):
            total.update(os.fsencode(one.relative_to(path)) + b"\0" + one.read_bytes())
    return total.hexdigest()
