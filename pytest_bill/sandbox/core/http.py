"""Requests and answers as handlers see them, over ASGI, which the server speaks.

A web framework would take longer to import than all of the sandbox, and longer for each request
than its handler does; what is needed of one are these three classes and `routing`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from pytest_bill.sandbox.core.state import SandboxState

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

ABORT = "pytest_bill.abort"
"""Where the server leaves, in a request's scope, the function that cuts its connection."""

NEIGHBOURS = "pytest_bill.neighbours"
"""Where it leaves there what knows of the other connections: see ``Neighbours``."""

Neighbours = Callable[[float], tuple[int, int]]
"""Of the other open connections: how many have a call on its way, or have only just been opened,
and on how many a call came since a moment of the event loop's clock."""

LARGEST_REQUEST = 32 * 1024 * 1024
"""Bytes. BILL documents no limit for all requests; this one keeps the sandbox's memory bounded."""

ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
"""Writes JSON as it is answered, and nothing that is none."""

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"

NOBODY = "a request"
"""The name of what answers a request that nothing answers."""

_WITHOUT_BODY = frozenset({204, 304})
_PORTS = {"http": 80, "https": 443}


class Disconnected(Exception):
    """Who asked is gone, in the middle of a request."""


class TooLarge(Exception):
    """A body beyond ``LARGEST_REQUEST``."""


class Headers(Mapping[str, str]):
    """A request's headers; of several with one name it gives the first."""

    __slots__ = ("_first", "_pairs")

    def __init__(self, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        """``pairs`` have their names in lower case, as the server gives them."""
        self._pairs = pairs
        self._first = dict(reversed(pairs))

    def __getitem__(self, name: str) -> str:
        return self._first[name.lower().encode("latin-1")].decode("latin-1")

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or the default."""
        value = self._first.get(name.lower().encode("latin-1"))
        return default if value is None else value.decode("latin-1")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower().encode("latin-1") in self._first

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name.decode("latin-1") for name, _ in self._pairs))

    def __len__(self) -> int:
        return len(self._first)

    def all(self, name: str) -> list[str]:
        """The values of every header of that name."""
        wanted = name.lower().encode("latin-1")
        return [value.decode("latin-1") for each, value in self._pairs if each == wanted]


class Parameters(dict[str, str]):
    """The parameters of a query; of several with one name it gives the last."""

    def __init__(self, query: bytes = b"") -> None:
        self._pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True) if query else []
        super().__init__(self._pairs)

    def all(self, name: str) -> list[str]:
        """The values of every parameter of that name."""
        return [value for each, value in self._pairs if each == name]


class Request:
    """One request to the sandbox that has this state."""

    def __init__(self, state: SandboxState, scope: Scope, receive: Receive) -> None:
        self.state = state
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.headers = Headers(scope["headers"])
        self.path_parameters: Mapping[str, str] = {}
        self.handled_by = NOBODY
        """The name of what answers it."""
        self.received = bytearray()
        """What came of its body so far."""
        self._receive = receive
        self._is_whole = False

    @cached_property
    def query(self) -> Parameters:
        """The parameters of its query."""
        return Parameters(self.scope["query_string"])

    @property
    def base_url(self) -> str:
        """Where it was sent to, with a slash at the end: as the Host says, if there is one."""
        scheme = self.scope["scheme"]
        host = self.headers.get("host")
        if host is None:
            name, port = self.scope["server"]
            host = name if port == _PORTS[scheme] else f"{name}:{port}"
        return f"{scheme}://{host}/"

    def neighbours(self, since: float) -> tuple[int, int]:
        """What goes on at the other connections: see ``Neighbours``."""
        known: Neighbours | None = self.scope.get(NEIGHBOURS)
        return (0, 0) if known is None else known(since)

    async def body(self) -> bytes:
        """Its whole body. Raises Disconnected, or TooLarge."""
        while not self._is_whole:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            chunk = message.get("body", b"")
            if len(self.received) + len(chunk) > LARGEST_REQUEST:
                raise TooLarge
            self.received += chunk
            self._is_whole = not message.get("more_body", False)
        return bytes(self.received)


class Response:
    """One answer: a status, headers and a body."""

    def __init__(
        self,
        content: bytes | str = b"",
        status: int = 200,
        *,
        media_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """A text of that ``media_type`` is UTF-8, and says so; ``headers`` come as they are."""
        self.status = status
        self.body = content.encode() if isinstance(content, str) else content
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        if status not in _WITHOUT_BODY:
            self.headers.setdefault("content-length", str(len(self.body)))
        if media_type:
            charset = "; charset=utf-8" if media_type.startswith("text/") else ""
            self.headers.setdefault("content-type", media_type + charset)

    async def send(self, _request: Request, send: Send) -> None:
        """Send it to who asked."""
        await self._begin(send)
        await send({"type": "http.response.body", "body": self.body})

    async def _begin(self, send: Send) -> None:
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in self.headers.items()
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})


class Dropped(Response):
    """No answer: the connection is cut."""

    async def send(self, request: Request, _send: Send) -> None:
        """Cut it."""
        request.scope[ABORT]()


class Truncated(Response):
    """Another answer with half of its body, though its header announces the whole."""

    def __init__(self, whole: Response) -> None:
        super().__init__(whole.body, whole.status, headers=whole.headers)

    async def send(self, request: Request, send: Send) -> None:
        """Send the half, then cut the connection."""
        await self._begin(send)
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        import asyncio

        # Let the half go out before the connection is cut.
        await asyncio.sleep(0)
        request.scope[ABORT]()


def json_response(value: Any, status: int = 200) -> Response:
    """A value as JSON."""
    return Response(ENCODER.encode(value), status, media_type=JSON_TYPE)
