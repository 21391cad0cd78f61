"""When a request is the recorded one, and how two requests differ.

A request is compared by its match key, a tuple that is computed once per request, so a lookup is
one dict access. Both sides are scrubbed before: see ``same_in_all_places`` in the scrubber.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pytest_bill import environments
from pytest_bill.cassettes.decoding import readable
from pytest_bill.environments import Environment
from pytest_bill.exceptions import SettingsError
from pytest_bill.scrub import Exchange, Scrubber

DEFAULT_MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "organizationId", "body")
"""VCR's default matchers, plus the body and the partner API's ``organizationId`` header."""

CustomMatcher = Callable[[Any, Any], Any]
"""As vcrpy's: called with two requests; says no by returning False or raising AssertionError."""

MatchKey = tuple[Hashable, ...]


@dataclass(frozen=True)
class Difference:
    """One part in which two requests differ."""

    part: str
    now: str
    recorded: str


class Matcher:
    """Computes match keys by the parts to compare, and explains differences."""

    def __init__(
        self,
        environment: Environment,
        scrubber: Scrubber,
        match_on: Sequence[str | CustomMatcher] = DEFAULT_MATCH_ON,
    ) -> None:
        """Compare by these parts.

        Raises:
            SettingsError: ``match_on`` names a part that does not exist.
        """
        self._environment = environment
        self._scrubber = scrubber
        self._parts = [part for part in match_on if isinstance(part, str)]
        self.custom = [part for part in match_on if not isinstance(part, str)]
        unknown = [part for part in self._parts if part not in _PARTS]
        if unknown:
            raise SettingsError(
                f"match_on has no part named {', '.join(unknown)}.\n"
                f"Use some of: {', '.join(_PARTS)}; or a function of two requests."
            )

    def key(self, exchange: Exchange) -> MatchKey:
        """The match key of a request."""
        seen = self._as_compared(exchange)
        return tuple(_PARTS[part](seen) for part in self._parts)

    def differences(self, now: Exchange, recorded: Exchange) -> list[Difference]:
        """The parts in which a request differs from a recorded one, scrubbed."""
        now, recorded = self._as_compared(now), self._as_compared(recorded)
        found = []
        for part in self._parts:
            left, right = _PARTS[part](now), _PARTS[part](recorded)
            if left != right:
                found.extend(_describe(part, left, right))
        return found

    def _as_compared(self, exchange: Exchange) -> _Compared:
        # Unpacked, as cassettes hold it.
        scrubbed = self._scrubber.scrub_request(readable(exchange))
        url = environments.matching_url(scrubbed.url, self._environment)
        return _Compared(scrubbed.method, url, scrubbed.headers, scrubbed.body, scrubbed.status)


class _Compared(Exchange):
    """A scrubbed request with BILL's sandbox URL, its headers in lower case on demand."""

    def header(self, name: str) -> str | None:
        for key, value in self.headers.items():
            if key.lower() == name:
                return value
        return None


def _port(request: _Compared) -> int | None:
    parts = urlsplit(request.url)
    return parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _query(request: _Compared) -> Hashable:
    query = urlsplit(request.url).query
    return tuple(sorted(parse_qsl(query, keep_blank_values=True))) if query else ()


def _body(request: _Compared) -> Hashable:
    body = request.body
    if not body:
        return ""
    content_type = (request.header("content-type") or "").lower()
    if "json" in content_type or body.lstrip()[:1] in (b"{", b"["):
        canonical = _canonical_json(body)
        if canonical is not None:
            return canonical
    if "form-urlencoded" in content_type:
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True)
        return tuple(sorted((name, _form_value(value)) for name, value in pairs))
    boundary = re.search(r'boundary="?([^";,\s]+)', request.header("content-type") or "")
    if boundary:
        # Clients draw a new boundary for every request.
        body = body.replace(boundary.group(1).encode(), b"boundary")
    return body.decode("utf-8", "backslashreplace")


def _canonical_json(text: str | bytes) -> str | None:
    try:
        return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False)
    except ValueError:
        return None


def _form_value(value: str) -> str:
    """A form's value; that of the v2 API's ``data`` field is JSON."""
    if not value.lstrip().startswith(("{", "[")):
        return value
    return _canonical_json(value) or value


def _headers(request: _Compared) -> Hashable:
    return tuple(sorted((name.lower(), value) for name, value in request.headers.items()))


_PARTS: Mapping[str, Callable[[_Compared], Hashable]] = {
    "method": lambda request: request.method.upper(),
    "scheme": lambda request: urlsplit(request.url).scheme,
    "host": lambda request: urlsplit(request.url).hostname,
    "port": _port,
    "path": lambda request: urlsplit(request.url).path or "/",
    "query": _query,
    "uri": lambda request: request.url,
    "organizationId": lambda request: request.header("organizationid"),
    "headers": _headers,
    "raw_body": lambda request: request.body,
    "body": _body,
}

_LONGEST_SHOWN = 160


def _describe(part: str, now: Any, recorded: Any) -> list[Difference]:
    if part in ("query", "body"):
        return _field_differences(part, _as_fields(now), _as_fields(recorded))
    return [Difference(part, _shown(now), _shown(recorded))]


def _as_fields(value: Any) -> dict[str, Any]:
    """The fields of a query, a form or a JSON object, by their path (``vendor.address.city``)."""
    if not value:
        return {}
    if isinstance(value, tuple):
        pairs: dict[str, Any] = {}
        for name, item in value:
            pairs[name] = f"{pairs[name]}, {item}" if name in pairs else item
        return pairs
    try:
        data = json.loads(value)
    except (TypeError, ValueError):
        return {"": value}
    fields: dict[str, Any] = {}

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict) and node:
            for key, item in node.items():
                walk(item, f"{path}.{key}" if path else str(key))
        elif isinstance(node, list) and node:
            for index, item in enumerate(node):
                walk(item, f"{path}[{index}]")
        else:
            fields[path] = node

    walk(data, "")
    return fields


def _field_differences(
    part: str, now: dict[str, Any], recorded: dict[str, Any]
) -> list[Difference]:
    found = []
    for name in dict.fromkeys([*now, *recorded]):
        left, right = now.get(name, _ABSENT), recorded.get(name, _ABSENT)
        if left != right:
            label = f"{part} {name}" if name else part
            found.append(Difference(label, _shown(left), _shown(right)))
    return found


class _Absent:
    def __repr__(self) -> str:
        return "(absent)"


_ABSENT = _Absent()


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    text = text or "(none)"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
