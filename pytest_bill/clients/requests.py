"""The seam of requests, at its adapter: a short way for answers that are recorded.

Requests of any session end in a connection of ``http.client``, whose seam does the work. Here a
recorded answer is given without urllib3's pools in between, where nothing in between could tell the
difference; and the requests of BILL sessions get their credential.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from pytest_bill.clients import base
from pytest_bill.interaction import Interaction

BILL = "_pytest_bill"
"""The attribute of a prepared request that says how the request of a BILL session is sent."""


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """The seams of ``requests.sessions``, and of the adapter that it has imported.

    The fake ``responses`` keeps the adapter's way of sending that it found when it was imported.
    """
    if hasattr(module, "RequestsMock"):
        return [_InFake(module.RequestsMock, "_on_request", _sending_through)]
    adapters: Any = sys.modules["requests.adapters"]
    below = _BelowAdapter(adapters)
    return [
        base.Seam(adapters.HTTPAdapter, "send", lambda original: _send(adapters, original, below)),
        base.Seam(module.Session, "merge_environment_settings", _proxies_if_needed(below)),
        base.Seam(module, "get_environ_proxies", _no_proxies_if_needless),
        base.Seam(module, "extract_cookies_to_jar", _cookies_if_any),
        base.Seam(adapters, "extract_cookies_to_jar", _cookies_if_any),
    ]


class _InFake(base.Seam):
    """A seam in what a fake lets through."""

    def put(self) -> None:
        """Replace the attribute, which is the fake's own."""
        now = vars(self.owner)[self.name]
        if now is not self.ours:
            self.original, self.ours = now, self.make(now)
            setattr(self.owner, self.name, self.ours)


def _sending_through(original: Any) -> Any:
    def _on_request(self: Any, adapter: Any, request: Any, **options: Any) -> Any:
        if not isinstance(self._real_send, _SendingThrough):
            self._real_send = _SendingThrough(self._real_send)
        return original(self, adapter, request, **options)

    return _on_request


class _SendingThrough:
    """Sends what a fake lets through; the requests of BILL sessions with their credential."""

    def __init__(self, send: Any) -> None:
        self._send = send

    def __call__(self, adapter: Any, request: Any, **options: Any) -> Any:
        through = vars(request).get(BILL)
        if through is None or base.serving() is None:
            return self._send(adapter, request, **options)
        return through(adapter, self._send, request, options)


def _proxies_if_needed(below: _BelowAdapter) -> Callable[[Any], Any]:
    """Look for no proxy where nothing is sent: that takes as long as all the rest.

    An adapter of another kind is told of it, as always.
    """

    def make(original: Any) -> Any:
        def merge_environment_settings(
            self: Any, url: str, proxies: Any, stream: Any, verify: Any, cert: Any
        ) -> Any:
            run = base.serving()
            _now.needs_no_proxy = (
                run is not None
                and run.may_play
                and not run.may_send
                and run.takes(url)
                and below.is_plain(self.get_adapter(url), sends_itself=True)
            )
            try:
                return original(self, url, proxies, stream, verify, cert)
            finally:
                _now.needs_no_proxy = False

        return merge_environment_settings

    return make


def _no_proxies_if_needless(original: Any) -> Any:
    def get_environ_proxies(url: str, no_proxy: Any = None) -> Any:
        return {} if _now.needs_no_proxy else original(url, no_proxy)

    return get_environ_proxies


def _cookies_if_any(original: Any) -> Any:
    """Look for cookies where an answer sets some: looking takes as long as the rest."""

    def extract_cookies_to_jar(jar: Any, request: Any, response: Any) -> None:
        whole = getattr(response, "_original_response", None)
        if not (
            whole
            and base.takes_cookies_as_is(jar)
            and type(whole.msg) is sys.modules["http.client"].HTTPMessage
            and not any(name[:10].lower() == "set-cookie" for name in whole.msg)
        ):
            original(jar, request, response)

    return extract_cookies_to_jar


class _Now(threading.local):
    """What this thread does now."""

    needs_no_proxy = False


_now = _Now()


def _send(module: Any, original: Any, below: _BelowAdapter) -> Any:
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
                recorded = _recorded_for(run, request)
                if recorded is not None:
                    from pytest_bill.clients.response import response_of

                    return response_of(recorded, request, self, read=not stream, logs=True)
        return original(self, request, **options)

    return send


def _recorded_for(run: base.Serving, request: Any) -> Interaction | None:
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
    return run.recorded_for(Interaction.asked(request.method, request.url, headers, body))


class _BelowAdapter:
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
        self._fakes = [value for _, _, value in self._watched if base.is_fake(value)]
        self._known_send: Any = None
        """What stood there last, and is no fake."""

    def is_faked(self) -> bool:
        """Whether another tool answers there by itself; one that records only does not."""
        for owner, name, value in self._watched:
            now = vars(owner).get(name)
            is_new = now is not value or value in self._fakes
            if is_new and name != "ConnectionCls" and base.is_fake(now):
                return True
        return self._is_faked_below()

    def _is_faked_below(self) -> bool:
        send = vars(sys.modules["http.client"].HTTPConnection)["send"]
        if send is not self._known_send:
            if base.is_fake(send):
                return True
            self._known_send = send
        return base.sockets_are_fake()

    def is_untouched(self) -> bool:
        """Whether no other tool stands there that wants to see what is asked."""
        for owner, name, value in self._watched:
            if vars(owner).get(name) is not value:
                return False
        return not self._is_faked_below()

    def is_plain(self, adapter: Any, *, sends_itself: bool = False) -> bool:
        """Whether an adapter asks as requests' own does, and asks once.

        With ``sends_itself``, whether nothing of another kind is asked before, too.
        """
        kind = type(adapter)
        if kind is not self._adapter and (
            (sends_itself and getattr(kind, "send", None) is not self._adapter.send)
            or any(getattr(kind, name, None) is not value for name, value in self._own.items())
        ):
            return False
        retries = adapter.max_retries
        return not retries.status_forcelist and retries.total == 0
