"""Multi-factor authentication in BILL's v2 API: MFAChallenge, MFAAuthenticate, MFAStatus.

Pages: https://developer.bill.com/v2/reference/auth-mfachallenge, /auth-mfaauthenticate and
/auth-mfastatus beside it, and
https://developersupport.bill.com/hc/en-us/articles/115000169443-MFAAuthenticate, whose sample has
the token as 123-456.

What v3 calls ``rememberMeId`` and ``device`` is ``mfaId`` and ``deviceId`` here. With
``rememberMe`` the MFA id opens trusted sessions for 30 days, by Login's ``mfaId`` and ``deviceId``;
without it, it is good for nothing once its session ends, and MFAStatus does not know it.
"""

from __future__ import annotations

import secrets

from pytest_bill.sandbox.api.sign_in import mfa
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core.fields import Boolean, Either, Null, Object, Text
from pytest_bill.sandbox.core.mfa import LONGEST_DEVICE
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_FLAG = Boolean(as_text=True)


def _challenge(call: Call) -> Record:
    asked = call.form.get("data", {})
    return {"challengeId": mfa.send_code(call, backup=asked.get("useBackup", False))}


def _authenticate(call: Call) -> Record:
    """The session is trusted from now on."""
    given, state = call.form["data"], call.state
    token = given["token"].replace("-", "")
    state.mfa.challenges.answer(given["challengeId"], call.who.user_id, token)
    state.sessions.trust(call.who)
    if given.get("rememberMe"):
        mfa_id = state.mfa.remember(call.who.user_id, given["deviceId"])
    else:
        mfa_id = secrets.token_hex(32)
    return {"machineName": given.get("machineName"), "mfaId": state.remember_secret(mfa_id)}


def _status(call: Call) -> Record:
    given = call.form["data"]
    user_id = call.who.user_id
    return {"isTrusted": call.state.mfa.remembers(user_id, given["mfaId"], given["deviceId"])}


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "MFAChallenge",
        "v2MFAChallenge",
        "Send a code to the user's phone",
        _challenge,
        page="auth-mfachallenge",
        data={"useBackup": _FLAG},
        data_required=False,
        answer=Object({"challengeId": Text(required=True)}),
        sync=False,
        sends_text=True,
        missing="No message is sent: the code is always 123456.",
        unsure="The page marks useBackup as required and gives it a default; here it may be "
        "absent. true is refused with BDC_1119, as v3 has no second phone any more. How long the "
        "code is good is not documented; here 5 minutes.",
    ),
    operation(
        "MFAAuthenticate",
        "v2MFAAuthenticate",
        "Answer a challenge: the session is trusted from now on",
        _authenticate,
        page="auth-mfaauthenticate",
        data={
            "challengeId": Text(required=True),
            "token": Text(required=True),
            "deviceId": Text(required=True, longest=LONGEST_DEVICE),
            "machineName": Text(),
            "rememberMe": _FLAG,
        },
        answer=Object(
            {"mfaId": Text(required=True), "machineName": Either((Text(), Null()), required=True)}
        ),
        sync=False,
        unsure="The page marks rememberMe as required and gives it a default; here it may be "
        "absent. An older page answers mfaId only with rememberMe, the page of today always. A "
        "wrong token is refused as in v3.",
    ),
    operation(
        "MFAStatus",
        "v2MFAStatus",
        "Tell whether an MFA id is trusted on its device",
        _status,
        page="auth-mfastatus",
        data={"mfaId": Text(required=True), "deviceId": Text(required=True)},
        answer=Object({"isTrusted": Boolean(required=True)}),
        sync=False,
        unsure="An MFA id that nobody remembered is not trusted here; BILL may refuse it.",
    ),
)
"""Every MFA operation of v2."""
