"""The places where BILL carries bank data and personal data: one table, by API area.

A place is a field of a body (JSON, form or multipart; also as BILL's ``filters`` name it) or a
query parameter. Names are compared without regard to case. A field is named by

- ``email``: any field of that name, at any depth;
- ``companyOwner.name``: a field of that name in a field of that name;
- ``.name``: a field of the record itself, not of what is in it (lists, pages of lists and the
  envelopes of v2 and of webhook notifications are looked through);

the last two where the bare name is too wide: the ``name`` of a vendor is one, that of a budget is
not. ``of`` limits a place to the operations whose path one of these expressions finds.

Not in the table, because by itself it names nobody: ids that BILL made, amounts, dates, countries
and currencies. Free text (descriptions, notes, memos) is searched by value only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from pytest_bill.patterns import late_pattern
from pytest_bill.urls import split


class Kind(StrEnum):
    """What stands in a place. What is before the dot is how ``bill_config`` names it."""

    ACCOUNT_NUMBER = "bank.account_number"
    ROUTING_NUMBER = "bank.routing_number"
    CARD_NUMBER = "card.number"
    TAX_ID = "tax_id"
    PERSON_NAME = "person_name"
    ORGANIZATION_NAME = "organization_name"
    EMAIL = "email"
    EMAIL_DOMAIN = "email.domain"
    PHONE = "phone"
    STREET = "address.street"
    CITY = "address.city"
    STATE = "address.state"
    ZIP = "address.zip"
    DATE_OF_BIRTH = "date_of_birth"
    PAYMENT_LINK = "payment_link"

    @cached_property
    def choice(self) -> str:
        """The name of the choice that this kind belongs to."""
        return self.value.partition(".")[0]


class PersonalPlace(NamedTuple):
    """One field or query parameter, and what stands there.

    ``page`` is where BILL's documentation describes it, below https://developer.bill.com/.
    """

    field: str
    kind: Kind
    page: str
    of: tuple[str, ...] = ()


def _fields(kind: Kind, page: str, fields: str, *of: str) -> Iterable[PersonalPlace]:
    for name in fields.split():
        yield PersonalPlace(name, kind, page, of)


_VENDORS = r"/v3/vendors(/[^/]+)?(/archive|/restore)?$"
_CUSTOMERS = r"/v3/customers(/[^/]+)?(/archive|/restore)?$"
_ORGANIZATIONS = r"/v3/(partner/|login/)?organizations(/(?!industries)[^/]+)?$"
_NETWORK = r"/v3/network(/|$)"
_V2_RECORDS = r"/v2/.*/(vendor|customer|organization)\.json$"

PERSONAL_PLACES: tuple[PersonalPlace, ...] = (
    # --- sign-in and MFA ---------------------------------------------------------------------
    *_fields(Kind.PHONE, "reference/setup", "phone"),
    *_fields(Kind.PHONE, "reference/listmfaphones", "last4digits"),
    # --- payables ----------------------------------------------------------------------------
    *_fields(
        Kind.ORGANIZATION_NAME,
        "reference/createvendor",
        ".name .shortName",
        _VENDORS,
    ),
    *_fields(
        Kind.ORGANIZATION_NAME,
        "reference/createvendor",
        "companyName payeeName vendor.name",
    ),
    *_fields(Kind.ORGANIZATION_NAME, "reference/listpayments", "vendorName"),
    *_fields(Kind.PERSON_NAME, "reference/createvendorbankaccount", "nameOnAccount"),
    *_fields(Kind.EMAIL, "reference/createvendor", "email remitEmail"),
    *_fields(Kind.EMAIL, "reference/createpayment", "remittanceEmail"),
    *_fields(Kind.PHONE, "reference/createvendor", "phone fax"),
    *_fields(Kind.STREET, "reference/createvendor", "line1 line2"),
    *_fields(Kind.CITY, "reference/createvendor", "city"),
    *_fields(Kind.STATE, "reference/createvendor", "stateOrProvince"),
    *_fields(Kind.ZIP, "reference/createvendor", "zipOrPostalCode"),
    *_fields(Kind.ACCOUNT_NUMBER, "reference/createvendorbankaccount", "accountNumber"),
    *_fields(Kind.ROUTING_NUMBER, "reference/createvendorbankaccount", "routingNumber"),
    *_fields(Kind.TAX_ID, "docs/creating-an-international-vendor", "regulatoryFields.value"),
    *_fields(Kind.CARD_NUMBER, "reference/getpayment", "last4CardNumber"),
    *_fields(Kind.PERSON_NAME, "reference/listbilluserapprovals", "fullName"),
    *_fields(Kind.PERSON_NAME, "reference/getvendoraudittrail", "user.name"),
    # --- receivables -------------------------------------------------------------------------
    *_fields(Kind.ORGANIZATION_NAME, "docs/ar-customers", ".name", _CUSTOMERS),
    *_fields(Kind.ORGANIZATION_NAME, "docs/ar-customers", "customerName"),
    *_fields(Kind.PERSON_NAME, "docs/customer-contacts", "firstName lastName"),
    *_fields(Kind.EMAIL, "docs/customer-contacts", "alternateEmail"),
    *_fields(Kind.PHONE, "docs/customer-contacts", "altPhone"),
    *_fields(Kind.EMAIL, "reference/sendinvoice", "recipient.to recipient.cc"),
    # Whoever has the link sees the invoice and can pay it.
    *_fields(Kind.PAYMENT_LINK, "reference/getpaymentlink", "paymentLink"),
    # --- funding accounts --------------------------------------------------------------------
    *_fields(
        Kind.ORGANIZATION_NAME,
        "reference/createbankaccount",
        "bankName issuingBankName nickname",
    ),
    *_fields(Kind.ORGANIZATION_NAME, "reference/listpaymentoptions", "banks.name cards.name"),
    *_fields(Kind.CARD_NUMBER, "reference/listpayablecardaccounts", "last4 cardNumber"),
    # --- organizations, users, network -------------------------------------------------------
    *_fields(Kind.ORGANIZATION_NAME, "reference/createorganization", ".name", _ORGANIZATIONS),
    *_fields(Kind.ORGANIZATION_NAME, "reference/search", ".name", _NETWORK),
    *_fields(Kind.ORGANIZATION_NAME, "reference/search", "managedBy.name"),
    *_fields(Kind.EMAIL_DOMAIN, "reference/search", "emailDomain"),
    *_fields(Kind.ORGANIZATION_NAME, "reference/getorganization", "partnerName organizationName"),
    *_fields(Kind.PERSON_NAME, "reference/createorganization", "companyOwner.name"),
    *_fields(Kind.DATE_OF_BIRTH, "reference/createorganization", "dateOfBirth birthDate"),
    *_fields(Kind.TAX_ID, "reference/createorganization", "taxId ssn ein"),
    *_fields(Kind.PERSON_NAME, "reference/createpartneruser", "username"),
    *_fields(Kind.PHONE, "reference/createriskverificationphone", "phoneNumber"),
    # --- Spend & Expense ---------------------------------------------------------------------
    *_fields(Kind.EMAIL, "reference/createuser", "receiptEmail"),
    *_fields(Kind.CARD_NUMBER, "reference/listcards", "lastFour pan"),
    *_fields(Kind.CARD_NUMBER, "reference/listtransactions", "cardLastFour"),
    *_fields(
        Kind.ORGANIZATION_NAME,
        "reference/listtransactions",
        "merchantName rawMerchantName",
    ),
    *_fields(Kind.STATE, "reference/listtransactions", "merchantLocation.state"),
    *_fields(Kind.ZIP, "reference/listtransactions", "postalCode"),
    # --- the v2 API's names of the same --------------------------------------------------------
    *_fields(
        Kind.ORGANIZATION_NAME,
        "v2/reference/ap-vendormgmt-createvendor",
        ".name .shortName",
        _V2_RECORDS,
    ),
    *_fields(
        Kind.ORGANIZATION_NAME, "v2/reference/ap-vendormgmt-createvendor", "nameOnCheck printAs"
    ),
    *_fields(
        Kind.PERSON_NAME,
        "v2/reference/ap-vendormgmt-createvendor",
        "contactFirstName contactLastName",
    ),
    *_fields(Kind.PERSON_NAME, "v2/reference/ar-customermgmt-createcustomer", "fname lname"),
    *_fields(Kind.PERSON_NAME, "v2/reference/org-user-createuser", "loginId"),
    *_fields(
        Kind.EMAIL,
        "v2/reference/ap-vendormgmt-createvendor",
        "paymentEmail vendorVCardRemitEmail",
    ),
    *_fields(Kind.PHONE, "v2/reference/ap-vendormgmt-createvendor", "paymentPhone"),
    *_fields(
        Kind.STREET,
        "v2/reference/ap-vendormgmt-createvendor",
        "address1 address2 address3 address4",
    ),
    *_fields(
        Kind.STREET,
        "v2/reference/ar-customermgmt-createcustomer",
        "billAddress1 billAddress2 billAddress3 billAddress4 "
        "shipAddress1 shipAddress2 shipAddress3 shipAddress4",
    ),
    *_fields(
        Kind.CITY,
        "v2/reference/ar-customermgmt-createcustomer",
        "addressCity billAddressCity shipAddressCity",
    ),
    *_fields(
        Kind.STATE,
        "v2/reference/ar-customermgmt-createcustomer",
        "addressState billAddressState shipAddressState",
    ),
    *_fields(
        Kind.ZIP,
        "v2/reference/ar-customermgmt-createcustomer",
        "addressZip billAddressZip shipAddressZip",
    ),
    *_fields(Kind.ACCOUNT_NUMBER, "v2/reference/ap-vendormgmt-createvendor", "accNumber"),
    *_fields(Kind.PERSON_NAME, "v2/reference/ap-vendormgmt-createvendorbankaccount", "nameOnAcct"),
)

CHOICES = tuple(dict.fromkeys(place.kind.choice for place in PERSONAL_PLACES))
"""The kinds that ``bill_config`` can switch."""

_LOOKED_THROUGH = frozenset({"results", "data", "obj", "response_data", "bulk", "payload"})
_ANYWHERE = "*"
_MOST_SEEN = 10_000

FieldOfObject = tuple[str, Kind | None, str]
"""The name of a field, what it holds, and the parent of what is in it."""


class PersonalFields:
    """Where bank and personal data stands in the requests and answers of one operation."""

    def __init__(self, places: Iterable[PersonalPlace]) -> None:
        self._unlisted: dict[str, dict[str, Kind]] = {}
        # Bodies repeat their fields, and matching is on the way of every replayed request.
        self._seen: dict[tuple[str, str], Kind | None] = {}
        self._objects: dict[tuple[tuple[str, ...], str], tuple[FieldOfObject, ...]] = {}
        for place in places:
            parent, dot, name = place.field.lower().rpartition(".")
            self._unlisted.setdefault(name, {})[parent if dot else _ANYWHERE] = place.kind

    def kind(self, name: str, parent: str = "") -> Kind | None:
        """What a field holds, by its name and the name of the field that it is in."""
        try:
            return self._seen[name, parent]
        except KeyError:
            found = self._unlisted.get(name.lower(), {})
            kind = found.get(parent) or found.get(_ANYWHERE)
            if len(self._seen) < _MOST_SEEN:
                self._seen[name, parent] = kind
            return kind

    def of_object(self, names: tuple[str, ...], parent: str) -> tuple[FieldOfObject, ...]:
        """The fields of an object that has these and is in ``parent``, in alphabetical order.

        Each with what it holds, and the parent of what is in it.
        """
        try:
            return self._objects[names, parent]
        except KeyError:
            found = tuple(
                (name, self.kind(name, parent), _parent_below(parent, name))
                for name in sorted(names)
            )
            if len(self._objects) < _MOST_SEEN:
                self._objects[names, parent] = found
            return found

    def kind_of_path(self, path: str) -> Kind | None:
        """As ``kind``, for a path with dots, as BILL's ``filters`` have them."""
        parent, _, name = path.rpartition(".")
        return self.kind(name, _parent_below("", parent.rpartition(".")[2]))

    def kind_anywhere(self, name: str) -> Kind | None:
        """What a field holds whose place in a body is not known: any kind that the name may be."""
        found = self._unlisted.get(name.lower())
        return next(iter(found.values())) if found else None


def _parent_below(parent: str, name: str) -> str:
    """The parent of what is in the field ``name``, which is in ``parent``."""
    return parent if name in _LOOKED_THROUGH else name.lower()


_EXPRESSIONS = tuple(
    (of, late_pattern(of, re.IGNORECASE))
    for of in dict.fromkeys(of for place in PERSONAL_PLACES for of in place.of)
)


@lru_cache(maxsize=64)
def _fields_of(found: frozenset[str]) -> PersonalFields:
    return PersonalFields(
        place for place in PERSONAL_PLACES if not place.of or not found.isdisjoint(place.of)
    )


@lru_cache(maxsize=4096)
def personal_fields(url: str) -> PersonalFields:
    """Where bank and personal data stands in the request to a URL and in its answer."""
    path = split(url).path
    return _fields_of(frozenset(of for of, expression in _EXPRESSIONS if expression.search(path)))
