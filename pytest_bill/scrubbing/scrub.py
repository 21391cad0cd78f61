"""Replacing the secrets of interactions by placeholders: by place and by value.

By place: the headers, fields and query parameters where BILL carries credentials. By value: every
secret that was loaded or handed out, wherever it shows up as text, in the usual encodings.
This module knows nothing of pytest and nothing of cassette files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlunsplit

from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing import cookies
from pytest_bill.scrubbing.body_text import LIKE_ASCII, as_text
from pytest_bill.scrubbing.header_values import hidden_values
from pytest_bill.scrubbing.packed_texts import is_plain
from pytest_bill.scrubbing.placeholders import as_name, is_placeholder
from pytest_bill.scrubbing.registry import PlacesOnly, SecretRegistry
from pytest_bill.scrubbing.search.budget import UNSEARCHABLE, TooMuch
from pytest_bill.scrubbing.secret_fields import FieldScrubber, SecretFields
from pytest_bill.scrubbing.secret_names import without_scheme
from pytest_bill.scrubbing.secret_places import (
    COOKIE_HEADERS,
    SECRET_FIELDS,
    SECRET_HEADERS,
    SIGN_IN_FIELDS,
    SIGN_IN_PATH,
)
from pytest_bill.scrubbing.unlisted_secrets import UnlistedSecrets
from pytest_bill.urls import split

if TYPE_CHECKING:
    from pytest_bill.scrubbing.search.packed import Stream


class ScrubRules(NamedTuple):
    """Places to scrub beyond BILL's: names of headers and of JSON/form/query fields."""

    headers: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    def joined(self, more: ScrubRules) -> ScrubRules:
        """These places, and more."""
        return ScrubRules(self.headers | more.headers, self.fields | more.fields)


_ORGANIZATION = "organizationid"
_OF_ORGANIZATION = "/organizations/"
_ORGANIZATION_ID = late_pattern(r"(?<=/organizations/)[^/?#]+")
_UNSEARCHABLE = UNSEARCHABLE.encode()
_DEEPEST_PACKED = 3
"""What is packed more often is searched for values, not for places."""


class Scrubber:
    """Replaces the secrets of interactions by placeholders.

    What stands in a secret place is remembered, so that the same value is also replaced where it
    occurs elsewhere: ``learn`` all interactions first, then ``scrub`` each.
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
        self.registry = registry
        self._same_in_all_places = same_in_all_places
        self._use(rules or ScrubRules())
        self._in_fields = FieldScrubber(registry, self._place)
        self._unlisted = UnlistedSecrets(registry)

    def _use(self, rules: ScrubRules) -> None:
        self._rules = rules
        self._headers = SECRET_HEADERS | {name.lower(): as_name(name) for name in rules.headers}
        self._special_headers = {*self._headers, *COOKIE_HEADERS, "location"}
        own = {name.lower(): as_name(name) for name in rules.fields}
        self._fields = SecretFields(SECRET_FIELDS | own)
        self._fields_of_sign_in = SecretFields(SECRET_FIELDS | own | SIGN_IN_FIELDS)

    @property
    def rules(self) -> ScrubRules:
        """The places beyond BILL's."""
        return self._rules

    def add_places(self, more: ScrubRules) -> None:
        """Scrub these places, too, from now on."""
        rules = self._rules.joined(more)
        if rules != self._rules:
            self._use(rules)
            self.__dict__.pop("_learner", None)

    def with_places(self, more: ScrubRules) -> Scrubber:
        """One that scrubs these places, too; this very one, if it does so already."""
        if more.headers <= self._headers.keys() and more.fields <= self._fields.keys():
            return self
        made = copy(self)
        made.add_places(more)
        return made

    def learn(self, interaction: Interaction) -> None:
        """Remember the secrets that stand in secret places of this interaction."""
        self._learner.scrub(interaction)
        self._unlisted.learn(interaction)

    @cached_property
    def _learner(self) -> Scrubber:
        return Scrubber(PlacesOnly(self.registry), self._rules)

    @property
    def has_sent(self) -> bool:
        """Whether a test sent secrets of its own."""
        return bool(self._unlisted)

    def restored(self, interaction: Interaction) -> Interaction:
        """A recorded interaction, its answer with what the test itself sent and got back."""
        return self._unlisted.restored(interaction)

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

    def scrubbed_url_of(self, interaction: Interaction) -> str:
        """The URL of a request, scrubbed; what its other parts tell of is a secret from then on."""
        url = self.scrubbed_url(interaction.url)
        for name, value in interaction.headers.items():
            self.scrubbed_header(name, value)
        if interaction.body:
            self.scrubbed_body(interaction.body, interaction.content_type, interaction.url)
        return url

    def scrubbed_url(self, url: str) -> str:
        """The URL of a request, scrubbed."""
        if _OF_ORGANIZATION in url:
            url = _ORGANIZATION_ID.sub(self._organization, url)
        return self._unlisted.in_request(self._url(url, self.fields_of_request(url)))

    def _organization(self, match: re.Match[str]) -> str:
        """An organization in a path, where it is not found wherever it stands."""
        return self.registry.in_place(unquote(match[0])) or match[0]

    def scrubbed_text(self, text: str) -> str:
        """A text in an answer's body, scrubbed by value and in its links."""
        return self.registry.hide(self._in_fields.replaced_in_links(text, self._fields))

    def scrubbed_header(self, name: str, value: str) -> str:
        """The value of a request's header, scrubbed."""
        return self._unlisted.in_request(self._header(name, value), name)

    def scrubbed_body(self, body: bytes, content_type: str, url: str) -> bytes:
        """The body of a request to a URL, scrubbed; the content type in lower case.

        To be matched, what cannot be searched stays as it is: it is like no other.
        """
        scrubbed = self._body(body, content_type, self.fields_of_request(url))
        given_up = self._same_in_all_places and _UNSEARCHABLE in scrubbed
        if given_up and _UNSEARCHABLE not in body:
            return body
        return self._unlisted.in_body_of_request(scrubbed, content_type)

    def fields_of_request(self, url: str) -> SecretFields:
        """The fields that are secret in a request to a URL."""
        if SIGN_IN_PATH.search(split(url).path):
            return self._fields_of_sign_in
        return self._fields

    def scrub(self, interaction: Interaction) -> Interaction:
        """The interaction with request and answer scrubbed."""
        if not isinstance(self.registry, PlacesOnly):
            self._unlisted.learn(interaction)
        self.registry.look_at(self._texts(interaction))
        scrubbed = replace(
            self.scrub_request(interaction),
            reason=self.registry.hide(
                self._in_fields.replaced_in_links(interaction.reason, self._fields)
            ),
            answer_headers={
                self.registry.hide(name): self._answer_values(name, values)
                for name, values in interaction.answer_headers.items()
            },
            answer_body=self._body(
                interaction.answer_body, interaction.answer_content_type, self._fields
            ),
        )
        return self._unlisted.in_answer(scrubbed)

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
        return _known_or_added(value, self.registry, PLACEHOLDER_PREFIX + name)

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
        (hidden,) = hidden_values(
            self.registry, [self._in_fields.replaced_in_links(value, self._fields)]
        )
        return hidden

    def _answer_values(self, name: str, values: list[str]) -> list[str]:
        if len(values) == 1 and name.lower() not in self._special_headers:
            (value,) = values
            if "=" not in value and "\n" not in value:  # as most
                return [self.registry.hide(value)]
        return hidden_values(self.registry, [self._answer_header(name, value) for value in values])

    def _answer_header(self, name: str, value: str) -> str:
        if name.lower() == "location":
            return self._url(value, self._fields)
        return self._header(name, value)

    def _cookie(self, value: str) -> str:
        return self._place("COOKIE", value)

    def _url(self, url: str, fields: SecretFields) -> str:
        try:
            parts = split(url)
        except ValueError:
            return self.registry.hide(self._in_fields.replaced_in_links(url, fields))
        query = parts.query
        if query:
            pairs = parse_qsl(query, keep_blank_values=True)
            scrubbed = self._in_fields.replaced_in_pairs(pairs, fields)
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

    def _body(self, body: bytes, content_type: str, fields: SecretFields, depth: int = 0) -> bytes:
        if not body:
            return body
        if self._is_plain_json(body, content_type) and not fields.may_be_in(body.decode()):
            return self.registry.hide_in(body)
        packed = _packed_whole(body) if depth < _DEEPEST_PACKED else None
        if packed is not None and packed.plain is not None:
            # Packed without saying so, a file perhaps.
            inner = self._body(packed.plain, "", fields, depth + 1)
            if inner != packed.plain:
                body = packed.pack(inner) + body[packed.end :]
            return body if depth else self.registry.hide_in(body)
        text, encoding = as_text(body, content_type)
        scrubbed = self._in_fields.replaced_in_links(
            self._in_fields.replaced_in_body(text, content_type, fields), fields
        )
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


def _known_or_added(value: str, registry: SecretRegistry, placeholder: str) -> str:
    """What stands for a value; of ``Bearer …`` with the token of a session for that alone."""
    token = without_scheme(value)
    hidden = token if is_placeholder(token) else registry.placeholder_of(token)
    if token == value or hidden is None:
        return registry.add(value, placeholder)
    return value[: value.rindex(token)] + hidden


_LONGEST_MAGIC = 4


def _packed_whole(body: bytes) -> Stream | None:
    """The packed stream that a body begins with."""
    begins = body[:_LONGEST_MAGIC]
    if is_plain(begins):
        return None
    from pytest_bill.scrubbing.search.packed import may_hold_streams, streams_in

    if not may_hold_streams(begins):
        return None
    try:
        found = next(streams_in(body), None)
    except TooMuch:
        return None  # it cannot be searched, which is seen again
    return found if found is not None and found.start == 0 else None
