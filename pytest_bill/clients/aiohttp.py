"""The seam of aiohttp, where its connector gives a request a connection.

For a request to BILL it is given one without a socket: aiohttp's own protocol on a transport that
takes the bytes that would be sent. What its parser then reads is the recorded answer, or the one
that a connection of the connector has just given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from types import ModuleType
from typing import Any

from pytest_bill.cassettes import faults
from pytest_bill.cassettes.faults import Fault
from pytest_bill.clients import base, wire
from pytest_bill.clients.faults import aiohttp_error, received_bytes
from pytest_bill.exceptions import NetworkRefused
from pytest_bill.interaction import Interaction
from pytest_bill.urls import through_proxy

_LEAVING = "_pytest_bill_leaving"
_URL = "_pytest_bill_url"
_READ_AT_ONCE = 2**18
"""Bytes: what asyncio's own transports read."""


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """The seams of aiohttp's connector, and of what writes to other hosts."""
    import aiohttp.client_reqrep
    import aiohttp.http_writer

    writer = aiohttp.http_writer.StreamWriter
    found = [
        base.Seam(module.BaseConnector, "connect", _connect(module)),
        base.Seam(writer, "_write", _write),
        base.Seam(writer, "write_eof", _write_eof),
    ]
    if "_writelines" in vars(writer):
        found.append(base.Seam(writer, "_writelines", _writelines))
    return found


def _connect(module: ModuleType) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        async def connect(self: Any, req: Any, traces: Any, timeout: Any) -> Any:
            run = base.serving()
            if run is None:
                return await original(self, req, traces, timeout)
            if (
                not isinstance(self, module.TCPConnector)
                or not run.takes(str(req.url))
                or base.sockets_are_fake()
            ):
                with base.sending_elsewhere(run, str(req.url)):
                    connection = await original(self, req, traces, timeout)
                vars(connection.protocol)[_URL] = _proxy_of(req) or str(req.url)
                return connection

            async def connect_really() -> Any:
                with run.sending():
                    return await original(self, req, traces, timeout)

            real = None
            if run.may_connect(str(req.url)):
                try:
                    real = await connect_really()  # here an error of connecting belongs
                except BaseException as error:
                    timer = getattr(req, "_timer", None) or getattr(req, "timer", None)
                    why = _why_stopped(timer, error)
                    run.unanswered(run.ask(_request_of(req)), faults.while_connecting(why))
                    raise
            else:
                for trace in traces:
                    await trace.send_connection_create_start()
                    await trace.send_connection_create_end()
            protocol = _protocol_class()(self._loop)
            transport = Transport(run, req, protocol, real, connect_really)
            protocol.connection_made(transport)
            return module.Connection(self, req.connection_key, protocol, self._loop)

        return connect

    return make


def _request_of(req: Any) -> Interaction:
    """A request that is not written yet."""
    body = getattr(req.body, "_value", req.body)
    headers = wire.one_of_each(
        (name.encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in req.headers.items()
    )
    known = bytes(body) if isinstance(body, bytes | bytearray) else b""
    return Interaction(req.method, str(req.url), headers, known)


def _why_stopped(timer: Any, error: BaseException) -> BaseException | Fault:
    """aiohttp cancels what takes longer in all than it may; ``timer`` is what does so."""
    is_cancelled = isinstance(error, asyncio.CancelledError)
    if is_cancelled and getattr(timer, "_cancelled", False):
        return Fault.TOTAL_TIMEOUT
    return error


def _proxy_of(request: Any) -> str:
    """The proxy that would read a request; empty where there is none, or it sees a tunnel."""
    proxy = request.proxy
    return through_proxy(f"{proxy.host}:{proxy.port}") if proxy and not request.is_ssl() else ""


def _write(original: Any) -> Any:
    def _write(self: Any, chunk: Any) -> Any:
        passed = _sendable(self, chunk)
        return original(self, passed) if passed else None

    return _write


def _writelines(original: Any) -> Any:
    def _writelines(self: Any, chunks: Any) -> Any:
        chunks = list(chunks)
        passed = _sendable(self, chunks)
        return original(self, passed if passed is chunks else [passed]) if passed else None

    return _writelines


def _write_eof(original: Any) -> Any:
    """Tell who waits for the answer what is refused with the last piece of a body.

    aiohttp does so for the others; with this one its task would end, and nobody would ask why.
    """

    async def write_eof(self: Any, chunk: bytes = b"") -> None:
        try:
            await original(self, chunk)
        except NetworkRefused as refused:
            self._protocol.set_exception(refused)

    return write_eof


def _sendable(writer: Any, sent: Any) -> Any:
    """What may be sent now of what leaves for another host than BILL, or all as it is.

    aiohttp's servers write so, too.
    """
    run = base.serving()
    if run is None or not isinstance(writer._protocol, _handler_class()):
        return sent
    transport = writer.transport
    if transport is None or type(transport) is Transport:
        return sent
    leaving = vars(writer).get(_LEAVING)
    if leaving is None:
        leaving = vars(writer)[_LEAVING] = wire.SentElsewhere(run)
    piece = b"".join(sent) if type(sent) is list else bytes(sent)
    return leaving.sendable(_leads_to(writer, piece[:8] == b"CONNECT "), piece)


def _leads_to(writer: Any, asks_for_tunnel: bool) -> str:
    """The URL that is asked for; where a proxy is asked for a tunnel, that proxy."""
    url = vars(writer._protocol).get(_URL)
    if url is not None and not asks_for_tunnel:
        return str(url)
    address = writer.transport.get_extra_info("peername")
    if not address:
        return "another host"
    return through_proxy(f"{address[0]}:{address[1]}") if asks_for_tunnel else str(address[0])


@lru_cache(maxsize=1)
def _handler_class() -> type[Any]:
    from aiohttp.client_proto import ResponseHandler

    return ResponseHandler


@lru_cache(maxsize=1)
def _protocol_class() -> type[Any]:
    """aiohttp's protocol of a client, which says when a request is written."""
    handler = _handler_class()

    class Protocol(handler):  # type: ignore[misc, valid-type]
        """aiohttp's own, on our transport."""

        def start_timeout(self) -> None:
            """The request is written, or will be when this step of the loop ends."""
            super().start_timeout()
            if self.transport is not None:
                self._loop.call_soon(self.transport.written)

        def set_response_params(self, **params: Any) -> None:
            """Wait as long as the real connection waits; it is the one that has time-outs."""
            if self.transport is not None:
                self.transport.read_timeout = params.pop("read_timeout", None)
                self.transport.timer = params.get("timer")
            super().set_response_params(**params)

    return Protocol


class Transport(asyncio.Transport):
    """Takes what aiohttp writes for one request to BILL, and gives its protocol the answer."""

    def __init__(
        self,
        run: base.Serving,
        request: Any,
        protocol: Any,
        real: Any,
        connect: Callable[[], Any],
    ) -> None:
        """``request`` is aiohttp's; ``real`` is the connection, where it is there already."""
        super().__init__()
        self._run = run
        self._url = str(request.url)
        self._key = request.connection_key
        self._protocol = protocol
        self._real = real
        self._connect = connect
        self._proxy = _proxy_of(request)
        self._sent = bytearray()
        self._is_closing = False
        self._task: asyncio.Task[None] | None = None
        self._continued = False
        self.read_timeout: float | None = None
        self.timer: Any = None

    def __repr__(self) -> str:
        return "<a connection to BILL, answered by pytest-bill>"

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """That of the real connection, where there is one."""
        transport = self._real.transport if self._real is not None else None
        return transport.get_extra_info(name, default) if transport is not None else default

    def write(self, data: Any) -> None:
        """Take what the client sends."""
        self._sent += data
        if not self._continued and b"100-continue" in self._sent and b"\r\n\r\n" in self._sent:
            self._continued = True
            go_on = b"HTTP/1.1 100 Continue\r\n\r\n"
            self._protocol._loop.call_soon(self._feed, go_on)

    def writelines(self, list_of_data: Any) -> None:
        """Take what the client sends."""
        self.write(b"".join(list_of_data))

    def written(self) -> None:
        """Answer: the request is complete."""
        if self._is_closing or self._task is not None:
            return
        self._protocol.force_close()  # one connection for each request
        try:
            made = wire.request_in(self._url, bytes(self._sent))
            asked = self._run.ask(made)
            if asked.interaction is not made:
                self._sent[:] = wire.rewritten(bytes(self._sent), made, asked.interaction)
            if self._proxy and asked.recorded is None:
                self._run.check_elsewhere(self._proxy, bytes(self._sent))
        except Exception as error:
            self._fail_request(error)
            return
        if asked.recorded is not None and asked.recorded.fault:
            self._meet(asked.recorded)
        elif asked.recorded is not None:
            self._feed_all(wire.written_answer(asked.recorded))
        else:
            self._task = self._protocol._loop.create_task(self._ask_bill(asked))
            self._task.add_done_callback(partial(self._after_asking, asked))

    def _meet(self, recorded: Interaction) -> None:
        """Let a recorded fault happen."""
        fault = Fault(recorded.fault)
        if fault is Fault.CANCELLED:
            return  # who asked stops waiting by itself
        self._feed(received_bytes(recorded))
        error = aiohttp_error(fault, self._key)
        # Who waits for the head gets that first.
        self._protocol._loop.call_soon(self._fail_request, error)

    async def _ask_bill(self, asked: Any) -> None:
        received = _ReceivedAnswer()
        try:
            if self._real is None:
                self._real = await self._connect()
            await received.answer(
                self._real, bytes(self._sent), asked.interaction, self.read_timeout
            )
        except Exception as error:
            received.error = error
        if received.error is not None or received.answered is None:
            self._run.unanswered(asked, received.error, received.head)
            self._close_real()
            self._feed(bytes(received.bytes))
            # Who waits for the head gets that first.
            self._protocol._loop.call_soon(self._fail_request, received.error)
            return
        shown = self._run.answered(asked, received.answered)
        self._real.release()
        is_same = shown is received.answered
        self._feed_all(bytes(received.bytes) if is_same else wire.written_answer(shown))

    def _after_asking(self, asked: Any, task: asyncio.Task[None]) -> None:
        """A task may be cancelled before it has begun, too."""
        if task.cancelled():
            self._run.unanswered(asked, _why_stopped(self.timer, asyncio.CancelledError()))
            self._close_real()

    def _feed_all(self, data: bytes) -> None:
        """Give an answer as a loop would: in pieces of what it reads at once, and then the end."""
        self._feed(data[:_READ_AT_ONCE])
        loop = self._protocol._loop
        for start in range(_READ_AT_ONCE, len(data), _READ_AT_ONCE):
            loop.call_soon(self._feed, data[start : start + _READ_AT_ONCE])
        loop.call_soon(self._end_connection)

    def _feed(self, data: bytes) -> None:
        if data and not self._is_closing:
            self._protocol.data_received(data)

    def _end_connection(self) -> None:
        """Nothing more comes: an answer may last until the connection is closed."""
        if not self._is_closing:
            self._is_closing = True
            self._protocol.connection_lost(None)

    def _fail_request(self, error: BaseException | None) -> None:
        from aiohttp import ClientPayloadError

        if self._is_closing:
            return
        if error is None or isinstance(error, ClientPayloadError):
            self._end_connection()  # aiohttp says what is missing
            return
        payload = self._protocol._payload
        self._protocol.set_exception(error)
        if payload is not None:
            payload.set_exception(error)

    def _close_real(self) -> None:
        if self._real is not None:
            self._real.close()

    def is_closing(self) -> bool:
        """As a transport's."""
        return self._is_closing

    def close(self) -> None:
        """Stop what is under way."""
        if self._is_closing:
            return
        self._is_closing = True
        if self._task is not None and not self._task.done():
            self._task.cancel()
        elif self._task is None:
            self._close_real()
        loop = self._protocol._loop
        if not loop.is_closed():
            loop.call_soon(self._protocol.connection_lost, None)

    abort = close

    def pause_reading(self) -> None:
        """The answer is here already."""

    def resume_reading(self) -> None:
        """The answer is here already."""

    def is_reading(self) -> bool:
        """As a transport's."""
        return not self._is_closing

    def get_write_buffer_size(self) -> int:
        """Nothing waits to be sent."""
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing waits to be sent."""

    def can_write_eof(self) -> bool:
        """HTTP has no use for it."""
        return False


class _ReceivedAnswer:
    """What came from BILL: as bytes, whole or up to an error, and as an interaction if whole."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self.head: Interaction | None = None
        self.answered: Interaction | None = None
        self.error: BaseException | None = None

    async def answer(
        self, connection: Any, sent: bytes, request: Interaction, read_timeout: float | None
    ) -> None:
        """Send a request on a connection of aiohttp's, and read the answer whole."""
        protocol = connection.protocol
        protocol.set_response_params(
            skip_payload=request.method == "HEAD",
            read_until_eof=True,
            auto_decompress=False,
            read_timeout=read_timeout,
        )
        with suppress(ConnectionResetError):
            connection.transport.write(sent)
        protocol.start_timeout()
        message, payload = await protocol.read()
        while 100 <= message.code < 200 and message.code != 101:
            message, payload = await protocol.read()
        version = message.version
        self.bytes += b"HTTP/%d.%d %d %s\r\n" % (
            version.major,
            version.minor,
            message.code,
            message.reason.encode("utf-8", "surrogateescape"),
        )
        for name, value in message.raw_headers:
            self.bytes += b"%s: %s\r\n" % (name, value)
        self.bytes += b"\r\n"
        self.head = replace(
            request,
            status=message.code,
            reason=message.reason.encode("utf-8", "surrogateescape").decode("latin-1"),
            answer_headers=wire.listed_headers(message.raw_headers),
            http_version="" if version == (1, 1) else f"HTTP/{version.major}.{version.minor}",
        )
        body = bytearray()
        while not payload.at_eof():
            piece = await payload.readany()
            body += piece
            if piece:
                self.bytes += b"%x\r\n%s\r\n" % (len(piece), piece) if message.chunked else piece
        if message.chunked and request.method != "HEAD":
            self.bytes += b"0\r\n\r\n"
        self.answered = replace(self.head, answer_body=bytes(body))
