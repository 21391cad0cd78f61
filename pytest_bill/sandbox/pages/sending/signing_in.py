"""Sign-ins of the pages: one session for each credential, kept by the server alone.

A page never gets to see it. Nothing signs in again by itself: that a session expires is what one
wants to see.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pytest_bill.sandbox.api.people.partner_organizations import created_organizations
from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core.bodies import check_body, json_object
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.fields import Field, Text
from pytest_bill.sandbox.core.http import FORM_TYPE, JSON_TYPE, Request, Response, json_response
from pytest_bill.sandbox.core.operations import V3, Caller
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.pages.credentials import ALL, BY_NAME, SentCredential
from pytest_bill.sandbox.pages.routes import Served
from pytest_bill.sandbox.pages.sending.in_process import Incoming, Outgoing, send

PATH = PREFIX + "sign-ins"
SIGN_IN_PATH = PREFIX + "sign-in"
SIGN_OUT_PATH = PREFIX + "sign-out"

_LOGOUT = f"{V3}/logout"
_OK = 200
_WHICH: Mapping[str, Field] = {"credential": Text(required=True, choices=tuple(BY_NAME))}


@dataclass(frozen=True, eq=False, repr=False)
class Held:
    """What a sign-in gave, a sessionId or an access token, and when."""

    secret: str
    since: datetime


class SignIns:
    """The sessions of the pages of one sandbox. Used by the server's loop alone."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._held: dict[str, Held] = {}
        self._signing_in = asyncio.Lock()

    def holds(self, credential: SentCredential) -> bool:
        """Whether there is a session to send, be it expired, or none is needed."""
        return not credential.login_path or credential.name in self._held

    async def sign_in(self, credential: SentCredential, page: Request) -> Incoming:
        """Sign in, whatever there was; the session is kept if the answer has one."""
        answer = await send(self._served, self._login(credential), page)
        secret = _secret_in(answer)
        if secret:
            self._held[credential.name] = Held(secret, self._served.state.clock.now())
        return answer

    async def sign_in_first(self, credential: SentCredential, page: Request) -> Incoming | None:
        """Sign in if nobody has yet; None if somebody has."""
        # Two calls that are sent at once need one sign-in.
        async with self._signing_in:
            return None if self.holds(credential) else await self.sign_in(credential, page)

    async def sign_out(self, credential: SentCredential, page: Request) -> None:
        """Sign out by BILL's operation, and forget the session.

        BILL documents none that ends an access token: it is forgotten only.
        """
        if credential.name in self._held and not credential.is_oauth:
            headers = tuple(self.headers(credential, Caller.SIGNED_IN).items())
            await send(self._served, Outgoing("POST", _LOGOUT, headers=headers), page)
        self.forget(credential)

    def forget(self, credential: SentCredential) -> None:
        """Somebody has signed out."""
        self._held.pop(credential.name, None)

    def headers(self, credential: SentCredential, caller: Caller | None) -> dict[str, str]:
        """What calls of an operation carry that has this ``caller``; None where there is none.

        A credential that does not open an operation is sent as it is elsewhere, and refused.
        """
        held = self._held.get(credential.name)
        secret = "" if held is None else held.secret
        if caller is Caller.ANYONE:
            return {}
        if credential.is_oauth:
            return {"Authorization": f"Bearer {secret}"}
        key = getattr(self._served.state.credentials, credential.key)
        if not credential.login_path:
            return {credential.key_header: key}
        headers = {"sessionId": secret, credential.key_header: key}
        if caller is Caller.PARTNER_IN_ORGANIZATION:
            # The newest that the partner created; one that the caller names goes before it.
            created = list(created_organizations(self._served.state))
            headers |= {"organizationId": created[-1]} if created else {}
        return headers

    def told(self) -> list[Record]:
        """Of each credential whether it is signed in, since when, and how long that lasts.

        ``state`` is "not needed", "not signed in", "signed in" or "expired"; ``until`` is when it
        expires if nothing is asked meanwhile, or, of a token, in any case.
        """
        return [self._told(each) for each in ALL]

    def _told(self, credential: SentCredential) -> Record:
        told: Record = {"credential": credential.name, "since": None, "until": None}
        if not credential.login_path:
            return {**told, "state": "not needed"}
        held = self._held.get(credential.name)
        if held is None:
            return {**told, "state": "not signed in"}
        state = self._served.state
        known = state.tokens if credential.is_oauth else state.sessions
        until = known.lasts_until(held.secret)
        told["since"] = timestamp(held.since)
        if until is None or until <= state.clock.now():
            return {**told, "state": "expired"}
        return {**told, "state": "signed in", "until": timestamp(until)}

    def _login(self, credential: SentCredential) -> Outgoing:
        credentials = self._served.state.credentials
        fields = dict(credential.constants)
        fields |= {name: getattr(credentials, each) for name, each in credential.fields.items()}
        body = json.dumps(fields) if credential.is_json else urlencode(fields)
        kind = JSON_TYPE if credential.is_json else FORM_TYPE
        headers = (("content-type", kind),)
        return Outgoing("POST", credential.login_path, headers=headers, body=body.encode())


def routes(sign_ins: SignIns) -> list[Route]:
    """Who is signed in; signing in, signing out."""

    async def told(_request: Request) -> Response:
        """Of each credential whether it is signed in: see ``SignIns.told``."""
        return json_response(sign_ins.told())

    async def sign_in(request: Request) -> Response:
        """Sign in anew; answers all of them, and of the sign-in ``status`` and ``ending``."""
        answer = await sign_ins.sign_in(await _which(request), request)
        return json_response(
            {"status": answer.status, "ending": answer.ending, "sign_ins": sign_ins.told()}
        )

    async def sign_out(request: Request) -> Response:
        """Sign out; answers all of them."""
        await sign_ins.sign_out(await _which(request), request)
        return json_response({"sign_ins": sign_ins.told()})

    return [
        Route(PATH, told),
        Route(SIGN_IN_PATH, sign_in, ("POST",)),
        Route(SIGN_OUT_PATH, sign_out, ("POST",)),
    ]


async def _which(request: Request) -> SentCredential:
    return BY_NAME[check_body(await json_object(request), _WHICH)["credential"]]


def _secret_in(answer: Incoming) -> str:
    """The sessionId, or the access token, that a sign-in answered; empty for none."""
    if answer.status != _OK or answer.ending:
        return ""
    try:
        value: Any = json.loads(bytes(answer.body))
    except (ValueError, RecursionError):
        return ""
    if isinstance(value, dict) and isinstance(value.get("response_data"), dict):
        value = value["response_data"]
    if not isinstance(value, dict):
        return ""
    found = value.get("sessionId") or value.get("access_token")
    return found if isinstance(found, str) else ""
