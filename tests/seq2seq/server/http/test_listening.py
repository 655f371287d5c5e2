"""Addresses that a server takes, and how people see them."""

import socket

import pytest

from seq2seq.errors import UserError
from seq2seq.server.endpoints.application import Access
from seq2seq.server.http.listening import address_of, bound, is_loopback


def closed(sockets: list[socket.socket]) -> None:
    """Close sockets."""
    for one in sockets:
        one.close()


def test_a_free_port_is_taken() -> None:
    sockets = bound("127.0.0.1", 0)
    port = sockets[0].getsockname()[1]
    assert address_of(sockets, "127.0.0.1") == f"http://127.0.0.1:{port}"
    assert is_loopback(sockets)
    with pytest.raises(UserError, match=rf"Port {port} of 127\.0\.0\.1 is in use by another program"):
        bound("127.0.0.1", port)
    closed(sockets)
    closed(bound("127.0.0.1", port))  # at once, although connections of the old server may linger


def test_a_name_takes_all_its_addresses_at_one_port() -> None:
    sockets = bound("localhost", 0)
    assert len({one.getsockname()[1] for one in sockets}) == 1
    assert is_loopback(sockets)
    closed(sockets)


def test_an_address_for_all_is_shown_as_one_that_works_here() -> None:
    sockets = bound("0.0.0.0", 0)
    assert not is_loopback(sockets)
    assert address_of(sockets, "0.0.0.0").startswith("http://127.0.0.1:")
    assert Access.of(sockets, [], []).hosts == frozenset()
    assert Access.of(sockets, ["Models.example"], []).hosts == {"models.example"}
    closed(sockets)


def test_at_a_local_address_only_local_names_are_allowed() -> None:
    sockets = bound("127.0.0.1", 0)
    assert Access.of(sockets, ["a.example"], ["*"]) == Access(
        frozenset({"localhost", "127.0.0.1", "::1", "a.example"}), ("*",)
    )
    closed(sockets)
