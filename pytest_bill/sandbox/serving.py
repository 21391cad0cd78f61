"""uvicorn as the sandbox uses it: in a thread, with httptools' parser, told when to end."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from contextlib import suppress
from typing import Any

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pytest_bill.sandbox.app import Application
from pytest_bill.sandbox.core.http import ABORT, NEIGHBOURS

logger = logging.getLogger(__name__)

LARGEST_HEAD = 64 * 1024
"""Bytes of a request's line and headers; httptools has no limit of its own."""

_ENDING_SECONDS = 1
"""So long an answer that is under way may take when the sandbox stops."""

_LOOK_SECONDS = 0.001
_REFUSAL = "Invalid HTTP request received."


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 that lets a fault cut the connection; an ASGI application cannot.

    It stays that, whatever else is asked for, and nobody is advised to install another. Addresses
    are logged nowhere: their queries hold signatures. (uvicorn's own switch is one for all servers
    of the process.)
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False
        self._head = 0
        self._is_in_head = False
        self.came = self.loop.time()
        """When the latest request began to come; before the first, when it was opened."""

    @property
    def is_on_way(self) -> bool:
        """Whether a request has come that is not answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def neighbours(self, since: float) -> tuple[int, int]:
        """What the other open connections do: see ``http.Neighbours``."""
        on_way = recent = 0
        for each in self.connections:
            if each is self or not isinstance(each, Protocol):
                continue
            is_recent = each.came >= since
            on_way += each.is_on_way or (is_recent and each.cycle is None)
            recent += is_recent and each.cycle is not None
        return on_way, recent

    def data_received(self, data: bytes) -> None:
        """Read requests; what cannot be one is refused, and nothing is read after it."""
        self._unset_keepalive_if_required()
        rest = data
        try:
            while rest:
                rest = self._rest_after(rest)
        except httptools.HttpParserError:
            self._refuse()
            return
        if self._is_in_head:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._refuse()

    def _rest_after(self, data: bytes) -> bytes:
        """Read what is there; gives what the parser leaves after a wish for another protocol."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            return data[upgrade.args[0] :]
        return b""

    def _refuse(self) -> None:
        logger.warning(_REFUSAL)
        if self.cycle is not None and not (self.cycle.response_complete or self.cycle.more_body):
            # The request before it gets its answer, which is the last one.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
        else:
            self.send_400_response(_REFUSAL)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._is_in_head, self._head = True, 0
        self.came = self.loop.time()
        self.scope[ABORT] = self.transport.abort  # type: ignore[literal-required]
        self.scope[NEIGHBOURS] = self.neighbours  # type: ignore[literal-required]

    def on_headers_complete(self) -> None:
        """Its body, if it has one, is bounded by who reads it."""
        self._is_in_head = False
        if not self.url.startswith(b"/"):
            # "*", or a whole address: nothing is there, whatever its path is.
            self.url = b"/" + self.url
        super().on_headers_complete()

    def _should_upgrade(self) -> bool:
        return False


class Server(uvicorn.Server):
    """uvicorn's server in a thread. It says when it serves, and waits to be told to end.

    uvicorn's own looks ten times a second whether it is to end, and as often whether it has: a
    start and a stop would take 0.2 s longer, and most suites start one.
    """

    def __init__(self, app: Application, listener: socket.socket, name: str) -> None:
        """``name`` is what the server calls itself in each answer."""
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http=Protocol,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                proxy_headers=False,
                server_header=False,
                headers=[("Server", name)],
            )
        )
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = asyncio.Event()
        self._thread = threading.Thread(
            target=self.run,
            kwargs={"sockets": [listener]},
            name="bill-local-sandbox",
            daemon=True,
        )

    def start(self) -> None:
        """Serve; requests are answered when this returns."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Stop serving, and wait for the thread to end."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it was stopped before, and the loop is closed
                self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        self._loop = asyncio.get_running_loop()
        try:
            await super().startup(sockets)
            await self.on_tick(0)  # the first answer has a date, too
        finally:
            self._ready.set()

    async def main_loop(self) -> None:
        """Serve until the end; a tick renews the date that answers have."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._end.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the answers end that are under way, where someone waits for them."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        loop = asyncio.get_running_loop()
        latest = loop.time() + _ENDING_SECONDS
        while self.server_state.connections and loop.time() < latest:
            await asyncio.sleep(_LOOK_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # they are told that nobody is there any more
        for task in self.server_state.tasks:
            task.cancel()
