"""Other HTTP clients of the code under test, by vcrpy's patches (httpx, urllib3, aiohttp, …).

vcrpy builds its patches anew for each cassette, and looks for a dozen clients whenever it does.
Here they are built once for the run; putting them in place for a test, and taking them away, is a
few assignments. So no test runs under them that does not use BILL.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

import vcr.patch
from vcr.patch import CassettePatcherBuilder, ConnectionRemover
from vcr.request import Request

from pytest_bill import environments
from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.recorder import OpenCassette, Recorder
from pytest_bill.exchange import Exchange


class Clients:
    """Lets requests that any client makes to BILL go through a recorder."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._patches: _Patches | None = None

    @contextmanager
    def patched(self) -> Iterator[None]:
        """The block in which requests to BILL are recorded and replayed; blocks may be nested.

        Requests to other hosts are sent as they are and never recorded; but one that carries a
        credential of BILL is refused.
        """
        if self._patches is None or not self._patches.are_current():
            self._patches = _Patches(self._recorder)
        patches = self._patches
        with self._recorder.watching(), _in_place(patches.values):
            patches.blocks += 1
            try:
                yield
            finally:
                patches.blocks -= 1
                if not patches.blocks:
                    patches.forget_connections()


_MISSING: Any = object()


class _Value(NamedTuple):
    """What an attribute is to be while it is patched, and what it was when the patch was built."""

    owner: Any
    name: str
    patched: Any
    before: Any


class _Patches:
    """vcrpy's patches for one recorder, as the clients were when they were built."""

    def __init__(self, recorder: Recorder) -> None:
        built = list(CassettePatcherBuilder(_CassetteForVcr(recorder)).build())
        self._removers = [each for each in built if isinstance(each, ConnectionRemover)]
        wanted = [(each.getter(), each.attribute, each.new) for each in built if _is_patch(each)]
        real = [
            _Value(each.getter(), each.attribute, each.new, None)
            for each in vcr.patch.reset_patchers()
        ]
        wanted.append((vcr.patch, "force_reset", _reset_to(real)))
        wanted.extend(_redirects_of_aiohttp(recorder))
        # requests and urllib3 share their classes; the later patch is the one that holds.
        last = {(id(owner), name): (owner, name, new) for owner, name, new in wanted}
        self.values = [
            _Value(owner, name, new, vars(owner).get(name, _MISSING))
            for owner, name, new in last.values()
        ]
        self._modules = _client_modules()
        self.blocks = 0
        """How many blocks they are in place for."""

    def are_current(self) -> bool:
        """Whether the clients are those of then.

        One may have been imported since, or again; and where something else has patched one, the
        patch has to call that.
        """
        for value in self.values:
            now = vars(value.owner).get(value.name, _MISSING)
            if now is not value.before and now is not value.patched:
                return False
        return self._modules == _client_modules()

    def forget_connections(self) -> None:
        """Close the connections that patched pools have made, and take them out of the pools."""
        for remover in self._removers:
            if remover._connection_pool_to_connections:
                remover.__exit__()
                remover._connection_pool_to_connections.clear()


def _is_patch(built: Any) -> bool:
    return hasattr(built, "getter")


_CLIENTS = (
    *("aiohttp.client", "botocore.awsrequest", "http.client", "httplib2", "httpx", "httpx2"),
    *("httpx_curl_cffi", "pyreqwest.compatibility.httpx", "tornado.curl_httpclient"),
    *("tornado.simple_httpclient", "urllib3.connection", "urllib3.connectionpool"),
)
"""The modules in which vcrpy patches something."""


def _client_modules() -> list[Any]:
    return [sys.modules.get(name) for name in _CLIENTS]


@contextmanager
def _in_place(values: Iterable[_Value]) -> Iterator[None]:
    """The block in which the attributes have their patched values."""
    saved = _put(values)
    try:
        yield
    finally:
        for owner, name, before in reversed(saved):
            _restore(owner, name, before)


def _put(values: Iterable[_Value]) -> list[tuple[Any, str, Any]]:
    saved = []
    for owner, name, patched, _ in values:
        saved.append((owner, name, vars(owner).get(name, _MISSING)))
        setattr(owner, name, patched)
    return saved


def _restore(owner: Any, name: str, before: Any) -> None:
    if before is not _MISSING:
        setattr(owner, name, before)
    elif name in vars(owner):
        delattr(owner, name)  # it was inherited


def _reset_to(real: list[_Value]) -> Callable[[], AbstractContextManager[None]]:
    """vcrpy's ``force_reset``, around each request that it really sends, without its searching."""

    @contextmanager
    def force_reset() -> Iterator[None]:
        saved = _put(real)
        try:
            yield
        finally:
            for value, (owner, name, before) in zip(reversed(real), reversed(saved), strict=True):
                # As vcrpy: what was patched meanwhile stays.
                if vars(owner).get(name, _MISSING) is value.patched:
                    _restore(owner, name, before)

    return force_reset


def _redirects_of_aiohttp(recorder: Recorder) -> Iterator[tuple[Any, str, Any]]:
    """Look at each request that aiohttp really sends: vcrpy sees the first of a redirect only."""
    module = sys.modules.get("aiohttp.client_reqrep")  # vcrpy imports all clients that there are
    if module is None:
        return
    send = module.ClientRequest.send

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

    yield module.ClientRequest, "send", checked


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
