"""Risk verification: a user's phone, the start of an organization's verification, its decision.

Pages: https://developer.bill.com/reference/getriskverifications,
https://developer.bill.com/reference/initiateriskverifications,
https://developer.bill.com/reference/getriskverificationphone,
https://developer.bill.com/reference/createriskverificationphone,
https://developer.bill.com/docs/risk-verification-webhook-notification-payloads.

The answers have ``processingStatus``, ``decision`` and ``referenceId`` in the samples of BILL's
Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman).

The signed-in user, an administrator, needs a phone before the verification can start. The
``decision`` is IN_PROGRESS, HOLD, REVIEW, APPROVE or DECLINE. Public clients name the fields of a
phone ``phoneNumber`` (ends with ten digits) and ``phoneType``. Here every verification ends with
APPROVE; see ``background`` for when.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pytest_bill.sandbox.core import background, errors
from pytest_bill.sandbox.core.access import ADMINISTRATOR
from pytest_bill.sandbox.core.fields import Boolean, Field, Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.state import SandboxState

PHONE: Mapping[str, Field] = {
    "phoneNumber": Text(required=True),
    "phoneType": Text(required=True),
}
"""The body that adds a phone, also at the level of a partner."""

_PHONES = "riskVerificationPhones"
_VERIFICATIONS = "riskVerifications"
_AREA = "Risk verifications"
_EVENT = "risk-verification.updated"
_ANSWER = Object(
    {name: Text(required=True) for name in ("processingStatus", "decision", "referenceId")}
)


def add_phone(state: SandboxState, organization_id: str, user_id: str, body: Record) -> None:
    """Note the phone of a user, from a body that was checked against ``PHONE``."""
    if not re.search(r"[0-9]{10}\Z", body["phoneNumber"]):
        raise errors.bad_request(errors.invalid_value("phoneNumber", body["phoneNumber"]))
    state.table(organization_id, _PHONES)[user_id] = dict(body)


def _has_phone(call: Call) -> bool:
    return call.who.user_id in call.table(_PHONES)


def _initiate(call: Call) -> Record:
    verifications = call.table(_VERIFICATIONS)
    if call.owner not in verifications:
        if not _has_phone(call):
            raise errors.bad_request(errors.missing_data("phoneNumber"))
        background.start_work(call, call.owner)
        _decide(call, "IN_PROGRESS")
    return dict(verifications[call.owner])


def _details(call: Call) -> Record:
    verification = call.table(_VERIFICATIONS).get(call.owner)
    if verification is None:
        raise errors.no_data_found()
    if verification["decision"] == "IN_PROGRESS" and background.is_done(call, call.owner):
        _decide(call, "APPROVE")
    return dict(call.table(_VERIFICATIONS)[call.owner])


def _decide(call: Call, decision: str) -> None:
    known = call.table(_VERIFICATIONS).get(call.owner)
    verification = {
        "processingStatus": "IN_PROGRESS" if decision == "IN_PROGRESS" else "COMPLETED",
        "decision": decision,
        "referenceId": call.state.ids.new_uuid4(_EVENT) if known is None else known["referenceId"],
    }
    call.table(_VERIFICATIONS)[call.owner] = verification
    # BILL's sample of the notification has nothing else.
    call.state.publish(call.owner, _EVENT, {"decision": decision})


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        V3 + "/risk-verifications",
        "getRiskVerifications",
        "Get the decision of the organization's risk verification",
        _details,
        area=_AREA,
        answer=_ANSWER,
        missing="Every decision but IN_PROGRESS and APPROVE.",
        unsure="Of processingStatus BILL's samples show IN_PROGRESS; COMPLETED, and the form of "
        "referenceId, are the sandbox's. Before a verification was initiated it is BDC_1120 here. "
        "APPROVE comes at the second look or two minutes later by "
        "the clock.",
    ),
    Operation(
        "POST",
        V3 + "/risk-verifications",
        "initiateRiskVerifications",
        "Start the organization's risk verification; the user needs a phone",
        _initiate,
        area=_AREA,
        answer=_ANSWER,
        roles=(ADMINISTRATOR,),
        missing="No e-mail is sent.",
        unsure="The refusal of a user without a phone is not documented, here BDC_1117; neither is "
        "a second start, which changes nothing here.",
    ),
    Operation(
        "GET",
        V3 + "/risk-verifications/phone",
        "getRiskVerificationPhone",
        "Get whether the signed-in user has a phone",
        lambda call: {"hasPhone": _has_phone(call)},
        area=_AREA,
        answer=Object({"hasPhone": Boolean(required=True)}),
    ),
    Operation(
        "POST",
        V3 + "/risk-verifications/phone",
        "createRiskVerificationPhone",
        "Add a phone of the signed-in user",
        lambda call: add_phone(call.state, call.owner, call.who.user_id, call.body),
        area=_AREA,
        body=PHONE,
        unsure="The fields are named as public clients name them. The choices of phoneType were "
        "not to be found, but for the MOBILE of BILL's sample: any text is taken. A number that "
        "does not end with ten digits is BDC_1119.",
    ),
)
