"""Calls the sandbox from within, through all that a call over a socket goes through.

Admission, limits, faults and what counts what came in see a call like any other.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import quote, unquote

from pytest_bill.sandbox.core.http import ABORT, NEIGHBOURS, Headers, Request
from pytest_bill.sandbox.pages.routes import Served

LONGEST_SECONDS = 60
"""How long an answer is waited for: a fault may let one take ten minutes."""

_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = "/%:@!$&'()*+,;=~?[]{}|"


@dataclass(frozen=True, eq=False, repr=False)
class Outgoing:
    """A call that is to be made. ``path`` and ``query`` may have escapes; headers are ASCII."""

    method: str
    path: str
    query: str = ""
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""

    @property
    def raw_query(self) -> bytes:
        """The query as a server gets it."""
        return quote(self.query, safe=_QUERY_SAFE).encode()


class Ending(enum.StrEnum):
    """How a call ended: what is to be said of it."""

    WHOLE = ""
    DROPPED = "The connection was cut before an answer came."
    CUT = "The connection was cut in the middle of the answer."
    LATE = f"No answer came within {LONGEST_SECONDS} seconds, and no longer was waited."
    NONE = "No answer came."


@dataclass(eq=False, repr=False)
class Incoming:
    """What came back."""

    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    ending: Ending = Ending.NONE
    seconds: float = 0

    @property
    def content_type(self) -> str:
        """What its body says that it is."""
        return dict(self.headers).get("content-type", "")


async def send(served: Served, call: Outgoing, page: Request) -> Incoming:
    """Make a call, for a page that asked for it by the request ``page``."""
    connection = _Connection(call.body)
    answer = connection.answer
    started = perf_counter()
    try:
        async with asyncio.timeout(LONGEST_SECONDS) as limit:
            scope = _scope(call, page, connection)
            await served.application(scope, connection.receive, connection.take)
    except TimeoutError:
        pass
    answer.seconds = perf_counter() - started
    if limit.expired():
        answer.ending = Ending.LATE
    elif connection.is_cut:
        answer.ending = Ending.DROPPED if answer.status is None else Ending.CUT
    elif answer.status is not None:
        answer.ending = Ending.WHOLE
    return answer


class _Connection:
    """What the application takes for a connection."""

    def __init__(self, body: bytes) -> None:
        self.answer = Incoming()
        self.is_cut = False
        self._messages = [{"type": "http.request", "body": body}]

    async def receive(self) -> Mapping[str, Any]:
        """The body, once."""
        return self._messages.pop() if self._messages else {"type": "http.disconnect"}

    async def take(self, message: MutableMapping[str, Any]) -> None:
        """A part of the answer."""
        if message["type"] == "http.response.start":
            self.answer.status = message["status"]
            self.answer.headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message["headers"]
            ]
        else:
            self.answer.body += message.get("body", b"")

    def cut(self) -> None:
        """What a fault does to it."""
        self.is_cut = True


def _scope(call: Outgoing, page: Request, connection: _Connection) -> dict[str, Any]:
    return {
        **{name: page.scope[name] for name in ("type", "scheme", "server", "client")},
        "http_version": "1.1",
        "method": call.method,
        "path": unquote(quote(call.path, safe=_PATH_SAFE)),
        "query_string": call.raw_query,
        "headers": _as_sent(all_headers(call, page)),
        ABORT: connection.cut,
        NEIGHBOURS: page.scope.get(NEIGHBOURS, lambda _since: (0, 0)),
    }


def all_headers(call: Outgoing, page: Request) -> list[tuple[str, str]]:
    """The headers of a call, with those that every client sends."""
    length = [("content-length", str(len(call.body)))] if call.body else []
    return [("host", page.headers.get("host", "")), *call.headers, *length]


def as_headers(pairs: Sequence[tuple[str, str]]) -> Headers:
    """Headers to read."""
    return Headers(_as_sent(pairs))


def _as_sent(pairs: Sequence[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
