"""Users of bank accounts: list, nominate, archive. See ``users`` for what such a user is.

Page: https://developer.bill.com/changelog/2025-01-31-new-endpoints-bank-account-users. The answer
of a nomination is that of the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman).
"""

from __future__ import annotations

from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.funding.users import AREA, BANK_USERS, is_member
from pytest_bill.sandbox.core import background, errors
from pytest_bill.sandbox.core.fields import Object, Text
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record


def _nominate(call: Call) -> Record:
    body = call.body
    account = call.table(BANKS.table).get(body["bankAccountId"])
    if account is None or account["status"] != "VERIFIED" or account["archived"]:
        raise errors.bad_request(errors.invalid_value("bankAccountId", body["bankAccountId"]))
    user = BANK_USERS.find(call, account["id"], body["userId"])
    if not is_member(call, body["userId"]) or (user is not None and not user["archived"]):
        raise errors.bad_request(errors.invalid_value("userId", body["userId"]))
    if user is None:
        BANK_USERS.insert(call, account["id"], body["userId"], "NOMINATED")
    else:
        background.start_work(call, user["id"])
        again = {"archived": False, "verificationStatus": "NOMINATED"}
        BANK_USERS.users.patch(call, user, again)
    return {"status": "SUCCESS"}


def _archive_user(call: Call) -> Record:
    user = BANK_USERS.users.find(call)
    background.stop_work(call, user["id"])
    gone = {"archived": True, "verificationStatus": "UNVERIFIED"}
    return BANK_USERS.users.patch(call, user, gone)


OPERATIONS: tuple[Operation, ...] = (
    BANK_USERS.list("listBankAccountUsers", "Get the users of bank accounts"),
    Operation(
        "POST",
        V3 + "/funding-accounts/banks/users/nominate",
        "nominateBankAccountUser",
        "Nominate a user who may pay with a verified bank account once the identity is verified",
        _nominate,
        area=AREA,
        body=BANK_USERS.users.fields,
        answer=Object({"status": Text(required=True)}),
        sync=False,
        missing="No e-mail is sent.",
        unsure="The refusal of an unknown user or account, of one that is not VERIFIED and of a "
        "user who is nominated already is not documented; here BDC_1119.",
    ),
    Operation(
        "POST",
        V3 + "/funding-accounts/banks/users/{bankAccountUserId}/archive",
        "archiveBankAccountUser",
        "Archive a user of a bank account, who becomes UNVERIFIED",
        _archive_user,
        area=AREA,
        answer=BANK_USERS.users.answer,
        sync=False,
    ),
)
