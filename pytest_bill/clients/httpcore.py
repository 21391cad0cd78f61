"""The seam of httpcore, sync and async: its pools, and the connections that they send through.

httpx sends through them, so this is its seam, too. An own transport of the code under test
(``MockTransport``, ASGI and WSGI, respx, pytest-httpx) lies above it and answers by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import islice
from types import ModuleType
from typing import Any

from pytest_bill.cassettes.decoding import as_sent
from pytest_bill.cassettes.faults import Fault
from pytest_bill.clients import base, wire
from pytest_bill.clients.faults import httpcore_error, until_cancelled
from pytest_bill.exceptions import NetworkRefused
from pytest_bill.interaction import Interaction
from pytest_bill.urls import through_proxy

_asked_above: ContextVar[bool] = ContextVar("asked_above", default=False)
"""Whether the pool was asked already, which hands a request on to one of its connections."""


class ReadBody:
    """A body that was read before, for both kinds of clients; and the error that ended it."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks = chunks
        self.error: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        if self.error is not None:
            raise self.error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        if self.error is not None:
            raise self.error


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """The seams of all that sends a request."""
    seams = []
    for name in ("ConnectionPool", "HTTPConnection", "HTTP11Connection", "HTTP2Connection"):
        sync, asynchronous = getattr(module, name), getattr(module, f"Async{name}")
        for owner, attribute, make in (
            (sync, "handle_request", _handle_request(module)),
            (asynchronous, "handle_async_request", _handle_async_request(module)),
        ):
            if attribute in vars(owner):  # without h2 there is no HTTP/2
                seams.append(base.Seam(owner, attribute, make))
    return seams


def _serving() -> base.Serving | None:
    return None if _asked_above.get() else base.serving()


@contextmanager
def _handed_on() -> Iterator[None]:
    token = _asked_above.set(True)
    try:
        yield
    finally:
        _asked_above.reset(token)


def _handle_request(core: ModuleType) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        def handle_request(self: Any, request: Any) -> Any:
            run = _serving()
            if run is None:
                return original(self, request)
            url = _url_of(request)
            if not run.takes(url) or base.sockets_are_fake():
                _check_proxy_headers(self, run)
                where = _proxy_of(self, request) or url
                checked = _checked_request(core, request, run, where)
                with base.sending_elsewhere(run, url), _handed_on():
                    return original(self, checked)
            sent = ReadBody(list(request.stream))
            made = _interaction_of(request, url, sent)
            asked = run.ask(made)
            if asked.recorded is not None:
                return _recorded_response(core, asked.recorded, core.MockStream)
            told, body = _told(core, request, made, asked.interaction, sent)
            _check_proxy(self, told, run, body)
            response = None
            try:
                with run.sending(), _handed_on():
                    trace = _sync_trace(request, run)
                    response = original(self, _with_body(core, told, body, trace))
                    received = ReadBody([])
                    try:
                        received.chunks.extend(response.stream)
                    except Exception as error:  # it is the client's own, raised when it reads
                        received.error = error
                    finally:
                        response.close()
            except BaseException as error:
                run.unanswered(asked, error, _head(asked, response))
                raise
            return _sent_response(core, run, asked, response, received)

        return handle_request

    return make


def _handle_async_request(core: ModuleType) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        async def handle_async_request(self: Any, request: Any) -> Any:
            run = _serving()
            if run is None:
                return await original(self, request)
            url = _url_of(request)
            if not run.takes(url) or base.sockets_are_fake():
                _check_proxy_headers(self, run)
                where = _proxy_of(self, request) or url
                checked = await _checked_async_request(core, request, run, where)
                with base.sending_elsewhere(run, url), _handed_on():
                    return await original(self, checked)
            sent = ReadBody([chunk async for chunk in request.stream])
            made = _interaction_of(request, url, sent)
            asked = run.ask(made)
            if asked.recorded is not None:
                if asked.recorded.fault == Fault.CANCELLED:
                    await until_cancelled()
                return _recorded_response(core, asked.recorded, core.AsyncMockStream)
            told, body = _told(core, request, made, asked.interaction, sent)
            _check_proxy(self, told, run, body)
            response = None
            try:
                with run.sending(), _handed_on():
                    trace = _async_trace(request, run)
                    response = await original(self, _with_body(core, told, body, trace))
                    received = ReadBody([])
                    try:
                        async for chunk in response.stream:
                            received.chunks.append(chunk)
                    except Exception as error:  # it is the client's own, raised when it reads
                        received.error = error
                    finally:
                        await response.aclose()
            except BaseException as error:
                run.unanswered(asked, error, _head(asked, response))
                raise
            return _sent_response(core, run, asked, response, received)

        return handle_async_request

    return make


def _url_of(request: Any) -> str:
    """The URL that a request asks for; a proxy is asked for a whole one, or for a tunnel."""
    target = request.url.target
    if target[:4].lower() == b"http" and b"://" in target[:8]:
        return str(target.decode("latin-1"))
    if request.method == b"CONNECT":
        return f"https://{target.decode('latin-1')}"
    return _origin_of(request.url) + str(target.decode("latin-1"))


def _origin_of(url: Any) -> str:
    at = b"" if url.port is None else b":%d" % url.port
    host = b"[%b]" % url.host if b":" in url.host else url.host
    origin: bytes = b"%b://%b%b" % (url.scheme, host, at)
    return origin.decode("latin-1")


def _interaction_of(request: Any, url: str, sent: ReadBody) -> Interaction:
    headers = wire.one_of_each(request.headers)
    return Interaction(request.method.decode("latin-1"), url, headers, b"".join(sent.chunks))


def _told(
    core: ModuleType, request: Any, made: Interaction, told: Interaction, sent: ReadBody
) -> tuple[Any, ReadBody]:
    """The request and its body as they are to be sent, where ``told`` is another than was made."""
    if told is made:
        return request, sent
    if told.url != made.url:
        url = request.url
        target = wire.target_of(told.url, url.target)
        url = core.URL(scheme=url.scheme, host=url.host, port=url.port, target=target)
    else:
        url = request.url
    kept = {name.lower().encode("latin-1") for name in told.headers}
    length = b"%d" % len(told.body)
    headers = [
        (name, length if name.lower() == b"content-length" else value)
        for name, value in request.headers
        if name.lower() in kept
    ]
    body = ReadBody([told.body] if told.body else [])
    extensions = request.extensions
    changed = core.Request(
        request.method, url, headers=headers, content=body, extensions=extensions
    )
    return changed, body


def _with_body(
    core: ModuleType, request: Any, sent: ReadBody | _JoinedStream, trace: Any = None
) -> Any:
    return core.Request(
        request.method,
        request.url,
        headers=request.headers,
        content=sent,
        extensions=request.extensions if trace is None else {**request.extensions, "trace": trace},
    )


def _sync_trace(request: Any, run: base.Serving) -> Any:
    """A trace that learns from the head of an answer, which httpcore logs before it gives it."""
    users_trace = request.extensions.get("trace")

    def trace(name: str, info: dict[str, Any]) -> Any:
        _learn_head(name, info, run)
        return users_trace(name, info) if users_trace is not None else None

    return trace


def _async_trace(request: Any, run: base.Serving) -> Any:
    users_trace = request.extensions.get("trace")

    async def trace(name: str, info: dict[str, Any]) -> None:
        _learn_head(name, info, run)
        if users_trace is not None:
            await users_trace(name, info)

    return trace


def _learn_head(name: str, info: dict[str, Any], run: base.Serving) -> None:
    if name.endswith(".receive_response_headers.complete"):
        # (version, status, reason, headers, rest) of HTTP/1.1, (status, headers) of HTTP/2
        for each in info["return_value"]:
            if isinstance(each, list):
                run.learn_head(wire.listed_headers(each))


def _recorded_response(core: ModuleType, recorded: Interaction, stream: Any) -> Any:
    """The recorded answer.

    Raises:
        Exception: a fault was recorded, and it came before a body.
    """
    recorded = as_sent(recorded)
    headers = wire.answer_headers(recorded)
    body = ReadBody([recorded.answer_body] if recorded.answer_body else [])
    if recorded.fault:
        body.error = httpcore_error(core, recorded)
        if not recorded.status or recorded.fault == Fault.HEAD:
            raise body.error
        headers = wire.listed_pairs(recorded)  # the body that they speak of did not come
    return core.Response(
        recorded.status,
        headers=headers,
        content=body,
        extensions=extensions_of(recorded) | {"network_stream": stream([])},
    )


def extensions_of(recorded: Interaction) -> dict[str, Any]:
    """The extensions of a recorded answer, as httpcore gives them, but for its stream."""
    version = recorded.http_version or "HTTP/1.1"
    if version == "HTTP/2":  # it has no reasons
        return {"http_version": b"HTTP/2"}
    return {"http_version": version.encode(), "reason_phrase": wire.as_header(recorded.reason)}


def _sent_response(
    core: ModuleType, run: base.Serving, asked: Any, response: Any, received: ReadBody
) -> Any:
    head = _head(asked, response)
    if received.error is not None or head is None:
        run.unanswered(asked, received.error, head)
    else:
        answer = replace(head, answer_body=b"".join(received.chunks))
        shown = run.answered(asked, answer)
        if shown is not answer:
            return core.Response(
                response.status,
                headers=wire.answer_headers(shown),
                content=ReadBody([shown.answer_body] if shown.answer_body else []),
                extensions=response.extensions,
            )
    return core.Response(
        response.status,
        headers=response.headers,
        content=received,
        extensions=response.extensions,
    )


def _head(asked: Any, response: Any) -> Interaction | None:
    """What came before the body."""
    if response is None:
        return None
    version = response.extensions.get("http_version", b"").decode("latin-1")
    told: Interaction = asked.interaction
    return replace(
        told,
        status=response.status,
        reason=response.extensions.get("reason_phrase", b"").decode("latin-1"),
        answer_headers=wire.listed_headers(response.headers),
        http_version="" if version == "HTTP/1.1" else version,
    )


def _proxy_of(pool: Any, request: Any) -> str:
    """The proxy that would read a request; empty where there is none, or it sees a tunnel."""
    if not _url_of(request).startswith(_origin_of(request.url)):
        return through_proxy(_host_and_port(request.url))
    if request.url.scheme != b"http":
        return ""
    proxy = getattr(pool, "_proxy", None)
    url = proxy.url if proxy is not None else getattr(pool, "_proxy_url", None)
    return through_proxy(_host_and_port(url)) if url is not None else ""


def _host_and_port(url: Any) -> str:
    return f"{url.host.decode('latin-1')}:{url.origin.port}"


def _check_proxy_headers(pool: Any, run: base.Serving) -> None:
    """Stop a credential in what a proxy is told beside the requests."""
    proxy = getattr(pool, "_proxy", None) or pool
    headers: Any = getattr(proxy, "headers", None) or getattr(proxy, "_proxy_headers", ())
    for name, value in headers:
        url = getattr(proxy, "url", None) or proxy._proxy_url
        run.check_elsewhere(
            through_proxy(_host_and_port(url)), wire.TUNNEL + b"%b: %b\r\n\r\n" % (name, value)
        )


def _check_proxy(pool: Any, request: Any, run: base.Serving, body: ReadBody) -> None:
    """Stop what would carry a credential to a proxy in clear."""
    _check_proxy_headers(pool, run)
    where = _proxy_of(pool, request)
    if where:
        wire.SentElsewhere(run).check(where, _head_of(request) + b"".join(body.chunks))


def _head_of(request: Any) -> bytes:
    lines = [b"%b %b HTTP/1.1" % (request.method, request.url.target)]
    lines += [b"%b: %b" % pair for pair in request.headers]
    return b"\r\n".join([*lines, b"", b""])


def _checked_request(core: ModuleType, request: Any, run: base.Serving, where: str) -> Any:
    """The request to another host, after a look at what leaves; at a stream as it leaves."""
    stream = request.stream
    if type(stream).__name__ == "ByteStream":  # httpx's or httpcore's, as often as asked
        wire.SentElsewhere(run).check(where, _head_of(request) + b"".join(stream))
        return request
    held = _HeldStream(run, where, _head_of(request))
    chunks = held.checked_chunks(stream)
    # The head leaves with the first of them.
    first = ReadBody([])
    try:
        first.chunks.extend(islice(chunks, 1))
    except NetworkRefused:
        raise
    except Exception as error:  # it is the client's own, raised when it sends
        first.error = error
    return _with_body(core, request, _JoinedStream(first, chunks))


async def _checked_async_request(
    core: ModuleType, request: Any, run: base.Serving, where: str
) -> Any:
    """As ``_checked_request``."""
    stream = request.stream
    if type(stream).__name__ == "ByteStream":
        return _checked_request(core, request, run, where)
    held = _HeldStream(run, where, _head_of(request))
    chunks = held.checked_async_chunks(stream)
    first = ReadBody([])
    try:
        first.chunks.extend([chunk async for chunk in _first_of(chunks)])
    except NetworkRefused:
        raise
    except Exception as error:
        first.error = error
    return _with_body(core, request, _JoinedStream(first, chunks))


async def _first_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        yield chunk
        return


class _HeldStream:
    """Gives the chunks of a stream to another host as they may leave, see ``wire``."""

    def __init__(self, run: base.Serving, where: str, head: bytes) -> None:
        self._leaving = wire.SentElsewhere(run)
        self._where = where
        self._head = head
        self._chunks: list[bytes] = []
        self._size = 0

    def checked_chunks(self, stream: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks, some of them in one."""
        error: Exception | None = None
        try:
            for chunk in stream:
                if self._is_enough(chunk):
                    yield from self._checked_and_freed()
        except Exception as failed:  # it is the client's own, raised when what came was sent
            error = failed
        yield from self._checked_and_freed()
        if error is not None:
            raise error

    async def checked_async_chunks(self, stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """As ``checked_chunks``."""
        error: Exception | None = None
        try:
            async for chunk in stream:
                if self._is_enough(chunk):
                    for each in self._checked_and_freed():
                        yield each
        except Exception as failed:
            error = failed
        for each in self._checked_and_freed():
            yield each
        if error is not None:
            raise error

    def _is_enough(self, chunk: bytes) -> bool:
        self._chunks.append(chunk)
        self._size += len(chunk)
        return self._size >= wire.MOST_HELD or self._leaving.may_go_on(chunk)

    def _checked_and_freed(self) -> list[bytes]:
        """What is held, after a look at it."""
        chunks, self._chunks, self._size = self._chunks, [], 0
        head, self._head = self._head, b""
        if head or chunks:
            self._leaving.check(self._where, head + b"".join(chunks))
        return chunks


class _JoinedStream:
    """A stream of which the first chunks were read before."""

    def __init__(self, first: ReadBody, rest: Any) -> None:
        self._first = first
        self._rest = rest

    def __iter__(self) -> Iterator[bytes]:
        yield from self._first
        yield from self._rest

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._first:
            yield chunk
        async for chunk in self._rest:
            yield chunk
