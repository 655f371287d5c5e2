"""Make the C library reuse memory that PyTorch frees on a CPU.

By default, glibc returns large freed blocks to the kernel, and the kernel clears them page by page when they are
allocated again. Every training step frees and allocates the same blocks. With reuse, the untied network of
``benchmarks/training.py`` needed only a quarter as much system time, and trained 10-15 % faster.
"""

import ctypes

# Parameters of mallopt(3), from glibc's malloc.h.
M_TRIM_THRESHOLD = -1
M_TOP_PAD = -2
M_MMAP_THRESHOLD = -3

LARGEST_MMAP_THRESHOLD = 32 * 2**20
"""Maximum threshold that glibc accepts; larger blocks are always newly mapped."""


def keep_freed_memory() -> bool:
    """Let glibc keep up to 1 GiB of freed memory; return whether it did (False with other C libraries)."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, TypeError, OSError):  # musl, macOS, Windows
        return False
    wishes = ((M_TRIM_THRESHOLD, 2**30), (M_TOP_PAD, 2**26), (M_MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD))
    return all(mallopt(parameter, value) == 1 for parameter, value in wishes)
