"""HTTP/1.1 over plain sockets: clients that are light, see every byte, and can vanish at any moment."""

import asyncio
import contextlib
import json
import socket
import struct
from dataclasses import dataclass
from time import perf_counter

BLOCK = 1 << 16
HOST = "127.0.0.1"
TIMEOUT_S = 150.0
"""How long a client waits for bytes; longer than the server's own limit."""
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"


class LostReplyError(Exception):
    """A connection ended before a reply was complete.

    Args:
        received: Number of bytes of the reply that came.
    """

    def __init__(self, received: int) -> None:
        super().__init__(f"The connection ended after {received} bytes of the reply.")
        self.received = received


@dataclass(frozen=True)
class Reply:
    """A complete reply.

    Args:
        status: Status code.
        headers: Headers, with names in lower case.
        body: The body, decoded if it was sent in chunks.
        first_s: Seconds from the request to the first byte of the body.
        took_s: Seconds from the request to the last byte.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    first_s: float
    took_s: float


def request(path: str, body: bytes = b"", content_type: str = JSON_TYPE) -> bytes:
    """Return the bytes of a request: POST if there is a body, otherwise GET."""
    head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: {HOST}\r\n"
    if body:
        head += f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def json_body(**fields: object) -> bytes:
    """Return fields as JSON."""
    return json.dumps(fields, ensure_ascii=False).encode()


class Connection:
    """A connection to a server on this machine, on which one request follows another.

    Args:
        opened: The connected socket.
    """

    def __init__(self, opened: socket.socket) -> None:
        self._socket, self._loop = opened, asyncio.get_running_loop()
        self._buffer = bytearray()
        self._received = 0

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connect.

        Raises:
            OSError: If the server does not listen.
        """
        opened = socket.socket()
        opened.setblocking(False)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await asyncio.get_running_loop().sock_connect(opened, (HOST, port))
        except BaseException:
            opened.close()
            raise
        return cls(opened)

    async def send(self, data: bytes) -> None:
        """Send bytes.

        Raises:
            OSError: If the server has closed the connection.
        """
        await self._loop.sock_sendall(self._socket, data)

    async def ask(self, data: bytes) -> Reply:
        """Send a request, and return the reply.

        Raises:
            LostReplyError: If the reply does not come, or ends too early.
        """
        self._received = 0
        start = perf_counter()
        try:
            await self.send(data)
            return await asyncio.wait_for(self._reply(start), TIMEOUT_S)
        except (OSError, TimeoutError) as fault:
            raise LostReplyError(self._received) from fault

    async def read(self) -> bytes:
        """Return some bytes, b'' at the end; for clients that do not wait for the whole reply."""
        return await self._loop.sock_recv(self._socket, BLOCK)

    def unasked(self) -> bytes:
        """Return bytes that came without a request."""
        with contextlib.suppress(BlockingIOError, ConnectionError):
            self._buffer += self._socket.recv(BLOCK)
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def vanish(self) -> None:
        """End the connection at once with a reset, as if the client had died."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    async def _reply(self, start: float) -> Reply:
        head = await self._until(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(status_line.split(" ")[1])
        if headers.get("transfer-encoding") == "chunked":
            body, first = await self._chunks()
        else:
            length = int(headers.get("content-length", 0))
            await self._fill(min(1, length))
            first = perf_counter()
            body = await self._take(length)
        return Reply(status, headers, body, first - start, perf_counter() - start)

    async def _chunks(self) -> tuple[bytes, float]:
        """Return the body, and when its first chunk came."""
        body, first = bytearray(), 0.0
        while True:
            size = int(await self._until(b"\r\n"), 16)
            first = first or perf_counter()
            body += await self._take(size)
            if await self._take(2) != b"\r\n":
                raise LostReplyError(self._received)
            if size == 0:
                return bytes(body), first

    async def _until(self, mark: bytes) -> bytes:
        while (place := self._buffer.find(mark)) < 0:
            await self._more()
        return (await self._take(place + len(mark)))[:place]

    async def _take(self, count: int) -> bytes:
        await self._fill(count)
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    async def _fill(self, count: int) -> None:
        while len(self._buffer) < count:
            await self._more()

    async def _more(self) -> None:
        data = await self.read()
        if not data:
            raise LostReplyError(self._received)
        self._received += len(data)
        self._buffer += data
