"""The organization in BILL's v2 API: itself, its users and their profiles, its bank accounts and
payment terms.

Pages: https://developer.bill.com/v2/reference/org-basic-listprofile and, for the fields of a bank
account, https://developersupport.bill.com/hc/en-us/articles/209610646-VendorBankAccount. A profile
is what v3 calls a user's role. Creating a bank account needs an MFA-trusted session, as in v3.
"""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.sandbox.api.accounting.payment_terms import PAYMENT_TERMS
from pytest_bill.sandbox.api.funding import banks
from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.api.people.network import connections
from pytest_bill.sandbox.api.people.roles import ADMINISTRATOR, ROLES
from pytest_bill.sandbox.api.people.users import USERS
from pytest_bill.sandbox.api.v2.columns import (
    Codec,
    Column,
    an_id,
    code,
    computed,
    fixed,
    flag,
    read_only,
    text,
)
from pytest_bill.sandbox.api.v2.entities import Entity
from pytest_bill.sandbox.api.v2.entity_operations import bulk_operations, entity_operations
from pytest_bill.sandbox.api.v2.shared_columns import (
    BANK_ACCOUNT_DEFAULTS,
    BANK_STATUSES,
    IS_PERSONAL,
    IS_SAVINGS,
    address_columns,
)
from pytest_bill.sandbox.core.fields import Boolean, Integer, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_IS_PERSONAL = Codec(
    IS_PERSONAL.read,
    lambda personal: "PERSONAL" if personal else "BUSINESS",
)
_PROFILE_TYPES = {
    "2": "ADMINISTRATOR",
    "3": "CLERK",
    "4": "APPROVER",
    "5": "ACCOUNTANT",
    "6": "CUSTOM",
    "7": "PAYER",
    "8": "PARTNER",
    "9": "AUDITOR",
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
        "status": read_only(code("status", BANK_STATUSES, absent="0")),
        "usersId": read_only(an_id("createdBy")),
        "chartOfAccountId": an_id("chartOfAccountId"),
        "primaryAP": read_only(flag("default.payables")),
        "primaryAR": read_only(flag("default.receivables")),
        "autoAdminAuth": fixed(False, Boolean()),
        "dateEstablished": fixed(None),
        "verificationLevel": fixed("0"),
        "bankBalance": fixed(None),
        "verifyStatus": fixed("0"),
    },
    BANKS,
    insert_in_v3=_insert,
    patch_in_v3=_patch,
    archive_in_v3=_archive,
    sets_active=False,
    missing="Verifying an account, which v3 has. autoAdminAuth, dateEstablished, "
    "verificationLevel, bankBalance and verifyStatus never change.",
    unsure="BILL's v2 reference creates, updates and deletes none; public clients do. Only a "
    "verified account can be updated or deleted, as in v3, and none is undeleted.",
)

_ROLE_UNSURE = (
    "The refusal of a user without the administrator's role is not documented; here BDC_1361."
)

ORGANIZATION = Entity(
    "Organization",
    "org-basic",
    {
        "name": text("name"),
        **address_columns("address", "address"),
        "mailAddrSameAsPhys": fixed(True, Boolean()),
        **address_columns("mailingAddress", "address"),
        "phone": text("phone"),
        "fax": fixed(None),
        "accountingSoftware": fixed(None),
        "timezoneId": fixed("3"),
        **{name: fixed(None) for name in ("rptCustom1", "rptCustom2", "rptCustom3")},
        "primaryCompanyOwner": fixed(None),
        "taxId": fixed(None),
        "taxIdType": fixed(None),
        "industry": text("industry"),
        "displayName": text("name"),
        "networkConnections": computed(Integer(), lambda call, _record: connections(call)),
    },
    records=lambda call: {call.owner: organizations.all_organizations(call.state)[call.owner]},
    missing="A mailing address of its own, and what v3 does not have, which is null.",
    unsure="The time zone is 3, Pacific; BILL says it of each organization.",
)

PROFILE = Entity(
    "Profile",
    "org-basic",
    {
        "name": computed(Text(), lambda _call, role: str(role["type"]).capitalize()),
        "type": code("type", _PROFILE_TYPES, absent="6"),
        "description": text("description"),
    },
    ROLES,
    archivable=False,
)

USER = Entity(
    "User",
    "org-basic",
    {
        "firstName": text("firstName", required=True, longest=100),
        "lastName": text("lastName", required=True, longest=100),
        "email": text("email", required=True),
        "profileId": an_id("role.id", sent_path="roleId"),
        "loginId": computed(Text(), lambda _call, user: f"005{user['id'][3:]}"),
        "timezoneId": text(),
        "partnerUserGroupType": fixed(None),
    },
    USERS,
    options={"username": Text()},
    missing="A new user cannot sign in. username, which the page of Create requires, is not asked "
    "for; timezoneId is kept only.",
    unsure=_ROLE_UNSURE,
)

PAYMENT_TERM = Entity(
    "PaymentTerm",
    "org-accounts",
    {
        "name": text("name", required=True),
        "netDue": Column(Integer(required=True, minimum=0, maximum=999), "daysDue"),
    },
    PAYMENT_TERMS,
    archivable=False,
    unsure="BILL's pages answer no times of it.",
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
