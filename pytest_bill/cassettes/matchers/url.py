"""Compares URLs: ``scheme``, ``host``, ``port``, ``path`` and ``query``, or the whole ``uri``.

Whatever BILL is asked, the URL is that of its sandbox.
"""

from __future__ import annotations

from collections.abc import Hashable

from pytest_bill.cassettes.matchers.compared_request import ComparedRequest


def scheme(request: ComparedRequest) -> str:
    """``https``, mostly."""
    return request.url.scheme


def host(request: ComparedRequest) -> str | None:
    """The host in small letters."""
    return request.url.host


def port(request: ComparedRequest) -> int | None:
    """The port, also where the URL leaves it out."""
    return request.url.port


def path(request: ComparedRequest) -> str:
    """The path, as it is written."""
    return request.url.path


def query(request: ComparedRequest) -> Hashable:
    """The parameters, in any order."""
    return request.url.query


def uri(request: ComparedRequest) -> str:
    """All of it, in this order."""
    return request.url.url
