"""Addresses that a server takes, how people see them, and requests that its protocol refuses."""

import asyncio
import socket

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from seq2seq.errors import UserError
from seq2seq.server.endpoints.application import Access
from seq2seq.server.http.listening import HEAD_BYTES, LAST_HEAD_S, LimitedProtocol, address_of, bound, is_loopback


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


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the body of the request."""
    await PlainTextResponse(await Request(scope, receive).body())(scope, receive, send)


def answers(*sent: bytes) -> bytes:
    """Send bytes to a server one after the other, and return all its answers until it closes the connection."""

    async def talk() -> bytes:
        config, loop = uvicorn.Config(echo, ws="none", log_config=None), asyncio.get_running_loop()
        config.load()
        (one,) = bound("127.0.0.1", 0)
        server = await loop.create_server(lambda: LimitedProtocol(config, ServerState(), {}), sock=one)
        reader, writer = await asyncio.open_connection(*one.getsockname())
        for part in sent:
            writer.write(part)
            await asyncio.sleep(0.02)  # so that it arrives alone
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        server.close()
        return answer

    return asyncio.run(talk())


POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
LAST = POST + b"Connection: close\r\n\r\nyz"


def test_requests_on_one_connection_are_answered_in_order() -> None:
    answer = answers(POST + b"\r\nx", b"1" + LAST)
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert answer.index(b"\r\n\r\nx1") < answer.index(b"\r\n\r\nyz")


def test_a_client_that_offers_another_protocol_is_answered_as_others() -> None:
    answer = answers(POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\nx1", LAST)
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert b"\r\n\r\nx1" in answer
    slowly = answers(POST + b"Connection: Upgrade, HTTP2-Settings\r\n", b"Upgrade: h2c\r\n\r\n", b"x", b"1", LAST)
    assert slowly == answer


def test_a_new_connection_may_still_send_its_request_when_the_server_drains() -> None:
    async def talk() -> tuple[bytes, bytes, bytes]:
        config, loop, state = (
            uvicorn.Config(echo, ws="none", log_config=None),
            asyncio.get_running_loop(),
            ServerState(),
        )
        config.load()
        (one,) = bound("127.0.0.1", 0)
        server = await loop.create_server(lambda: LimitedProtocol(config, state, {}), sock=one)
        used, fresh, silent = [await asyncio.open_connection(*one.getsockname()) for _ in range(3)]
        used[1].write(POST + b"\r\nx1")
        first = await asyncio.wait_for(used[0].readuntil(b"x1"), 10)
        assert first.startswith(b"HTTP/1.1 200 OK\r\n")
        server.close()
        assert len(state.connections) == 3
        for connection in list(state.connections):
            connection.shutdown()
        fresh[1].write(POST)
        await asyncio.sleep(0.02)
        fresh[1].write(b"\r\nx2")
        began = loop.time()
        received = [await asyncio.wait_for(reader.read(), 10) for reader, _ in (used, fresh, silent)]
        assert loop.time() - began > LAST_HEAD_S / 2
        for _, writer in (used, fresh, silent):
            writer.close()
        return received[0], received[1], received[2]

    used, fresh, silent = asyncio.run(talk())
    assert used == b""
    assert fresh.startswith(b"HTTP/1.1 200 OK\r\n")
    assert fresh.endswith(b"\r\n\r\nx2")
    assert b"connection: close" in fresh.lower()
    assert silent == b""


def test_a_head_has_a_limited_size_however_it_comes() -> None:
    half = b"X: " + b"a" * (HEAD_BYTES // 2) + b"\r\n"
    assert answers(POST, half, b"\r\nx1" + LAST).count(b"HTTP/1.1 200 OK\r\n") == 2
    answer = answers(POST, half, half, half)
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert answer.endswith(b"The head of the request is larger than 32,768 bytes.")
    assert answers(POST, b"X: ", *[b"a" * 9000] * 4).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_large_body_is_no_head() -> None:
    size = 3 * HEAD_BYTES
    head = f"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n".encode()
    assert answers(head, *[b"a" * HEAD_BYTES] * 3).endswith(b"\r\n\r\n" + b"a" * size)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01",
        b"A" * 100_000,
    ],
)
def test_garbage_is_refused(head: bytes) -> None:
    assert answers(head).startswith(b"HTTP/1.1 400 Bad Request\r\n")
