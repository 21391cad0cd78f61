"""What a request asks for in BILL's words: ``GET /v3/vendors/{id}``; and whether it only reads."""

from __future__ import annotations

from pytest_bill.guards.production_operations import is_reading
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.urls import split

_BASES = ("/connect/", "/api/")
# BILL's own words have no digits; the versions at the beginning are left as they are.
_ID = late_pattern(r"(?<=/)(?!v[0-9]+(?:/|$))[^/]*(?:[0-9%=]|PLACEHOLDER_)[^/]*")


def path_of(path: str) -> str:
    """A path as BILL's reference writes it: without what lies above ``/v3`` and ``/v2``."""
    for base in _BASES:
        if path.startswith(base):
            return path[len(base) - 1 :]
    return path


def operation_of(request: Interaction) -> str:
    """The operation that a request asks for, its ids left out."""
    return f"{request.method} {_ID.sub('{id}', path_of(split(request.url).path))}"


def only_reads(request: Interaction) -> bool:
    """Whether a request changes nothing at BILL, so that it can be made again."""
    names = frozenset(name.lower() for name in request.headers)
    return is_reading(request.method, request.url, names)
