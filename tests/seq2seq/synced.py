"""Checks that content reaches the disk before its name does, which only a power failure would show."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def require_synced(action: Callable[[], object]) -> int:
    """Run an action; check that all that it renames is synced before, and the folder of each new name afterwards.

    Returns:
        The number of renamed files and folders.
    """
    synced: set[int] = set()
    changed: set[int] = set()  # folders with a new name that is not synced yet
    count = 0
    sync = os.fsync

    def noted(descriptor: int) -> None:
        sync(descriptor)
        number = os.fstat(descriptor).st_ino
        synced.add(number)
        changed.discard(number)

    def checked(rename: Callable[..., Any]) -> Callable[..., Any]:
        def call(source: Any, target: Any) -> None:  # noqa: ANN401 - whatever the system call takes
            nonlocal count
            paths = [Path(source), *Path(source).rglob("*")]
            assert not [path for path in paths if path.stat().st_ino not in synced]
            rename(source, target)
            changed.add(Path(target).parent.stat().st_ino)
            count += 1

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", noted)
        for name in ("rename", "replace"):
            patch.setattr(os, name, checked(getattr(os, name)))
        action()
    assert not changed
    return count
