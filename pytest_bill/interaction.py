"""One request and its answer as plain data: what is scrubbed, matched and stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_NOTHING: Mapping[str, list[str]] = {}
_LENGTH = len("content-type")


@dataclass(frozen=True, repr=False)
class Interaction:
    """One request and its answer as plain data.

    What a cassette notes of an answer beside VCR's fields: ``answered_by`` is who gave it (see
    ``environments.answerer``), ``content_encoding`` what its body was packed with before it was
    recorded, ``http_version`` that of the answer where it is not HTTP/1.1, ``recorded_at`` when it
    was recorded (see ``cassettes.times``). Each may be empty. ``fault`` says why there is no whole
    answer (see ``cassettes.faults``); then there is no body, and no status where nothing came.

    The repr shows method, host and status: a path may hold a secret as anything else may.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int = 0
    reason: str = ""
    answer_headers: Mapping[str, list[str]] = field(default_factory=dict)
    answer_body: bytes = b""
    answered_by: str = ""
    content_encoding: str = ""
    http_version: str = ""
    recorded_at: str = ""
    fault: str = ""

    @classmethod
    def asked(cls, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Interaction:
        """A request without its answer, in a third of the time: one is made for each request."""
        made = object.__new__(cls)
        made.__dict__.update(
            method=method, url=url, headers=headers, body=body, answer_headers=_NOTHING
        )
        return made

    @classmethod
    def read(cls, **fields: Any) -> Interaction:
        """One with all of these fields, in a third of the time: cassettes hold thousands."""
        made = object.__new__(cls)
        made.__dict__.update(fields)
        return made

    @property
    def request(self) -> tuple[str, str, bytes]:
        """Method, URL and body: what the very same request has in common."""
        return self.method, self.url, self.body

    def answer_header(self, name: str) -> str:
        """The first value of the answer's header of that name, in lower case; empty without one."""
        named = (each for key, each in self.answer_headers.items() if key.lower() == name)
        return next((values[0] for values in named if values), "")

    @property
    def content_type(self) -> str:
        """What the request says of its body, in lower case; empty where it says nothing."""
        return _content_type(self.headers.items())

    @property
    def answer_content_type(self) -> str:
        """What the answer says of its body, in lower case; empty where it says nothing."""
        first = ((name, each[0]) for name, each in self.answer_headers.items() if each)
        return _content_type(first)

    def __repr__(self) -> str:
        try:
            host = urlsplit(self.url).hostname or ""
        except ValueError:  # a broken IPv6 host
            host = ""
        asked = f"{self.method} {host}".rstrip()
        return f"<Interaction {asked}: {self.fault or self.status or 'no answer'}>"


def _content_type(headers: Iterable[tuple[str, str]]) -> str:
    for name, value in headers:
        # Names of another length need no lower case: this is asked of every request.
        if len(name) == _LENGTH and name.lower() == "content-type":
            return value.lower()
    return ""
