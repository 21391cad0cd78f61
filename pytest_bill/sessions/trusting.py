"""How MFA comes to trust a device: a person answers BILL's challenge once, for 30 days.

Pages: https://developer.bill.com/reference/generatechallenge (a code of six digits is sent to the
user's phone), https://developer.bill.com/reference/validatechallenge (with ``rememberMe`` and
``device``), https://developer.bill.com/reference/login (``rememberMeId`` and ``device``), and of
the 30 days https://developer.bill.com/v2/reference/auth-mfaauthenticate. By that page trust that is
not remembered ends with the session; so nobody signs out here.

Not documented: which code refuses a wrong code. Public clients report BDC_1374 of one that comes
too late and BDC_1358 after three wrong ones; each other refusal of a request as it stands is taken
for that of a wrong one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import requests

from pytest_bill.bill_errors import problems_in
from pytest_bill.cassettes import times
from pytest_bill.credentials import refusals
from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX, REMEMBERED, Credential
from pytest_bill.credentials.sign_in import session_id_in
from pytest_bill.environments import Environment, asked_for_by
from pytest_bill.exceptions import SignInFailed
from pytest_bill.interaction import Interaction
from pytest_bill.limits import limit_codes
from pytest_bill.secret import NeverPickled, SecretStr
from pytest_bill.sessions.asking import TIMEOUT, Asking
from pytest_bill.sessions.network_faults import in_words
from pytest_bill.urls import origin_of

REMEMBERED_FOR = timedelta(days=30)
_NO_MORE_ANSWERS = frozenset({"BDC_1358", "BDC_1374"})
_MAY_BE_WRONG = frozenset({400, 422})
_SETUP_PAGE = "https://developer.bill.com/reference/setup"


class Validated(NamedTuple):
    """What came of a code: the MFA id, or why BILL refused the code."""

    remember_me_id: SecretStr | None = None
    refusal: str = ""


class Trusting(NeverPickled):
    """The steps with one credential, each asked once; ``credential`` is without trust."""

    def __init__(
        self,
        credential: Credential,
        environment: Environment,
        *,
        timeout: tuple[float, float] = TIMEOUT,
        now: Callable[[], datetime] = times.now,
    ) -> None:
        self._environment = environment
        self._timeout = timeout
        self._now = now
        self._asking = Asking(credential, environment, timeout)
        self._challenge_id = ""

    def sign_in(self) -> None:
        """Sign in as the credential's user.

        Raises:
            SignInFailed: BILL gave no session.
        """
        self._signed_in(self._asking)

    def send_code(self) -> None:
        """Let BILL send a code to the phone of the user.

        Raises:
            SignInFailed: it sent none.
        """
        answered = self._answer("/v3/mfa/challenge", {})
        found = _json_in(answered).get("challengeId")
        if answered.status >= 300 or not isinstance(found, str) or not found:
            raise self._failure("BILL sent no code", answered, self._why_no_code(answered))
        self._challenge_id = found

    def validate(self, code: str, device: str) -> Validated:
        """Answer with the code; BILL remembers the device by this name.

        Raises:
            SignInFailed: it takes no further answer, or remembers nothing.
        """
        body = {"challengeId": self._challenge_id, "token": code, "rememberMe": True}
        answered = self._answer("/v3/mfa/challenge/validate", {**body, "device": device})
        is_final = limit_codes(answered) or _codes(answered) & _NO_MORE_ANSWERS
        if is_final or (answered.status >= 300 and answered.status not in _MAY_BE_WRONG):
            raise self._failure("BILL took no code", answered, "Run pytest-bill trust again.")
        if answered.status >= 300:
            return Validated(refusal=self._asking.hide(self._seen(answered)))
        found = _json_in(answered).get("rememberMeId")
        if not isinstance(found, str) or not found:
            then = "There is nothing to keep: the trust ends with the session."
            raise self._failure("BILL took the code and gave no rememberMeId", answered, then)
        self._asking.learn(found, f"{PLACEHOLDER_PREFIX}BILL_REMEMBER_ME_ID")
        return Validated(SecretStr(found))

    def is_trusted(self, remember_me_id: SecretStr, device: str) -> bool:
        """Whether a new session is trusted, signed in to with these.

        Raises:
            SignInFailed: BILL gave no session.
        """
        credential = self._asking.credential
        trust = {REMEMBERED: remember_me_id, "device": SecretStr(device)}
        trusted = Credential(credential.kind, {**credential.values, **trust})
        answered = self._signed_in(Asking(trusted, self._environment, self._timeout))
        return _json_in(answered).get("trusted") is True

    def until(self) -> datetime:
        """When the trust ends that begins now, in the time of this place."""
        return (self._now() + REMEMBERED_FOR).astimezone()

    def _signed_in(self, asking: Asking) -> Interaction:
        answered = self._answer_to(asking, asking.sign_in())
        session_id = session_id_in(answered)
        if session_id is None:
            text = refusals.refusal(answered, asking.kind, self._environment, self._now())
            raise SignInFailed(asking.hide(text))
        asking.enter(session_id)
        return answered

    def _answer(self, path: str, body: dict[str, Any]) -> Interaction:
        return self._answer_to(self._asking, self._asking.post(path, body))

    def _answer_to(self, asking: Asking, request: Interaction) -> Interaction:
        failure: requests.RequestException
        try:
            return asking.answer_to(request)
        except requests.RequestException as error:
            failure = error
        # Outside of the block: what it was raised from may hold the request.
        raise SignInFailed(
            asking.hide(f"{origin_of(asking.asked)} gave no answer: {in_words(failure)}.\n")
            + f"Check the address ({asked_for_by(self._environment)}) and the network, and run "
            "pytest-bill trust again."
        )

    def _seen(self, answered: Interaction) -> str:
        return refusals.seen(answered, self._asking.kind, self._environment)

    def _failure(self, what: str, answered: Interaction, then: str) -> SignInFailed:
        return SignInFailed(self._asking.hide(f"{what} ({self._seen(answered)}).\n{then}"))

    def _why_no_code(self, answered: Interaction) -> str:
        if limit_codes(answered) or answered.status == 429:
            return "BILL sends 5 text messages a minute: wait a minute, and run it again."
        return (
            "Codes go to the phone that the user has set up for MFA: in BILL's web app, or with "
            f"POST /v3/mfa/setup. See {_SETUP_PAGE}."
        )


def _json_in(answered: Interaction) -> dict[str, Any]:
    try:
        data = json.loads(answered.answer_body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _codes(answered: Interaction) -> set[str]:
    return {problem.code for problem in problems_in(answered.status, answered.answer_body)}
