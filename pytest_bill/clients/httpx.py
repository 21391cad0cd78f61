"""The seams of httpx: a recorded answer goes a short way, without httpcore in between.

All else goes through ``httpcore``, whose seam does the work. Nothing in between could tell the
difference; where another tool answers below, this way is not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import Any

from pytest_bill.cassettes.decoding import as_sent
from pytest_bill.clients import base, wire
from pytest_bill.clients.httpcore import ReadBody, extensions_of
from pytest_bill.interaction import Interaction

_PACKED = "content-encoding"
_LENGTH = len(_PACKED)
_IS_READ = "_pytest_bill_reads"
_AT_ONCE = timedelta(microseconds=1)


class _FakesBelow:
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


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """Give a recorded answer without httpcore in between, where nobody stands there.

    The bodies of such requests are there already; a stream is read where it would be sent. Where
    the client is going to read the answer at once, it gets one that was read.
    """
    core = import_module("httpcore" if module.__name__ == "httpx" else "httpcore2")
    transports: Any = module._transports.default
    response_class = module.Response
    below = _FakesBelow()

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
        is_read = vars(request).pop(_IS_READ, False) and not _is_packed(found)
        found = as_sent(found)
        body = found.answer_body
        extensions = extensions_of(found)
        extensions["network_stream"] = stream([])
        made = response_class(
            found.status,
            headers=wire.answer_headers(found),
            stream=wrapped(ReadBody([body] if body else [])),
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
        base.Seam(module.Client, "send", _marked_if_read),
        base.Seam(module.AsyncClient, "send", _marked_if_read),
        base.Seam(module.Cookies, "extract_cookies", _only_if_set),
    ]


def _is_packed(found: Interaction) -> bool:
    if found.content_encoding:
        return True
    return any(len(name) == _LENGTH and name.lower() == _PACKED for name in found.answer_headers)


def _marked_if_read(original: Any) -> Any:
    """Note whether the answer is read before anybody sees it: no stream, and no hook."""

    def send(self: Any, request: Any, **options: Any) -> Any:
        if not options.get("stream") and _may_play() and not self._event_hooks["response"]:
            vars(request)[_IS_READ] = True
        return original(self, request, **options)

    return send


def _only_if_set(original: Any) -> Any:
    """Look for cookies where an answer sets some: looking takes as long as the rest."""

    def extract_cookies(self: Any, response: Any) -> None:
        if base.takes_cookies_as_is(self.jar) and not any(
            name[:10].lower() == b"set-cookie" for name, _ in response.headers.raw
        ):
            return
        original(self, response)

    return extract_cookies


def _may_play() -> bool:
    run = base.serving()
    return run is not None and run.may_play
