"""Messages between processes: a JSON head and bytes, each after its length."""

import json
import struct
from typing import IO, Any

_LENGTHS = struct.Struct(">IQ")


def send(file: IO[bytes], head: dict[str, Any], payload: bytes = b"") -> None:
    """Write a message.

    Raises:
        BrokenPipeError: If the other process has ended.
    """
    encoded = json.dumps(head, ensure_ascii=False).encode()
    file.write(_LENGTHS.pack(len(encoded), len(payload)) + encoded + payload)
    file.flush()


def receive(file: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Wait for a message and return it; None if the other process has ended, perhaps within a message."""
    lengths = file.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    of_head, of_payload = _LENGTHS.unpack(lengths)
    encoded, payload = file.read(of_head), file.read(of_payload)
    if len(encoded) < of_head or len(payload) < of_payload:
        return None
    return json.loads(encoded), payload
