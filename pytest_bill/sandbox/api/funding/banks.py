"""Bank accounts of an organization: list, create, get, update, archive, verify.

Pages: https://developer.bill.com/docs/bank-account-setup-v3-api,
https://developer.bill.com/docs/ap-payment-funding-methods,
https://developer.bill.com/docs/bank-account-webhook-notification-payloads,
https://developer.bill.com/changelog/2024-05-31-verifying-bank-account-sandbox and the reference
pages of the operations.

A bank account has ``id`` (begins with bac), ``archived``, ``nameOnAccount``, ``routingNumber``,
``accountNumber``, ``type`` (CHECKING or SAVINGS), ``ownerType`` (BUSINESS or PERSONAL),
``bankName``, ``status``, ``default`` (``payables`` and ``receivables``), ``accessToAdmins``,
``chartOfAccountId``, ``createdBy``, ``createdTime`` and ``updatedTime``. A new one is PENDING and
no default. BILL sends a test deposit, 0.50 in its sandbox, whose amount verifies it: then it is
VERIFIED and can be updated and archived. The answer is ``verified``, true or false, as the samples
of BILL's Postman collection show (https://developer.bill.com/docs/bill-v3-api-in-postman). After
three wrong amounts it cannot be used, here BLOCKED; 14 days without the amount, and it is EXPIRED.

Public clients report an ``accountNumber`` of asterisks and the last four digits. Not documented,
and chosen here: the refusals, HTTP 400 with BDC_1119, of a routing number whose check digit is
wrong, of an amount of no cents, and of what needs another status; that one account at a time is the
default; and that whoever made an account is a verified user of it once it is verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pytest_bill.checksums import is_aba_number
from pytest_bill.sandbox.api.funding.users import AREA, BANK_USERS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.access import ADMINISTRATOR
from pytest_bill.sandbox.core.fields import Boolean, Field, Number, Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

TEST_DEPOSIT = 0.5
"""The amount that verifies a bank account in BILL's sandbox."""

CHECKING_ID = "bac" + "0" * 17
"""The shop's bank account that pays by default."""

_MOST_WRONG_AMOUNTS = 3
_TO_VERIFY = timedelta(days=14)
_WRONG_AMOUNTS = "bankAccountWrongAmounts"

_OWNER_TYPE = Text(choices=("BUSINESS", "PERSONAL"))
_DEFAULT = Object({"payables": Boolean(), "receivables": Boolean()})
_FIELDS: Mapping[str, Field] = {
    "nameOnAccount": Text(required=True),
    "routingNumber": Text(required=True),
    "accountNumber": Text(required=True),
    "type": Text(required=True, choices=("CHECKING", "SAVINGS")),
    "ownerType": replace(_OWNER_TYPE, required=True),
    "bankName": Text(required=True, longest=100),
    "accessToAdmins": Boolean(),
    "chartOfAccountId": Text(),
}
_UPDATABLE: Mapping[str, Field] = {
    "nameOnAccount": Text(),
    "ownerType": _OWNER_TYPE,
    "bankName": Text(longest=100),
    "accessToAdmins": Boolean(),
    "default": _DEFAULT,
    "chartOfAccountId": Text(),
}
_STATUSES = ("NOT_VERIFIED", "VERIFIED", "PENDING", "BLOCKED", "EXPIRED", "INVALID", "UNDEFINED")


def fill(call: Call) -> None:
    """Two verified bank accounts: one that pays by default, one that takes payments in."""
    owner = {"nameOnAccount": "Music Shop", "routingNumber": "074000010", "ownerType": "BUSINESS"}
    checking = {
        **owner,
        "id": CHECKING_ID,
        "accountNumber": "1000200030004000",
        "type": "CHECKING",
        "bankName": "Checking",
        "default": {"payables": True, "receivables": False},
    }
    savings = {
        **owner,
        "accountNumber": "5000600070008000",
        "type": "SAVINGS",
        "bankName": "Savings",
        "default": {"payables": False, "receivables": True},
    }
    for body in (checking, savings):
        account = BANKS.insert(call, {**body, "status": "VERIFIED"})
        BANK_USERS.insert(call, account["id"], call.who.user_id, "VERIFIED")


def is_usable(call: Call, account_id: str) -> bool:
    """Whether the signed-in user may pay with the bank account of that id."""
    account = call.table(BANKS.table).get(account_id)
    return (
        account is not None
        and account["status"] == "VERIFIED"
        and not account["archived"]
        and BANK_USERS.may_pay(call, account_id)
    )


def _complete(call: Call, body: Record) -> Record:
    if not is_aba_number(body["routingNumber"]):
        raise errors.bad_request(errors.invalid_value("routingNumber", body["routingNumber"]))
    return {
        "status": "PENDING",
        "default": {"payables": False, "receivables": False},
        "accessToAdmins": False,
        **body,
        "accountNumber": _masked(body["accountNumber"]),
        "createdBy": call.who.user_id,
    }


def _masked(number: str) -> str:
    shown = number[-4:] if len(number) > 4 else ""
    return shown.rjust(len(number), "*")


def _change(call: Call, account: Record, body: Record) -> None:
    changes = dict(body)
    chosen = changes.pop("default", {})
    account.update(changes)
    for purpose, value in chosen.items():
        if value:
            for other in call.table(BANKS.table).values():
                other["default"][purpose] = False
        account["default"][purpose] = value


def create_bank_account(call: Call) -> Record:
    """A new account, with whoever made it as its user."""
    account = BANKS.insert(call, call.body)
    BANK_USERS.insert(call, account["id"], call.who.user_id, "UNVERIFIED")
    return account


def update_bank_account(call: Call) -> Record:
    """The verified account that the path names, with the fields of the body."""
    account = BANKS.find(call)
    _require_verified(account)
    return BANKS.patch(call, account, call.body)


def archive_bank_account(call: Call) -> Record:
    """The verified account that the path names, archived."""
    account = BANKS.find(call)
    _require_verified(account)
    if not BANK_USERS.may_pay(call, account["id"]):
        raise errors.bad_request(errors.invalid_value("verificationStatus", "UNVERIFIED"))
    return BANKS.patch(call, account, {"archived": True})


def _require_verified(account: Record) -> None:
    if account["status"] != "VERIFIED":
        raise errors.bad_request(errors.invalid_value("status", account["status"]))


def _verify(call: Call) -> Record:
    account = BANKS.find(call)
    if account["status"] != "PENDING":
        raise errors.bad_request(errors.invalid_value("status", account["status"]))
    amount = call.body["depositAmount"]
    if not 0.01 <= amount <= 0.99:
        raise errors.bad_request(errors.invalid_value("depositAmount", amount))
    if amount != TEST_DEPOSIT:
        _count_wrong_amount(call, account)
        return {"verified": False}
    creator = BANK_USERS.find(call, account["id"], account["createdBy"])
    if creator is not None and not creator["archived"]:
        BANK_USERS.users.patch(call, creator, {"verificationStatus": "VERIFIED"})
    BANKS.patch(call, account, {"status": "VERIFIED"})
    return {"verified": True}


def _count_wrong_amount(call: Call, account: Record) -> None:
    attempts = call.table(_WRONG_AMOUNTS).setdefault(account["id"], {"count": 0})
    attempts["count"] += 1
    if attempts["count"] >= _MOST_WRONG_AMOUNTS:
        BANKS.patch(call, account, {"status": "BLOCKED"})


def _with_expiry(operation: Operation) -> Operation:
    """The operation, on accounts that expire in time."""

    def answer(call: Call) -> Record:
        now = call.state.clock.now()
        for account in call.table(BANKS.table).values():
            created = datetime.fromisoformat(account["createdTime"])
            if account["status"] == "PENDING" and now - created >= _TO_VERIFY:
                BANKS.patch(call, account, {"status": "EXPIRED"})
                call.state.changed()
        result = operation.handler(call)
        assert isinstance(result, dict)
        return result

    return replace(operation, handler=answer)


BANKS = Resource(
    AREA,
    "/funding-accounts/banks",
    "bankAccountId",
    "bankAccounts",
    "bac",
    _FIELDS,
    answered={
        "status": Text(required=True, choices=_STATUSES),
        "default": _DEFAULT,
        "createdBy": Text(required=True),
    },
    filterable={
        "id": IDS,
        # As BILL's own sample calls it.
        "bankAccountId": replace(IDS, field="id"),
        "archived": FLAG,
        "status": one_of(*_STATUSES),
        "type": one_of("CHECKING", "SAVINGS"),
        "bankName": Filterable(("eq", "sw")),
        "default.payables": FLAG,
        "default.receivables": FLAG,
        "createdTime": TIMES,
        "updatedTime": TIMES,
    },
    sortable=("nameOnAccount", "accessToAdmins"),
    event="bank-account",
    complete=_complete,
    change=_change,
    missing="accessToAdmins makes no difference.",
)

_ONE = f"{V3}{BANKS.path}/{{{BANKS.parameter}}}"
_STATUS_UNSURE = "The refusal of another status than VERIFIED is not documented; here BDC_1119."

OPERATIONS: tuple[Operation, ...] = (
    _with_expiry(
        BANKS.operations.list(
            "listBankAccounts",
            "Get list of bank accounts",
            unsure="Which fields can be filtered on was not to be found in BILL's pages.",
        )
    ),
    replace(
        BANKS.operations.create(
            "createBankAccount",
            "Create a bank account; it is PENDING and no default",
            trusted=True,
            missing="No e-mail is sent, no money moves.",
            roles=(ADMINISTRATOR,),
            unsure="The refusal of a routing number that no bank can have is not documented; here "
            "BDC_1119.",
        ),
        handler=create_bank_account,
    ),
    _with_expiry(BANKS.operations.get("getBankAccount", "Get bank account details")),
    _with_expiry(
        Operation(
            "PATCH",
            _ONE,
            "updateBankAccount",
            "Update a verified bank account; also what it is the default for",
            update_bank_account,
            area=AREA,
            body=_UPDATABLE,
            partial=True,
            answer=BANKS.answer,
            sync=False,
            unsure=_STATUS_UNSURE + " That another account stops to be the default is not either.",
        )
    ),
    _with_expiry(
        Operation(
            "POST",
            _ONE + "/archive",
            "archiveBankAccount",
            "Archive a verified bank account that the user may pay with",
            archive_bank_account,
            area=AREA,
            answer=BANKS.answer,
            sync=False,
            unsure=_STATUS_UNSURE,
        )
    ),
    _with_expiry(
        Operation(
            "POST",
            _ONE + "/verify",
            "verifyBankAccount",
            "Verify a bank account with the amount of the test deposit, 0.50",
            _verify,
            area=AREA,
            body={"depositAmount": Number(required=True, minimum=0.01)},
            answer=Object({"verified": Boolean(required=True)}),
            sync=False,
            missing="Any user may verify, not only the one who made the account.",
            unsure="That a wrong amount is no refusal, but answered with verified false, follows "
            "from BILL's sample alone; one that is no number of cents is BDC_1119. Not "
            "documented is the status after three of them, here BLOCKED, nor who may pay then: "
            "here whoever made the account.",
        )
    ),
)
