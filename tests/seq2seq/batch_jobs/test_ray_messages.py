"""Faults that Ray reports, which needs no Ray."""

import socket

import pytest

from seq2seq.batch_jobs.ray_cluster import cause_of, require_reachable
from seq2seq.errors import UserError

TRACEBACK = """ray::MapWorker.submit() (pid=1)
  File "x.py", line 3, in load
ZeroDivisionError: a defect

The above exception was the direct cause of the following exception:

ray.exceptions.UserCodeException: The function failed: see above.
To change retry attempts, configure it.
"""


def test_the_innermost_error_is_found() -> None:
    assert cause_of(TRACEBACK) == "ZeroDivisionError: a defect"
    assert cause_of("The node died.\n") == "The node died."
    assert cause_of("") == "no message"


def test_an_address_at_which_nothing_listens_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        require_reachable(f"127.0.0.1:{port}", "127.0.0.1")
        require_reachable(f"localhost:{port}", "127.0.0.1")
    for address in (f"127.0.0.1:{port}", f"localhost:{port}"):
        with pytest.raises(UserError, match=rf"No Ray cluster answers at \S+:{port} \(RAY_ADDRESS is {address}\): "):
            require_reachable(address, "127.0.0.1")
    for other in ("", "auto", "local", f"ray://127.0.0.1:{port}"):
        require_reachable(other, "127.0.0.1")
