"""What a loopback server is asked, and what it is to answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire; ``chunks`` are the sizes of a chunked body."""

    method: str
    target: str
    version: str
    headers: Headers
    body: bytes = b""
    chunks: list[int] | None = None

    @property
    def parts(self) -> list[str]:
        """The segments of the path; the first four name BILL's gateway, the client and the kind."""
        return urlsplit(self.target).path.strip("/").split("/")

    @property
    def kind(self) -> str:
        """Whose request it is: state is kept for each kind of traffic."""
        return "/".join(self.parts[:4])

    @property
    def scenario(self) -> str:
        return self.parts[4] if len(self.parts) > 4 else ""

    @property
    def detail(self) -> str:
        """What follows the scenario: a status, a coding."""
        return "/".join(self.parts[5:])

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def values(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each.lower() == name.lower()]

    def header(self, name: str, default: str = "") -> str:
        return next(iter(self.values(name)), default)


class Step:
    """Between two pieces of a body: wait until the client says that it has the one before."""


class Cut(Enum):
    """Where the connection ends before the answer is whole."""

    NOWHERE = "nowhere"
    AT_ONCE = "at once"
    RESET = "reset"
    IN_HEADERS = "in headers"
    IN_BODY = "in body"
    WITHOUT_A_WORD = "after the whole answer, which says that it is kept"


@dataclass
class Answer:
    """What is written, down to the framing; ``raw`` is written instead of everything."""

    status: int = 200
    headers: Headers = field(default_factory=list)
    body: bytes | list[bytes | Step] = b""
    reason: str | None = None
    framing: str = "length"
    length: int | None = None
    version: str = "HTTP/1.1"
    trailers: Headers = field(default_factory=list)
    cut: Cut = Cut.NOWHERE
    never_ends: bool = False
    closes: bool = False
    interim: bytes = b""
    raw: bytes | None = None

    def pieces(self) -> Iterator[bytes | Step]:
        yield from [self.body] if isinstance(self.body, bytes) else self.body

    @property
    def content(self) -> bytes:
        return b"".join(piece for piece in self.pieces() if isinstance(piece, bytes))


def of_json(data: Any, status: int = 200, headers: Headers | None = None, **more: Any) -> Answer:
    return Answer(
        status,
        [("Content-Type", "application/json"), *(headers or [])],
        json.dumps(data, ensure_ascii=False).encode(),
        **more,
    )


def of_text(text: str, charset: str = "utf-8", **more: Any) -> Answer:
    content_type = ("Content-Type", f"text/plain; charset={charset}")
    return Answer(200, [content_type], text.encode(charset), **more)
