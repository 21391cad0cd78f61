"""What code has to say that sends a request again, in whatever language.

A value that is one of the sandbox's variables becomes that variable, and a sessionId or an access
token what a sign-in gives. Any other secret is left out, and the code says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import parse_qsl, quote

from pytest_bill.sandbox.core.credentials import Credentials
from pytest_bill.sandbox.core.http import ENCODER
from pytest_bill.sandbox.core.received import HIDDEN, Asked, without_named_secrets
from pytest_bill.sandbox.core.sessions import Kind
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages import credentials
from pytest_bill.sandbox.pages.came_with import UNKNOWN, CameWith
from pytest_bill.sandbox.pages.credentials import SentCredential
from pytest_bill.sandbox.pages.hiding import Hiding

_AS_USER = f"{credentials.PARTNER_LOGIN}-as-user"
_OF_THE_CLIENT = frozenset(
    {
        *("host", "content-length", "transfer-encoding", "connection", "keep-alive", "expect"),
        *("accept-encoding", "user-agent", "te", "upgrade", "priority"),
    }
)
"""Headers that each client writes by itself."""
_ANYTHING = "*/*"
_MARK = "\0"
"""Stands for a value in a text that is cleared: no text that is looked at has it."""
_NAMES = {
    each.lower(): each for each in ("sessionId", "devKey", "appKey", "apiToken", "organizationId")
}


@dataclass(frozen=True)
class Variable:
    """The value of an environment variable."""

    name: str


@dataclass(frozen=True)
class Gained:
    """The sessionId, or the access token, that the sign-in gave; with what stands before it."""

    before: str = ""


Value = str | Variable | Gained


@dataclass(frozen=True, eq=False)
class SignIn:
    """One step of signing in, and as which field of its answer it gives what is sent then."""

    path: str
    is_json: bool
    fields: Mapping[str, Value]
    gives: tuple[str, ...]
    headers: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Form:
    """A form, as names and values."""

    pairs: Sequence[tuple[str, Value]]


@dataclass(frozen=True, eq=False)
class Tree:
    """JSON, with values in it; ``text`` is how it was written, where it has none."""

    value: Any
    text: str = ""


@dataclass(frozen=True, eq=False)
class Pieces:
    """A text with values in it."""

    parts: Sequence[Value]


@dataclass(frozen=True, eq=False)
class Content:
    """Bytes that are no text."""

    content: bytes


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """A body that was not kept, of so many bytes."""

    size: int


Body = Form | Tree | Pieces | Content | Elsewhere | None


@dataclass(eq=False)
class Plan:
    """All of it."""

    method: str
    target: Sequence[Value]
    """Path and query, with escapes."""
    headers: Sequence[tuple[str, Value]]
    body: Body
    sign_ins: Sequence[SignIn]
    notes: list[str]

    def without(self, content_type: str) -> list[tuple[str, Value]]:
        """The headers without a type of the body that the client writes by itself."""
        return [
            (name, value)
            for name, value in self.headers
            if name != "Content-Type" or value != content_type
        ]


def planned(asked: Asked, came_with: CameWith, state: SandboxState, hiding: Hiding) -> Plan:
    """The plan of a request."""
    return _Planner(asked, came_with, state, hiding).plan()


class _Planner:
    def __init__(
        self, asked: Asked, came_with: CameWith, state: SandboxState, hiding: Hiding
    ) -> None:
        self._asked = asked
        self._came_with = came_with
        self._state = state
        self._hiding = hiding
        self._values = _values_of(state.credentials, came_with)
        secrets = state.credentials.secrets | {came_with.secret}
        long_first = sorted(filter(None, secrets), key=len, reverse=True)
        self._secret = re.compile("|".join(map(re.escape, long_first)))
        self._has_hidden = False

    def plan(self) -> Plan:
        """The plan; what is to be said is known at its end."""
        asked = self._asked
        plan = Plan(
            asked.method,
            self._target(),
            list(self._headers()),
            self._body(),
            self._sign_ins(),
            [],
        )
        plan.notes += self._notes()
        return plan

    def _notes(self) -> Iterable[str]:
        session, asked = self._came_with.session, self._asked
        if self._has_hidden:
            yield f"A secret that no variable holds was left out: put it where {HIDDEN} stands."
        if self._came_with.told == UNKNOWN:
            yield "It came with a credential that this sandbox did not hand out, or long ago."
        if session is not None and self._state.sessions.lasts_until(session.id) is None:
            yield "Its session has ended since, or had ended: this signs in anew."
        if session is not None and self._state.sessions.is_trusted(session.id):
            yield (
                "Its session was MFA-trusted, and this one is not: the code of a challenge is "
                "123456."
            )
        if asked.answer is not None and "x-pytest-bill-fault" in asked.answer.headers:
            yield "Its answer was a fault that was asked for, which does not come again by itself."
        if isinstance(self._asked_body(), Elsewhere):
            yield f"Its body, of {asked.size:,} bytes, was not kept: put it into the file body."

    def _asked_body(self) -> Body:
        return Elsewhere(self._asked.size) if self._asked.size > len(self._asked.body) else None

    # --- where it goes, and its headers ---

    def _target(self) -> list[Value]:
        path = quote(self._asked.path, safe="/:@!$&'()*+,;=~")
        query = quote(self._asked.query, safe="/%:@!$&'()*+,;=~?[]{}|")
        return self._in_pieces(f"{path}?{query}" if query else path, self._named_in_query)

    def _named_in_query(self, text: str) -> str:
        """A target without values whose names tell that they are secret."""
        path, mark, query = text.partition("?")
        pairs = [each.partition("=") for each in query.split("&")]
        return (
            path
            + mark
            + "&".join(
                name + equals + (self._unnamed(name, value) if value else "")
                for name, equals, value in pairs
            )
        )

    def _unnamed(self, name: str, value: str) -> str:
        if _MARK in value:  # it is one of the values that are known
            return value
        cleared: str = without_named_secrets({name: value})[name]
        self._has_hidden = self._has_hidden or cleared != value
        return cleared

    def _headers(self) -> Iterable[tuple[str, Value]]:
        for name, value in self._asked.headers.items():
            if name in _OF_THE_CLIENT or (name == "accept" and value == _ANYTHING):
                continue
            shown = _NAMES.get(name, name.title())
            secret = self._came_with.secret
            if name == "authorization" and secret and value.partition(" ")[2].strip() == secret:
                yield shown, Gained("Bearer ")
            elif value.isascii():
                yield shown, self._value(value, name)
            else:
                yield shown, value.encode("ascii", "replace").decode()

    # --- its body ---

    def _body(self) -> Body:
        content, kind = self._asked.body, self._asked.headers.get("content-type", "").lower()
        if (elsewhere := self._asked_body()) is not None:
            return elsewhere
        if not content:
            return None
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return self._content(content)
        if "\0" in text:  # which no word of a shell holds
            return self._content(content)
        if "form-urlencoded" in kind and (form := self._form(text)) is not None:
            return form
        if "json" in kind and (tree := self._tree(text)) is not None:
            return tree
        return Pieces(self._in_pieces(text, lambda each: each))

    def _content(self, content: bytes) -> Content:
        text = content.decode("latin-1")
        hidden = self._secret.sub(HIDDEN, text)
        self._has_hidden = self._has_hidden or hidden != text
        return Content(hidden.encode("latin-1"))

    def _form(self, text: str) -> Form | None:
        try:
            pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
        except ValueError:
            return None
        return Form([(name, self._value(value, name)) for name, value in pairs])

    def _tree(self, text: str) -> Tree | None:
        """JSON that says the same when it is written again."""
        try:
            value = json.loads(text, object_pairs_hook=_once)
            ENCODER.encode(value).encode()
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, dict | list):
            return None
        with_values = self._with_values(value, "")
        return Tree(with_values, text if with_values == value else "")

    def _with_values(self, value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: self._with_values(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self._with_values(each, name) for each in value]
        return self._value(value, name) if isinstance(value, str) else value

    # --- values ---

    def _value(self, text: str, name: str) -> Value:
        """The value of a field of that name."""
        found = self._values.get(text)
        if found is not None:
            return found
        return self._clean(self._unnamed(name, text))

    def _in_pieces(self, text: str, rest: Callable[[str], str]) -> list[Value]:
        """A text, in pieces where values are in it; ``rest`` clears what is none."""
        marked, values = [], []
        at = 0
        for found in self._secret.finditer(text):
            value = self._values.get(found[0])
            if value is not None:
                marked.append(text[at : found.start()])
                values.append(value)
                at = found.end()
        marked.append(text[at:])
        # What is cleared may be a whole query: a mark stands for each value meanwhile.
        cleared = rest(_MARK.join(marked)).split(_MARK)
        parts: list[Value] = [self._clean(cleared[0])]
        for value, piece in zip(values, cleared[1:], strict=True):
            parts += [value, self._clean(piece)]
        return [each for each in parts if each != ""]

    def _clean(self, text: str) -> str:
        hidden: str = self._hiding.hidden(text)
        self._has_hidden = self._has_hidden or hidden != text
        return hidden

    # --- signing in ---

    def _sign_ins(self) -> list[SignIn]:
        credential, session = self._came_with.credential, self._came_with.session
        if credential is None or not self._came_with.secret:
            return []
        own = self._state.credentials
        if session is None or not credential.organization:
            return [_sign_in(credential)]
        at = session.organization_id
        if session.kind is Kind.DEVELOPER_KEY and at != own.organization_id:
            as_user = SignIn(
                _AS_USER,
                True,
                {"organizationId": at, "userId": session.user_id},
                ("sessionId",),
                {"sessionId": Gained(), "appKey": Variable("BILL_PARTNER_APP_KEY")},
            )
            return [_sign_in(credentials.PARTNER_KEY), as_user]
        usual = getattr(own, credential.fields[credential.organization])
        return [_sign_in(credential, {} if at == usual else {credential.organization: at})]


def _sign_in(credential: SentCredential, other: Mapping[str, Value] | None = None) -> SignIn:
    values: dict[str, Value] = dict(credential.constants)
    values |= {name: _variable(each) for name, each in credential.fields.items()}
    gives = ("access_token",) if credential.is_oauth else ("sessionId",)
    is_v2 = credential.login_path == credentials.V2_LOGIN
    return SignIn(
        credential.login_path,
        credential.is_json,
        values | dict(other or {}),
        ("response_data", *gives) if is_v2 else gives,
    )


def _values_of(known: Credentials, came_with: CameWith) -> dict[str, Value]:
    """What stands for which value; of two variables with one value, that of the credential."""
    named = [each.name for each in fields(known)]
    own = came_with.credential
    if own is not None:
        named += [*own.fields.values(), *([own.key] if own.key else [])]
    values: dict[str, Value] = {getattr(known, each): _variable(each) for each in named}
    if came_with.secret:
        values[came_with.secret] = Gained()
    return values


def _variable(attribute: str) -> Variable:
    return Variable("BILL_" + attribute.upper())


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found
