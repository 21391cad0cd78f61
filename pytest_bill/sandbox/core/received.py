"""What the sandbox was asked: counts of all requests, and the latest ones with their content."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.core.http import Headers, Parameters, Response
from pytest_bill.sandbox.core.latest import Latest
from pytest_bill.sandbox.core.records import Record

LARGEST_BODY = 64 * 1024

HIDDEN = "***"
"""What is told in place of a secret."""
_SECRETS = late_pattern(
    r"password|passwd|passphrase|secret|signature|authorization|cookie|session_?-?id|token"
    r"|(dev|app|api|access|private|security)_?-?key|rememberMeId|mfaId",
    re.IGNORECASE,
)
"""What the name of a header, a field or a parameter tells of it: this one is a credential."""


class Asked:
    """A request as it came in, and its answer; what is told of it is made when it is asked for.

    Bodies beyond ``LARGEST_BODY`` are left out, and their sizes, in bytes, are kept.
    """

    __slots__ = (
        *("_told", "answer", "answer_body", "answer_headers", "answer_size", "body", "headers"),
        *("method", "moment", "number", "operation", "path", "query", "seconds", "size", "status"),
    )

    def __init__(
        self,
        method: str,
        path: str,
        query: bytes,
        headers: Headers,
        body: bytes | bytearray,
        answer: Response | None = None,
        operation: str = "",
        moment: datetime | None = None,
        seconds: float = 0,
    ) -> None:
        """``operation`` is the name of what answered, ``moment`` the sandbox's time of then."""
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.size = len(body)
        self.body = bytes(body) if self.size <= LARGEST_BODY else b""
        self.operation = operation
        self.moment = moment
        self.seconds = seconds
        self.number = 0
        """Its place among all that came in, from 1."""
        self._told: Record | None = None
        if answer is None:
            self.answer: type[Response] | None = None
            """Of which kind the answer is; None for none."""
            return
        self.answer = type(answer)
        self.status = answer.status
        self.answer_headers = answer.headers
        self.answer_size = len(answer.body)
        self.answer_body = answer.body if self.answer_size <= LARGEST_BODY else b""

    def told(self) -> Record:
        """The request without what reads as a credential."""
        if self._told is None:
            self._told = {
                "method": self.method,
                "path": self.path,
                "query": without_named_secrets(Parameters(self.query)),
                "headers": without_named_secrets(dict(self.headers)),
                "body": _body(self.headers.get("content-type", ""), self.body),
            }
        return self._told


class Received:
    """Requests as they came in, refused ones too. Safe to use from several threads.

    Credentials are told nowhere: they are replaced. Bodies beyond ``LARGEST_BODY`` bytes are left
    out, and only the ``Latest`` requests stay.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._latest: Latest[Asked] = Latest()
        self._last = 0
        self._lock = threading.Lock()

    def add(self, asked: Asked) -> None:
        """Remember a request."""
        # Nothing is looked at here: few tests ask what came in, and each request would pay.
        with self._lock:
            self._counts[asked.method, asked.path] += 1
            self._last += 1
            asked.number = self._last
            self._latest.add(asked)

    @property
    def numbers(self) -> tuple[int, int]:
        """Those of the first that is still kept and of the last that came in; of none, 1 and 0."""
        with self._lock:
            return self._last - len(self._latest) + 1, self._last

    def between(self, after: int, before: int, most: int) -> list[Asked]:
        """The ``most`` latest of those that came in after and before these two, oldest first."""
        with self._lock:
            before = min(before, self._last + 1)
            count = min(before - 1 - after, most)
            return self._latest.last(count, without=self._last + 1 - before)

    def find(self, number: int) -> Asked | None:
        """The request of that number, if it is still kept."""
        found = self.between(number - 1, number + 1, 1)
        return found[0] if found and found[0].number == number else None

    def counts(self, secrets: Collection[str] = ()) -> dict[str, int]:
        """How many requests came in, by "METHOD path"; no secret is told, as by ``latest``."""
        with self._lock:
            counts = {f"{method} {path}": count for (method, path), count in self._counts.items()}
        counted: dict[str, int] = without_secrets(counts, secrets)
        return counted

    def latest(self, secrets: Collection[str] = ()) -> list[Record]:
        """The latest requests, oldest first, without these secrets, wherever one was sent."""
        with self._lock:
            told = [asked.told() for asked in self._latest.all()]
        requests: list[Record] = without_secrets(told, secrets)
        return requests

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counts.clear()
            self._latest.clear()


def without_secrets(value: Any, secrets: Collection[str]) -> Any:
    """A JSON value without these secrets, in whatever encoding they are in it."""
    if not secrets:
        return value
    # Imported by who asks what came in: few tests do.
    from pytest_bill.scrubbing.search.search import Search

    search = Search(dict.fromkeys(secrets, HIDDEN))
    written = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return json.loads(search.replace(written))


def _body(content_type: str, body: bytes) -> Any:
    """JSON and forms as what they say, anything else as its size in bytes; None for no body."""
    if not body:
        return None
    try:
        if "json" in content_type:
            return without_named_secrets(json.loads(body))
        if "form-urlencoded" in content_type:
            return without_named_secrets(dict(parse_qsl(body.decode(), keep_blank_values=True)))
    except (ValueError, RecursionError):
        pass
    return {"bytes": len(body)}


def without_named_secrets(value: Any) -> Any:
    """A JSON value without what the name of its field tells to be a credential."""
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if _is_secret(name, each) else without_named_secrets(each)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [without_named_secrets(each) for each in value]
    return _without_secrets_within(value) if isinstance(value, str) else value


def _is_secret(name: str, value: Any) -> bool:
    """Whether a field is a credential; an empty one is none, and that is to be seen."""
    if value is None or value == "" or isinstance(value, bool):
        return False
    return _SECRETS.search(name) is not None


def _without_secrets_within(text: str) -> str:
    """The same for JSON in a text, as v2's ``data`` is."""
    if text[:1] not in {"{", "["}:
        return text
    try:
        value = json.loads(text)
        cleared = without_named_secrets(value)
    except (ValueError, RecursionError):
        return text
    return text if cleared == value else json.dumps(cleared)
