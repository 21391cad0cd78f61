"""Requests that another tool recorded, and whose secrets its filters took out.

vcrpy's filters take a header, a parameter or a field out of what is recorded, or put a word in its
place (https://vcrpy.readthedocs.io/en/latest/advanced.html). The request of the test has it. So
where no recorded request is the same, those of other tools are compared once more, by all that
does not stand in a secret place. What this plugin recorded has all of its places, and says who
answered: it is not looked at here.

Two organizations or sessions that are known on both sides stay apart.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from heapq import merge
from itertools import chain
from typing import Any
from urllib.parse import unquote_plus

from pytest_bill.cassettes.index import Index
from pytest_bill.cassettes.matchers import MATCHERS
from pytest_bill.cassettes.matchers import body as bodies
from pytest_bill.cassettes.matchers.compared_request import ComparedRequest, canonical_json
from pytest_bill.cassettes.matchers.headers import CREDENTIAL
from pytest_bill.cassettes.matching import Matcher, MatchKey
from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.environments import gives_tokens
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.filter_words import is_filtered
from pytest_bill.scrubbing.placeholders import is_placeholder
from pytest_bill.scrubbing.secret_fields import SecretFields
from pytest_bill.scrubbing.secret_places import COOKIE_HEADERS, SIGN_IN_PATH

_ANY = PLACEHOLDER_PREFIX + "ANY"
_FEW = 3
"""So many requests that are not found are looked for by themselves, before all is looked through:
in a cassette of which nothing was filtered out there are hardly more."""
_WITH_SECRETS = frozenset({"query", "uri", "body", "raw_body"})
_ORGANIZATION = "organizationid"
_IN_PATH = late_pattern(r"(?<=/organizations/)[^/?#]+")


class Filtered:
    """The interactions of a cassette that other tools recorded, by what is no secret in them."""

    def __init__(self, matcher: Matcher) -> None:
        """Nothing is looked through before a request is not found."""
        self._matcher = matcher
        self._waiting: dict[Hashable, dict[str, deque[int]]] | None = None
        self._looked_for = 0
        self._organizations: dict[int, tuple[str, str]] = {}

    def take(
        self,
        request: Interaction,
        key: MatchKey,
        index: Index,
        recorded: Sequence[Interaction],
        stood_in: frozenset[str],
        agrees: Callable[[int], bool] | None,
    ) -> int | None:
        """The first recorded request that waits and may be this one, by its number; it is taken.

        ``key`` is its match key.
        """
        now, session = self._matcher.seen(request, stood_in)
        waiting = self._waiting
        if waiting is None:
            few = self._few_like(now, key, index)
            waiting = self._looked_through(index, recorded, stood_in, few)
            if few is None:
                self._waiting = waiting
        if not waiting:
            return None
        organizations = _organizations_in(now)
        by_session = waiting.get(self._key(now), {})
        others = [
            numbers
            for each, numbers in by_session.items()
            if each != session and not self._matcher.session_difference(session, each)
        ]
        for number in chain(by_session.get(session, ()), merge(*others)):
            if (
                not index.is_taken(number)
                and _may_be_the_same(organizations, self._organizations[number])
                and (agrees is None or agrees(number))
            ):
                _forget_taken(by_session.values(), index)
                return index.take_this(number)
        return None

    def _few_like(self, now: ComparedRequest, key: MatchKey, index: Index) -> Sequence[int] | None:
        """Those that one of the first few requests that are not found may be.

        Where neither has a secret in its URL or body, these are the same: a filter left them as
        they were. None where the request has one, or where so many were not found that it is better
        to look through all of them once.
        """
        self._looked_for += 1
        if self._looked_for > _FEW or _has_secret(now):
            return None
        parts = enumerate(self._matcher.parts)
        return index.same_or_secret(key, [place for place, each in parts if each in _WITH_SECRETS])

    def _looked_through(
        self,
        index: Index,
        recorded: Sequence[Interaction],
        stood_in: frozenset[str],
        numbers: Iterable[int] | None,
    ) -> dict[Hashable, dict[str, deque[int]]]:
        """Those of these numbers, or all, by what is left of them and by session."""
        found: dict[Hashable, dict[str, deque[int]]] = {}
        for number in range(len(recorded)) if numbers is None else numbers:
            each = recorded[number]
            if not each.answered_by:
                request, _ = self._matcher.seen(each, stood_in)
                by_session = found.setdefault(self._key(request), {})
                by_session.setdefault(index.session_of(number), deque()).append(number)
                self._organizations[number] = _organizations_in(request)
        return found

    def _key(self, request: ComparedRequest) -> Hashable:
        """The parts that are compared, less what stands in secret places."""
        fields = request.scrubber.fields_of_request(request.url.url)
        return tuple(_left_of(part, request, fields) for part in self._matcher.parts)


def _has_secret(request: ComparedRequest) -> bool:
    """Whether there may be something in its URL or body that a filter takes out."""
    url, fields = request.url, request.scrubber.fields_of_request(request.url.url)
    if _IN_PATH.search(url.path) or SIGN_IN_PATH.search(url.path) or gives_tokens(url.url):
        return True
    pairs: Any = url.query
    if any(name.lower() in fields for name, _ in pairs):
        return True
    text = request.content.bytes.decode("utf-8", "replace")
    return fields.may_be_in(text) or ("%" in text and fields.may_be_in(unquote_plus(text)))


def _forget_taken(waiting: Iterable[deque[int]], index: Index) -> None:
    """Those at the front are not gone through again for each equal request that follows."""
    for numbers in waiting:
        while numbers and index.is_taken(numbers[0]):
            numbers.popleft()


def _left_of(part: str, request: ComparedRequest, fields: SecretFields) -> Hashable:
    if part == "organizationId":  # where both have one, it is compared by itself
        return None
    if part == "path":
        return _IN_PATH.sub("", request.url.path)
    if part == "query":
        return _query(request, fields)
    if part == "uri":
        url = request.url
        path = _IN_PATH.sub("", url.path)
        return url.scheme, url.host, url.port, path, _query(request, fields)
    if part == "headers":
        return _headers(request)
    if part in ("body", "raw_body"):  # a filter writes JSON anew: its bytes are others
        return _body(request, fields)
    return MATCHERS[part](request)


def _headers(request: ComparedRequest) -> Hashable:
    headers: Any = MATCHERS["headers"](request)
    # A body from which something was taken has another length.
    left_out = {*COOKIE_HEADERS, CREDENTIAL, _ORGANIZATION, "content-length"}
    return tuple(each for each in headers if each[0] not in left_out and each[1] != _ANY)


def _query(request: ComparedRequest, fields: SecretFields) -> Hashable:
    pairs: Any = request.url.query
    return tuple((name, value) for name, value in pairs if name.lower() not in fields)


def _body(request: ComparedRequest, fields: SecretFields) -> Hashable:
    """What is left of a body; of one that signs in nothing, all of which tells who does."""
    url, content = request.url, request.content
    if SIGN_IN_PATH.search(url.path) or gives_tokens(url.url):
        return ""
    if content.canonical is not None:
        with suppress(RecursionError):  # nested too often to be looked through: as it is
            left = _json(json.loads(content.canonical), fields)
            return canonical_json(left) if left != {} else ""
        return content.canonical
    compared = bodies.body(request)
    if isinstance(compared, tuple):
        return tuple(_pairs(compared, fields)) or ""
    if "boundary=" in content.content_type:
        return _multipart(request, fields)
    return compared


def _json(data: Any, fields: SecretFields) -> Any:
    if isinstance(data, dict):
        kept = {name: each for name, each in data.items() if name.lower() not in fields}
        return {name: _json(each, fields) for name, each in kept.items()}
    return [_json(each, fields) for each in data] if isinstance(data, list) else data


def _pairs(pairs: Sequence[tuple[str, str]], fields: SecretFields) -> Sequence[tuple[str, str]]:
    """The pairs of a form; the v2 API's ``data`` holds JSON."""
    left = []
    for name, value in pairs:
        if name.lower() in fields:
            continue
        if value.lstrip().startswith(("{", "[")):
            with suppress(ValueError, RecursionError):
                value = canonical_json(_json(json.loads(value), fields))
        left.append((name, value))
    return left


def _multipart(request: ComparedRequest, fields: SecretFields) -> Hashable:
    from pytest_bill.multipart import multipart_in

    content = request.content
    found = multipart_in(request.header("content-type") or "", content.bytes)
    if found is None:
        return bodies.body(request)
    return tuple(part.written for part in found.parts if part.name.lower() not in fields)


def _organizations_in(request: ComparedRequest) -> tuple[str, str]:
    """The organization that a partner asks for, and the one in the path; empty without one."""
    in_path = _IN_PATH.search(request.url.path)
    return request.header(_ORGANIZATION) or "", in_path[0] if in_path else ""


def _may_be_the_same(now: Sequence[str], recorded: Sequence[str]) -> bool:
    return all(map(_is_one, now, recorded))


def _is_one(now: str, recorded: str) -> bool:
    """Whether two organizations may be one: they are, or a filter or a placeholder hides one."""
    if now == recorded:
        return True
    if is_placeholder(now) and is_placeholder(recorded):
        return False
    return is_filtered(now) or is_filtered(recorded)
