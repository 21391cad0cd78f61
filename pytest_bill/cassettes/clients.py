"""Other HTTP clients of the code under test, by vcrpy's patches (httpx, urllib3, aiohttp, …)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from vcr.patch import CassettePatcherBuilder
from vcr.request import Request

from pytest_bill import environments
from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.recorder import OpenCassette, Recorder
from pytest_bill.exchange import Exchange


@contextmanager
def patched_clients(recorder: Recorder) -> Iterator[None]:
    """Within the block, requests that any client makes to BILL go through the recorder.

    Requests to other hosts are sent as they are and never recorded; but one that carries a
    credential of BILL is refused.
    """
    with ExitStack() as stack:
        stack.enter_context(recorder.watching())
        for patcher in CassettePatcherBuilder(_CassetteForVcr(recorder)).build():
            stack.enter_context(patcher)
        stack.enter_context(_redirects_of_aiohttp(recorder))
        yield


@contextmanager
def _redirects_of_aiohttp(recorder: Recorder) -> Iterator[None]:
    """Look at each request that aiohttp really sends: vcrpy sees the first of a redirect only."""
    try:
        from aiohttp.client_reqrep import ClientRequest
    except ImportError:
        yield
        return
    send = ClientRequest.send

    async def checked(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.method == "CONNECT":  # to a proxy, with nothing of the request
            return await send(self, *args, **kwargs)
        headers = {name: store.as_text(value) for name, value in self.headers.items()}
        exchange = Exchange(self.method, str(self.url), headers, b"")
        if not recorder.environment.owns(exchange.url):
            recorder.check_elsewhere(exchange)
        if environments.is_bill(exchange.url, recorder.environment):
            recorder.check_sendable(exchange)
        return await send(self, *args, **kwargs)

    ClientRequest.send = checked  # type: ignore[method-assign]
    try:
        yield
    finally:
        ClientRequest.send = send  # type: ignore[method-assign]


class _CassetteForVcr:
    """The face that vcrpy's stubs take for a cassette.

    It finds the recorded answer when asked whether there is one and keeps it on the request, so
    that no other thread can take it before the stub asks for it.
    """

    _path = "pytest-bill"
    # The recorder refuses by itself, with a message that shows no secret.
    write_protected = False
    custom_patches = ()
    skip_patchers = ()

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def filter_request(self, request: Request) -> Request | None:
        return request if self._is_bill(request) else None

    def can_play_response_for(self, request: Request) -> bool:
        if not self._is_bill(request):
            self._recorder.check_elsewhere(store.from_vcr(request))
            return False
        return self._asked(request)[0] is not None

    def play_response(self, request: Request) -> dict[str, Any]:
        recorded, _ = self._asked(request)
        if recorded is None:
            raise LookupError("vcrpy asked for an answer that is not recorded")
        # vcrpy unpacks for none of its clients.
        return store.vcr_response(readable(recorded))

    def append(self, request: Request, response: dict[str, Any]) -> None:
        if not self._is_bill(request):
            return
        _, opened = self._asked(request)
        self._recorder.record(store.from_vcr(request, response), opened)

    def find_requests_with_most_matches(self, request: Request) -> list[tuple[Request]]:
        # The stub of aiohttp asks so when it follows a recorded redirect.
        return [(request,)]

    def _asked(self, request: Request) -> tuple[Exchange | None, OpenCassette | None]:
        asked: tuple[Exchange | None, OpenCassette | None] | None
        asked = getattr(request, "_pytest_bill_asked", None)
        if asked is None:
            exchange = store.from_vcr(request)
            asked = self._recorder.play(exchange)
            if asked[0] is None:
                if not self._recorder.environment.owns(exchange.url):
                    self._recorder.check_elsewhere(exchange)
                self._recorder.check_sendable(exchange)
            request._pytest_bill_asked = asked
        return asked

    def _is_bill(self, request: Request) -> bool:
        return environments.is_bill(request.uri, self._recorder.environment)
