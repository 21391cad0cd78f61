"""Clients that have no module here, by vcrpy's stubs: tornado, curl_cffi and pyreqwest for httpx.

The stubs are put where a seam is, and stay there; only requests to BILL in a BILL test reach them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.clients import base, wire
from pytest_bill.interaction import Interaction

_PRODUCER = "_pytest_bill_producer"
_NO_ANSWER = 599
"""What tornado says where none came, or none that is whole."""


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """The seams of one of these modules."""
    if module.__name__.startswith("tornado"):
        from vcr.stubs.tornado_stubs import vcr_fetch_impl

        client = getattr(module, "SimpleAsyncHTTPClient", None) or module.CurlAsyncHTTPClient

        def fetch(original: Any) -> Any:
            sending = _sending_tornados(original)
            stub = vcr_fetch_impl(_CassetteForVcr(), sending)
            return _asking_first(original, sending, stub, _check_tornados)

        return [base.Seam(client, "fetch_impl", fetch)]
    return _of_transports(module)


def _of_transports(module: ModuleType) -> Sequence[base.Seam]:
    import httpx
    from vcr.stubs.httpx_stubs import vcr_handle_async_request, vcr_handle_request

    face = _CassetteForVcr(_in_bytes)

    def handle(stub: Callable[..., Any], send: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def make(original: Any) -> Any:
            sending = send(original)
            return _asking_first(original, sending, stub(face, sending, httpx), check_request)

        return make

    class Checked(_CheckedStream, httpx.SyncByteStream, httpx.AsyncByteStream):
        """As transports of httpx want it."""

    def check_request(request: Any, url: str, leaving: wire.SentElsewhere) -> None:
        """Look at a request to another host; at a stream as it leaves."""
        stream = request.stream
        is_whole = type(stream) is httpx.ByteStream
        leaving.check(url, _head_of(request, url) + (b"".join(stream) if is_whole else b""))
        if not is_whole:
            request.stream = Checked(stream, lambda chunk: leaving.check(url, chunk))

    found = []
    for name in ("CurlTransport", "AsyncCurlTransport", "SyncHttpxTransport", "HttpxTransport"):
        transport = getattr(module, name, None)
        for attribute, stub, send in (
            ("handle_request", vcr_handle_request, _sending_sync),
            ("handle_async_request", vcr_handle_async_request, _sending_async),
        ):
            if transport is not None and attribute in vars(transport):
                found.append(base.Seam(transport, attribute, handle(stub, send)))
    return found


def _asking_first(
    original: Any,
    sending: Any,
    stub: Any,
    check_request: Callable[[Any, str, wire.SentElsewhere], None],
) -> Callable[..., Any]:
    """Ask first: the stub for requests to BILL, the client's own code for all others.

    ``sending`` is that code for what is sent to where BILL is.
    """

    def asked(self: Any, request: Any, *args: Any) -> Any:
        run = base.serving()
        if run is None:
            return original(self, request, *args)
        url = str(request.url)
        if run.takes(url):
            return stub(self, request, *args)
        check_request(request, url, wire.SentElsewhere(run))
        _asked_last.set(None)
        return (sending if run.takes_at(url) else original)(self, request, *args)

    return asked


def _sending_sync(original: Any) -> Any:
    def handle_request(self: Any, request: Any) -> Any:
        with _sending():
            return original(self, request)

    return handle_request


def _sending_async(original: Any) -> Any:
    async def handle_async_request(self: Any, request: Any) -> Any:
        with _sending():
            return await original(self, request)

    return handle_async_request


def _sending_tornados(original: Any) -> Any:
    def fetch_impl(self: Any, request: Any, callback: Any) -> None:
        until_answered = ExitStack()
        until_answered.enter_context(_sending())

        def answered(response: Any) -> Any:
            until_answered.close()
            return callback(response)

        try:
            original(self, request, answered)
        except BaseException:
            until_answered.close()
            raise

    return fetch_impl


_asked_last: ContextVar[base.Asked | None] = ContextVar("asked_last", default=None)
"""What this thread or task asked for; vcrpy's stubs do not tell who sends it then."""


@contextmanager
def _sending() -> Iterator[None]:
    run = base.serving()
    with run.sending() if run is not None else nullcontext():
        try:
            yield
        except BaseException as error:
            asked = _asked_last.get()
            if run is not None and asked is not None:
                run.unanswered(asked, error)
            raise


def _check_tornados(request: Any, url: str, leaving: wire.SentElsewhere) -> None:
    """Look at a request to another host; at what its producer writes as it leaves."""
    # What tornado adds to it afterwards.
    password = f"\r\n{request.auth_password}".encode() if request.auth_password else b""
    leaving.check(url, _head_of(request, url) + store.as_bytes(request.body or b"") + password)
    producer = request.body_producer
    if producer is None:
        return
    producer = getattr(producer, _PRODUCER, producer)  # of a request that is made again

    def body_producer(write: Any) -> Any:
        def checked(chunk: Any) -> Any:
            leaving.check(url, bytes(chunk))
            return write(chunk)

        return producer(checked)

    setattr(body_producer, _PRODUCER, producer)
    request.request.body_producer = body_producer


def _head_of(request: Any, url: str) -> bytes:
    lines = [f"{request.method} {url} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n"


def _in_bytes(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, list[bytes]]:
    """Headers for httpx, which takes no text beyond ASCII."""
    headers: dict[bytes, list[bytes]] = {}
    for name, value in pairs:
        headers.setdefault(name, []).append(value)
    return headers


class _CassetteForVcr:
    """The face that vcrpy's stubs take for a cassette; it asks whichever run is served.

    It finds the recorded answer when asked whether there is one and keeps it on the request, so
    that no other thread can take it before the stub asks for it.
    """

    # The run refuses by itself, with a message that shows no secret.
    write_protected = False

    def __init__(self, listed: Callable[[Any], Any] = wire.listed_headers) -> None:
        """``listed`` gives the headers of an answer as the client takes them."""
        self._listed = listed

    def filter_request(self, request: Any) -> Any:
        return request

    def can_play_response_for(self, request: Any) -> bool:
        return self._asked_once(request).recorded is not None

    def play_response(self, request: Any) -> dict[str, Any]:
        recorded = self._asked_once(request).recorded
        if recorded is None:
            raise LookupError("vcrpy asked for an answer that is not recorded")
        # vcrpy unpacks for none of its clients.
        played = store.vcr_response(readable(recorded))
        played["headers"] = self._listed(wire.answer_headers(recorded))
        return played

    def append(self, request: Any, response: Any) -> None:
        asked = self._asked_once(request)
        run: base.Serving = request._pytest_bill_run
        if isinstance(response["headers"], list):  # tornado's
            if response["status"]["code"] == _NO_ANSWER:
                run.unanswered(asked, ConnectionError())
                return
            response = {**response, "headers": dict(response["headers"])}
        run.answered(asked, store.from_vcr(request, response))

    def _asked_once(self, request: Any) -> base.Asked:
        asked: base.Asked | None = getattr(request, "_pytest_bill_asked", None)
        if asked is None:
            run = base.serving()
            if run is None:
                raise LookupError("the run has ended")
            request._pytest_bill_run = run
            interaction: Interaction = store.from_vcr(request)
            asked = request._pytest_bill_asked = run.ask(interaction)
            _asked_last.set(asked)
        return asked


class _CheckedStream:
    """A stream, each piece of which is looked at before it leaves."""

    def __init__(self, stream: Any, check: Callable[[bytes], None]) -> None:
        self._stream = stream
        self._check = check

    def __iter__(self) -> Iterator[bytes]:
        chunks: Iterable[bytes] = self._stream
        for chunk in chunks:
            self._check(chunk)
            yield chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._check(chunk)
            yield chunk
