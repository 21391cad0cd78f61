"""Multi-factor authentication: phones, challenges, and sessions that become trusted.

Pages: https://developer.bill.com/reference/generatechallenge, and /validatechallenge,
/listmfaphones, /setup, /validate and /stepupsession beside it,
https://developer.bill.com/changelog/2026-04-03-mfa-api-improvements (no secondary phone any more).

The code of every challenge and every setup is 123456 (``mfa.TOKEN``). The developer's user and the
Console's start with a phone; users whom a partner created have none yet. A sync token takes part
in none of it (https://developer.bill.com/docs/token-based-sign-in).

The pages list the fields of requests; those of answers are shown by the samples of BILL's Postman
collection (https://developer.bill.com/docs/bill-v3-api-in-postman), and so is that ``useBackup``
may be text. A phone's ``type`` is TEXT or VOICE where it is set up, MOBILE or WORK where it is
listed.
"""

from __future__ import annotations

import re

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Many, Object, Text
from pytest_bill.sandbox.core.mfa import LONGEST_DEVICE
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.sessions import Kind

_AREA = "MFA"
_PHONES = "mfaPhones"
_LISTED_AS = {"TEXT": "MOBILE", "VOICE": "WORK"}
"""A phone's type in the list, by how its codes come."""

_TYPE = Text(required=True, choices=tuple(_LISTED_AS))
_TOKEN = Text(required=True)


def _challenge(call: Call) -> Record:
    return {"challengeId": send_code(call, backup=bool(call.body.get("useBackup")))}


def send_code(call: Call, *, backup: bool) -> str:
    """The id of a challenge, whose code goes to the phone of the caller's user."""
    if backup:
        raise errors.bad_request(errors.invalid_value("useBackup", "true"))
    if call.who.user_id not in call.table(_PHONES):
        raise errors.no_mfa_phone()
    return call.state.mfa.challenges.send(call.who.user_id)


def _answer_challenge(call: Call) -> Record:
    user_id, body, mfa = call.who.user_id, call.body, call.state.mfa
    mfa.challenges.answer(body["challengeId"], user_id, body["token"])
    call.state.sessions.trust(call.who)
    if not body.get("rememberMe"):
        return {}
    remember_me_id = mfa.remember(user_id, body.get("device", ""))
    return {"rememberMeId": call.state.remember_secret(remember_me_id)}


def _phones(call: Call) -> Record:
    phone = call.table(_PHONES).get(call.who.user_id)
    return {"results": [] if phone is None else [_masked_phone(phone)]}


def _set_up(call: Call) -> Record:
    user_id, body = call.who.user_id, call.body
    if body.get("primary") is False:
        raise errors.bad_request(errors.invalid_value("primary", "false"))
    if not re.fullmatch(r"[0-9]{10,15}", re.sub(r"[ ()+.-]", "", body["phone"])):
        raise errors.bad_request(errors.invalid_value("phone", body["phone"]))
    # "Reset MFA" is on BILL's list of what only a trusted session may do.
    if user_id in call.table(_PHONES) and not call.who.trusted:
        raise errors.mfa_blocked()
    phone = {"phone": body["phone"], "type": body["type"]}
    return {"setupId": call.state.mfa.setups.send(user_id, phone)}


def _answer_setup(call: Call) -> Record:
    user_id, body = call.who.user_id, call.body
    call.table(_PHONES)[user_id] = call.state.mfa.setups.answer(
        body["setupId"], user_id, body["token"]
    )
    return {"status": "SUCCESS"}


def _step_up(call: Call) -> Record:
    session, mfa = call.who, call.state.mfa
    remembered = mfa.remembers(session.user_id, call.body["rememberMeId"], call.body["device"])
    if remembered:
        call.state.sessions.trust(session)
    return {"trusted": remembered or session.trusted}


def fill(call: Call) -> None:
    """A phone each for the users who sign in with the developer key and the Console token."""
    state, credentials = call.state, call.state.credentials
    for kind, organization_id in (
        (Kind.DEVELOPER_KEY, credentials.organization_id),
        *((Kind.CONSOLE_TOKEN, client) for client in state.client_ids),
    ):
        phone = {"phone": "4085550123", "type": "TEXT"}
        state.table(organization_id, _PHONES)[state.user_ids[kind]] = phone


def _masked_phone(phone: Record) -> Record:
    digits = re.sub(r"[^0-9]", "", phone["phone"])
    return {"type": _LISTED_AS[phone["type"]], "last4digits": digits[-4:], "primary": True}


_ANSWERED: dict[str, Field] = {
    "type": Text(required=True, choices=tuple(_LISTED_AS.values())),
    "last4digits": Text(required=True),
    "primary": Boolean(required=True),
}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        f"{V3}/mfa/challenge",
        "generateChallenge",
        "Send a code to the user's phone",
        _challenge,
        area=_AREA,
        # BILL's own sample sends this boolean as a string.
        body={"useBackup": Boolean(as_text=True)},
        answer=Object({"challengeId": Text(required=True)}),
        sync=False,
        sends_text=True,
        missing="No message is sent: the code is always 123456.",
        unsure="How long the code is good is not documented; here 5 minutes.",
    ),
    Operation(
        "POST",
        f"{V3}/mfa/challenge/validate",
        "validateChallenge",
        "Answer a challenge: the session is trusted from now on",
        _answer_challenge,
        area=_AREA,
        body={
            "challengeId": Text(required=True),
            "token": _TOKEN,
            "device": Text(longest=LONGEST_DEVICE),
            "machineName": Text(),
            "rememberMe": Boolean(),
        },
        answer=Object({"rememberMeId": Text()}),
        sync=False,
        unsure="Which code refuses a wrong token is not documented: here BDC_1119, BDC_1374 for "
        "one that comes too late, and BDC_1358 after 3 wrong ones. With rememberMe but without "
        "device the MFA id opens no trusted session.",
    ),
    Operation(
        "GET",
        f"{V3}/mfa/phones",
        "listMfaPhones",
        "The user's phone for MFA",
        _phones,
        area=_AREA,
        answer=Object({"results": Many(Object(_ANSWERED), required=True)}),
        sync=False,
        unsure="BILL's page speaks of the organization's phones; here they are the user's. Which "
        "type a phone is listed with is not documented: here MOBILE if it takes texts, WORK if "
        "calls.",
    ),
    Operation(
        "POST",
        f"{V3}/mfa/setup",
        "setup",
        "Send a code to a new phone",
        _set_up,
        area=_AREA,
        body={"phone": Text(required=True), "type": _TYPE, "primary": Boolean()},
        answer=Object({"setupId": Text(required=True)}),
        sync=False,
        sends_text=True,
        missing="No message is sent: the code is always 123456.",
        unsure="Which phone numbers are valid is not documented: here those of 10 to 15 digits. A "
        "user who has a phone needs a trusted session; public clients report BDC_5324.",
    ),
    Operation(
        "POST",
        f"{V3}/mfa/setup/validate",
        "validate",
        "Confirm a new phone, which takes the place of an earlier one",
        _answer_setup,
        area=_AREA,
        body={"setupId": Text(required=True), "type": _TYPE, "token": _TOKEN},
        answer=Object({"status": Text(required=True)}),
        sync=False,
        unsure="BILL's guides call the path /v3/mfa/validate, its reference as here.",
    ),
    Operation(
        "POST",
        f"{V3}/mfa/step-up",
        "stepUpSession",
        "Make the session trusted with an MFA id and its device",
        _step_up,
        area=_AREA,
        body={
            "rememberMeId": Text(required=True),
            "device": Text(required=True, longest=LONGEST_DEVICE),
        },
        answer=Object({"trusted": Boolean(required=True)}),
        sync=False,
        unsure="An MFA id that is not good is no refusal: public clients report trusted false.",
    ),
)
"""Every MFA operation of v3."""
