"""The organization in BILL's v2 API: itself, its users and their profiles, its bank accounts and
payment terms.

Pages: https://developer.bill.com/v2/reference/org-basic-listprofile and, for the fields of a bank
account, https://developersupport.bill.com/hc/en-us/articles/209610646-VendorBankAccount. A profile
is what v3 calls a user's role. Creating a bank account needs an MFA-trusted session, as in v3. The
names of the fields, but those of a bank account that the page above shows, are assumed, and so are
the codes of ``status``, but 1 for a verified account.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.sandbox.api.accounting.payment_terms import PAYMENT_TERMS
from pytest_bill.sandbox.api.funding import banks
from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.api.people.roles import ADMINISTRATOR, ROLES
from pytest_bill.sandbox.api.people.users import USERS
from pytest_bill.sandbox.api.v2.columns import (
    Codec,
    Column,
    an_id,
    code,
    computed,
    flag,
    read_only,
    text,
)
from pytest_bill.sandbox.api.v2.countries import COUNTRY
from pytest_bill.sandbox.api.v2.entities import Entity
from pytest_bill.sandbox.api.v2.entity_operations import bulk_operations, entity_operations
from pytest_bill.sandbox.api.v2.shared_columns import BANK_ACCOUNT_DEFAULTS, IS_PERSONAL, IS_SAVINGS
from pytest_bill.sandbox.core.fields import Boolean, Integer, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

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


def _insert(call: Call, body: Record) -> Record:
    given = {"nameOnAccount": body["bankName"], **BANK_ACCOUNT_DEFAULTS, **body}
    return banks.create_bank_account(replace(call, body=given))


def _patch(call: Call, record: Record, body: Record) -> None:
    banks.update_bank_account(replace(call.at(bankAccountId=record["id"]), body=body))


def _archive(call: Call, record: Record) -> None:
    banks.archive_bank_account(call.at(bankAccountId=record["id"]))


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
    insert_in_v3=_insert,
    patch_in_v3=_patch,
    archive_in_v3=_archive,
    sets_active=False,
    missing="Verifying an account, which v3 has.",
    unsure="The names of nameOnAcct, defaultPayables and defaultReceivables are assumed. Only a "
    "verified account can be updated or deleted, as in v3, and none is undeleted.",
)

_ASSUMED = "The names of the fields are assumed."
_ROLE_UNSURE = (
    "The refusal of a user without the administrator's role is not documented; here BDC_1361."
)

ORGANIZATION = Entity(
    "Organization",
    "org-basic",
    {
        "orgName": text("name"),
        "address1": text("address.line1"),
        "address2": text("address.line2"),
        "addressCity": text("address.city"),
        "addressState": text("address.stateOrProvince"),
        "addressCountry": Column(Text(), "address.country", codec=COUNTRY),
        "addressZip": text("address.zipOrPostalCode"),
        "phone": text("phone"),
        "industry": text("industry"),
    },
    records=lambda call: {call.owner: organizations.all_organizations(call.state)[call.owner]},
    unsure=_ASSUMED,
)

PROFILE = Entity(
    "Profile",
    "org-basic",
    {
        "name": computed(Text(), lambda _call, role: str(role["type"]).capitalize()),
        "description": text("description"),
    },
    ROLES,
    archivable=False,
    unsure=_ASSUMED,
)

USER = Entity(
    "User",
    "org-basic",
    {
        "firstName": text("firstName", required=True, longest=100),
        "lastName": text("lastName", required=True, longest=100),
        "email": text("email", required=True),
        "profileId": an_id("role.id", sent_path="roleId"),
    },
    USERS,
    missing="loginId and timezoneId; a new user cannot sign in.",
    unsure=f"{_ASSUMED} {_ROLE_UNSURE}",
)

PAYMENT_TERM = Entity(
    "PaymentTerm",
    "org-accounts",
    {
        "description": text("name", required=True),
        "dueDays": Column(Integer(required=True, minimum=0, maximum=999), "daysDue"),
    },
    PAYMENT_TERMS,
    archivable=False,
    unsure=_ASSUMED,
)

_ONLY = (ADMINISTRATOR,)

OPERATIONS: tuple[Operation, ...] = (
    *entity_operations(ORGANIZATION, ("Read",)),
    *entity_operations(PROFILE, ("Read", "List")),
    *entity_operations(USER, ("Create", "Update", "Delete", "Undelete"), roles=_ONLY),
    *bulk_operations(USER, roles=_ONLY),
    *entity_operations(USER, ("Read", "List")),
    *entity_operations(PAYMENT_TERM, ("Create", "Read", "Update", "List")),
    *entity_operations(BANK_ACCOUNT, ("Create",), trusted=True, sync=False),
    *entity_operations(BANK_ACCOUNT, ("Read", "Update", "Delete", "List")),
)
