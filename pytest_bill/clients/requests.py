"""The seam of requests, at its adapter: a short way for answers that are recorded.

Requests of any session end in a connection of ``http.client``, whose seam does the work. Here a
recorded answer is given without urllib3's pools in between, where nothing in between could tell the
difference; and the requests of BILL sessions get their credential.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from pytest_bill.clients import base
from pytest_bill.exchange import Exchange

BILL = "_pytest_bill"
"""The attribute of a prepared request that says how the request of a BILL session is sent."""


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """The seam of requests' adapter."""
    import requests.sessions

    below = _Below(module)
    return [
        base.Seam(module.HTTPAdapter, "send", lambda original: _send(module, original, below)),
        base.Seam(requests.sessions, "get_environ_proxies", _proxies),
    ]


def _proxies(original: Any) -> Any:
    """Look for no proxy where nothing is sent: that takes as long as all the rest."""

    def get_environ_proxies(url: str, no_proxy: Any = None) -> Any:
        run = base.serving()
        if run is not None and run.may_play and run.takes(url) and not run.may_send:
            return {}
        return original(url, no_proxy)

    return get_environ_proxies


def _send(module: Any, original: Any, below: _Below) -> Any:
    def send(
        self: Any,
        request: Any,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> Any:
        options = {
            "stream": stream,
            "timeout": timeout,
            "verify": verify,
            "cert": cert,
            "proxies": proxies,
        }
        run = base.serving()
        if run is not None:
            through = vars(request).get(BILL)
            if through is not None and not below.is_faked():
                return through(self, original, request, options)
            if (
                through is None
                and run.may_play
                and run.takes(request.url)
                and below.is_untouched()
                and below.is_plain(self)
                and verify
                and not (proxies and module.select_proxy(request.url, proxies))
            ):
                self.add_headers(request, **options)
                recorded = _recorded(run, request)
                if recorded is not None:
                    from pytest_bill.response import response_of

                    return response_of(recorded, request, self, read=not stream, logs=True)
        return original(self, request, **options)

    return send


def _recorded(run: base.Serving, request: Any) -> Exchange | None:
    body = request.body
    if isinstance(body, str):
        body = body.encode()
    elif body is None:
        body = b""
    elif not isinstance(body, bytes):
        return None  # read once, and maybe sent
    headers = {
        name: value if isinstance(value, str) else value.decode("latin-1")
        for name, value in request.headers.items()
    }
    return run.recorded_for(Exchange.asked(request.method, request.url, headers, body))


class _Below:
    """What lies between requests' adapter and the seam of ``http.client``."""

    def __init__(self, module: ModuleType) -> None:
        self._adapter = module.HTTPAdapter
        self._own = {
            name: vars(module.HTTPAdapter)[name]
            for name in (
                *("get_connection_with_tls_context", "init_poolmanager", "request_url"),
                *("cert_verify", "proxy_manager_for"),
            )
        }
        import urllib3.connectionpool

        pool: Any = urllib3.connectionpool
        self._watched = [
            (owner, name, vars(owner)[name])
            for owner, names in (
                (pool.HTTPConnectionPool, ("urlopen", "_make_request", "ConnectionCls")),
                (pool.HTTPSConnectionPool, ("ConnectionCls",)),
            )
            for name in names
        ]

    def is_faked(self) -> bool:
        """Whether another tool answers there by itself; one that records only does not."""
        for owner, name, _ in self._watched:
            now = vars(owner).get(name)
            if name != "ConnectionCls" and base.is_fake(now):
                return True
        connection = sys.modules["http.client"].HTTPConnection
        return base.is_fake(vars(connection)["send"]) or base.sockets_are_fake()

    def is_untouched(self) -> bool:
        """Whether no other tool stands there that wants to see what is asked."""
        for owner, name, value in self._watched:
            if vars(owner).get(name) is not value:
                return False
        connection = sys.modules["http.client"].HTTPConnection
        return not base.is_fake(vars(connection)["send"]) and not base.sockets_are_fake()

    def is_plain(self, adapter: Any) -> bool:
        """Whether an adapter asks as requests' own does, and asks once."""
        kind = type(adapter)
        if kind is not self._adapter and any(
            getattr(kind, name) is not value for name, value in self._own.items()
        ):
            return False
        retries = adapter.max_retries
        return not retries.status_forcelist and retries.total == 0
