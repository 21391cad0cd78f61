"""One sign-in per credential: the exact request out, the signed-in headers back.

Source of URLs, content types and field names: https://developer.bill.com/docs/bill-keys-tokens.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from pytest_bill.bill_errors import problems_in
from pytest_bill.credentials.kinds import KINDS, Credential
from pytest_bill.environments import Environment
from pytest_bill.interaction import Interaction
from pytest_bill.secret import NeverPickled, SecretStr

_JSON = {"content-type": "application/json", "accept": "application/json"}
_FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}

CREDENTIAL_HEADERS = frozenset({"sessionid", *(kind.key_header.lower() for kind in KINDS)})
"""The headers that carry a credential, in lower case."""


@dataclass(frozen=True)
class SignedIn(NeverPickled):
    """A signed-in credential: the values that go into the headers of the requests that follow."""

    credential: Credential
    session_id: SecretStr | None

    def headers(self) -> dict[str, SecretStr]:
        """The header fields that carry the credential."""
        headers = {self.credential.kind.key_header: self.credential["key"]}
        if self.session_id is not None:
            headers["sessionId"] = self.session_id
        return headers


def sign_in_request(
    credential: Credential, environment: Environment, sync_sign_in: str = "v3"
) -> Interaction:
    """The sign-in request of a credential. ``sync_sign_in`` is ``v3`` or ``v2``."""
    form = credential.kind.sign_in_form(sync_sign_in)
    values = {name: credential[role].reveal() for role, name in form.fields.items()}
    return Interaction(
        "POST",
        environment.resolve(form.path),
        dict(_JSON if form.is_json else _FORM),
        (json.dumps(values) if form.is_json else urlencode(values)).encode(),
    )


def session_id_in(answered: Interaction) -> SecretStr | None:
    """The sessionId that BILL handed out; None where it refused, or the answer has none."""
    if answered.status >= 300 or problems_in(answered.status, answered.answer_body):
        return None
    try:
        data = json.loads(answered.answer_body)
        session_id = data.get("sessionId") or data.get("response_data", {}).get("sessionId")
    except (ValueError, AttributeError):
        return None
    return SecretStr(session_id) if isinstance(session_id, str) else None


def credential_as_recorded(played: Interaction, credential: Credential) -> Credential:
    """The placeholders that a recorded sign-in request really holds.

    Two variables with one value (the sync token's developer key and the developer key) share a
    placeholder, so the names alone do not tell.
    """
    try:
        text = played.body.decode()
        body = json.loads(text) if text.startswith("{") else dict(parse_qsl(text))
    except ValueError:
        return credential
    values = dict(credential.values)
    for form in credential.kind.sign_in_forms:
        for role, name in form.fields.items():
            if role in values and body.get(name):
                values[role] = SecretStr(body[name])
    return Credential(credential.kind, values)
