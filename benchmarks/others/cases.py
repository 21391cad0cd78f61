"""The cases: made-up secrets in the places and encodings of the property-based test."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from pytest_bill.interaction import Interaction
from tests.promises import test_secrets_property as harness

KEY = "MADEUPabcdefGHIJ0123456789"
PASSWORD = 'Made/up+w"rd &<42>%7E\\'
SECRETS = (KEY, PASSWORD)
PLAIN = harness.Encoding("as it is", lambda text, _: text, lambda text: text)


@dataclass(frozen=True)
class Place:
    row: str
    """Its row in the report."""
    put: Callable[[str], harness.Put]
    is_named: bool = False
    """Whether the filters by name are told the name of what holds the secret."""
    is_line: bool = False


@dataclass(frozen=True)
class Case:
    place: Place
    encoding: harness.Encoding
    secret: str
    written: str
    put: harness.Put

    @property
    def is_plain(self) -> bool:
        """Whether it is written as a client does, and not encoded once more."""
        return self.encoding is PLAIN

    @property
    def is_literal(self) -> bool:
        """Whether the secret stands letter by letter in what is sent or answered."""
        interaction = self.put.interaction
        lists = interaction.answer_headers
        texts = [
            interaction.url,
            interaction.reason,
            *lists,
            *(each for v in lists.values() for each in v),
        ]
        texts += [*interaction.headers, *interaction.headers.values()]
        bodies = (interaction.body, interaction.answer_body)
        return any(self.secret in text for text in texts) or any(
            self.secret.encode() in body for body in bodies
        )

    def __str__(self) -> str:
        return f"{self.place.row} < {self.encoding.name}"


def asking(headers: dict[str, str], query: str = "") -> Interaction:
    return Interaction("GET", harness.URL + query, headers, b"", 200, "OK")


def posting(body: str, content_type: str) -> Interaction:
    return Interaction(
        "POST", harness.URL, {"Content-Type": content_type}, body.encode(), 200, "OK"
    )


def answering(headers: dict[str, str], body: str = "") -> Interaction:
    lists = {name: [value] for name, value in headers.items()}
    return Interaction("GET", harness.URL, {}, b"", 200, "OK", lists, body.encode())


def header(found: dict, name: str, side: str = "request") -> str:
    return harness.one(found[side]["headers"][name])


def body_of(found: dict, side: str = "request") -> str:
    body = found[side]["body"]
    body = body["string"] if side == "response" else body
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body


JSON = "application/json"

# Where BILL's credentials stand: their names are what a project would tell the filters.
NAMED: dict[str, Callable[[str], harness.Put]] = {
    "request header `devKey`": lambda text: harness.Put(
        asking({"devKey": text}), lambda found: header(found, "devKey")
    ),
    "request header `Authorization: Basic`": lambda text: harness.Put(
        asking({"Authorization": "Basic " + harness.b64("user:" + text)}),
        lambda found: harness.from_base64(header(found, "Authorization")[6:]).partition(":")[2],
    ),
    "request header `Cookie`": lambda text: harness.Put(
        asking({"Cookie": f"sid={quote(text, safe='')}; a=1"}),
        lambda found: harness.unquote(harness.between("sid=", "; a=1")(header(found, "Cookie"))),
    ),
    "query parameter `devKey`": lambda text: harness.Put(
        asking({}, f"?devKey={quote(text, safe='')}&max=1"),
        lambda found: dict(parse_qsl(urlsplit(found["request"]["uri"]).query))["devKey"],
    ),
    "form field `password`": lambda text: harness.Put(
        posting(f"password={quote_plus(text)}&a=1", harness.FORM),
        lambda found: dict(parse_qsl(body_of(found)))["password"],
    ),
    "multipart field `password`": lambda text: harness.Put(
        posting(harness.part('name="password"', text), harness.BOUNDARY),
        lambda found: harness.in_part(body_of(found)),
    ),
    "JSON field `password`": lambda text: harness.Put(
        posting(json.dumps({"password": text, "a": 1}), JSON),
        lambda found: json.loads(body_of(found))["password"],
    ),
    "JSON field `password`, deeper": lambda text: harness.Put(
        posting(json.dumps({"a": [{"password": text}]}), JSON),
        lambda found: json.loads(body_of(found))["a"][0]["password"],
    ),
    "response: JSON field `sessionId`": lambda text: harness.Put(
        answering({"Content-Type": JSON}, json.dumps({"sessionId": text})),
        lambda found: json.loads(body_of(found, "response"))["sessionId"],
    ),
    "response header `Set-Cookie`": lambda text: harness.Put(
        answering({"Set-Cookie": f"sid={quote(text, safe='')}; Path=/"}),
        lambda found: harness.unquote(
            harness.between("sid=", "; Path")(header(found, "Set-Cookie", "response"))
        ),
    ),
}
# Several places of the test are one row; one that is not here is a row of its own.
ROWS = {
    **dict.fromkeys(("path", "query", "query name", "fragment"), "URL: path, query, fragment"),
    "request header": "request header",
    "Basic": "request header, `Basic`",
    "header name": "name of a header",
    **dict.fromkeys(("answer header", "Location"), "response header"),
    "split over headers": "response header, on two lines",
    "split over headers at a comma": "response header, on two lines",
    "folded header": "header, folded",
    "reason": "response's reason",
}
KINDS = {
    "text/plain": "plain text",
    "": "plain text",
    "text/html": "HTML, XML",
    "text/xml": "HTML, XML",
    JSON: "JSON",
    harness.FORM: "form",
    harness.BOUNDARY: "multipart",
}


def places() -> Iterator[Place]:
    for name, put in NAMED.items():
        yield Place(name, put, is_named=True, is_line="header" in name)
    for name, put in harness.PLACES.items():
        is_line = "header" in name or name in ("reason", "Basic")
        yield Place(ROWS.get(name, name), put, is_line=is_line)
    for side in ("request", "response"):
        for body in harness.BODIES:
            kind = KINDS.get(body.content_type, body.content_type)
            yield Place(f"{side} body: {kind}", harness.in_body(body, "utf-8", "", side))
    as_json = next(body for body in harness.BODIES if body.name == "JSON")
    yield Place("request body: JSON, gzip", harness.in_body(as_json, "utf-8", "gzip", "request"))
    for packing in filter(None, harness.PACKINGS):
        kind = "gzip, deflate, br" if packing in ("gzip", "deflate", "br") else "otherwise packed"
        kind = "packed, not declared" if "not declared" in packing else kind
        put = harness.in_body(as_json, "utf-8", packing, "response")
        yield Place(f"response body: JSON, {kind}", put)
    yield Place("response body: JSON, UTF-16", harness.in_body(as_json, "utf-16", "", "response"))


def every_other() -> Callable[[str], bool]:
    asked = Counter()

    def is_chosen(_: str) -> bool:
        asked["times"] += 1
        return asked["times"] % 2 == 0

    return is_chosen


def written_forms(secret: str) -> Iterator[tuple[harness.Encoding, str]]:
    """Each encoding of a secret, with as few escapes as may be and with many; each text once."""
    seen = set()
    for encoding in (PLAIN, *harness.TEXT_ENCODINGS):
        for is_escaped in (lambda _: False, every_other()):
            written = encoding.encode(secret, is_escaped)
            if written not in seen:
                seen.add(written)
                yield encoding, written


def cases() -> list[Case]:
    forms = [(secret, *form) for secret in SECRETS for form in written_forms(secret)]
    return [
        Case(place, encoding, secret, written, place.put(written))
        for place in places()
        for secret, encoding, written in forms
        if not (place.is_line and re.search(r"[\r\n]", written))
    ]
