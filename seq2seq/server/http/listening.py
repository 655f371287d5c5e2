"""The sockets of a server, and its HTTP protocol with limits for clients that send nothing."""

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from seq2seq.errors import UserError
from seq2seq.files.parsing import size

BACKLOG = 1024
HEAD_BYTES = 32 * 1024
"""Most bytes of the head of a request, apart from those that come together with its end."""
VERSIONS = ("1.0", "1.1")
HEADERS_S = 20.0
"""Time in which a client must send the head of a request."""
LAST_HEAD_S = 1.0
"""The same time on a connection that is new when the server begins to drain."""


def bound(host: str, port: int) -> list[socket.socket]:
    """Return sockets at an address, which do not listen yet.

    Args:
        host: Name or address; a name may have several addresses.
        port: Port; 0 takes a free one.

    Raises:
        UserError: If there is no such host, or if the port is in use or not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as fault:
        raise UserError(
            f"--host is '{host}', which is not an address of this machine: 127.0.0.1 is for this machine alone, "
            "0.0.0.0 for all that can reach it."
        ) from fault
    sockets: list[socket.socket] = []
    for family, kind, protocol, _, address in dict.fromkeys(found):
        number = port or (sockets[0].getsockname()[1] if sockets else 0)
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            opened.bind((address[0], number, *address[2:]))
            opened.listen(BACKLOG)
        except OSError as fault:
            opened.close()
            if sockets and fault.errno != errno.EADDRINUSE:
                continue  # of a name with several addresses, one is enough
            for other in sockets:
                other.close()
            raise UserError(_reason(host, number, fault)) from fault
        sockets.append(opened)
    return sockets


def _reason(host: str, port: int, fault: OSError) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use by another program: choose another with --port, or --port 0 for any."
    if fault.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} is not allowed for this user: choose one from 1024 to 65535 with --port."
    return f"--host is '{host}', which is not an address of this machine: {fault.strerror}."


def address_of(sockets: Sequence[socket.socket], host: str) -> str:
    """Return the address of a server for people on this machine."""
    port = sockets[0].getsockname()[1]
    if host in ("0.0.0.0", "::", ""):
        host = "127.0.0.1" if host != "::" else "::1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def is_loopback(sockets: Sequence[socket.socket]) -> bool:
    """Return whether only this machine can reach the sockets."""
    return all(ipaddress.ip_address(one.getsockname()[0].partition("%")[0]).is_loopback for one in sockets)


class LimitedProtocol(HttpToolsProtocol):
    """HTTP/1.1 that closes a connection on which the head of a request takes too long or is too large.

    When the server drains, a connection without a request yet is not closed at once: its request may be on the way, and
    the client could not tell whether it was carried out.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as its base class
        super().__init__(*arguments, **options)
        self._timer: asyncio.TimerHandle | None = None
        self._is_head = False
        self._head_bytes = 0
        self._is_draining = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._time()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head, or for nothing if it is complete."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            self._decline(data[offer.args[0] :])
            return
        except httptools.HttpParserError:
            self.send_400_response("This is not a request of HTTP/1.1.")
            return
        self._head_bytes = self._head_bytes + len(data) if self._is_head else 0
        if self._head_bytes > HEAD_BYTES:
            self.send_400_response(f"The head of the request is larger than {size(HEAD_BYTES)}.")
        self._time()

    def _should_upgrade(self) -> bool:
        return True  # so that a request with such an offer is left to `_decline`

    def _decline(self, rest: bytes) -> None:
        """Read a head again without its offer of another protocol, with which the parser leaves out the body."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.send_400_response("This server is no proxy.")
            return
        head = [b"%b %b HTTP/1.1\r\n" % (method, self.url)]
        head += [b"%b: %b\r\n" % header for header in self.headers if header[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(b"".join([*head, b"\r\n", rest]))

    def on_message_begin(self) -> None:
        """Note that a head begins."""
        super().on_message_begin()
        self._is_head = True

    def on_headers_complete(self) -> None:
        """Note that a head is complete, and answer the request.

        Raises:
            ValueError: If the request has another version of HTTP; the parser makes it an answer.
        """
        self._is_head = False
        if self.parser.get_http_version() not in VERSIONS:
            raise ValueError
        super().on_headers_complete()
        if self._is_draining:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Close the connection as soon as no request is open; a new connection may still send one."""
        if self.cycle is not None or self.transport.is_closing():
            super().shutdown()
            return
        self._is_draining = True
        self._stop()
        self._timer = self.loop.call_later(LAST_HEAD_S, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._stop()

    def _time(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._timer is None:
            self._timer = self.loop.call_later(HEADERS_S, self._give_up)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if (self.cycle is None or self.cycle.response_complete) and not self.transport.is_closing():
            self.transport.close()
