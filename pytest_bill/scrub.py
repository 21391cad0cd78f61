"""Replacing secrets by placeholders: by place and by value.

By place: the headers, fields and query parameters where BILL carries credentials. By value: every
secret that was loaded or handed out, wherever it shows up as text, in the usual encodings.
This module knows nothing of pytest and nothing of cassette files.
"""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import (
    parse_qsl,
    quote,
    quote_plus,
    unquote,
    urlencode,
    urlsplit,
    urlunsplit,
)

from pytest_bill.credentials import PLACEHOLDER_PREFIX
from pytest_bill.secret import NeverPickled

SHORTEST_BY_VALUE = 8
"""Shorter values are replaced by place only: they occur in innocent text."""

# Source of the names: https://developer.bill.com/docs/bill-keys-tokens, for remembered devices
# https://developer.bill.com/reference/login, and for the key that signs webhook notifications
# https://developer.bill.com/docs/test-with-webhook-security.
SECRET_HEADERS = {
    "devkey": "BILL_DEV_KEY",
    "sessionid": "BILL_SESSION_ID",
    "apitoken": "BILL_SPEND_API_TOKEN",
    "appkey": "BILL_PARTNER_APP_KEY",
    "authorization": "AUTHORIZATION",
    "proxy-authorization": "AUTHORIZATION",
}
COOKIE_HEADERS = frozenset({"cookie", "set-cookie"})
SECRET_FIELDS = {
    "devkey": "BILL_DEV_KEY",
    "sessionid": "BILL_SESSION_ID",
    "apitoken": "BILL_SPEND_API_TOKEN",
    "appkey": "BILL_PARTNER_APP_KEY",
    "consoleapitoken": "BILL_CONSOLE_API_TOKEN",
    "password": "BILL_PASSWORD",
    "remembermeid": "BILL_REMEMBER_ME_ID",
    "securitykey": "BILL_WEBHOOK_SECURITY_KEY",
}
# Fields that identify the person or organization signing in; elsewhere they are plain data.
SIGN_IN_FIELDS = {
    "username": "BILL_USERNAME",
    "organizationid": "BILL_ORGANIZATION_ID",
    "orgid": "BILL_ORGANIZATION_ID",
}
_SIGN_IN_PATH = re.compile(r"/login(-as-user)?(\.json)?$", re.IGNORECASE)
_PLACEHOLDER = re.compile(re.escape(PLACEHOLDER_PREFIX) + r"[A-Z0-9_]+")


@dataclass(frozen=True, repr=False)
class Exchange:
    """One request and its answer as plain data. The repr shows no header, query or body."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int = 0
    reason: str = ""
    answer_headers: Mapping[str, list[str]] = field(default_factory=dict)
    answer_body: bytes = b""

    def __repr__(self) -> str:
        return f"<Exchange {self.method} {urlsplit(self.url).path}: {self.status or 'no answer'}>"


class SecretRegistry(NeverPickled):
    """All secrets of a run, each with its one placeholder. Safe to share between threads."""

    # Without a __dict__, vars() and debuggers' dumps of attributes find nothing.
    __slots__ = ("_by_variant", "_lock", "_placeholder_of")

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self._placeholder_of: dict[str, str] = {}
        self._by_variant: dict[str, str] = {}
        self._lock = threading.Lock()
        for placeholder, value in known:
            self.add(value, placeholder)

    def __repr__(self) -> str:
        return f"<SecretRegistry of {len(self._placeholder_of)} secrets>"

    def __bool__(self) -> bool:
        return bool(self._placeholder_of)

    def add(self, value: str, placeholder: str) -> str:
        """Remember a secret; a value that is known keeps its placeholder. Gives the placeholder.

        A placeholder that already stands for another value gets a number: ``…_2``, ``…_3``.
        """
        value = str.__str__(value)
        if not value or is_placeholder(value):
            return value
        with self._lock:
            known = self._placeholder_of.get(value)
            if known is not None:
                return known
            taken = set(self._placeholder_of.values())
            unique, number = placeholder, 1
            while unique in taken:
                number += 1
                unique = f"{placeholder}_{number}"
            self._placeholder_of[value] = unique
            if len(value) >= SHORTEST_BY_VALUE:
                # A new dict, since another thread may be walking the old one.
                fresh = dict.fromkeys(variants(value), unique)
                self._by_variant = fresh | self._by_variant
            return unique

    def known(self) -> dict[str, str]:
        """Every secret with its placeholder, short ones too."""
        with self._lock:
            return dict(self._placeholder_of)

    def hide(self, text: str) -> str:
        """Replace every secret in a text, in any encoding that :func:`variants` knows."""
        found = self._found_in(text)
        if not found:
            return text
        # Longest first: a secret that contains another is replaced whole.
        found.sort(key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, found)))
        return pattern.sub(lambda match: self._by_variant[match.group(0)], text)

    def find(self, text: str) -> str | None:
        """The placeholder of a secret that the text holds, or None."""
        found = self._found_in(text)
        return self._by_variant[found[0]] if found else None

    def _found_in(self, text: str) -> list[str]:
        # One fast substring search for each form beats one pattern of all of them.
        return [variant for variant in self._by_variant if variant in text]


def variants(value: str) -> set[str]:
    """The forms in which a secret shows up in text: percent-, JSON-, HTML- and base64-encoded."""
    percent = {quote(value), quote(value, safe=""), quote_plus(value)}
    percent |= {re.sub(r"%[0-9A-F]{2}", lambda m: m.group(0).lower(), form) for form in percent}
    forms = {
        value,
        *percent,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        json.dumps(value)[1:-1].replace("/", "\\/"),
        html.escape(value),
        html.escape(value, quote=False),
    }
    raw = value.encode()
    for start in range(3):
        # The base64 of a secret depends on where in a longer text it starts; the characters that
        # its neighbours share are left out.
        encoded = base64.b64encode(b"\0" * start + raw).decode()
        last = len(encoded.rstrip("=")) - (1 if (start + len(raw)) % 3 else 0)
        core = encoded[(0, 2, 3)[start] : last]
        if len(core) >= SHORTEST_BY_VALUE:
            forms |= {core, core.replace("+", "-").replace("/", "_"), quote(core, safe="")}
    return {form for form in forms if len(form) >= SHORTEST_BY_VALUE}


def is_placeholder(text: str) -> bool:
    """Whether the whole text is one placeholder."""
    return _PLACEHOLDER.fullmatch(text) is not None


def find_placeholder(text: str) -> str | None:
    """A placeholder that the text holds, or None."""
    match = _PLACEHOLDER.search(text)
    return match.group(0) if match else None


@dataclass(frozen=True)
class ScrubRules:
    """Places to scrub beyond BILL's: names of headers and of JSON/form/query fields."""

    headers: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


class Scrubber:
    """Replaces the secrets of exchanges by placeholders.

    What stands in a secret place is remembered, so that the same value is also replaced where it
    occurs elsewhere: :meth:`learn` all exchanges first, then :meth:`scrub` each.
    """

    def __init__(
        self,
        registry: SecretRegistry,
        rules: ScrubRules | None = None,
        *,
        same_in_all_places: bool = False,
    ) -> None:
        """With ``same_in_all_places`` nothing is learnt and all secret places look the same.

        That is for matching: whatever a test signs in with, its request is the recorded one.
        """
        rules = rules or ScrubRules()
        self.registry = registry
        self._same_in_all_places = same_in_all_places
        self._headers = SECRET_HEADERS | {name.lower(): _as_name(name) for name in rules.headers}
        self._fields = SECRET_FIELDS | {name.lower(): _as_name(name) for name in rules.fields}

    def learn(self, exchange: Exchange) -> None:
        """Remember the secrets that stand in secret places of this exchange."""
        self.scrub(exchange)

    def scrub_request(self, exchange: Exchange) -> Exchange:
        """The exchange with its request scrubbed; the answer is left as it is."""
        fields = self._fields
        if _SIGN_IN_PATH.search(urlsplit(exchange.url).path):
            fields = fields | SIGN_IN_FIELDS
        return replace(
            exchange,
            url=self._url(exchange.url, fields),
            headers={name: self._header(name, value) for name, value in exchange.headers.items()},
            body=self._body(exchange.body, _content_type(exchange.headers), fields),
        )

    def scrub(self, exchange: Exchange) -> Exchange:
        """The exchange with request and answer scrubbed."""
        answer_type = _content_type({k: v[0] for k, v in exchange.answer_headers.items() if v})
        return replace(
            self.scrub_request(exchange),
            reason=self.registry.hide(exchange.reason),
            answer_headers={
                name: [self._answer_header(name, value) for value in values]
                for name, values in exchange.answer_headers.items()
            },
            answer_body=self._body(exchange.answer_body, answer_type, self._fields),
        )

    def _place(self, name: str, value: str) -> str:
        """The placeholder of a value found in a secret place."""
        if self._same_in_all_places:
            return PLACEHOLDER_PREFIX + "ANY"
        if not value or is_placeholder(value):
            return value
        return self.registry.add(value, PLACEHOLDER_PREFIX + name)

    def _header(self, name: str, value: str) -> str:
        lowered = name.lower()
        if lowered in COOKIE_HEADERS:
            return "; ".join(self._cookie(part.strip()) for part in value.split(";"))
        place = self._headers.get(lowered)
        if place is not None:
            return self._place(place, value)
        return self.registry.hide(self._links(value, self._fields))

    def _answer_header(self, name: str, value: str) -> str:
        if name.lower() == "set-cookie":
            cookie, *attributes = value.split(";")
            return ";".join([self._cookie(cookie), *map(self.registry.hide, attributes)])
        if name.lower() == "location":
            return self._url(value, self._fields)
        return self._header(name, value)

    def _cookie(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        return name + equals + self._place("COOKIE", value) if equals else self.registry.hide(pair)

    def _url(self, url: str, fields: Mapping[str, str]) -> str:
        parts = urlsplit(url)
        path, fragment = self._unquoted(parts.path), self._unquoted(parts.fragment)
        query = parts.query
        if query:
            pairs = parse_qsl(query, keep_blank_values=True)
            scrubbed = self._pairs(pairs, fields)
            if scrubbed != pairs:
                query = urlencode(scrubbed)
        netloc = parts.netloc
        if "@" in netloc:
            netloc = PLACEHOLDER_PREFIX + "USERINFO@" + netloc.rpartition("@")[2]
        return self.registry.hide(
            urlunsplit(parts._replace(path=path, query=query, netloc=netloc, fragment=fragment))
        )

    def _unquoted(self, text: str) -> str:
        """Hide the secrets that a path holds when decoded: clients quote different characters."""
        if "%" not in text:
            return text
        plain = unquote(text, errors="surrogateescape")
        hidden = self.registry.hide(plain)
        if hidden == plain:
            return text
        return quote(hidden, safe="/!$&'()*+,:;=@~", errors="surrogateescape")

    def _body(self, body: bytes, content_type: str, fields: Mapping[str, str]) -> bytes:
        if not body:
            return body
        try:
            text, encoding = body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            # Latin-1 maps every byte to one character and back: binary survives, text is searched.
            text, encoding = body.decode("latin-1"), "latin-1"
        structured = self._structured(text, content_type, fields)
        scrubbed = self.registry.hide(self._links(structured, fields))
        return body if scrubbed == text else scrubbed.encode(encoding, "surrogateescape")

    def _structured(self, text: str, content_type: str, fields: Mapping[str, str]) -> str:
        if "json" in content_type or text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            return self._json(text, fields)
        # Not every client names the type of a form.
        if "form-urlencoded" in content_type or (not content_type and _FORM.fullmatch(text)):
            pairs = parse_qsl(text, keep_blank_values=True)
            scrubbed = self._pairs(pairs, fields)
            return urlencode(scrubbed) if scrubbed != pairs else text
        if "multipart/" in content_type:
            return self._named(_MULTIPART_FIELD, text, fields)
        return text

    def _json(self, text: str, fields: Mapping[str, str]) -> str:
        try:
            data = json.loads(text)
        except ValueError:
            return self._json_in_pieces(text, fields)
        has_escapes = "\\" in text

        def walk(node: Any, place: str | None) -> Any:
            if isinstance(node, dict):
                # Whatever lies below the name of a secret is secret.
                return {
                    key: walk(value, fields.get(key.lower(), place)) for key, value in node.items()
                }
            if isinstance(node, list):
                return [walk(item, place) for item in node]
            if place is not None and not isinstance(node, bool | None):
                return self._place(place, str(node)) if node != "" else node
            # Without escapes, the value is found in the text as it is.
            return self._json_string(node, fields) if has_escapes else node

        scrubbed = walk(data, None)
        if scrubbed == data:
            return text
        # Text that was escaped may be nothing that the body's encoding can hold.
        return json.dumps(scrubbed, ensure_ascii="\\u" in text)

    def _json_string(self, node: Any, fields: Mapping[str, str]) -> Any:
        if not isinstance(node, str):
            return node
        if node.lstrip().startswith(("{", "[")):  # JSON in JSON
            node = self._json(node, fields)
        return self.registry.hide(self._links(node, fields))

    def _json_in_pieces(self, text: str, fields: Mapping[str, str]) -> str:
        """The string fields of what is not one JSON text: one per line, cut off, with a BOM."""
        return self._named(_JSON_FIELD, text, fields)

    def _links(self, text: str, fields: Mapping[str, str]) -> str:
        """A text with the secret query parameters of the links in it replaced."""
        return self._named(_LINK_FIELD, text, fields) if "=" in text else text

    def _named(self, pattern: re.Pattern[str], text: str, fields: Mapping[str, str]) -> str:
        def replace(match: re.Match[str]) -> str:
            place = fields.get(match.group("name").lower())
            value = match.group("value")
            if place is not None:
                value = self._place(place, value)
            elif value.lstrip().startswith(("{", "[")):
                value = self._json(value, fields)
            return match.group("head") + value

        return pattern.sub(replace, text)

    def _pairs(
        self, pairs: list[tuple[str, str]], fields: Mapping[str, str]
    ) -> list[tuple[str, str]]:
        scrubbed: list[tuple[str, str]] = []
        for name, value in pairs:
            place = fields.get(name.lower())
            if place is not None:
                scrubbed.append((name, self._place(place, value)))
            elif value.lstrip().startswith(("{", "[")):  # the v2 API's data={json}
                scrubbed.append((name, self._json(value, fields)))
            else:
                scrubbed.append((name, self.registry.hide(value)))
        return scrubbed


_MULTIPART_FIELD = re.compile(
    r'(?P<head>content-disposition:[^\r\n]*\bname="(?P<name>[^"\r\n]+)"(?:\r?\n[^\r\n]+)*\r?\n\r?\n)'
    r"(?P<value>.+?)(?=\r?\n--|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_JSON_FIELD = re.compile(r'(?P<head>"(?P<name>[^"\\]+)"\s*:\s*")(?P<value>(?:[^"\\]|\\.)+)')
_LINK_FIELD = re.compile(r"(?P<head>[?&](?P<name>[\w-]+)=)(?P<value>[^\s&#\"'<>\\]+)")
_FORM = re.compile(r"[\w.%+-]+=[^\s&]*(&[\w.%+-]+=[^\s&]*)*")


def _content_type(headers: Mapping[str, str]) -> str:
    for name, value in headers.items():
        if name.lower() == "content-type":
            return value.lower()
    return ""


def _as_name(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "VALUE"
