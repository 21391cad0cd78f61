"""Clients that have no module here, by vcrpy's stubs: tornado, curl_cffi and pyreqwest for httpx.

The stubs are put where a seam is, and stay there; only requests to BILL in a BILL test reach them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.clients import base, wire
from pytest_bill.exchange import Exchange


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """The seams of one of these modules."""
    face = _CassetteForVcr()
    if module.__name__.startswith("tornado"):
        from vcr.stubs.tornado_stubs import vcr_fetch_impl

        client = getattr(module, "SimpleAsyncHTTPClient", None) or module.CurlAsyncHTTPClient

        def fetch(original: Any) -> Any:
            return _first(original, vcr_fetch_impl(face, original))

        return [base.Seam(client, "fetch_impl", fetch)]
    return _of_transports(module, face)


def _of_transports(module: ModuleType, face: _CassetteForVcr) -> Sequence[base.Seam]:
    import httpx
    from vcr.stubs.httpx_stubs import vcr_handle_async_request, vcr_handle_request

    def handle(stub: Callable[..., Any]) -> Callable[[Any], Any]:
        return lambda original: _first(original, stub(face, original, httpx))

    found = []
    for name in ("CurlTransport", "AsyncCurlTransport", "SyncHttpxTransport", "HttpxTransport"):
        transport = getattr(module, name, None)
        for attribute, stub in (
            ("handle_request", vcr_handle_request),
            ("handle_async_request", vcr_handle_async_request),
        ):
            if transport is not None and attribute in vars(transport):
                found.append(base.Seam(transport, attribute, handle(stub)))
    return found


def _first(original: Any, stub: Any) -> Any:
    """Ask first: the stub for requests to BILL, the client's own code for all others."""

    def asked(self: Any, request: Any, *args: Any) -> Any:
        run = base.serving()
        if run is None:
            return original(self, request, *args)
        url = str(request.url)
        if run.takes(url):
            return stub(self, request, *args)
        run.check_elsewhere(_host_of(url), _head_of(request, url))
        return original(self, request, *args)

    return asked


def _host_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _head_of(request: Any, url: str) -> bytes:
    lines = [f"{request.method} {url}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    body = getattr(request, "body", b"") or b""
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + store.as_bytes(body)


class _CassetteForVcr:
    """The face that vcrpy's stubs take for a cassette; it asks whichever run is served.

    It finds the recorded answer when asked whether there is one and keeps it on the request, so
    that no other thread can take it before the stub asks for it.
    """

    # The run refuses by itself, with a message that shows no secret.
    write_protected = False

    def filter_request(self, request: Any) -> Any:
        return request

    def can_play_response_for(self, request: Any) -> bool:
        return self._asked(request).recorded is not None

    def play_response(self, request: Any) -> dict[str, Any]:
        recorded = self._asked(request).recorded
        if recorded is None:
            raise LookupError("vcrpy asked for an answer that is not recorded")
        # vcrpy unpacks for none of its clients.
        played = store.vcr_response(readable(recorded))
        played["headers"] = wire.listed(wire.answer_headers(recorded))
        return played

    def append(self, request: Any, response: Any) -> None:
        asked = self._asked(request)
        run: base.Serving = request._pytest_bill_run
        if isinstance(response["headers"], list):  # tornado's
            response = {**response, "headers": dict(response["headers"])}
        run.answered(asked, store.from_vcr(request, response))

    def _asked(self, request: Any) -> base.Asked:
        asked: base.Asked | None = getattr(request, "_pytest_bill_asked", None)
        if asked is None:
            run = base.serving()
            if run is None:
                raise LookupError("the run has ended")
            request._pytest_bill_run = run
            exchange: Exchange = store.from_vcr(request)
            asked = request._pytest_bill_asked = run.ask(exchange)
        return asked
