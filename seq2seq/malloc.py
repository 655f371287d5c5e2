"""Make the C library keep memory that PyTorch frees on a CPU.

glibc returns large blocks to the kernel when they are freed, and the kernel clears them page by page when they are
requested again. A training step frees and requests the same blocks every time. With the blocks kept, the untied network
of ``benchmarks/training.py`` spent a quarter of the system time and trained 10-15 % faster.
"""

import ctypes

# Parameters of mallopt(3), from glibc's malloc.h.
M_TRIM_THRESHOLD = -1
M_TOP_PAD = -2
M_MMAP_THRESHOLD = -3

LARGEST_MMAP_THRESHOLD = 32 * 2**20
"""Larger blocks are always newly mapped; glibc accepts no higher threshold."""


def keep_freed_memory() -> bool:
    """Ask the C library to keep up to 1 GiB of freed memory for the next request.

    Returns:
        Whether glibc accepted the setting. Other C libraries are left as they are.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, TypeError, OSError):  # musl, macOS, Windows
        return False
    wishes = ((M_TRIM_THRESHOLD, 2**30), (M_TOP_PAD, 2**26), (M_MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD))
    return all(mallopt(parameter, value) == 1 for parameter, value in wishes)
