"""The request to be made again for a recorded one: at the run's BILL, with the run's credential.

What stands for secrets is turned back where the run has them. A stand-in for people's data cannot
be: nobody knows what it stood for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlunsplit

from pytest_bill import environments
from pytest_bill.cassettes.played import Played
from pytest_bill.credentials.kinds import AUTHORIZATION, CREDENTIAL_HEADERS, KINDS, Kind
from pytest_bill.drift.bodies import FORM, media_type_of
from pytest_bill.environments import Environment
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.personal import found_in
from pytest_bill.scrubbing.placeholders import PLACEHOLDER, find_placeholder
from pytest_bill.scrubbing.secret_names import without_scheme
from pytest_bill.urls import split
from pytest_bill.v2_forms import form_in

_NUMBER = late_pattern(r"_\d+\Z")
# The client's own, and cookies: BILL's pages on keys and tokens name no cookie that it needs.
_NOT_SENT = frozenset(
    {"host", "connection", "content-length", "user-agent", "accept-encoding", "cookie"}
    | {"transfer-encoding", "keep-alive"}
)
_SESSIONS = {kind.session_placeholder.reveal(): kind for kind in KINDS}
# Those without a session are known by their key.
_KEYS = {
    (kind.key_header.lower(), variable.placeholder.reveal()): kind
    for kind in KINDS
    if not kind.signs_in
    for variable in kind.variables
}


class NotComparable(Exception):
    """A recorded request cannot be made again as it was; the message says why, as a clause."""


@dataclass(frozen=True)
class Again:
    """A request to be made again, without its credential, and the kind of that; None for none."""

    request: Interaction
    kind: Kind | None


class Preparing:
    """Makes the requests that are made again."""

    def __init__(
        self, environment: Environment, values: Mapping[str, str], with_ids: Callable[[str], str]
    ) -> None:
        """``values`` are the run's secrets by placeholder; ``with_ids`` puts the ids of now in."""
        self._environment = environment
        self._values = values
        self._with_ids = with_ids

    def again(self, played: Played) -> Again:
        """The request for a recorded one.

        Raises:
            NotComparable: it cannot be made again as it was.
        """
        recorded = played.interaction
        if recorded.fault:
            raise NotComparable(f"it got no whole answer when it was recorded ({recorded.fault})")
        url = environments.PRODUCTION.moved_to(environments.SANDBOX, recorded.url)
        if not environments.SANDBOX.owns(url):
            raise NotComparable("it is not at an address of BILL's API")
        _refuse_stand_ins(recorded, played.stood_in)
        kind = _credential_of(recorded)
        body = recorded.body
        form = form_in(recorded.headers, body) if kind is not None and kind.has_dev_key else None
        if form is not None and form.has_credential:
            body = form.without_credential()
        left_out = _NOT_SENT | (CREDENTIAL_HEADERS if kind is not None else frozenset())
        if _token_in(recorded) in _SESSIONS:
            left_out |= {AUTHORIZATION}
        headers = {
            name: self._filled(value)
            for name, value in recorded.headers.items()
            if name.lower() not in left_out
        }
        moved = environments.SANDBOX.moved_to(self._environment, self._url(url))
        body = self._body(body, media_type_of(recorded.content_type))
        request = Interaction(recorded.method, moved, headers, body)
        _refuse_placeholders(request)
        return Again(request, kind)

    def _filled(self, text: str) -> str:
        """A plain text of a request with the ids of now and the run's secrets."""

        def value(match: re.Match[str]) -> str:
            found = self._values.get(match[0], match[0])
            return json.dumps(found)[1:-1] if text[:1] in ("{", "[") else found

        return PLACEHOLDER.sub(value, self._with_ids(text))

    def _url(self, url: str) -> str:
        parts = split(url)
        # Only what changes is written anew: servers may read two spellings of a path differently.
        path = "/".join(
            piece if (filled := self._filled(unquote(piece))) == unquote(piece) else quote(filled)
            for piece in parts.path.split("/")
        )
        return urlunsplit(parts._replace(path=path, query=self._pairs(parts.query)))

    def _pairs(self, written: str) -> str:
        pairs = parse_qsl(written, keep_blank_values=True)
        filled = [(name, self._filled(value)) for name, value in pairs]
        return written if filled == pairs else urlencode(filled)

    def _body(self, body: bytes, media_type: str) -> bytes:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return body  # a file
        filled = self._pairs(text) if media_type == FORM else self._filled(text)
        return body if filled == text else filled.encode()


def _credential_of(recorded: Interaction) -> Kind | None:
    """The kind of the run's credential that a recorded request carries; None where it has none.

    Raises:
        NotComparable: it is none of the run's.
    """
    headers = {name.lower(): value for name, value in recorded.headers.items()}
    form = form_in(recorded.headers, recorded.body)
    session = headers.get("sessionid") or (form.session_id if form is not None else "")
    if session:
        kind = _SESSIONS.get(_NUMBER.sub("", session))
        if kind is None:
            raise NotComparable("its session was made with a credential that is none of the run's")
        return kind
    if (kind := _SESSIONS.get(_token_in(recorded))) is not None:
        return kind
    if AUTHORIZATION in headers:
        raise NotComparable("its `Authorization` is none of the run's credentials")
    found = (_KEYS.get((name, _NUMBER.sub("", value))) for name, value in headers.items())
    return next((kind for kind in found if kind is not None), None)


def _token_in(recorded: Interaction) -> str:
    """What stands for the access token of a recorded request; empty where it has none."""
    sent = (value for name, value in recorded.headers.items() if name.lower() == AUTHORIZATION)
    return _NUMBER.sub("", without_scheme(next(sent, "")))


def _refuse_stand_ins(recorded: Interaction, stood_in: Iterable[str]) -> None:
    asked = replace(recorded, answer_headers={}, answer_body=b"")
    kinds = {kind.choice for kind, _ in found_in([asked])} & set(stood_in)
    if kinds:
        raise NotComparable(
            f"it was sent with a stand-in ({', '.join(sorted(kinds))}), and what that stands for "
            "is not known"
        )


def _refuse_placeholders(request: Interaction) -> None:
    contents: list[str | bytes] = [unquote(request.url), *request.headers.values(), request.body]
    for content in contents:
        placeholder = find_placeholder(content)
        if placeholder is not None:
            raise NotComparable(f"it holds {placeholder}, which the run has no value for")
