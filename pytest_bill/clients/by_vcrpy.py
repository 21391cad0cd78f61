"""Clients that have no module here, by vcrpy's stubs: tornado, curl_cffi and pyreqwest for httpx.

The stubs are put where a seam is, and stay there; only requests to BILL in a BILL test reach them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from copy import copy
from dataclasses import replace
from functools import partial
from io import BytesIO
from types import ModuleType
from typing import Any

from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.faults import Fault
from pytest_bill.cassettes.handed_over import as_bytes
from pytest_bill.clients import base, wire
from pytest_bill.clients.faults import httpcore_error, tornado_error
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
            stub = _meeting_faults(vcr_fetch_impl(_CassetteForVcr(), sending))
            return _asking_first(original, sending, stub, _check_tornados)

        return [base.Seam(client, "fetch_impl", fetch)]
    return _of_transports(module)


def _of_transports(module: ModuleType) -> Sequence[base.Seam]:
    import httpx
    from vcr.stubs.httpx_stubs import vcr_handle_async_request, vcr_handle_request

    face = _CassetteForVcr(_in_bytes, httpx)

    def handle(stub: Callable[..., Any], send: Callable[..., Any]) -> Callable[[Any], Any]:
        def make(original: Any) -> Any:
            sending = send(original, httpx)
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


class _Asking:
    """A request that was asked for; its answer may become another while it is recorded.

    ``show`` is how the client's own answer becomes the one that is to be seen.
    """

    def __init__(self, made: Interaction, asked: base.Asked) -> None:
        self.asked = asked
        self.is_told_as_made = asked.interaction is made
        self.show: Callable[[Interaction], None] = lambda _: None
        self.failure: BaseException | None = None


def _sending_sync(original: Any, httpx: Any) -> Any:
    def handle_request(self: Any, request: Any) -> Any:
        with _sending():
            return _shown_later(original(self, _told(request, httpx)), httpx)

    return handle_request


def _sending_async(original: Any, httpx: Any) -> Any:
    async def handle_async_request(self: Any, request: Any) -> Any:
        with _sending():
            return _shown_later(await original(self, _told(request, httpx)), httpx)

    return handle_async_request


def _told(request: Any, httpx: Any) -> Any:
    """The request as it is to be sent."""
    asking = _asked_last.get()
    if asking is None or asking.is_told_as_made:
        return request
    told = asking.asked.interaction
    return httpx.Request(
        request.method,
        told.url,
        headers=_headers_told(request.headers.multi_items(), told),
        content=told.body or None,
        extensions=request.extensions,
    )


def _shown_later(response: Any, httpx: Any) -> Any:
    """The answer, which may become another when it is recorded."""
    asking = _asked_last.get()
    if asking is not None:

        def show(shown: Interaction) -> None:
            response.stream = httpx.ByteStream(shown.answer_body)
            response.headers = httpx.Headers(wire.answer_headers(shown))

        asking.show = show
    return response


def _headers_told(pairs: Iterable[tuple[str, str]], told: Interaction) -> list[tuple[str, str]]:
    kept = {name.lower() for name in told.headers}
    length = str(len(told.body))
    return [
        (name, length if name.lower() == "content-length" else value)
        for name, value in pairs
        if name.lower() in kept
    ]


def _tornados_told(request: Any, told: Interaction) -> Any:
    """The request as it is to be sent, as tornado hands it on."""
    sent: Any = copy(request.request)
    sent.url, sent.body = told.url, told.body if request.body is not None else None
    headers = type(sent.headers)()
    for name, value in _headers_told(sent.headers.get_all(), told):
        headers.add(name, value)
    sent.headers = headers
    return type(request)(sent, request.defaults)


def _sending_tornados(original: Any) -> Any:
    def fetch_impl(self: Any, request: Any, callback: Any) -> None:
        until_answered = ExitStack()
        until_answered.enter_context(_sending())
        asking, sent = _asked_last.get(), request
        if asking is not None and not asking.is_told_as_made:
            sent = _tornados_told(request, asking.asked.interaction)

        def answered(response: Any) -> Any:
            until_answered.close()
            if asking is not None:
                asking.show = partial(_show_tornados, response)
                asking.failure = response.error if response.code == _NO_ANSWER else None
                if sent is not request:
                    _as_answer_to(response, sent, request)
            return callback(response)

        try:
            original(self, sent, answered)
        except BaseException:
            until_answered.close()
            raise

    return fetch_impl


class _Faulted(Exception):
    """A fault was recorded, which tornado tells as an answer."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def _meeting_faults(stub: Any) -> Any:
    def fetch_impl(self: Any, request: Any, callback: Any) -> Any:
        try:
            return stub(self, request, callback)
        except _Faulted as met:
            from tornado.httpclient import HTTPResponse

            error = tornado_error(met.fault)
            return callback(HTTPResponse(request, _NO_ANSWER, error=error, request_time=0.0))

    return fetch_impl


def _show_tornados(response: Any, shown: Interaction) -> None:
    response.buffer, response._body = BytesIO(shown.answer_body), None
    headers = type(response.headers)()
    for name, value in wire.answer_headers(shown):
        headers.add(name.decode("latin-1"), value.decode("latin-1"))
    response.headers = headers


def _as_answer_to(response: Any, sent: Any, request: Any) -> None:
    """Let an answer be one to the request as the test made it."""
    response.request = request.request
    if response.effective_url == sent.url:
        response.effective_url = request.url


_asked_last: ContextVar[_Asking | None] = ContextVar("asked_last", default=None)
"""What this thread or task asked for; vcrpy's stubs do not tell who sends it then."""


@contextmanager
def _sending() -> Iterator[None]:
    run = base.serving()
    with run.sending() if run is not None else nullcontext():
        try:
            yield
        except BaseException as error:
            asking = _asked_last.get()
            if run is not None and asking is not None:
                run.unanswered(asking.asked, error)
            raise


def _check_tornados(request: Any, url: str, leaving: wire.SentElsewhere) -> None:
    """Look at a request to another host; at what its producer writes as it leaves."""
    # What tornado adds to it afterwards.
    password = f"\r\n{request.auth_password}".encode() if request.auth_password else b""
    leaving.check(url, _head_of(request, url) + as_bytes(request.body or b"") + password)
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

    def __init__(
        self, listed: Callable[[Any], Any] = wire.listed_headers, httpx: Any = None
    ) -> None:
        """``listed`` gives the headers of an answer as the client takes them.

        The client is one of tornado's, or a transport for ``httpx``.
        """
        self._listed = listed
        self._httpx = httpx

    def filter_request(self, request: Any) -> Any:
        return request

    def can_play_response_for(self, request: Any) -> bool:
        return self._asked_once(request).asked.recorded is not None

    def play_response(self, request: Any) -> dict[str, Any]:
        recorded = self._asked_once(request).asked.recorded
        if recorded is None:
            raise LookupError("vcrpy asked for an answer that is not recorded")
        if recorded.fault:
            if self._httpx is None:
                raise _Faulted(Fault(recorded.fault))
            raise httpcore_error(self._httpx, recorded)
        # vcrpy unpacks for none of its clients.
        played = store.vcr_response(readable(recorded))
        played["headers"] = self._listed(wire.answer_headers(recorded))
        return played

    def append(self, request: Any, response: Any) -> None:
        asking = self._asked_once(request)
        asked = asking.asked
        run: base.Serving = request._pytest_bill_run
        if isinstance(response["headers"], list):  # tornado's
            if response["status"]["code"] == _NO_ANSWER:
                run.unanswered(asked, asking.failure or ConnectionError())
                return
            response = {**response, "headers": dict(response["headers"])}
        came = store.from_vcr(request, response)
        told = asked.interaction
        answered = replace(came, url=told.url, headers=told.headers, body=told.body)
        shown = run.answered(asked, answered)
        if shown is not answered:
            asking.show(shown)

    def _asked_once(self, request: Any) -> _Asking:
        asking: _Asking | None = getattr(request, "_pytest_bill_asking", None)
        if asking is None:
            run = base.serving()
            if run is None:
                raise LookupError("the run has ended")
            request._pytest_bill_run = run
            interaction: Interaction = store.from_vcr(request)
            asking = _Asking(interaction, run.ask(interaction))
            request._pytest_bill_asking = asking
            _asked_last.set(asking)
        return asking


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
