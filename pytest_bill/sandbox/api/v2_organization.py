"""The organization in BILL's v2 API: its bank accounts.

Pages: https://developer.bill.com/v2/docs/search-ops-with-lists and, for the fields of a bank
account, https://developersupport.bill.com/hc/en-us/articles/209610646-VendorBankAccount. Creating
one needs an MFA-trusted session, as in v3. The codes of `status`, but 1 for a verified account, are
not documented on the pages that were found.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.sandbox.api import funding_banks
from pytest_bill.sandbox.api.funding_banks import BANKS
from pytest_bill.sandbox.bodies import Boolean
from pytest_bill.sandbox.operations import Call, Operation
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.v2_entities import (
    Codec,
    Column,
    Entity,
    an_id,
    code,
    flag,
    operations,
    read_only,
    text,
)

IS_SAVINGS = Codec(
    lambda kind: kind == "SAVINGS",
    lambda savings: "SAVINGS" if savings else "CHECKING",
)
"""A boolean for the type of a bank account."""

IS_PERSONAL = Codec(
    lambda owner: owner != "BUSINESS",
    lambda personal: "PERSON" if personal else "BUSINESS",
)
"""A boolean for the owner of a bank account."""

BANK_ACCOUNT_DEFAULTS = {"type": "CHECKING", "ownerType": "BUSINESS"}
"""What a bank account is if v2 is not told."""

_IS_PERSONAL = Codec(
    IS_PERSONAL.read,
    lambda personal: "PERSONAL" if personal else "BUSINESS",
)
_STATUSES = {
    "0": "PENDING",
    "1": "VERIFIED",
    "2": "EXPIRED",
    "3": "BLOCKED",
    "4": "INVALID",
    "5": "NOT_VERIFIED",
}


def _add(call: Call, body: Record) -> Record:
    given = {"nameOnAccount": body["bankName"], **BANK_ACCOUNT_DEFAULTS, **body}
    return funding_banks.create(replace(call, body=given))


def _change(call: Call, record: Record, body: Record) -> None:
    funding_banks.update(replace(call.at(bankAccountId=record["id"]), body=body))


def _mark(call: Call, record: Record, _archived: bool) -> None:
    funding_banks.archive(call.at(bankAccountId=record["id"]))


BANK_ACCOUNT = Entity(
    "BankAccount",
    "org-basic",
    {
        "bankName": text("bankName", required=True),
        "nameOnAcct": text("nameOnAccount"),
        "accountNumber": text("accountNumber", required=True),
        "routingNumber": text("routingNumber", required=True),
        "isSavings": Column(Boolean(), "type", codec=IS_SAVINGS, absent=False),
        "isPersonalAcct": Column(Boolean(), "ownerType", codec=_IS_PERSONAL, absent=False),
        "status": read_only(code("status", _STATUSES, absent="5")),
        "usersId": read_only(an_id("createdBy")),
        "chartOfAccountId": an_id("chartOfAccountId"),
        "defaultPayables": read_only(flag("default.payables")),
        "defaultReceivables": read_only(flag("default.receivables")),
    },
    BANKS,
    add=_add,
    change=_change,
    mark=_mark,
    sets_active=False,
    missing="Verifying an account, which v3 has.",
    unsure="The names of nameOnAcct, defaultPayables and defaultReceivables are assumed. Only a "
    "verified account can be updated or deleted, as in v3, and none is undeleted.",
)

OPERATIONS: tuple[Operation, ...] = (
    *operations(BANK_ACCOUNT, ("Create",), trusted=True, sync=False),
    *operations(BANK_ACCOUNT, ("Read", "Update", "Delete", "List")),
)
