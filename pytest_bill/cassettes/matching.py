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
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, unquote_plus

from pytest_bill import environments
from pytest_bill.cassettes.decoding import readable_request
from pytest_bill.credentials.kinds import KINDS, SPEND_API_TOKEN
from pytest_bill.environments import Environment
from pytest_bill.exceptions import SettingsError
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.by_value import ByValue
from pytest_bill.scrubbing.personal import Walk, by_value_of, walk_of
from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.placeholders import is_placeholder
from pytest_bill.scrubbing.scrub import Scrubber
from pytest_bill.scrubbing.stand_ins import is_distinctive
from pytest_bill.urls import split
from pytest_bill.v2_forms import form_in, takes_credential

SESSION = "session"
"""The part of ``match_on`` that tells two credentials' sessions apart."""

DEFAULT_MATCH_ON = (
    *("method", "scheme", "host", "port", "path", "query", "organizationId", "body", SESSION),
)
"""VCR's default matchers, plus the body, the partner API's ``organizationId`` header and whose
session asks."""

CustomMatcher = Callable[[Any, Any], Any]
"""As vcrpy's: called with two requests; says no by returning False or raising AssertionError."""

MatchKey = tuple[Hashable, ...]


class Seen(NamedTuple):
    """A request as it is compared: its match key, and the data that the key leaves open."""

    key: MatchKey
    personal: tuple[tuple[Kind, str], ...]
    session: str = ""
    """The placeholder of the session or token that asks; empty where that is not known."""


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
        named = [part for part in match_on if isinstance(part, str)]
        self.compares_sessions = SESSION in named
        self._parts = [part for part in named if part != SESSION]
        self.custom = [part for part in match_on if not isinstance(part, str)]
        unknown = [part for part in self._parts if part not in _PARTS]
        if unknown:
            raise SettingsError(
                f"match_on has no part named {', '.join(unknown)}.\n"
                f"Use some of: {', '.join([*_PARTS, SESSION])}; or a function of two requests."
            )
        self._part_of = [_PARTS[part] for part in self._parts]
        self._compares_body = "body" in self._parts or "raw_body" in self._parts
        # As bytes a body cannot be compared after it was parsed.
        self._compares_bytes = "raw_body" in self._parts
        self._deciding_headers = frozenset(
            {"content-type", "content-encoding", *_SESSION_HEADERS}
            | ({"organizationid"} if "organizationId" in self._parts else set())
        )
        self._compares_headers = "headers" in self._parts
        self._urls: dict[str, _UrlParts] = {}

    def look_at(self, interactions: Iterable[Interaction]) -> None:
        """Look at requests in one go, the match keys of which are about to be asked for."""
        self._scrubber.registry.look_at(interaction.url for interaction in interactions)

    def key(self, interaction: Interaction) -> MatchKey:
        """The match key of a request."""
        return self.seen(interaction).key

    def seen(
        self,
        interaction: Interaction,
        stood_in: frozenset[str] = frozenset(),
        to_stand_ins: ByValue = _NOTHING,
    ) -> Seen:
        """A request as it is compared, with kinds of data for which there are stand-ins.

        ``to_stand_ins`` replaces the values whose stand-ins are known where they stand by chance.
        """
        interaction = readable_request(interaction)
        scrubber, url, body = self._scrubber, interaction.url, interaction.body
        content_type = interaction.content_type
        if body and (self._compares_body or stood_in):
            body = scrubber.scrubbed_body(body, content_type, url)
        url = scrubber.scrubbed_url(url)
        content = _Content(body, content_type, as_bytes=self._compares_bytes)
        personal: tuple[tuple[Kind, str], ...] = ()
        if stood_in:
            url, personal = _with_any(url, content, stood_in, to_stand_ins)
        parts = self._parts_of(url)
        session = self._session_of(interaction)
        if body and takes_credential(interaction.method.upper(), parts.url, environments.SANDBOX):
            session = session or self._session_in_form(interaction)
            content.bytes = _without_credential(interaction.headers, content.bytes)
        compared = _Compared(interaction, scrubber, parts, content)
        return Seen(tuple([part_of(compared) for part_of in self._part_of]), personal, session)

    @property
    def has_sent(self) -> bool:
        """Whether a test sent secrets of its own, which recorded answers may hold."""
        return self._scrubber.has_sent

    def restored(self, recorded: Interaction) -> Interaction:
        """A recorded interaction, its answer with the secrets that the test has sent itself."""
        return self._scrubber.restored(recorded)

    def _session_of(self, interaction: Interaction) -> str:
        for name, value in interaction.headers.items():
            if len(name) in _SESSION_LENGTHS and name.lower() in _SESSION_HEADERS:
                return self._placeholder_of(value)
        return ""

    def _session_in_form(self, interaction: Interaction) -> str:
        form = form_in(interaction.headers, interaction.body)
        return self._placeholder_of(form.session_id) if form is not None else ""

    def _placeholder_of(self, value: str) -> str:
        hidden = value if is_placeholder(value) else self._scrubber.registry.hide(value)
        return hidden if is_placeholder(hidden) else ""

    def session_difference(self, now: str, recorded: str) -> list[Difference]:
        """The difference that two sessions make; none where they may be the same."""
        if not self.compares_sessions or not are_different(now, recorded):
            return []
        return [Difference(SESSION, now, recorded)]

    def _parts_of(self, url: str) -> _UrlParts:
        """The parts of a scrubbed URL; requests with a body often have the same."""
        parts = self._urls.get(url)
        if parts is None:
            parts = _url_parts(environments.matching_url(url, self._environment))
            if len(self._urls) < _MOST_URLS:
                self._urls[url] = parts
        return parts

    def deciding(self, interaction: Interaction) -> Hashable:
        """All of a request that its match key depends on: where it is equal, so is the key."""
        headers = interaction.headers.items()
        if not self._compares_headers:
            deciding = self._deciding_headers
            headers = [each for each in headers if each[0].lower() in deciding]  # type: ignore[assignment]
        return interaction.method, interaction.url, interaction.body, *headers

    def differences(
        self, now: Interaction, recorded: Interaction, stood_in: frozenset[str] = frozenset()
    ) -> list[Difference]:
        """The parts in which a request differs from a recorded one, scrubbed."""
        return self.differences_of(self.seen(now, stood_in).key, self.seen(recorded, stood_in).key)

    def differences_of(self, now: MatchKey, recorded: MatchKey) -> list[Difference]:
        """The parts in which a request's match key differs from that of a recorded one."""
        found = []
        for part, left, right in zip(self._parts, now, recorded, strict=True):
            if left != right:
                found += _describe(part, left, right) or [_differing(part, left, right)]
        return found


_SESSION_HEADERS = frozenset({"sessionid", "apitoken", "authorization"})
_SESSION_LENGTHS = frozenset(map(len, _SESSION_HEADERS))
_SESSIONS = frozenset(
    {kind.session_placeholder.reveal() for kind in KINDS}
    | {variable.placeholder.reveal() for variable in SPEND_API_TOKEN.variables}
)
_NUMBER = re.compile(r"_[0-9]+$")


def are_different(session: str, other: str) -> bool:
    """Whether two sessions are surely those of two credentials.

    Of a session that no credential of the run has, the name depends on what came before it.
    """
    first, second = _NUMBER.sub("", session), _NUMBER.sub("", other)
    return first != second and first in _SESSIONS and second in _SESSIONS


def _without_credential(headers: Mapping[str, str], body: bytes) -> bytes:
    """The body less the credential in v2's forms, which matters as little as that in headers.

    A test may leave it to the session or put it in itself, and vcrpy's filters take it out.
    """
    form = form_in(headers, body)
    if form is not None and form.has_credential:
        return form.without_credential()
    return body


class _Content:
    """The body of a request, scrubbed; JSON is parsed once."""

    def __init__(self, body: bytes, content_type: str, *, as_bytes: bool) -> None:
        self.content_type = content_type
        self.bytes = body
        self._as_bytes = as_bytes
        self._data: Any = _UNKNOWN
        self._canonical: str | None = None

    def may_hold(self, values: ByValue) -> bool:
        """Whether one of the values may be in a body that is no JSON."""
        text = self.bytes.decode("utf-8", "replace")
        return "\\" in text or values.may_be_in(text)

    @property
    def canonical(self) -> str | None:
        """The canonical form of JSON; None where the body is none."""
        if self._canonical is None and self._parsed() is not _NO_JSON:
            self._canonical = _canonical(self._data)
        return self._canonical

    def replace(self, walk: Walk) -> None:
        """Replace the data in its places."""
        if not self.bytes:
            return
        data = _NO_JSON if self._as_bytes else self._parsed()
        if data is _NO_JSON:
            self.bytes = walk.body(self.bytes, self.content_type)
            self._data = _UNKNOWN
        else:
            self._data = walk.data(data)
        self._canonical = None

    def _parsed(self) -> Any:
        if self._data is _UNKNOWN:
            self._data = _NO_JSON
            body = self.bytes
            if body and ("json" in self.content_type or body.lstrip()[:1] in (b"{", b"[")):
                with suppress(ValueError, RecursionError):
                    self._data = _loaded(body)
        return self._data


def _loaded(body: bytes) -> Any:
    try:
        return json.loads(body.decode())
    except ValueError:  # in another encoding, perhaps
        return json.loads(body)


class _Sentinel:
    """Stands where JSON's values could."""


_UNKNOWN, _NO_JSON = _Sentinel(), _Sentinel()


def _with_any(
    url: str, content: _Content, stood_in: frozenset[str], to_stand_ins: ByValue
) -> tuple[str, tuple[tuple[Kind, str], ...]]:
    """The URL and the content with "anything" in the places of some kinds, and what was there."""
    found: list[tuple[Kind, str]] = []

    def anything(kind: Kind, value: str) -> str:
        choice = kind.choice
        if choice not in stood_in:
            return value
        found.append((kind, value))
        return f"(any {choice})"

    if content.bytes or "?" in url:
        walk = walk_of(url, anything, _NOTHING)
        url = walk.url(url)
        content.replace(walk)
    # A request's own data is left open wherever in it it stands: in a bill's description, too.
    values = [value for kind, value in found if is_distinctive(kind, value)]
    if _may_hold(url, content, values, to_stand_ins):
        own = by_value_of((kind, value, f"(any {kind.choice})") for kind, value in found)
        own.then(to_stand_ins)
        walk = walk_of(url, lambda _, value: value, own)
        url = walk.url(url)
        content.replace(walk)
    return url, tuple(found)


def _may_hold(url: str, content: _Content, values: list[str], others: ByValue) -> bool:
    """Whether one of the values or of the others may stand in a request, apart from its place."""
    has_others = bool(others)
    if not values and not has_others:
        return False
    canonical = content.canonical
    if canonical is None and content.bytes and (values or content.may_hold(others)):
        return True
    texts = [unquote_plus(url), unquote(url)] if "+" in url else [unquote(url)]
    if canonical is not None:
        texts.append(canonical)
    for text in texts:
        # Escaped, a value may look like none.
        if "\\" in text or (has_others and others.may_be_in(text, is_plain=True)):
            return True
        for value in values:
            if value in text:
                return True
    return False


def request_may_hold(request: Interaction, values: ByValue) -> bool:
    """Whether one of the values may stand in a request."""
    request = readable_request(request)
    text = request.body.decode("utf-8", "replace")
    return "\\" in text or values.may_be_in(text) or values.may_be_in(unquote_plus(request.url))


class _UrlParts(NamedTuple):
    """The parts of a URL as they are compared."""

    url: str
    scheme: str
    host: str | None
    port: int | None
    path: str
    query: Hashable


def _url_parts(url: str) -> _UrlParts:
    parts = split(url)
    query = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True))) if parts.query else ()
    host, port = _host_and_port(parts.scheme, parts.netloc)
    return _UrlParts(url, parts.scheme, host, port, parts.path or "/", query)


@lru_cache(maxsize=256)
def _host_and_port(scheme: str, netloc: str) -> tuple[str | None, int | None]:
    parts = SplitResult(scheme, netloc, "", "", "")
    return parts.hostname, parts.port or {"https": 443, "http": 80}.get(scheme)


class _Compared(NamedTuple):
    """A request with BILL's sandbox URL, scrubbed; its headers are scrubbed on demand."""

    interaction: Interaction
    scrubber: Scrubber
    url: _UrlParts
    content: _Content

    def header(self, name: str) -> str | None:
        """A header by its name in lower case."""
        for key, value in self.interaction.headers.items():
            if len(key) == len(name) and key.lower() == name:
                return self.scrubber.scrubbed_header(key, value)
        return None


def _body(request: _Compared) -> Hashable:
    content = request.content
    body, content_type = content.bytes, content.content_type
    if not body:
        return ""
    canonical = content.canonical
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


_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def _form_value(value: str) -> str:
    """A form's value; that of the v2 API's ``data`` field is JSON."""
    if not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return _canonical(json.loads(value)) or value
    except (ValueError, RecursionError):
        return value


def _headers(request: _Compared) -> Hashable:
    hide, header = request.scrubber.registry.hide, request.scrubber.scrubbed_header
    return tuple(
        sorted(
            (hide(name).lower(), header(name, value))
            for name, value in request.interaction.headers.items()
        )
    )


_PARTS: Mapping[str, Callable[[_Compared], Hashable]] = {
    "method": lambda request: request.scrubber.registry.hide(request.interaction.method).upper(),
    "scheme": lambda request: request.url.scheme,
    "host": lambda request: request.url.host,
    "port": lambda request: request.url.port,
    "path": lambda request: request.url.path,
    "query": lambda request: request.url.query,
    "uri": lambda request: request.url.url,
    "organizationId": lambda request: request.header("organizationid"),
    "headers": _headers,
    "raw_body": lambda request: request.content.bytes,
    "body": _body,
}

_LONGEST_SHOWN = 160
_MOST_URLS = 1024


def _describe(part: str, now: Any, recorded: Any) -> list[Difference]:
    if part in ("query", "body"):
        return _field_differences(part, _as_fields(now), _as_fields(recorded))
    return [_differing(part, now, recorded)]


def _differing(part: str, now: Any, recorded: Any) -> Difference:
    left, right = _shown(now), _shown(recorded)
    if left == right:  # 1 and "1"
        left, right = _cut(repr(now)), _cut(repr(recorded))
    return Difference(part, left, right)


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
        # In Python, True is 1 and 1 is 1.0.
        if left != right or type(left) is not type(right):
            found.append(_differing(f"{part} {name}" if name else part, left, right))
    return found


class _Absent:
    def __repr__(self) -> str:
        return "(absent)"


_ABSENT = _Absent()


def _shown(value: Any) -> str:
    return _cut((value if isinstance(value, str) else repr(value)) or "(none)")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
