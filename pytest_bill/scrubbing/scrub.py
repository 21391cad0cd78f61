"""Replacing the secrets of interactions by placeholders: by place and by value.

By place: the headers, fields and query parameters where BILL carries credentials. By value: every
secret that was loaded or handed out, wherever it shows up as text, in the usual encodings.
This module knows nothing of pytest and nothing of cassette files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlunsplit

from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing import cookies
from pytest_bill.scrubbing.body_text import LIKE_ASCII, as_text
from pytest_bill.scrubbing.by_name import ByName
from pytest_bill.scrubbing.places import (
    COOKIE_HEADERS,
    SECRET_FIELDS,
    SECRET_HEADERS,
    SIGN_IN_FIELDS,
    SIGN_IN_PATH,
)
from pytest_bill.scrubbing.registry import PlacesOnly, SecretRegistry, is_placeholder
from pytest_bill.scrubbing.search.budget import TooMuch
from pytest_bill.scrubbing.search.packed import Stream, may_hold_streams, streams_in
from pytest_bill.scrubbing.search.search import UNSEARCHABLE
from pytest_bill.urls import split


class _Fields(dict[str, str]):
    """The placeholders of secret fields by their names, which are in lower case."""

    def __or__(self, others: Mapping[str, str]) -> _Fields:  # type: ignore[override]
        return _Fields({**self, **others})

    @cached_property
    def _parts(self) -> list[str]:
        """The names but those that another one is a part of."""
        return [name for name in self if not any(o in name for o in self if o != name)]

    @cached_property
    def _as_key(self) -> re.Pattern[str]:
        return re.compile(rf"""(?:{"|".join(map(re.escape, self))})["'\\:=\s]""")

    def may_be_in(self, text: str) -> bool:
        """Whether JSON or a form may have one of the fields, at any depth, also JSON in JSON."""
        lowered = text.lower()
        if "\\u" in lowered:
            return True
        for part in self._parts:
            if part in lowered:
                return self._as_key.search(lowered) is not None
        return False


@dataclass(frozen=True)
class ScrubRules:
    """Places to scrub beyond BILL's: names of headers and of JSON/form/query fields."""

    headers: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()


class Scrubber:
    """Replaces the secrets of interactions by placeholders.

    What stands in a secret place is remembered, so that the same value is also replaced where it
    occurs elsewhere: :meth:`learn` all interactions first, then :meth:`scrub` each.
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
        self._rules = rules = rules or ScrubRules()
        self.registry = registry
        self._same_in_all_places = same_in_all_places
        self._headers = SECRET_HEADERS | {name.lower(): as_name(name) for name in rules.headers}
        self._special_headers = {*self._headers, *COOKIE_HEADERS, "location"}
        own = {name.lower(): as_name(name) for name in rules.fields}
        self._fields = _Fields(SECRET_FIELDS) | own
        self._by_name = ByName(registry)

    def learn(self, interaction: Interaction) -> None:
        """Remember the secrets that stand in secret places of this interaction."""
        self._learner.scrub(interaction)
        self._by_name.learn(interaction)

    @cached_property
    def _learner(self) -> Scrubber:
        return Scrubber(PlacesOnly(self.registry), self._rules)

    @property
    def has_sent(self) -> bool:
        """Whether a test sent secrets of its own."""
        return bool(self._by_name)

    def restored(self, interaction: Interaction) -> Interaction:
        """A recorded interaction, its answer with what the test itself sent and got back."""
        return self._by_name.restored(interaction)

    def scrub_request(self, interaction: Interaction) -> Interaction:
        """The interaction with its request scrubbed; the answer is left as it is."""
        hide = self.registry.hide
        return replace(
            interaction,
            method=hide(interaction.method),
            url=self.scrubbed_url(interaction.url),
            headers={
                hide(name): self.scrubbed_header(name, value)
                for name, value in interaction.headers.items()
            },
            body=self.scrubbed_body(interaction.body, interaction.content_type, interaction.url),
        )

    def scrubbed_url(self, url: str) -> str:
        """The URL of a request, scrubbed."""
        if _OF_ORGANIZATION in url:
            url = _ORGANIZATION_ID.sub(self._organization, url)
        return self._by_name.in_request(self._url(url, self._fields_of_request(url)))

    def _organization(self, match: re.Match[str]) -> str:
        """An organization in a path, where it is not found wherever it stands."""
        return self.registry.in_place(unquote(match[0])) or match[0]

    def scrubbed_header(self, name: str, value: str) -> str:
        """The value of a request's header, scrubbed."""
        return self._by_name.in_request(self._header(name, value), name)

    def scrubbed_body(self, body: bytes, content_type: str, url: str) -> bytes:
        """The body of a request to a URL, scrubbed; the content type in lower case.

        To be matched, what cannot be searched stays as it is: it is like no other.
        """
        scrubbed = self._body(body, content_type, self._fields_of_request(url))
        given_up = self._same_in_all_places and _UNSEARCHABLE in scrubbed
        if given_up and _UNSEARCHABLE not in body:
            return body
        return self._by_name.in_body_of_request(scrubbed, content_type)

    def _fields_of_request(self, url: str) -> Mapping[str, str]:
        if SIGN_IN_PATH.search(split(url).path):
            return self._fields | SIGN_IN_FIELDS
        return self._fields

    def scrub(self, interaction: Interaction) -> Interaction:
        """The interaction with request and answer scrubbed."""
        if not isinstance(self.registry, PlacesOnly):
            self._by_name.learn(interaction)
        self.registry.look_at(self._texts(interaction))
        scrubbed = replace(
            self.scrub_request(interaction),
            reason=self.registry.hide(self._links(interaction.reason, self._fields)),
            answer_headers={
                self.registry.hide(name): self._answer_values(name, values)
                for name, values in interaction.answer_headers.items()
            },
            answer_body=self._body(
                interaction.answer_body, interaction.answer_content_type, self._fields
            ),
        )
        return self._by_name.in_answer(scrubbed)

    def _texts(self, interaction: Interaction) -> Iterator[str]:
        """What differs from interaction to interaction: the URL, and the answer's headers.

        Without those that are places of secrets.
        """
        yield interaction.url
        for name, values in interaction.answer_headers.items():
            if name.lower() not in self._special_headers:
                yield from values

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
            return cookies.in_header(value, self._cookie, self.registry.hide)
        if lowered == _ORGANIZATION:
            return self.registry.in_place(value) or self.registry.hide(value)
        place = self._headers.get(lowered)
        if place is not None:
            return self._place(place, value)
        if "=" not in value and "\n" not in value:
            return self.registry.hide(value)
        (hidden,) = hidden_in_list(self.registry, [self._links(value, self._fields)])
        return hidden

    def _answer_values(self, name: str, values: list[str]) -> list[str]:
        if len(values) == 1 and name.lower() not in self._special_headers:
            (value,) = values
            if "=" not in value and "\n" not in value:  # as most
                return [self.registry.hide(value)]
        return hidden_in_list(self.registry, [self._answer_header(name, value) for value in values])

    def _answer_header(self, name: str, value: str) -> str:
        if name.lower() == "location":
            return self._url(value, self._fields)
        return self._header(name, value)

    def _cookie(self, value: str) -> str:
        return self._place("COOKIE", value)

    def _url(self, url: str, fields: Mapping[str, str]) -> str:
        try:
            parts = split(url)
        except ValueError:
            return self.registry.hide(self._links(url, fields))
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
            urlunsplit(parts._replace(query=query, netloc=netloc))
            if query != parts.query or netloc != parts.netloc
            else url
        )

    def _body(
        self, body: bytes, content_type: str, fields: Mapping[str, str], depth: int = 0
    ) -> bytes:
        if not body:
            return body
        if self._is_plain_json(body, content_type) and not _may_name(body.decode(), fields):
            return self.registry.hide_in(body)
        packed = _packed_whole(body) if depth < _DEEPEST_PACKED else None
        if packed is not None and packed.plain is not None:
            # Packed without saying so, a file perhaps.
            inner = self._body(packed.plain, "", fields, depth + 1)
            if inner != packed.plain:
                body = packed.pack(inner) + body[packed.end :]
            return body if depth else self.registry.hide_in(body)
        text, encoding = as_text(body, content_type)
        scrubbed = self._links(self._structured(text, content_type, fields), fields)
        if encoding not in LIKE_ASCII:
            scrubbed = self.registry.hide(scrubbed)
        if scrubbed != text:
            body = scrubbed.encode(encoding, "surrogatepass" if "utf" in encoding else "replace")
        # What is within is searched with what it is in.
        return body if depth else self.registry.hide_in(body)

    def _is_plain_json(self, body: bytes, content_type: str) -> bool:
        """Whether a body is JSON without what is looked at more closely: most are."""
        return (
            "json" in content_type
            and "multipart/" not in content_type
            and body.isascii()
            and b"=" not in body
            and b"\0" not in body[:4]
            and not self.registry.has_numbers
        )

    def _structured(self, text: str, content_type: str, fields: Mapping[str, str]) -> str:
        if "multipart/" in content_type:
            return self._multipart(text, content_type, fields)
        if "json" in content_type or text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            return self._json(text, fields)
        # Not every client names the type of a form, or the right one.
        if "form-urlencoded" in content_type or _FORM.fullmatch(text):
            if "%" not in text and not _may_name(text, fields):
                return text
            pairs = parse_qsl(text, keep_blank_values=True)
            scrubbed = self._pairs(pairs, fields)
            return urlencode(scrubbed) if scrubbed != pairs else text
        return text

    def _json(self, text: str, fields: Mapping[str, str]) -> str:
        if self.registry.has_numbers:
            text = self._numbers(text)
        if not _may_name(text, fields):
            return text
        return self._json_in_pieces(text, fields)

    def _json_string(self, node: Any, fields: Mapping[str, str]) -> Any:
        if not isinstance(node, str):
            return node
        if node.lstrip().startswith(("{", "[")):  # JSON in JSON
            node = self._json(node, fields)
        return self._links(node, fields)

    def _numbers(self, text: str) -> str:
        """JSON with the numbers that are secrets replaced by strings, so that it stays JSON."""

        def quoted(match: re.Match[str]) -> str:
            number = match.group("number")
            if number is None or self.registry.find(number) is None:
                return match.group(0)
            return f'"{self.registry.hide(number)}"'

        return _NUMBER.sub(quoted, text)

    def _json_in_pieces(self, text: str, fields: Mapping[str, str]) -> str:
        """JSON token by token: all else stays as it is, and it may be cut off, or several texts.

        Whatever lies below the name of a secret is secret.
        """
        out: list[str] = []
        places: list[str | None] = []  # of what encloses it
        place: str | None = None
        string = ""  # the latest, perhaps a key
        position = 0
        for match in _JSON_TOKEN.finditer(text):
            written = match.group(0)
            if written == ":":
                key = _json_text(string)
                outer = places[-1] if places else None
                place = fields.get(key.lower(), outer)
            elif written in ("{", "["):
                places.append(place)
            elif written in ("}", "]"):
                if places:
                    places.pop()
                place = places[-1] if places else None
            elif written == ",":
                place = places[-1] if places else None
            else:
                string = written
                if _NEXT_IS_COLON.match(text, match.end()):
                    continue
                new = self._json_value(written, place, fields)
                if new != written:
                    out += (text[position : match.start()], new)
                    position = match.end()
        return "".join([*out, text[position:]])

    def _json_value(self, written: str, place: str | None, fields: Mapping[str, str]) -> str:
        is_string = written.startswith('"')
        if place is None and not (is_string and "\\" in written):
            return written  # as most
        value = _json_text(written)
        if place is not None and value and (is_string or written not in ("true", "false", "null")):
            new = self._place(place, value)
        elif is_string and "\\" in written:
            new = self._json_string(value, fields)
        else:
            return written
        if new == value:
            return written
        # What was cut off stays cut off.
        end = '"' if not is_string or (len(written) > 1 and written.endswith('"')) else ""
        return json.dumps(new)[:-1] + end

    def _multipart(self, text: str, content_type: str, fields: Mapping[str, str]) -> str:
        """The fields of a multipart body, each by its name."""
        named = re.search(r'boundary="?([^";,\s]+)', content_type, re.IGNORECASE)
        delimiter = "--" + named.group(1) if named else ""
        if delimiter.lower() not in text.lower():
            # Declared wrongly, or not at all: what the body begins with.
            delimiter = text.lstrip().partition("\n")[0].strip()
            if not delimiter.startswith("--"):
                return text
        parts = re.split(f"({re.escape(delimiter)})", text, flags=re.IGNORECASE)
        return "".join(
            part if index % 2 or not index else self._part(part, fields)
            for index, part in enumerate(parts)
        )

    def _part(self, part: str, fields: Mapping[str, str]) -> str:
        head, between, content = (
            _BLANK_LINE.split(part, 1)
            if _BLANK_LINE.search(part)
            else (
                part,
                "",
                "",
            )
        )
        body = content.rstrip("\r\n")
        end = content[len(body) :]
        name = _PART_NAME.search(head)
        place = fields.get(name.group(1).lower()) if name else None
        if place is not None and body:
            body = self._place(place, body)
        elif body.lstrip().startswith(("{", "[")):
            body = self._json(body, fields)
        return head + between + body + end

    def _links(self, text: str, fields: Mapping[str, str]) -> str:
        """A text with the secret query parameters of the links in it replaced."""
        return self._named(_LINK_FIELD, text, fields) if "=" in text else text

    def _named(self, pattern: re.Pattern[str], text: str, fields: Mapping[str, str]) -> str:
        def replace(match: re.Match[str]) -> str:
            place = fields.get(match.group("name").lower())
            value = match.group("value")
            if place is not None:
                # As whoever follows the link reads it.
                value = self._place(place, unquote(value))
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
                scrubbed.append((name, value))
        return scrubbed


_ORGANIZATION = "organizationid"
_OF_ORGANIZATION = "/organizations/"
_ORGANIZATION_ID = re.compile(r"(?<=/organizations/)[^/?#]+")
_UNSEARCHABLE = UNSEARCHABLE.encode()
_BLANK_LINE = re.compile(r"(\r?\n\r?\n)")
_PART_NAME = re.compile(r'(?i)\bname="?([^"\r\n;]+)')
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}\[\],:]|[^\s"{}\[\],:]++', re.DOTALL)
_NEXT_IS_COLON = re.compile(r"\s*+:")
_NUMBER = re.compile(
    r'"(?:[^"\\]|\\.)*+"?|(?P<number>-?[0-9][0-9.eE+-]*+)(?=\s*+(?:[,}\]]|\Z))', re.DOTALL
)
_LINK_FIELD = re.compile(r"(?P<head>[?&](?P<name>[\w-]+)=)(?P<value>[^\s&#\"'<>\\]+)")
_FORM = re.compile(r"[\w.%+-]+=[^\s&]*(&[\w.%+-]+=[^\s&]*)*")


_DEEPEST_PACKED = 3
"""What is packed more often is searched for values, not for places."""


def _packed_whole(body: bytes) -> Stream | None:
    """The packed stream that a body begins with."""
    if not may_hold_streams(body[:_LONGEST_MAGIC]):
        return None
    try:
        found = next(streams_in(body), None)
    except TooMuch:
        return None  # it cannot be searched, which is seen again
    return found if found is not None and found.start == 0 else None


_LONGEST_MAGIC = 4


def as_name(name: str) -> str:
    """A name as it stands in a placeholder."""
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "VALUE"


def hidden_in_list(registry: SecretRegistry, values: list[str]) -> list[str]:
    """The values of one header with secrets replaced, also one that is split over them.

    A value may be folded over several lines (RFC 9112, section 5.2), which is a split, too.
    """
    hidden = [registry.hide(value) for value in values]
    for joined in joinings(hidden):
        if registry.find(joined) is not None:
            return [registry.hide(joined)]
    return hidden


def joinings(values: list[str]) -> Iterator[str]:
    """What the values of one header, and the lines of each, may mean in one."""
    if len(values) == 1 and "\n" not in values[0]:
        return
    for pieces in dict.fromkeys(map(tuple, _pieces(values))):
        if len(pieces) > 1 or pieces[0] not in values:
            yield from dict.fromkeys(separator.join(pieces) for separator in _SEPARATORS)


def _pieces(values: list[str]) -> Iterator[list[str]]:
    """The values, and where they have lines, what these may be pieces of.

    A line may be one of the value itself, as in base64, the end of a soft break of
    quoted-printable, or a fold, which is the only one with blanks after it.
    """
    yield values
    if any("\n" in value for value in values):
        yield [piece for value in values for piece in _LINE.split(value)]
        yield [piece for value in values for piece in _FOLD.split(value)]
        yield [_SOFT_BREAK.sub("", value) for value in values]


_LINE = re.compile(r"\r?\n[ \t]*")
_FOLD = re.compile(r"\r?\n[ \t]+")
_SOFT_BREAK = re.compile(r"=\r?\n")
_SEPARATORS = ("", " ", ",", ", ", ";", "; ")


def _may_name(text: str, fields: Mapping[str, str]) -> bool:
    names = fields if isinstance(fields, _Fields) else _Fields(fields)
    return names.may_be_in(text)


def _json_text(written: str) -> str:
    """What a token of JSON stands for, as text."""
    if not written.startswith('"'):
        return written
    if "\\" not in written:
        return written.strip('"')
    closed = written if len(written) > 1 and written.endswith('"') else written + '"'
    try:
        return str(json.loads(closed, strict=False))
    except ValueError:
        return written.strip('"')
