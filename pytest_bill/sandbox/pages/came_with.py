"""Which of the six credentials a request came with: its kind, never the credential itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from pytest_bill import multipart
from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.http import Parameters
from pytest_bill.sandbox.core.received import Asked
from pytest_bill.sandbox.core.sessions import Session
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.credentials import (
    ALL,
    OAUTH_CLIENT,
    SPEND_TOKEN,
    SentCredential,
)

UNKNOWN = "an unknown one"
_BY_KIND = {each.kind: each for each in ALL if each.kind is not None}
_LOGIN_PATHS = frozenset(each.login_path for each in ALL if each.login_path) | {
    "/api/v2/ListOrgs.json"  # which takes what a sign-in takes
}


@dataclass(frozen=True, eq=False, repr=False)
class CameWith:
    """What a request came with. ``secret`` is its sessionId or access token."""

    credential: SentCredential | None = None
    session: Session | None = None
    secret: str = ""
    told: str = ""
    """Its name; "" for none, ``UNKNOWN`` for one that this sandbox did not hand out."""


class Knowing:
    """Knows the credentials of a sandbox, and its latest sessions and tokens of now."""

    def __init__(self, state: SandboxState) -> None:
        self._credentials = state.credentials
        self._sessions = state.sessions.latest()
        self._tokens = frozenset(state.tokens.all())

    def of(self, asked: Asked) -> CameWith:
        """What a request came with."""
        headers = asked.headers
        if "apiToken" in headers:
            is_known = headers["apiToken"] == self._credentials.spend_api_token
            return _known(SPEND_TOKEN) if is_known else CameWith(told=UNKNOWN)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            token = token.strip()
            if token in self._tokens:
                return CameWith(OAUTH_CLIENT, None, token, OAUTH_CLIENT.name)
            return CameWith(told=UNKNOWN)
        fields = fields_of(asked)
        session_id = (
            headers.get("sessionId") or fields.get("sessionId") or self._of_query(asked.query)
        )
        if session_id:
            return self._of_session(session_id)
        return self._of_sign_in(asked.path, fields)

    def _of_query(self, query: bytes) -> str:
        """As links to documents have it."""
        return Parameters(query).get("sessionId", "") if b"sessionId" in query else ""

    def _of_session(self, session_id: Any) -> CameWith:
        session = self._sessions.get(session_id) if isinstance(session_id, str) else None
        if session is None:
            return CameWith(told=UNKNOWN)
        credential = _BY_KIND[session.kind]
        return CameWith(credential, session, session.id, credential.name)

    def _of_sign_in(self, path: str, fields: Mapping[str, Any]) -> CameWith:
        """The credential whose name a sign-in gives; v2 has all its sign-ins at one path."""
        named = [fields.get(each) for each in ("username", "userName", "client_id")]
        for each in ALL:
            if each.fields and _is_login(path) and self._name_of(each) in named:
                return _known(each)
        return CameWith(told=UNKNOWN if any(named) and _is_login(path) else "")

    def _name_of(self, credential: SentCredential) -> str:
        first = next(iter(credential.fields.values()))
        name: str = getattr(self._credentials, first)
        return name


def fields_of(asked: Asked) -> dict[str, Any]:
    """The fields of v2's forms and of sign-ins; of other requests none: nothing is there."""
    is_v2 = asked.path.startswith(V2_PREFIX)
    if not asked.body or not (is_v2 or _is_login(asked.path)):
        return {}
    content_type: str = asked.headers.get("content-type", "")
    if "json" in content_type:
        try:
            value = json.loads(asked.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}
    if content_type.lower().startswith(multipart.MEDIA_TYPE):
        return {
            each.name: each.content.decode("utf-8", "replace")
            for each in multipart.form_parts(content_type, asked.body)
            if not each.is_file
        }
    return dict(parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True))


def _is_login(path: str) -> bool:
    return path in _LOGIN_PATHS


def _known(credential: SentCredential) -> CameWith:
    return CameWith(credential, told=credential.name)
