"""Kills for tests: a forked copy of this process is killed before the nth system call that changes the disk."""

import io
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

CHANGES = ("mkdir", "open", "rename", "replace", "rmdir")


def kills(
    action: Callable[[], object],
    swap: Callable[[Any, Any], bool] | None = None,
    changes: Sequence[str] = CHANGES,
) -> Iterator[int]:
    """Run an action again and again, killed by SIGKILL at each of its changes of the disk in turn.

    Args:
        action: What is killed; it runs in a forked process.
        swap: Takes the place of `atomic_folders.exchange`; by default it is used as it is.
        changes: The functions of `os` that count, or 'open'; exchanges always do.

    Yields:
        The number of the change that did not happen, after each kill. The iterator ends with the first run that
        survives, which must succeed.
    """
    number = 0
    while _is_killed(action, number, swap, changes):
        yield number
        number += 1


def _is_killed(
    action: Callable[[], object], number: int, swap: Callable[[Any, Any], bool] | None, changes: Sequence[str]
) -> bool:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            arm(number, swap, changes)
            action()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def arm(number: int, swap: Callable[[Any, Any], bool] | None, changes: Sequence[str]) -> None:
    """Replace the functions that change the disk by ones that count."""
    from seq2seq.files import atomic_folders

    left = number

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the system call takes
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return function(*arguments, **named)

        return call

    for name in changes:
        module = io if name == "open" else os
        setattr(module, name, counted(getattr(module, name)))
    atomic_folders.exchange = counted(swap or atomic_folders.exchange)


def names(folder: Path) -> set[str]:
    """Return the names of what lies in a folder."""
    return {path.name for path in folder.iterdir()}
