"""Vendors: list, get, create (also in bulk), update, archive, restore, and payments abroad.

Pages: https://developer.bill.com/docs/creating-a-us-vendor,
https://developer.bill.com/docs/creating-an-international-vendor,
https://developer.bill.com/reference/listvendors, https://developer.bill.com/reference/createvendor,
https://developer.bill.com/reference/createbulkvendor,
https://developer.bill.com/reference/getvendor, https://developer.bill.com/reference/updatevendor,
https://developer.bill.com/reference/getintlconfig,
https://developer.bill.com/reference/getconfigurationbyvendorid.

A vendor has ``id`` (begins with 009), ``archived``, ``name`` (at most 100 characters),
``shortName`` (40), ``accountNumber``, ``accountType``, ``email``, ``phone``, ``address``,
``paymentInformation``, ``additionalInfo``, ``recurringPayments``, ``billCurrency``,
``networkStatus``, ``createdTime`` and ``updatedTime``, and ``paymentNetworkId`` or ``rppsId`` if it
is connected in the BILL Network (see ``network``); fields without a value are left out, as BILL
does. ``paymentInformation.payByType`` is ACH for a vendor with a bank account, INTERNATIONAL for
one with a bank account abroad, and CHECK otherwise; the account's number comes back masked, as
public clients report. ``transferMethod`` beside it
(https://developer.bill.com/changelog/2026-02-18-vendors-api-improvements) is there where
``payBySubType`` is MULTIPLE. ``additionalInfo`` has ``taxId``, ``taxIdType``, ``track1099``,
``companyName``, ``leadTimeInDays``, ``paymentTermId`` and ``combinePayments`` (true if absent).

BILL's Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman) shows the fields
of an answer and the HTTP statuses. What follows from other records is answered with their state:
``balance``, which is what is due on the vendor's bills in its currency, with the time of their last
change; ``paymentInformation.lastPaymentDate``, the process date of the last payment that was sent;
``bankAccountStatus``, ``recurringPayments`` and ``address.countryName``.

A bank account abroad needs more than one in the United States, and some countries want more still:
see ``international``. BILL's guide lists ``bankCountry`` and ``paymentCurrency`` beside
``payeeName``, and public clients send them within ``bankAccount``: both are taken.

An update replaces the given fields; a given object replaces the whole object. Bank accounts cannot
be updated (https://developer.bill.com/v3/changelog), so an update leaves them alone: see
``vendor_bank_accounts``.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox.api.accounting.payment_terms import PAYMENT_TERMS
from pytest_bill.sandbox.api.payables import vendor_accounts, vendor_sums
from pytest_bill.sandbox.core import countries, errors, international, related
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.fields import (
    ADDRESS,
    Boolean,
    Date,
    Field,
    Integer,
    Many,
    Number,
    Object,
    Text,
    optional,
)
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.resources import Resource
from pytest_bill.sandbox.core.state import SandboxState

AUDIT_TABLE = "vendor_audit"
"""What was done to each vendor, by the vendor's id: see ``reports``."""

_ACCOUNT_TYPES = ("BUSINESS", "PERSON", "NONE")
BILL_STATUSES = ("PAID", "UNPAID", "PARTIAL", "SCHEDULED", "UNDEFINED")
"""The values of ``paymentStatus``, of bills and in filters on vendors."""

_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "name": Filterable(("eq", "sw")),
    "accountType": one_of(*_ACCOUNT_TYPES),
    "billCurrency": Filterable(("eq", "ne", "in", "nin")),
    "address.country": Filterable(("eq", "ne")),
    "paymentStatus": one_of(*BILL_STATUSES),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}

PAYMENT_PURPOSE: Mapping[str, Field] = {
    "text": Text(),
    "code": Object({"name": Text(), "value": Text()}),
}
BANK_ACCOUNT: Mapping[str, Field] = {
    "nameOnAccount": Text(),
    "accountNumber": Text(required=True),
    "routingNumber": Text(),
    "type": Text(choices=("CHECKING", "SAVINGS")),
    "ownerType": Text(choices=("BUSINESS", "PERSON")),
    "bankCountry": Text(),
    "paymentCurrency": Text(),
    "regulatoryFields": Many(Object({"name": Text(required=True), "value": Text(required=True)})),
    "paymentPurpose": Object(PAYMENT_PURPOSE),
}
"""What is told of a vendor's bank account."""

_SHARED = ("bankCountry", "paymentCurrency", "paymentPurpose")
_PAYMENT_INFORMATION: dict[str, Field] = {
    "payeeName": Text(),
    "email": Text(),
    "bankCountry": Text(),
    "paymentCurrency": Text(),
    "paymentPurpose": Object(PAYMENT_PURPOSE),
    "bankAccount": Object(BANK_ACCOUNT),
}
_FIELDS: dict[str, Field] = {
    "name": Text(required=True, longest=100),
    "shortName": Text(longest=40),
    "accountNumber": Text(),
    "accountType": Text(choices=_ACCOUNT_TYPES),
    "email": Text(),
    "phone": Text(),
    "address": Object(ADDRESS, required=True),
    "paymentInformation": Object(_PAYMENT_INFORMATION),
    "additionalInfo": Object(
        {
            "taxId": Text(),
            "track1099": Boolean(),
            "companyName": Text(),
            "combinePayments": Boolean(),
            "taxIdType": Text(choices=("EIN", "SSN")),
            "leadTimeInDays": Integer(minimum=0),
            "paymentTermId": Text(),
        }
    ),
    "billCurrency": Text(choices=international.CURRENCIES),
}


def vendors_of(state: SandboxState, organization_id: str) -> Table:
    """The vendors of an organization."""
    return state.table(organization_id, "vendors")


def combines_payments(vendor: Record) -> bool:
    """Whether several bills of the vendor are paid in one payment."""
    return bool(vendor["additionalInfo"]["combinePayments"])


def checked_account(vendor: Record, account: Record, path: str) -> Record:
    """A bank account for that vendor, masked as it is answered; BDC_1117 for what is missing."""
    country = vendor["address"]["country"]
    if problems := international.account_problems(country, account, path):
        raise errors.bad_request(*problems)
    masked = "*" * 12 + account["accountNumber"][-4:]
    return {**account, "accountNumber": masked}


def settle_method(vendor: Record) -> None:
    """How the vendor is paid follows from its bank account."""
    information = vendor["paymentInformation"]
    information.pop("transferMethod", None)
    information["payBySubType"] = "NONE"
    account = information.get("bankAccount")
    if account is None:
        information["payByType"] = "CHECK"
    elif vendor["address"]["country"] == international.HOME:
        information["payByType"] = "ACH"
    else:
        information |= {
            "payByType": "INTERNATIONAL",
            **international.delivery_of(account.get("paymentCurrency", "")),
        }


def _complete(call: Call, body: Record) -> Record:
    _require_term(call, body)
    country = body["address"]["country"]
    vendor: Record = {
        "accountType": "NONE",
        **body,
        "additionalInfo": _additional(body.get("additionalInfo", {})),
        "billCurrency": body.get("billCurrency", international.rules_of_country(country).currency),
        "networkStatus": "NOT_CONNECTED",
    }
    given: Record = dict(body.get("paymentInformation", {}))
    account = given.pop("bankAccount", None)
    vendor["paymentInformation"] = {"payeeName": body["name"], **given}
    if account is not None:
        shared = {name: given[name] for name in _SHARED if name in given}
        path = "paymentInformation.bankAccount."
        full = checked_account(vendor, {**shared, **account}, path)
        vendor["paymentInformation"]["bankAccount"] = full
    settle_method(vendor)
    return vendor


def _additional(given: Record) -> Record:
    return {"track1099": False, "combinePayments": True, **given}


def _require_term(call: Call, body: Record) -> None:
    term = body.get("additionalInfo", {}).get("paymentTermId")
    if term is not None and term not in call.table(PAYMENT_TERMS.table):
        raise errors.bad_request(errors.invalid_value("additionalInfo.paymentTermId", term))


def _change(call: Call, vendor: Record, body: Record) -> None:
    _require_term(call, body)
    changes = dict(body)
    information = dict(changes.pop("paymentInformation", {}))
    information.pop("bankAccount", None)
    if "additionalInfo" in changes:
        changes["additionalInfo"] = _additional(changes["additionalInfo"])
    vendor["paymentInformation"] |= information
    vendor.update(changes)
    settle_method(vendor)


def record_change(call: Call, before: Record | None, after: Record) -> None:
    """Write down what was done to a vendor, one entry for each field that is another now."""
    vendor_accounts.note(call, before, after)
    trail = call.table(AUDIT_TABLE).setdefault(after["id"], {"entries": []})["entries"]
    known = len(trail)
    entry = {"source": "API", "createdTime": after["updatedTime"], "userId": call.who.user_id}
    if before is None:
        trail.append({**entry, "type": "Create", "field": {}})
    else:
        old, new = dict(_values_within(before)), dict(_values_within(after))
        trail.extend(
            {
                **entry,
                "type": "Edit",
                "field": {
                    "name": _label(path),
                    "value": {
                        "previous": _as_audited(path, old.get(path)),
                        "current": _as_audited(path, new.get(path)),
                    },
                },
            }
            for path in (*old, *(each for each in new if each not in old))
            if path != "updatedTime" and old.get(path) != new.get(path)
        )
    call.undo.append(lambda: trail.__delitem__(slice(known, None)))


def _present(call: Call, vendor: Record) -> Record:
    """A vendor with what follows from its country, its account, its bills and its payments."""
    information = vendor["paymentInformation"]
    owed, paid, recurring = vendor_sums.sums_of(call, vendor["id"])
    last = {"lastPaymentDate": paid[vendor["id"]]} if vendor["id"] in paid else {}
    return {
        **countries.with_country_names(vendor, "address"),
        "paymentInformation": {**information, **last},
        "bankAccountStatus": "VERIFIED" if "bankAccount" in information else "NO_ACCOUNT",
        "recurringPayments": vendor["id"] in recurring,
        "balance": owed.get(vendor["id"], {"amount": 0, "lastUpdatedDate": vendor["createdTime"]}),
    }


_PAY_BY = "paymentInformation.payByType"
_METHODS = {"CHECK": "Check", "ACH": "ePayment", "INTERNATIONAL": "International ePayment"}


def _values_within(record: Mapping[str, Any], path: str = "") -> list[tuple[str, Any]]:
    """Every value within a record that is no object, with the path that leads to it."""
    found: list[tuple[str, Any]] = []
    for name, value in record.items():
        if isinstance(value, Mapping):
            found += _values_within(value, f"{path}{name}.")
        else:
            found.append((path + name, copy.deepcopy(value)))
    return found


def _label(path: str) -> str:
    """A field's name in words: BILL's sample calls ``payByType`` "Pay by"."""
    if path == _PAY_BY:
        return "Pay by"
    words = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", path.replace(".", " ")).lower()
    return words[:1].upper() + words[1:]


def _as_audited(path: str, value: Any) -> str:
    if value is None:
        return ""
    if path == _PAY_BY:
        return _METHODS[value]
    return str(value).lower() if isinstance(value, bool) else str(value)


_LEFT_OUT = (
    "autoPay and virtualCard: vendors' autopay and virtual cards are not emulated. "
    "networkStatus shows that a request has expired once the status "
    "of the request is asked for."
)

_DELIVERY = (
    "payBySubType of a vendor abroad with an account is WIRE for US dollars and MULTIPLE for "
    "another currency, with transferMethod LOCAL: when BILL says which is not documented, nor that "
    "transferMethod stands beside it."
)

VENDORS = Resource(
    "Vendors",
    "/vendors",
    "vendorId",
    "vendors",
    "009",
    _FIELDS,
    answered={
        "address": countries.address_as_answered(Object(ADDRESS)),
        "paymentInformation": Object(
            {
                **optional(_PAYMENT_INFORMATION),
                "payByType": Text(required=True),
                "payBySubType": Text(required=True),
                "transferMethod": Text(choices=international.TRANSFER_METHODS),
                "lastPaymentDate": Date(),
            }
        ),
        "bankAccountStatus": Text(required=True),
        "balance": Object(
            {"amount": Number(required=True), "lastUpdatedDate": Text(required=True)}, required=True
        ),
        "recurringPayments": Boolean(),
        "networkStatus": Text(),
        "paymentNetworkId": Text(),
        "rppsId": Text(),
    },
    filterable=_FILTERABLE,
    related={"paymentStatus": related.values_of("bills", "vendorId", "paymentStatus")},
    sortable=("shortName", "email", "phone"),
    event="vendor",
    complete=_complete,
    change=_change,
    present=_present,
    audit=record_change,
    plural="vendors",
    missing=_LEFT_OUT,
    unsure="recurringPayments says whether a recurring bill pays the vendor by itself. "
    "bankAccountStatus is VERIFIED for a vendor with an account: its words are not documented. "
    "That an account's number comes back masked, and rppsId for a connected national vendor, is "
    f"what public clients report. {_DELIVERY}",
)


def _international(call: Call) -> Record:
    """What is needed before a vendor abroad is created."""
    query = call.request.query
    country, currency = query.get("country", ""), query.get("billCurrency", "")
    account_type = query.get("accountType", "")
    problems: list[Problem] = []
    if not re.fullmatch("[A-Z]{2}", country, re.ASCII):
        problems.append(errors.invalid_parameter("country", country))
    if currency not in international.CURRENCIES:
        problems.append(errors.invalid_parameter("billCurrency", currency))
    if account_type not in _ACCOUNT_TYPES:
        problems.append(errors.invalid_parameter("accountType", account_type))
    if problems:
        raise errors.bad_request(*problems)
    return international.configuration_of_country(country)


def _configuration(call: Call) -> Record:
    """What is needed for a vendor that there is."""
    vendor = VENDORS.find(call)
    return {
        "internationalPayments": international.configuration_of_country(
            vendor["address"]["country"]
        )
    }


_CONFIGURATION = Object(
    {
        "paymentPurpose": Object(
            {
                "required": Boolean(required=True),
                "type": Text(required=True),
                "codes": Many(
                    Object({"name": Text(required=True), "value": Text(required=True)}),
                    required=True,
                ),
            },
            required=True,
        ),
        "validations": Object(
            {
                "fields": Many(
                    Object(
                        {
                            "name": Text(required=True),
                            "description": Text(required=True),
                            "regularExpression": Text(),
                            "required": Boolean(required=True),
                        }
                    ),
                    required=True,
                )
            },
            required=True,
        ),
    },
    required=True,
)

_ABROAD = (
    "What a country asks for is BILL's own data, which it does not publish: countries, purposes "
    "and regulatory fields are the sandbox's own, in the shape of BILL's samples."
)
_DEFAULTS = (
    "combinePayments is true and billCurrency the country's if absent; BILL's pages do not say so. "
    "That taxIdType, leadTimeInDays and paymentTermId, which BILL answers, may be given is "
    "assumed. BILL's guide has bankCountry and paymentCurrency beside payeeName, public clients "
    "within bankAccount: both are taken."
)
_PAID = (
    "The values of the filter paymentStatus are not documented; here those of bills, and a vendor "
    "has each that one of its bills has."
)

OPERATIONS: tuple[Operation, ...] = (
    VENDORS.operations.list(
        "listVendors",
        "Get list of vendors",
        unsure=_PAID,
    ),
    VENDORS.operations.create("createVendor", "Create a vendor", unsure=f"{_DEFAULTS} {_ABROAD}"),
    Operation(
        "GET",
        V3 + "/vendors/configuration/international-payments",
        "getIntlConfig",
        "Get what a country asks for before vendors there can be paid",
        _international,
        area="Vendors",
        query=(
            Query("country", Text(required=True)),
            Query("billCurrency", Text(required=True, choices=international.CURRENCIES)),
            Query("accountType", Text(required=True, choices=_ACCOUNT_TYPES)),
        ),
        answer=_CONFIGURATION,
        unsure=f"{_ABROAD} The country is taken as two letters.",
    ),
    VENDORS.operations.get("getVendor", "Get vendor details"),
    VENDORS.operations.update(
        "updateVendor",
        "Update a vendor",
        unsure="BILL's page says that a bank account cannot be added or changed here, not what "
        "becomes of a bankAccount in the body: here it is left out. What of a given object stays "
        "is not documented; here only what is within paymentInformation.",
    ),
    VENDORS.operations.archive("archiveVendor", "Archive a vendor"),
    VENDORS.operations.restore("restoreVendor", "Restore an archived vendor"),
    VENDORS.operations.bulk_create(
        "createBulkVendor",
        "Create several vendors",
        many=20,
        unsure=f"{_DEFAULTS} {_ABROAD}",
    ),
    Operation(
        "GET",
        V3 + "/vendors/{vendorId}/configuration",
        "getConfigurationByVendorId",
        "Get what the vendor's country asks for",
        _configuration,
        area="Vendors",
        answer=Object({"internationalPayments": _CONFIGURATION}),
        unsure=_ABROAD,
    ),
)
