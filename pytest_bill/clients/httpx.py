"""The seam of httpx, sync and async, at the pools of httpcore that its transports send through.

So it serves httpcore by itself, too. An own transport of the code under test (``MockTransport``,
ASGI and WSGI, respx, pytest-httpx) lies above it and answers by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from itertools import islice
from types import ModuleType
from typing import Any

from pytest_bill.cassettes.decoding import as_sent
from pytest_bill.clients import base, wire
from pytest_bill.exceptions import NetworkRefused
from pytest_bill.interaction import Interaction
from pytest_bill.urls import through_proxy


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """The seams of httpcore; and of httpx a short way for answers that are recorded."""
    if hasattr(module, "HTTPTransport"):
        return _short_ways(module)
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


_asked_above: ContextVar[bool] = ContextVar("asked_above", default=False)
"""Whether the pool was asked already, which hands a request on to one of its connections."""


def _serving_core() -> base.Serving | None:
    return None if _asked_above.get() else base.serving()


@contextmanager
def _handing_on() -> Iterator[None]:
    token = _asked_above.set(True)
    try:
        yield
    finally:
        _asked_above.reset(token)


def _handle_request(core: ModuleType) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        def handle_request(self: Any, request: Any) -> Any:
            run = _serving_core()
            if run is None:
                return original(self, request)
            url = _url_of(request)
            if not run.takes(url) or base.sockets_are_fake():
                _check_proxy_headers(self, run)
                where = _proxy_of(self, request) or url
                checked = _checked(core, request, run, where)
                with base.seen(run, url), _handing_on():
                    return original(self, checked)
            sent = _Body(list(request.stream))
            asked = run.ask(_interaction_of(request, url, sent))
            if asked.recorded is not None:
                return _played(core, asked.recorded, core.MockStream)
            _check_proxy(self, request, run, sent)
            response = None
            try:
                with run.sending(), _handing_on():
                    trace = _trace(request, run)
                    response = original(self, _with_body(core, request, sent, trace))
                    heard = _Body([])
                    try:
                        heard.chunks.extend(response.stream)
                    except Exception as error:  # it is the client's own, raised when it reads
                        heard.error = error
                    finally:
                        response.close()
            except BaseException as error:
                run.unanswered(asked, error)
                raise
            return _answered(core, run, asked, response, heard)

        return handle_request

    return make


def _handle_async_request(core: ModuleType) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        async def handle_async_request(self: Any, request: Any) -> Any:
            run = _serving_core()
            if run is None:
                return await original(self, request)
            url = _url_of(request)
            if not run.takes(url) or base.sockets_are_fake():
                _check_proxy_headers(self, run)
                where = _proxy_of(self, request) or url
                checked = await _checked_async(core, request, run, where)
                with base.seen(run, url), _handing_on():
                    return await original(self, checked)
            sent = _Body([chunk async for chunk in request.stream])
            asked = run.ask(_interaction_of(request, url, sent))
            if asked.recorded is not None:
                return _played(core, asked.recorded, core.AsyncMockStream)
            _check_proxy(self, request, run, sent)
            response = None
            try:
                with run.sending(), _handing_on():
                    trace = _async_trace(request, run)
                    response = await original(self, _with_body(core, request, sent, trace))
                    heard = _Body([])
                    try:
                        async for chunk in response.stream:
                            heard.chunks.append(chunk)
                    except Exception as error:  # it is the client's own, raised when it reads
                        heard.error = error
                    finally:
                        await response.aclose()
            except BaseException as error:
                run.unanswered(asked, error)
                raise
            return _answered(core, run, asked, response, heard)

        return handle_async_request

    return make


def _short_ways(module: ModuleType) -> Sequence[base.Seam]:
    """Give a recorded answer without httpcore in between, where nobody stands there.

    The bodies of such requests are there already; a stream is read where it would be sent. Where
    the client is going to read the answer at once, it gets one that was read.
    """
    core = import_module("httpcore" if module.__name__ == "httpx" else "httpcore2")
    transports: Any = module._transports.default
    response_class = module.Response
    below = _Below()

    def recorded(request: Any, pool: Any, name: str) -> Any:
        run = base.serving()
        if run is None or not run.may_play or not hasattr(request, "_content"):
            return None
        url = str(request.url)
        if not run.takes(url) or below.are_covered(pool, name):
            return None
        headers = wire.one_of_each(request.headers.raw)
        return run.recorded_for(Interaction.asked(request.method, url, headers, request.content))

    def response(found: Interaction, request: Any, wrapped: Any, stream: Any) -> Any:
        is_read = vars(request).pop(_READ, False) and not _is_packed(found)
        found = as_sent(found)
        body = found.answer_body
        extensions = _extensions_of(found)
        extensions["network_stream"] = stream([])
        made = response_class(
            found.status,
            headers=wire.answer_headers(found),
            stream=wrapped(_Body([body] if body else [])),
            extensions=extensions,
        )
        if is_read:
            made._content = body
            made.is_closed = made.is_stream_consumed = True
            made._num_bytes_downloaded = len(body)
            made.elapsed = _AT_ONCE
        return made

    def sync(original: Any) -> Any:
        def handle_request(self: Any, request: Any) -> Any:
            found = recorded(request, core.ConnectionPool, "handle_request")
            if found is None:
                return original(self, request)
            return response(found, request, transports.ResponseStream, core.MockStream)

        return handle_request

    def asynchronous(original: Any) -> Any:
        async def handle_async_request(self: Any, request: Any) -> Any:
            found = recorded(request, core.AsyncConnectionPool, "handle_async_request")
            if found is None:
                return await original(self, request)
            return response(found, request, transports.AsyncResponseStream, core.AsyncMockStream)

        return handle_async_request

    return [
        base.Seam(module.HTTPTransport, "handle_request", sync),
        base.Seam(module.AsyncHTTPTransport, "handle_async_request", asynchronous),
        base.Seam(module.Client, "send", _noted),
        base.Seam(module.AsyncClient, "send", _noted),
        base.Seam(module.Cookies, "extract_cookies", _if_there_are_any),
    ]


class _Below:
    """What lies below the short way; what was seen to be no fake is known again."""

    def __init__(self) -> None:
        self._known: set[Any] = set()

    def are_covered(self, pool: Any, name: str) -> bool:
        """Whether another tool answers there by itself."""
        now = vars(pool)[name]
        if now not in self._known:
            if base.is_fake(now):
                return True
            self._known.add(now)
        return base.sockets_are_fake()


def _is_packed(found: Interaction) -> bool:
    if found.content_encoding:
        return True
    return any(len(name) == _LENGTH and name.lower() == _PACKED for name in found.answer_headers)


_PACKED = "content-encoding"
_LENGTH = len(_PACKED)
_READ = "_pytest_bill_reads"
_AT_ONCE = timedelta(microseconds=1)


def _noted(original: Any) -> Any:
    """Note whether the answer is read before anybody sees it: no stream, and no hook."""

    def send(self: Any, request: Any, **options: Any) -> Any:
        if not options.get("stream") and _serving() and not self._event_hooks["response"]:
            vars(request)[_READ] = True
        return original(self, request, **options)

    return send


def _if_there_are_any(original: Any) -> Any:
    """Look for cookies where an answer sets some: looking takes as long as the rest."""

    def extract_cookies(self: Any, response: Any) -> None:
        if base.takes_as_is(self.jar) and not any(
            name[:10].lower() == b"set-cookie" for name, _ in response.headers.raw
        ):
            return
        original(self, response)

    return extract_cookies


def _serving() -> bool:
    run = base.serving()
    return run is not None and run.may_play


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


def _interaction_of(request: Any, url: str, sent: _Body) -> Interaction:
    headers = wire.one_of_each(request.headers)
    return Interaction(request.method.decode("latin-1"), url, headers, b"".join(sent.chunks))


def _with_body(core: ModuleType, request: Any, sent: _Body | _Joined, trace: Any = None) -> Any:
    return core.Request(
        request.method,
        request.url,
        headers=request.headers,
        content=sent,
        extensions=request.extensions if trace is None else {**request.extensions, "trace": trace},
    )


def _trace(request: Any, run: base.Serving) -> Any:
    """A trace that learns from the head of an answer, which httpcore logs before it gives it."""
    theirs = request.extensions.get("trace")

    def trace(name: str, info: dict[str, Any]) -> Any:
        _learn_head(name, info, run)
        return theirs(name, info) if theirs is not None else None

    return trace


def _async_trace(request: Any, run: base.Serving) -> Any:
    theirs = request.extensions.get("trace")

    async def trace(name: str, info: dict[str, Any]) -> None:
        _learn_head(name, info, run)
        if theirs is not None:
            await theirs(name, info)

    return trace


def _learn_head(name: str, info: dict[str, Any], run: base.Serving) -> None:
    if name.endswith(".receive_response_headers.complete"):
        # (version, status, reason, headers, rest) of HTTP/1.1, (status, headers) of HTTP/2
        for each in info["return_value"]:
            if isinstance(each, list):
                run.learn_head(wire.listed(each))


def _played(core: ModuleType, recorded: Interaction, stream: Any) -> Any:
    recorded = as_sent(recorded)
    return core.Response(
        recorded.status,
        headers=wire.answer_headers(recorded),
        content=_Body([recorded.answer_body] if recorded.answer_body else []),
        extensions=_extensions_of(recorded) | {"network_stream": stream([])},
    )


def _extensions_of(recorded: Interaction) -> dict[str, Any]:
    version = recorded.http_version or "HTTP/1.1"
    if version == "HTTP/2":  # it has no reasons
        return {"http_version": b"HTTP/2"}
    return {"http_version": version.encode(), "reason_phrase": wire.as_header(recorded.reason)}


def _answered(core: ModuleType, run: base.Serving, asked: Any, response: Any, heard: _Body) -> Any:
    if heard.error is not None:
        run.unanswered(asked, heard.error)
    else:
        version = response.extensions.get("http_version", b"").decode("latin-1")
        answer = replace(
            asked.interaction,
            status=response.status,
            reason=response.extensions.get("reason_phrase", b"").decode("latin-1"),
            answer_headers=wire.listed(response.headers),
            answer_body=b"".join(heard.chunks),
            http_version="" if version == "HTTP/1.1" else version,
        )
        run.answered(asked, answer)
    return core.Response(
        response.status,
        headers=response.headers,
        content=heard,
        extensions=response.extensions,
    )


def _proxy_of(pool: Any, request: Any) -> str:
    """The proxy that would read a request; empty where there is none, or it sees a tunnel."""
    if not _url_of(request).startswith(_origin_of(request.url)):
        return through_proxy(_place_of(request.url))
    if request.url.scheme != b"http":
        return ""
    proxy = getattr(pool, "_proxy", None)
    url = proxy.url if proxy is not None else getattr(pool, "_proxy_url", None)
    return through_proxy(_place_of(url)) if url is not None else ""


def _place_of(url: Any) -> str:
    return f"{url.host.decode('latin-1')}:{url.origin.port}"


def _check_proxy_headers(pool: Any, run: base.Serving) -> None:
    """Stop a credential in what a proxy is told beside the requests."""
    proxy = getattr(pool, "_proxy", None) or pool
    headers: Any = getattr(proxy, "headers", None) or getattr(proxy, "_proxy_headers", ())
    for name, value in headers:
        url = getattr(proxy, "url", None) or proxy._proxy_url
        run.check_elsewhere(
            through_proxy(_place_of(url)), wire.TUNNEL + b"%b: %b\r\n\r\n" % (name, value)
        )


def _check_proxy(pool: Any, request: Any, run: base.Serving, body: _Body) -> None:
    """Stop what would carry a credential to a proxy in clear."""
    _check_proxy_headers(pool, run)
    where = _proxy_of(pool, request)
    if where:
        wire.Leaving(run).check(where, _head_of(request) + b"".join(body.chunks))


def _head_of(request: Any) -> bytes:
    lines = [b"%b %b HTTP/1.1" % (request.method, request.url.target)]
    lines += [b"%b: %b" % pair for pair in request.headers]
    return b"\r\n".join([*lines, b"", b""])


def _checked(core: ModuleType, request: Any, run: base.Serving, where: str) -> Any:
    """The request to another host, after a look at what leaves; at a stream as it leaves."""
    stream = request.stream
    if type(stream).__name__ == "ByteStream":  # httpx's or httpcore's, as often as asked
        wire.Leaving(run).check(where, _head_of(request) + b"".join(stream))
        return request
    held = _Held(run, where, _head_of(request))
    chunks = held.let_of(stream)
    # The head leaves with the first of them.
    first = _Body([])
    try:
        first.chunks.extend(islice(chunks, 1))
    except NetworkRefused:
        raise
    except Exception as error:  # it is the client's own, raised when it sends
        first.error = error
    return _with_body(core, request, _Joined(first, chunks))


async def _checked_async(core: ModuleType, request: Any, run: base.Serving, where: str) -> Any:
    """As :func:`_checked`."""
    stream = request.stream
    if type(stream).__name__ == "ByteStream":
        return _checked(core, request, run, where)
    held = _Held(run, where, _head_of(request))
    chunks = held.let_of_async(stream)
    first = _Body([])
    try:
        first.chunks.extend([chunk async for chunk in _first_of(chunks)])
    except NetworkRefused:
        raise
    except Exception as error:
        first.error = error
    return _with_body(core, request, _Joined(first, chunks))


async def _first_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        yield chunk
        return


class _Held:
    """Gives the chunks of a stream to another host as they may leave, see :class:`wire.Leaving`."""

    def __init__(self, run: base.Serving, where: str, head: bytes) -> None:
        self._leaving = wire.Leaving(run)
        self._where = where
        self._head = head
        self._chunks: list[bytes] = []
        self._size = 0

    def let_of(self, stream: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks, some of them in one."""
        error: Exception | None = None
        try:
            for chunk in stream:
                if self._is_enough(chunk):
                    yield from self._given()
        except Exception as failed:  # it is the client's own, raised when what came was sent
            error = failed
        yield from self._given()
        if error is not None:
            raise error

    async def let_of_async(self, stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """As :meth:`let_of`."""
        error: Exception | None = None
        try:
            async for chunk in stream:
                if self._is_enough(chunk):
                    for each in self._given():
                        yield each
        except Exception as failed:
            error = failed
        for each in self._given():
            yield each
        if error is not None:
            raise error

    def _is_enough(self, chunk: bytes) -> bool:
        self._chunks.append(chunk)
        self._size += len(chunk)
        return self._size >= wire.MOST_HELD or self._leaving.may_go_on(chunk)

    def _given(self) -> list[bytes]:
        """What is held, after a look at it."""
        chunks, self._chunks, self._size = self._chunks, [], 0
        head, self._head = self._head, b""
        if head or chunks:
            self._leaving.check(self._where, head + b"".join(chunks))
        return chunks


class _Joined:
    """A stream of which the first chunks were read before."""

    def __init__(self, first: _Body, rest: Any) -> None:
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


class _Body:
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
