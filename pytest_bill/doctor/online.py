"""The sign-ins of the credentials, tried once each: BILL locks who fails too often.

Asked are, beside the sign-ins of https://developer.bill.com/docs/bill-keys-tokens, what tells of a
session (https://developer.bill.com/reference/getsessioninfo, and /listallorganizations and /getuser
beside it) and of a Spend & Expense token (https://developer.bill.com/reference/getcurrentuser), and
the sign-out (https://developer.bill.com/reference/logout). Of an OAuth access token BILL's pages
name nothing that tells of it, nor a sign-out: that it is handed out is what is tried. No other
operation is asked, nothing is recorded, and what BILL hands out is kept nowhere.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests

from pytest_bill import environments
from pytest_bill.cassettes import times
from pytest_bill.credentials import refusals
from pytest_bill.credentials.env_file import Variables
from pytest_bill.credentials.kinds import REMEMBERED, load_credential
from pytest_bill.credentials.sign_in import is_untrusted, lifetime_in, session_id_in
from pytest_bill.doctor.credentials import BY_WORD, Ways, as_it_signs_in
from pytest_bill.doctor.shape import CredentialSeen, Finding, Level, SignInTried, hint, wrong
from pytest_bill.doctor.where_made import where_made
from pytest_bill.environments import Environment
from pytest_bill.exceptions import PytestBillError
from pytest_bill.guards.production import PRODUCTION_REFUSED
from pytest_bill.interaction import Interaction
from pytest_bill.secret import NeverPickled
from pytest_bill.sessions.asking import TIMEOUT, Asking
from pytest_bill.sessions.network_faults import in_words, unreached
from pytest_bill.urls import origin_of

SIGNED_IN, TAKEN, REFUSED, NO_ANSWER, NOT_TRIED = RESULTS = (
    *("signed in", "taken", "refused"),
    *("no answer", "not tried"),
)
"""What came of it; ``taken``: BILL took a token that needs no sign-in."""

_NOT_THE_CAUSE = "is not the cause"
"""What is said of a credential where a new one would not help."""
_LOCKS = "BILL locks who fails too often: it was tried once, and is not tried again."
_LIMITED = {"sync_token": "limited: no payments, no operation of MFA or protected by it"}
"""See https://developer.bill.com/docs/token-based-sign-in."""


class Online(NeverPickled):
    """Tries credentials against one environment."""

    def __init__(
        self,
        variables: Variables,
        environment: Environment | None,
        ways: Ways,
        why_not: str = "",
        *,
        consent: bool = False,
        timeout: tuple[float, float] = TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = times.now,
    ) -> None:
        """Without ``environment`` nobody is asked, and ``why_not`` says why.

        ``ways`` is how credentials sign in, where that is not the usual way; ``consent`` is that of
        the person to ask production.
        """
        self._variables = variables
        self._environment = environment
        self._ways = ways
        self._why_not = why_not
        self._consent = consent
        self._timeout = timeout
        self._clock = clock
        self._now = now

    def tried(self, seen: CredentialSeen) -> SignInTried:
        """Try one credential, unless that is known to be in vain or is not allowed."""
        kind = as_it_signs_in(BY_WORD[seen["credential"]], self._ways)
        about = _nothing_known(seen["credential"], self._environment)
        not_tried = self._not_tried(seen)
        if not_tried is not None or self._environment is None:
            about["findings"] = [] if not_tried is None else [not_tried]
            return about
        try:
            credential = load_credential(kind, self._variables)
        except PytestBillError as error:
            about["findings"] = [wrong(str(error).partition("\n")[0])]
            return about
        attempt = Asking(credential, self._environment, self._timeout)
        started = self._clock()
        try:
            if kind.signs_in:
                self._sign_in(attempt, about, started)
            else:
                self._use_token(attempt, about, started)
        except requests.RequestException as error:
            about["result"] = NO_ANSWER
            about["seconds"] = self._since(started)
            lines = unreached(error, attempt.asked, self._environment, "once").split("\n")
            text = attempt.hide(f"{kind.fixture}: {lines[0]}")
            about["findings"].append(wrong(text, attempt.hide(lines[1])))
        return about

    def _not_tried(self, seen: CredentialSeen) -> Finding | None:
        if seen["state"] != "complete":
            return hint("It is not complete, so it was not tried.")
        findings = [*seen["findings"], *(f for each in seen["variables"] for f in each["findings"])]
        if any(finding["level"] == Level.WRONG for finding in findings):
            return hint(
                "A value of it is certainly wrong, so it was not tried.",
                "Each wrong sign-in counts towards BILL's lock.",
            )
        if self._environment is None:
            local = "The run starts its own local sandbox: there is nobody to sign in to."
            return wrong(self._why_not) if self._why_not else hint(local)
        if environments.is_production(self._environment.gateway) and not self._consent:
            return hint(
                "It is BILL's production, which was not asked.", PRODUCTION_REFUSED.split("\n")[0]
            )
        return None

    def _sign_in(self, attempt: Asking, about: SignInTried, started: float) -> None:
        kind, environment = attempt.kind, attempt.environment
        request = attempt.sign_in()
        about["address"] = origin_of(request.url)
        answered = attempt.answer_to(request)
        about["seconds"] = self._since(started)
        session_id = session_id_in(answered)
        if session_id is None:
            about["result"] = REFUSED
            text = attempt.hide(refusals.refusal(answered, kind, environment, self._now()))
            about["findings"] += _refused(text, where_made(kind))
            return
        about["result"] = SIGNED_IN
        if kind.is_oauth:
            about["lifetime_seconds"] = lifetime_in(answered)
            return
        about["idle_minutes"] = kind.idle_minutes
        about["rights"] = _LIMITED.get(kind.key)
        attempt.enter(session_id)
        try:
            trusted = (_object_in(answered) or {}).get("trusted")
            about["trusted"] = trusted if isinstance(trusted, bool) else None
            if REMEMBERED in attempt.credential.values and is_untrusted(answered):
                what, _, then = refusals.NOT_TRUSTED.partition("\n")
                about["findings"].append(hint(what, then))
            if kind.has_dev_key:
                _look_around(attempt, about)
        finally:
            _sign_out(attempt, about)

    def _use_token(self, attempt: Asking, about: SignInTried, started: float) -> None:
        kind, environment = attempt.kind, attempt.environment
        attempt.enter(None)
        answered = attempt.answer_to(attempt.get("/v3/spend/users/current"))
        about["seconds"] = self._since(started)
        user = _object_in(answered)
        if user is None:
            about["result"] = REFUSED
            refused = answered.status in (401, 403)
            text = (
                refusals.refused_token(answered, kind, environment)
                if refused
                else refusals.refusal(answered, kind, environment, self._now())
            )
            about["findings"] += _refused(attempt.hide(text), where_made(kind))
            return
        about["result"] = TAKEN
        about["user"] = _name_in(attempt, user)
        about["role"] = attempt.said(user.get("role"))
        if not {"id", "uuid"} & user.keys():
            what = f"{about['address']} answered for the token's user with JSON that has no user."
            about["findings"].append(hint(what, "Is it BILL? Check BILL_BASE_URL."))

    def _since(self, started: float) -> float:
        return round(self._clock() - started, 2)


def _nothing_known(word: str, environment: Environment | None) -> SignInTried:
    return SignInTried(
        credential=word,
        result=NOT_TRIED,
        address=origin_of(environment.gateway) if environment is not None else "",
        seconds=None,
        organization=None,
        user=None,
        role=None,
        rights=None,
        trusted=None,
        mfa=None,
        idle_minutes=None,
        lifetime_seconds=None,
        signed_out=None,
        findings=[],
    )


def _refused(text: str, where: str) -> list[Finding]:
    what, _, then = text.partition("\n")
    may_be_mended_there = _NOT_THE_CAUSE not in then
    advice = " ".join(filter(None, [then, where if may_be_mended_there else "", _LOCKS]))
    return [wrong(what, advice)]


def _look_around(attempt: Asking, about: SignInTried) -> None:
    """Ask who is signed in, where, and with which rights; what is refused is told."""
    try:
        session = _asked(attempt, about, "/v3/login/session")
        about["mfa"] = attempt.said(session.get("mfaStatus"))
        organization = session.get("organizationId")
        entered = _asked(attempt, about, "/v3/login/organizations").get("results")
        for each in entered if isinstance(entered, list) else ():
            if isinstance(each, dict) and each.get("id") == organization:
                about["organization"] = attempt.said(each.get("name"))
        user_id = session.get("userId")
        if isinstance(user_id, str) and user_id:
            user = _asked(attempt, about, f"/v3/users/{quote(user_id, safe='')}")
            about["user"] = _name_in(attempt, user)
            role = user.get("role")
            about["role"] = attempt.said(role.get("type")) if isinstance(role, dict) else None
    except requests.RequestException as error:
        url = environments.host_of(attempt.asked)
        about["findings"].append(hint(f"{url} took the sign-in, then: {in_words(error)}."))


def _asked(attempt: Asking, about: SignInTried, path: str) -> Mapping[str, Any]:
    answered = attempt.answer_to(attempt.get(path))
    data = _object_in(answered)
    if data is None:
        shown = path.rpartition("/")[0] + "/{userId}" if path.startswith("/v3/users/") else path
        text = f"BILL answered GET {shown} with HTTP {answered.status}, so it tells no more."
        about["findings"].append(hint(text))
    return data or {}


def _sign_out(attempt: Asking, about: SignInTried) -> None:
    try:
        answered = attempt.answer_to(attempt.sign_out())
    except requests.RequestException:
        about["signed_out"] = False
    else:
        about["signed_out"] = answered.status < 300
    if not about["signed_out"]:
        minutes = f"{attempt.kind.idle_minutes:g}"
        about["findings"].append(
            hint(f"BILL did not take the sign-out: the session ends unused after {minutes} min.")
        )


def _object_in(answered: Interaction) -> dict[str, Any] | None:
    """The JSON object of an answer that is no error."""
    if answered.status >= 300:
        return None
    try:
        data = json.loads(answered.answer_body)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _name_in(attempt: Asking, user: Mapping[str, Any]) -> str | None:
    names = [attempt.said(user.get(each)) for each in ("firstName", "lastName")]
    return " ".join(filter(None, names)) or None
