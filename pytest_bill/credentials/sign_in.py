"""One sign-in per credential: the exact request out, the signed-in headers back.

Sources of URLs, content types and field names: https://developer.bill.com/docs/bill-keys-tokens and
https://developer.bill.com/reference/createaccesstoken. That page's answer has an access token; the
names of its fields are not visible there, and are taken to be those of RFC 6749, section 5.1.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from pytest_bill.bill_errors import problems_in
from pytest_bill.credentials.environ import token_url
from pytest_bill.credentials.kinds import Credential
from pytest_bill.environments import Environment
from pytest_bill.interaction import Interaction
from pytest_bill.secret import NeverPickled, SecretStr

_LONGEST_LIFE = 10 * 366 * 86_400.0
"""Seconds. Who says more says nothing."""
_JSON = {"content-type": "application/json", "accept": "application/json"}
_FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}


@dataclass(frozen=True)
class SignedIn(NeverPickled):
    """A signed-in credential: the values that go into the headers of the requests that follow."""

    credential: Credential
    session_id: SecretStr | None

    def headers(self) -> dict[str, SecretStr]:
        """The header fields that carry the credential."""
        if self.credential.kind.is_oauth:
            return {"Authorization": SecretStr(f"Bearer {str.__str__(self.session_id or '')}")}
        headers = {self.credential.kind.key_header: self.credential["key"]}
        if self.session_id is not None:
            headers["sessionId"] = self.session_id
        return headers


def sign_in_request(credential: Credential, environment: Environment) -> Interaction:
    """The sign-in request of a credential.

    Raises:
        SettingsError: nobody knows where a real one gets its OAuth token; see ``token_url``.
    """
    form = credential.kind.sign_in_form()
    values = {
        name: credential[role].reveal()
        for role, name in form.fields.items()
        if role in credential.values
    }
    if form.path:
        url = environment.resolve(form.path)
    else:
        url = token_url(environment, may_send=not credential.is_placeholder)
    values = {**form.constants, **values}
    return Interaction(
        "POST",
        url,
        dict(_JSON if form.is_json else _FORM),
        (json.dumps(values) if form.is_json else urlencode(values)).encode(),
    )


def session_id_in(answered: Interaction) -> SecretStr | None:
    """The sessionId, or the access token, that BILL handed out; None where there is none."""
    if answered.status >= 300 or problems_in(answered.status, answered.answer_body):
        return None
    try:
        data = json.loads(answered.answer_body)
        session_id = data.get("sessionId") or data.get("access_token")
        session_id = session_id or data.get("response_data", {}).get("sessionId")
    except (ValueError, AttributeError):
        return None
    return SecretStr(session_id) if isinstance(session_id, str) else None


def is_untrusted(answered: Interaction) -> bool:
    """Whether BILL took a sign-in and says that MFA does not trust its session."""
    try:
        return json.loads(answered.answer_body).get("trusted") is False
    except (ValueError, AttributeError):
        return False


def lifetime_in(answered: Interaction) -> float | None:
    """For how many seconds an access token is good, by ``expires_in``; None where nothing says."""
    try:
        seconds = float(json.loads(answered.answer_body).get("expires_in"))
    except (ValueError, TypeError, AttributeError):
        return None
    return seconds if 0 < seconds < _LONGEST_LIFE else None


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
