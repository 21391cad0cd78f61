"""The seam of httpx, sync and async, at the pools of httpcore that its transports send through.

So it serves httpcore by itself, too. An own transport of the code under test (``MockTransport``,
ASGI and WSGI, respx, pytest-httpx) lies above it and answers by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

from pytest_bill.clients import base, wire
from pytest_bill.exchange import Exchange


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """The seams of httpcore."""
    sync = base.Seam(module.ConnectionPool, "handle_request", _handle_request(module))
    asynchronous = base.Seam(
        module.AsyncConnectionPool, "handle_async_request", _handle_async_request(module)
    )
    return [sync, asynchronous]


def _handle_request(core: ModuleType) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        def handle_request(self: Any, request: Any) -> Any:
            run = base.serving()
            if run is None:
                return original(self, request)
            url = _url_of(request.url)
            if not run.takes(url) or base.sockets_are_fake():
                return original(self, _checked(request, run))
            sent = _Body(list(request.stream))
            asked = run.ask(_exchange_of(request, url, sent))
            if asked.recorded is not None:
                return _played(core, asked.recorded, core.MockStream)
            response = None
            try:
                with run.sending():
                    response = original(self, _with_body(core, request, sent))
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
            run = base.serving()
            if run is None:
                return await original(self, request)
            url = _url_of(request.url)
            if not run.takes(url) or base.sockets_are_fake():
                return await original(self, _checked(request, run))
            sent = _Body([chunk async for chunk in request.stream])
            asked = run.ask(_exchange_of(request, url, sent))
            if asked.recorded is not None:
                return _played(core, asked.recorded, core.AsyncMockStream)
            response = None
            try:
                with run.sending():
                    response = await original(self, _with_body(core, request, sent))
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


def _url_of(url: Any) -> str:
    at = b"" if url.port is None else b":%d" % url.port
    host = b"[%b]" % url.host if b":" in url.host else url.host
    whole: bytes = b"%b://%b%b%b" % (url.scheme, host, at, url.target)
    return whole.decode("latin-1")


def _exchange_of(request: Any, url: str, sent: _Body) -> Exchange:
    headers = wire.one_of_each(request.headers)
    return Exchange(request.method.decode("latin-1"), url, headers, b"".join(sent.chunks))


def _with_body(core: ModuleType, request: Any, sent: _Body) -> Any:
    return core.Request(
        request.method,
        request.url,
        headers=request.headers,
        content=sent,
        extensions=request.extensions,
    )


def _played(core: ModuleType, recorded: Exchange, stream: Any) -> Any:
    return core.Response(
        recorded.status,
        headers=wire.answer_headers(recorded),
        content=_Body([recorded.answer_body] if recorded.answer_body else []),
        extensions=_extensions_of(recorded) | {"network_stream": stream([])},
    )


def _extensions_of(recorded: Exchange) -> dict[str, Any]:
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
            asked.exchange,
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


def _checked(request: Any, run: base.Serving) -> Any:
    """The request to another host, after a look at what leaves; at a stream as it leaves."""
    host = request.url.host.decode("latin-1")
    head = [b"%b %b" % (request.method, request.url.target)]
    head += [b"%b: %b" % pair for pair in request.headers]
    run.check_elsewhere(host, b"\r\n".join(head))
    stream = request.stream
    if type(stream).__name__ == "ByteStream":  # httpx's or httpcore's: one piece, as often as asked
        run.check_elsewhere(host, b"".join(stream))
        return request
    request.stream = _Checked(stream, lambda chunk: run.check_elsewhere(host, chunk))
    return request


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


class _Checked:
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
