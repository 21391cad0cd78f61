"""Whom the sandbox answers: programs, and not a web page that makes its reader's browser ask.

And what: a request whose end is certain.

A page can have its own name point to this machine (DNS rebinding), and may send simple requests to
any address. So only names of this machine are answered, and what controls the sandbox has to carry
a header that a page of another site cannot send.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Collection
from functools import lru_cache

from pytest_bill.sandbox.control_paths import HEADER, PREFIX
from pytest_bill.sandbox.core.http import Headers, Request, Response, json_response

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_ALL_ADDRESSES = frozenset({"0.0.0.0", "::", ""})  # noqa: S104
_READING = frozenset({"GET", "HEAD"})
_VERSIONS = frozenset({"1.0", "1.1"})
_MOST_HOSTS = 64
_OWN_SITES = frozenset({"same-origin", "none"})


def hosts_of(address: str, allowed: Collection[str]) -> Callable[[str], bool]:
    """Whether a Host header names who listens at an address, or one of those that are allowed.

    Who listens at all addresses may be named by any, but by no name: only a name can lie.
    """
    names = _HERE | {each.lower() for each in allowed} | {address.lower()} - _ALL_ADDRESSES

    def is_ours(host: str) -> bool:
        name = _without_port(host.lower())
        return name in names or (address in _ALL_ADDRESSES and _is_address(name))

    return is_ours


def _without_port(host: str) -> str:
    if _is_address(host):
        return host
    name, colon, port = host.rpartition(":")
    if colon and port.isdecimal():
        host = name
    return host[1:-1] if host[:1] == "[" and host[-1:] == "]" else host


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class Admission:
    """Refuses what a page of another site may have sent, before anything else sees it."""

    def __init__(self, is_ours: Callable[[str], bool]) -> None:
        """``is_ours`` is for the Host."""
        # A client sends the same Host each time.
        self._is_ours = lru_cache(maxsize=_MOST_HOSTS)(is_ours)

    def refusal(self, request: Request) -> Response | None:
        """Why a request is not answered; None if it is."""
        headers = request.headers
        if request.scope["http_version"] not in _VERSIONS:
            # The beginning of HTTP/2 is a request and a half to who reads it as HTTP/1.
            return _last(505, "The local sandbox speaks HTTP/1.1.")
        if headers.get("transfer-encoding", "chunked").lower() != "chunked":
            # The server refuses what has two ends; of codings, it knows this one.
            return _last(400, "Send no other Transfer-Encoding than chunked.")
        hosts = headers.all("host")
        if len(hosts) != 1 and (hosts or request.scope["http_version"] != "1.0"):
            # What one program takes for its name, another does not.
            return _last(400, "Send one Host.")
        host = hosts[0] if hosts else None
        if host is not None and not self._is_ours(host):
            return refused(
                421,
                "The local sandbox answers to the names of this machine only. Call it 127.0.0.1 or "
                "localhost, or allow another name when it starts: --allowed-host=NAME.",
            )
        if not request.path.startswith(PREFIX):
            return None
        if not _is_from_here(headers, f"http://{host}"):
            return refused(403, "A page of another site controls no sandbox.")
        if request.method not in _READING and HEADER not in headers:
            return refused(
                403, f"Send the header {HEADER}, with any value: no page of another site can."
            )
        return None


def _is_from_here(headers: Headers, here: str) -> bool:
    """Whether no browser says that a page of another site asks."""
    sites = headers.all("sec-fetch-site")
    return set(headers.all("origin")) <= {here} and set(sites) <= _OWN_SITES


def _last(status: int, message: str) -> Response:
    """A refusal after which nothing more is read."""
    refusal = refused(status, message)
    refusal.headers["connection"] = "close"
    return refusal


def refused(status: int, message: str) -> Response:
    """What the sandbox itself refuses, and BILL knows nothing of."""
    return json_response([{"code": "", "severity": "ERROR", "message": message}], status)
