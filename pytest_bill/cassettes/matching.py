"""When a request is the recorded one, and how two requests differ.

A request is compared by its match key, a tuple that is computed once per request, so a lookup is
one dict access. Both sides are scrubbed before: see ``same_in_all_places`` in the scrubber. Where
a cassette holds stand-ins, anything of the same kind matches them: nothing on the side that
replays says what they stand for. Among recorded requests that match so, the cassette prefers one
that is the same in these places, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from pytest_bill import environments
from pytest_bill.cassettes.decoding import readable
from pytest_bill.environments import Environment
from pytest_bill.exceptions import SettingsError
from pytest_bill.exchange import Exchange
from pytest_bill.scrubbing.personal import by_value_of, replaced_request
from pytest_bill.scrubbing.places import Kind
from pytest_bill.scrubbing.scrub import Scrubber
from pytest_bill.scrubbing.stand_ins import ByValue
from pytest_bill.v2_forms import form_in, takes_credential

DEFAULT_MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "organizationId", "body")
"""VCR's default matchers, plus the body and the partner API's ``organizationId`` header."""

CustomMatcher = Callable[[Any, Any], Any]
"""As vcrpy's: called with two requests; says no by returning False or raising AssertionError."""

MatchKey = tuple[Hashable, ...]


@dataclass(frozen=True)
class Seen:
    """A request as it is compared: its match key, and the data that the key leaves open."""

    key: MatchKey
    personal: tuple[tuple[Kind, str], ...]


_NOTHING = ByValue()


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
        return self.seen(exchange).key

    def seen(
        self,
        exchange: Exchange,
        stood_in: frozenset[str] = frozenset(),
        to_stand_ins: ByValue = _NOTHING,
    ) -> Seen:
        """A request as it is compared, with kinds of data for which there are stand-ins.

        ``to_stand_ins`` replaces the values whose stand-ins are known where they stand by chance.
        """
        personal: list[tuple[Kind, str]] = []
        compared = self._as_compared(exchange, stood_in, to_stand_ins, personal)
        return Seen(tuple(_PARTS[part](compared) for part in self._parts), tuple(personal))

    def differences(
        self, now: Exchange, recorded: Exchange, stood_in: frozenset[str] = frozenset()
    ) -> list[Difference]:
        """The parts in which a request differs from a recorded one, scrubbed."""
        now, recorded = self._as_compared(now, stood_in), self._as_compared(recorded, stood_in)
        found = []
        for part in self._parts:
            left, right = _PARTS[part](now), _PARTS[part](recorded)
            if left != right:
                found.extend(_describe(part, left, right))
        return found

    def _as_compared(
        self,
        exchange: Exchange,
        stood_in: frozenset[str],
        to_stand_ins: ByValue = _NOTHING,
        personal: list[tuple[Kind, str]] | None = None,
    ) -> _Compared:
        # Unpacked, as cassettes hold it.
        scrubbed = self._scrubber.scrub_request(readable(exchange))
        if stood_in:
            scrubbed = _with_any(scrubbed, stood_in, to_stand_ins, personal)
        url = environments.matching_url(scrubbed.url, self._environment)
        body = _without_credential(scrubbed, url)
        return _Compared(scrubbed.method, url, scrubbed.headers, body, scrubbed.status)


def _without_credential(request: Exchange, url: str) -> bytes:
    """The body less the credential in v2's forms, which matters as little as that in headers.

    A test may leave it to the session or put it in itself, and vcrpy's filters take it out.
    """
    body = request.body
    if body and takes_credential(request.method.upper(), url, environments.SANDBOX):
        form = form_in(request.headers, body)
        if form is not None and form.has_credential:
            return form.without_credential()
    return body


def _with_any(
    request: Exchange,
    stood_in: frozenset[str],
    to_stand_ins: ByValue,
    personal: list[tuple[Kind, str]] | None,
) -> Exchange:
    """The request with "anything" in the places of some kinds; what was there is noted."""
    found: list[tuple[Kind, str]] = [] if personal is None else personal

    def anything(kind: Kind, value: str) -> str:
        choice = kind.choice
        if choice not in stood_in:
            return value
        found.append((kind, value))
        return f"(any {choice})"

    request = replaced_request(request, anything, _NOTHING)
    # A request's own data is left open wherever in it it stands: in a bill's description, too.
    own = by_value_of((kind, value, f"(any {kind.choice})") for kind, value in found)
    own.then(to_stand_ins)
    if own and _may_hold(request, own):
        request = replaced_request(request, lambda _, value: value, own)
    return request


def _may_hold(request: Exchange, values: ByValue) -> bool:
    text = request.body.decode("utf-8", "replace")
    # Escaped, a word may look like none.
    return "\\" in text or values.may_be_in(text) or values.may_be_in(unquote_plus(request.url))


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
        return tuple(sorted((name, _form_value(value)) for name, value in pairs)) or ""
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
