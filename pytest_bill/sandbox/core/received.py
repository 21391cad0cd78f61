"""What the sandbox was asked: counts of all requests, and the latest ones with their content."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.core.clock import Moment, time_of
from pytest_bill.sandbox.core.http import Headers, Parameters, Response
from pytest_bill.sandbox.core.latest import MOST_KEPT
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


class Answer(NamedTuple):
    """What a request was answered; of a body that is not kept its size, in bytes."""

    kind: type[Response]
    status: int
    headers: Mapping[str, str]
    body: bytes
    size: int


class Asked(NamedTuple):
    """A request as it came in, and its answer. Bodies beyond ``LARGEST_BODY`` are left out."""

    number: int
    """Its place among all that came in, from 1."""
    method: str
    path: str
    query: bytes
    headers: Headers
    body: bytes
    size: int
    """That of its body, in bytes, be it kept or not."""
    answer: Answer | None
    """None where there was none."""
    operation: str
    """The name of what answered."""
    moment: datetime
    """When, by the sandbox's clock."""
    seconds: float
    """How long it took to answer."""


_Kept = tuple[
    str, str, bytes, Headers, bytes, int, Response | Answer | None, str, Moment | None, float
]
"""What an ``Asked`` is made of when somebody wants to know: each request has to pay for this."""


class Received:
    """Requests as they came in, refused ones too. Safe to use from several threads.

    Credentials are told nowhere: they are replaced. Bodies beyond ``LARGEST_BODY`` bytes are left
    out, and only the latest ``MOST_KEPT`` requests stay.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._kept: deque[_Kept] = deque(maxlen=MOST_KEPT)
        self._last = 0
        self._lock = threading.Lock()

    def add(
        self,
        method: str,
        path: str,
        query: bytes,
        headers: Headers,
        body: bytes | bytearray,
        answer: Response | None = None,
        operation: str = "",
        moment: Moment | None = None,
        seconds: float = 0,
    ) -> None:
        """Remember a request, what it was answered, by what, and when."""
        size = len(body)
        content = bytes(body) if size <= LARGEST_BODY else b""
        answered: Response | Answer | None = answer
        if answer is not None and len(answer.body) > LARGEST_BODY:
            answered = _answer_of(answer)._replace(body=b"")
        # Nothing is looked at here: few tests ask what came in, and each request would pay.
        kept = (method, path, query, headers, content, size, answered, operation, moment, seconds)
        with self._lock:
            self._counts[method, path] += 1
            self._last += 1
            self._kept.append(kept)

    @property
    def numbers(self) -> tuple[int, int]:
        """Those of the first that is still kept and of the last that came in.

        Where none is kept, the first is the one after the last.
        """
        with self._lock:
            return self._last - len(self._kept) + 1, self._last

    def between(self, after: int, before: int, most: int) -> list[Asked]:
        """The ``most`` latest of those that came in after and before these two, oldest first."""
        with self._lock:
            last = self._last
            before = min(before, last + 1)
            count = max(min(before - 1 - after, most), 0)
            skipped = max(last + 1 - before, 0)
            found = list(islice(reversed(self._kept), skipped, skipped + count))
        numbers = range(before - 1, before - 1 - len(found), -1)
        return [_asked(number, kept) for number, kept in zip(numbers, found, strict=True)][::-1]

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
            latest = list(self._kept)
        told = [request_told(*kept[:5]) for kept in latest]
        requests: list[Record] = without_secrets(told, secrets)
        return requests

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counts.clear()
            self._kept.clear()


def request_told(method: str, path: str, query: bytes, headers: Headers, body: bytes) -> Record:
    """A request without what reads as a credential."""
    return {
        "method": method,
        "path": path,
        "query": without_named_secrets(Parameters(query)),
        "headers": without_named_secrets(dict(headers)),
        "body": _body(headers.get("content-type", ""), body),
    }


def _asked(number: int, kept: _Kept) -> Asked:
    method, path, query, headers, body, size, answer, operation, moment, seconds = kept
    return Asked(
        number,
        method,
        path,
        query,
        headers,
        body,
        size,
        _answer_of(answer) if isinstance(answer, Response) else answer,
        operation,
        datetime.min if moment is None else time_of(moment),
        seconds,
    )


def _answer_of(answer: Response) -> Answer:
    return Answer(type(answer), answer.status, answer.headers, answer.body, len(answer.body))


def without_secrets(value: Any, secrets: Collection[str]) -> Any:
    """A JSON value without these secrets, in whatever encoding they are in it."""
    if not secrets:
        return value
    # Imported by who asks what came in: few tests do.
    from pytest_bill.scrubbing.search.search import Search

    return cleared(value, Search(dict.fromkeys(secrets, HIDDEN)).replace)


def cleared(value: Any, replace: Callable[[bytes], bytes]) -> Any:
    """A JSON value in which its secrets are replaced; ``replace`` does so in bytes.

    Of what cannot be searched nothing is left; but of what stands beside it.
    """
    written = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        return json.loads(replace(written))
    except ValueError:  # it is no JSON any more: it was replaced as a whole
        pass
    if isinstance(value, Mapping):
        return {cleared(name, replace): cleared(each, replace) for name, each in value.items()}
    return [cleared(each, replace) for each in value] if isinstance(value, list) else HIDDEN


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
