"""Make worker processes end with their parent, even if SIGKILL kills it."""

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_LOOK_S = 1.0
"""Number of seconds between checks of the parent, if the kernel does not report its end."""


def serve(parent: int) -> None:
    """Make this process end with its parent, given by process id, and let only the parent handle Ctrl-C.

    Otherwise a worker whose parent is killed would wait forever to deliver its results, and keep the parent's locks.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if not _kernel_kills():
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # the parent ended before prctl was called
        os._exit(1)


def _kernel_kills() -> bool:
    """Let the kernel kill this process when its parent ends; return whether that is supported."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)
