"""The allocator's settings are accepted if there is glibc."""

import platform

from seq2seq.malloc import keep_freed_memory


def test_glibc_agrees_and_others_are_left_alone() -> None:
    assert keep_freed_memory() == (platform.libc_ver()[0] == "glibc")
