"""A process that serves: it begins to answer, and drains or stops on a signal."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence

import uvicorn
from starlette.types import ASGIApp

from seq2seq.interruption import announce
from seq2seq.server.http.listening import BACKLOG, LimitedProtocol

SWITCH_S = 0.0005
"""How long the event loop may keep a decoding thread waiting for the interpreter; by default it is 5 ms, as long as a
step takes."""
KEEP_ALIVE_S = 15
"""How long an idle connection stays open for another request."""


class _Log(logging.Handler):
    """Writes messages of uvicorn as the command's own; their tracebacks might quote texts of users."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a message."""
        text = record.getMessage().strip().splitlines()[0] if record.getMessage().strip() else "a failure"
        if record.exc_info and record.exc_info[0]:
            text = f"{text.rstrip()} ({record.exc_info[0].__name__})"
            if os.environ.get("SEQ2SEQ_TRACEBACK") == "1":
                traceback.print_exception(record.exc_info[1])
        announce(f"seq2seq serve: {text}", on_new_line=False)


class _Server(uvicorn.Server):
    """A server that drains on SIGTERM and stops on SIGINT.

    Args:
        config: Options of uvicorn.
        on_ready: Called when it answers.
        reload: Reads changed models again, and returns what was done.
    """

    def __init__(
        self, config: uvicorn.Config, on_ready: Callable[[], None], reload: Callable[[], Sequence[str]]
    ) -> None:
        super().__init__(config)
        self._on_ready, self._reload = on_ready, reload
        self._reloading: asyncio.Task[None] | None = None
        self.is_interrupted = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals in the event loop while serving."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._drain)
        loop.add_signal_handler(signal.SIGUSR1, self._begin_reload)
        is_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        if not is_ignored:
            loop.add_signal_handler(signal.SIGINT, self._stop)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGTERM)
            loop.remove_signal_handler(signal.SIGUSR1)
            if not is_ignored:
                loop.remove_signal_handler(signal.SIGINT)

    def _drain(self) -> None:
        """Answer the open requests, and no new ones; at a second signal, stop."""
        self.force_exit = self.should_exit
        self.should_exit = True

    def _begin_reload(self) -> None:
        if self._reloading is None or self._reloading.done():
            self._reloading = asyncio.create_task(self._report_reload())

    async def _report_reload(self) -> None:
        if not await asyncio.to_thread(self._reload):  # what was done is logged there
            announce("seq2seq serve: No model has changed.", on_new_line=False)

    def _stop(self) -> None:
        self.is_interrupted = self.should_exit = self.force_exit = True


def run(
    app: ASGIApp,
    sockets: Sequence[socket.socket],
    drain_s: float,
    on_ready: Callable[[], None],
    reload: Callable[[], Sequence[str]],
) -> bool:
    """Serve until a signal comes.

    Args:
        app: The application.
        sockets: Sockets that listen.
        drain_s: How long open requests may take after SIGTERM.
        on_ready: Called when the server answers.
        reload: Reads changed models again, at SIGUSR1, and returns what was done.

    Returns:
        Whether SIGINT ended it.
    """
    for name, level in (("uvicorn", logging.WARNING), ("seq2seq", logging.INFO)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [_Log()], False
        logger.setLevel(level)
    config = uvicorn.Config(
        app,
        http=LimitedProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=max(1, round(drain_s)),
    )
    sys.setswitchinterval(SWITCH_S)
    server = _Server(config, on_ready, reload)
    asyncio.run(_serve(server, list(sockets)))
    return server.is_interrupted


async def _serve(server: _Server, sockets: list[socket.socket]) -> None:
    await server.serve(sockets)
    # After a forced exit, requests may still be open.
    tasks = list(server.server_state.tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if server.force_exit:
        await server.lifespan.shutdown()
