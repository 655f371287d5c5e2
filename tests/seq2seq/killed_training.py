"""Trainings that run in forks, as a command runs in a process of its own, and are killed.

A fork is killed before one of its changes of the disk, usually in the middle of a save, or after some time. After each
kill everything that can be opened must be whole. The run is then resumed and killed again; at last it may finish.
"""

import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import seq2seq.runs.fit  # noqa: F401 - imported before the forks
from seq2seq.commands import fit
from seq2seq.files.atomic_folders import restore
from seq2seq.models import bundle
from seq2seq.training.checkpoint_file import read_checkpoint
from tests.seq2seq.kills import CHANGES, arm
from tests.seq2seq.process_state import children, is_running
from tests.seq2seq.trained import EVERYTHING

# A checkpoint after every step; the learning curves and the kept weights are part of what must not be lost.
SAVING = ["--trainer.max_epochs", "2", "--checkpoint.every_minutes", "1e-9", "--checkpoint.keep", "2"]
SHORT = [*SAVING, "--trainer.limit_train_batches", "4", "--model.validation.decode_every", "0"]
LONG = [*EVERYTHING, *SAVING, "--trainer.limit_train_batches", "10", "--data.workers", "1"]
KILLS = "kills.txt"
"""A line for each kill: the loader workers that the process had then."""
FEW = 5
"""Up to this many kills hit a short run, and none comes after a time."""
MOST_S = 4.0
ORPHANS_S = 30.0


def forked(action: Callable[[], int], kill_after_s: float = 0.0) -> tuple[int, list[int]]:
    """Run an action in a fork; return how it ended (as `os.waitstatus_to_exitcode`), and the helpers it had then."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = action()
        except BaseException:
            os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace"))
        finally:
            os._exit(code)
    if kill_after_s:
        time.sleep(kill_after_s)
        helpers = children(child)
        os.kill(child, signal.SIGKILL)
    else:
        helpers = []
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), helpers


def start_or_resume(options: list[str]) -> int:
    """Start the run, or resume it if it has begun."""
    if Path("killed/config.yaml").is_file():
        return fit.main(["--run_dir", "killed", "--resume"])
    return fit.main(["reversing", *options, "--run_dir", "killed"])


def require_whole(run: Path) -> None:
    """Open everything that a user could want after a kill."""
    checkpoints = run / "checkpoints"
    for path in checkpoints.glob("*.ckpt") if checkpoints.is_dir() else ():
        read_checkpoint(path)
    restore(run / "bundle")
    if (run / "bundle").exists():
        bundle.load(run)


def main(seed: int, kills: int) -> int:
    """Train twice; note the helpers of each killed process in `KILLS`."""
    options = SHORT if kills <= FEW else LONG
    changes = 60 if kills <= FEW else 150  # roughly, from the start of a run to its end
    assert forked(lambda: fit.main(["reversing", *options, "--run_dir", "whole"]))[0] == 0
    draw = random.Random(seed)
    has_bundle = has_checkpoint = False
    done = 0
    while done < kills:
        if kills <= FEW or draw.random() < 0.6:
            number = draw.randrange(changes)

            def action(number: int = number) -> int:
                arm(number, None, CHANGES)
                return start_or_resume(options)

            code, helpers = forked(action)
        else:
            code, helpers = forked(lambda: start_or_resume(options), draw.uniform(0.3, MOST_S))
        assert code in (0, -signal.SIGKILL), code
        end = time.monotonic() + ORPHANS_S
        while any(map(is_running, helpers)) and time.monotonic() < end:
            time.sleep(0.05)
        # What was there once is still there.
        require_whole(Path("killed"))
        assert has_bundle <= Path("killed/bundle/config.json").is_file()
        assert has_checkpoint <= Path("killed/checkpoints/last.ckpt").is_file()
        has_bundle = Path("killed/bundle").is_dir()
        has_checkpoint = Path("killed/checkpoints/last.ckpt").is_file()
        if code == 0:
            # The run ended before its kill: begin another.
            Path("killed").rename(f"ended-{time.monotonic_ns()}")
            has_bundle = has_checkpoint = False
            continue
        with Path(KILLS).open("a", encoding="utf-8") as file:
            file.write(" ".join(map(str, helpers)) + "\n")
        done += 1
    assert forked(lambda: start_or_resume(options))[0] == 0
    return 0
