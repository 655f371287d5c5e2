"""Helper processes that end with the process that started them, even if that is killed by SIGKILL."""

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_LOOK_S = 1.0
"""Polling interval for the parent, if the kernel does not report its end."""


def serve(parent: int) -> None:
    """Make this process a helper: it ends with its parent, which alone answers Ctrl-C.

    Otherwise a worker whose parent is killed waits forever to deliver its results, and holds the parent's locks.

    Args:
        parent: The process that started this one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if not _kernel_kills():
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before the request to the kernel
        os._exit(1)


def _kernel_kills() -> bool:
    """Ask the kernel to kill this process when its parent ends; return whether that is supported."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)
