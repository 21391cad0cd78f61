"""The places where BILL carries secrets, bank data and personal data: one table, by API area.

A place is a header, a field of a body (JSON, form or multipart; also as BILL's ``filters`` name it)
or a query parameter. Names are compared without regard to case. A field is named by

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
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from pytest_bill.urls import split


class Kind(StrEnum):
    """What stands in a place. What is before the dot is how ``bill_config`` names it."""

    SECRET = "secret"  # noqa: S105
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


@dataclass(frozen=True)
class Place:
    """One field, header or query parameter. ``placeholder`` is that of a secret, less its prefix.

    ``page`` is where BILL's documentation tells of it, below https://developer.bill.com/.
    """

    area: str
    field: str
    kind: Kind
    page: str
    placeholder: str = ""
    header: bool = False
    of: tuple[str, ...] = ()


def _headers(area: str, page: str, placeholders: dict[str, str]) -> Iterable[Place]:
    for name, placeholder in placeholders.items():
        yield Place(area, name, Kind.SECRET, page, placeholder, header=True)


def _secrets(area: str, page: str, placeholders: dict[str, str], *of: str) -> Iterable[Place]:
    for name, placeholder in placeholders.items():
        yield Place(area, name, Kind.SECRET, page, placeholder, of=of)


def _fields(area: str, kind: Kind, page: str, fields: str, *of: str) -> Iterable[Place]:
    for name in fields.split():
        yield Place(area, name, kind, page, of=of)


_SIGN_IN = r"/login(-as-user)?(\.json)?$"
_VENDORS = r"/v3/vendors(/[^/]+)?(/archive|/restore)?$"
_CUSTOMERS = r"/v3/customers(/[^/]+)?(/archive|/restore)?$"
_ORGANIZATIONS = r"/v3/(partner/|login/)?organizations(/(?!industries)[^/]+)?$"
_NETWORK = r"/v3/network(/|$)"
_V2_RECORDS = r"/v2/.*/(vendor|customer|organization)\.json$"

SIGN_IN = "Sign-in and MFA"
PAYABLES = "AP: vendors, bills and payments"
RECEIVABLES = "AR: customers, invoices and receivable payments"
FUNDING = "Funding accounts"
PEOPLE = "Organizations, users, roles and network"
SPEND = "Spend & Expense"
WEBHOOKS = "Webhooks"
FILES = "Documents, attachments and downloads"
V2 = "The v2 API's names"
HTTP = "HTTP"

PLACES: tuple[Place, ...] = (
    # --- sign-in and MFA ---------------------------------------------------------------------
    *_headers(
        SIGN_IN,
        "docs/bill-keys-tokens",
        {
            "devKey": "BILL_DEV_KEY",
            "sessionId": "BILL_SESSION_ID",
            "apiToken": "BILL_SPEND_API_TOKEN",
            "appKey": "BILL_PARTNER_APP_KEY",
        },
    ),
    *_secrets(
        SIGN_IN,
        "docs/bill-keys-tokens",
        {
            "devKey": "BILL_DEV_KEY",
            "sessionId": "BILL_SESSION_ID",
            "apiToken": "BILL_SPEND_API_TOKEN",
            "appKey": "BILL_PARTNER_APP_KEY",
            "consoleApiToken": "BILL_CONSOLE_API_TOKEN",
            "password": "BILL_PASSWORD",
        },
    ),
    # The names are those of the OAuth standard, RFC 6749.
    *_secrets(
        SIGN_IN,
        "docs/oauth-client-credentials",
        {
            "client_id": "BILL_CLIENT_ID",
            "client_secret": "BILL_CLIENT_SECRET",
            "access_token": "BILL_ACCESS_TOKEN",
            "refresh_token": "BILL_REFRESH_TOKEN",
        },
    ),
    # Who signs in is a secret; elsewhere the same names are data like any other.
    *_secrets(SIGN_IN, "reference/login", {"username": "BILL_USERNAME"}, _SIGN_IN),
    *_secrets(SIGN_IN, "reference/login", {"organizationId": "BILL_ORGANIZATION_ID"}, _SIGN_IN),
    *_secrets(SIGN_IN, "v2/reference/auth-login", {"orgId": "BILL_ORGANIZATION_ID"}, _SIGN_IN),
    # With these two a sign-in is trusted without a code, for 30 days.
    *_secrets(
        SIGN_IN, "reference/login", {"rememberMeId": "BILL_REMEMBER_ME_ID", "device": "BILL_DEVICE"}
    ),
    *_secrets(SIGN_IN, "reference/validatechallenge", {"machineName": "BILL_MACHINE_NAME"}),
    *_secrets(
        SIGN_IN,
        "v2/reference/auth-mfaauthenticate",
        {"mfaId": "BILL_REMEMBER_ME_ID", "deviceId": "BILL_DEVICE"},
    ),
    # The code that was sent to a phone; in Spend & Expense, the JWT that shows a card's number.
    *_secrets(SIGN_IN, "reference/validatechallenge", {"token": "BILL_TOKEN"}),
    *_fields(SIGN_IN, Kind.PHONE, "reference/setup", "phone"),
    *_fields(SIGN_IN, Kind.PHONE, "reference/listmfaphones", "last4digits"),
    # --- payables ----------------------------------------------------------------------------
    *_fields(
        PAYABLES,
        Kind.ORGANIZATION_NAME,
        "reference/createvendor",
        ".name .shortName",
        _VENDORS,
    ),
    *_fields(
        PAYABLES,
        Kind.ORGANIZATION_NAME,
        "reference/createvendor",
        "companyName payeeName vendor.name",
    ),
    *_fields(PAYABLES, Kind.ORGANIZATION_NAME, "reference/listpayments", "vendorName"),
    *_fields(PAYABLES, Kind.PERSON_NAME, "reference/createvendorbankaccount", "nameOnAccount"),
    *_fields(PAYABLES, Kind.EMAIL, "reference/createvendor", "email remitEmail"),
    *_fields(PAYABLES, Kind.EMAIL, "reference/createpayment", "remittanceEmail"),
    *_fields(PAYABLES, Kind.PHONE, "reference/createvendor", "phone fax"),
    *_fields(PAYABLES, Kind.STREET, "reference/createvendor", "line1 line2"),
    *_fields(PAYABLES, Kind.CITY, "reference/createvendor", "city"),
    *_fields(PAYABLES, Kind.STATE, "reference/createvendor", "stateOrProvince"),
    *_fields(PAYABLES, Kind.ZIP, "reference/createvendor", "zipOrPostalCode"),
    *_fields(PAYABLES, Kind.ACCOUNT_NUMBER, "reference/createvendorbankaccount", "accountNumber"),
    *_fields(PAYABLES, Kind.ROUTING_NUMBER, "reference/createvendorbankaccount", "routingNumber"),
    *_fields(
        PAYABLES, Kind.TAX_ID, "docs/creating-an-international-vendor", "regulatoryFields.value"
    ),
    *_fields(PAYABLES, Kind.CARD_NUMBER, "reference/getpayment", "last4CardNumber"),
    *_fields(PAYABLES, Kind.PERSON_NAME, "reference/listbilluserapprovals", "fullName"),
    *_fields(PAYABLES, Kind.PERSON_NAME, "reference/getvendoraudittrail", "user.name"),
    # --- receivables -------------------------------------------------------------------------
    *_fields(RECEIVABLES, Kind.ORGANIZATION_NAME, "docs/ar-customers", ".name", _CUSTOMERS),
    *_fields(RECEIVABLES, Kind.ORGANIZATION_NAME, "docs/ar-customers", "customerName"),
    *_fields(RECEIVABLES, Kind.PERSON_NAME, "docs/customer-contacts", "firstName lastName"),
    *_fields(RECEIVABLES, Kind.EMAIL, "docs/customer-contacts", "alternateEmail"),
    *_fields(RECEIVABLES, Kind.PHONE, "docs/customer-contacts", "altPhone"),
    *_fields(RECEIVABLES, Kind.EMAIL, "reference/sendinvoice", "recipient.to recipient.cc"),
    # Whoever has the link sees the invoice and can pay it.
    *_fields(RECEIVABLES, Kind.PAYMENT_LINK, "reference/getpaymentlink", "paymentLink"),
    # --- funding accounts --------------------------------------------------------------------
    *_fields(
        FUNDING,
        Kind.ORGANIZATION_NAME,
        "reference/createbankaccount",
        "bankName issuingBankName nickname",
    ),
    *_fields(
        FUNDING, Kind.ORGANIZATION_NAME, "reference/listpaymentoptions", "banks.name cards.name"
    ),
    *_fields(FUNDING, Kind.CARD_NUMBER, "reference/listpayablecardaccounts", "last4 cardNumber"),
    # --- organizations, users, network -------------------------------------------------------
    *_fields(
        PEOPLE, Kind.ORGANIZATION_NAME, "reference/createorganization", ".name", _ORGANIZATIONS
    ),
    *_fields(PEOPLE, Kind.ORGANIZATION_NAME, "reference/search", ".name", _NETWORK),
    *_fields(PEOPLE, Kind.ORGANIZATION_NAME, "reference/search", "managedBy.name"),
    *_fields(PEOPLE, Kind.EMAIL_DOMAIN, "reference/search", "emailDomain"),
    *_fields(
        PEOPLE, Kind.ORGANIZATION_NAME, "reference/getorganization", "partnerName organizationName"
    ),
    *_fields(PEOPLE, Kind.PERSON_NAME, "reference/createorganization", "companyOwner.name"),
    *_fields(PEOPLE, Kind.DATE_OF_BIRTH, "reference/createorganization", "dateOfBirth birthDate"),
    *_fields(PEOPLE, Kind.TAX_ID, "reference/createorganization", "taxId ssn ein"),
    *_fields(PEOPLE, Kind.PERSON_NAME, "reference/createpartneruser", "username"),
    *_fields(PEOPLE, Kind.PHONE, "reference/createriskverificationphone", "phoneNumber"),
    # --- Spend & Expense ---------------------------------------------------------------------
    *_fields(SPEND, Kind.EMAIL, "reference/createuser", "receiptEmail"),
    *_fields(SPEND, Kind.CARD_NUMBER, "reference/listcards", "lastFour pan"),
    *_fields(SPEND, Kind.CARD_NUMBER, "reference/listtransactions", "cardLastFour"),
    *_secrets(SPEND, "docs/virtual-cards", {"cvv": "CVV", "cvc": "CVV", "pin": "PIN"}),
    *_fields(
        SPEND,
        Kind.ORGANIZATION_NAME,
        "reference/listtransactions",
        "merchantName rawMerchantName",
    ),
    *_fields(SPEND, Kind.STATE, "reference/listtransactions", "merchantLocation.state"),
    *_fields(SPEND, Kind.ZIP, "reference/listtransactions", "postalCode"),
    # --- webhooks ----------------------------------------------------------------------------
    *_secrets(
        WEBHOOKS, "docs/test-with-webhook-security", {"securityKey": "BILL_WEBHOOK_SECURITY_KEY"}
    ),
    # --- files: the query parameters that make a link work without a credential ---------------
    *_secrets(
        FILES,
        "reference/createimageuploadurl",
        {
            "signature": "URL_SIGNATURE",
            "sig": "URL_SIGNATURE",
            "X-Amz-Signature": "URL_SIGNATURE",
            "X-Amz-Credential": "URL_CREDENTIAL",
            "X-Amz-Security-Token": "URL_TOKEN",
            "AWSAccessKeyId": "URL_CREDENTIAL",
            "X-Goog-Signature": "URL_SIGNATURE",
            "X-Goog-Credential": "URL_CREDENTIAL",
            "GoogleAccessId": "URL_CREDENTIAL",
        },
    ),
    # --- the v2 API's names of the same --------------------------------------------------------
    *_fields(
        V2,
        Kind.ORGANIZATION_NAME,
        "v2/reference/ap-vendormgmt-createvendor",
        ".name .shortName",
        _V2_RECORDS,
    ),
    *_fields(
        V2, Kind.ORGANIZATION_NAME, "v2/reference/ap-vendormgmt-createvendor", "nameOnCheck printAs"
    ),
    *_fields(
        V2,
        Kind.PERSON_NAME,
        "v2/reference/ap-vendormgmt-createvendor",
        "contactFirstName contactLastName",
    ),
    *_fields(V2, Kind.PERSON_NAME, "v2/reference/ar-customermgmt-createcustomer", "fname lname"),
    *_fields(V2, Kind.PERSON_NAME, "v2/reference/org-user-createuser", "loginId"),
    *_fields(
        V2,
        Kind.EMAIL,
        "v2/reference/ap-vendormgmt-createvendor",
        "paymentEmail vendorVCardRemitEmail",
    ),
    *_fields(V2, Kind.PHONE, "v2/reference/ap-vendormgmt-createvendor", "paymentPhone"),
    *_fields(
        V2,
        Kind.STREET,
        "v2/reference/ap-vendormgmt-createvendor",
        "address1 address2 address3 address4",
    ),
    *_fields(
        V2,
        Kind.STREET,
        "v2/reference/ar-customermgmt-createcustomer",
        "billAddress1 billAddress2 billAddress3 billAddress4 "
        "shipAddress1 shipAddress2 shipAddress3 shipAddress4",
    ),
    *_fields(
        V2,
        Kind.CITY,
        "v2/reference/ar-customermgmt-createcustomer",
        "addressCity billAddressCity shipAddressCity",
    ),
    *_fields(
        V2,
        Kind.STATE,
        "v2/reference/ar-customermgmt-createcustomer",
        "addressState billAddressState shipAddressState",
    ),
    *_fields(
        V2,
        Kind.ZIP,
        "v2/reference/ar-customermgmt-createcustomer",
        "addressZip billAddressZip shipAddressZip",
    ),
    *_fields(V2, Kind.ACCOUNT_NUMBER, "v2/reference/ap-vendormgmt-createvendor", "accNumber"),
    *_fields(
        V2, Kind.PERSON_NAME, "v2/reference/ap-vendormgmt-createvendorbankaccount", "nameOnAcct"
    ),
    # --- HTTP itself -------------------------------------------------------------------------
    *_headers(HTTP, "", {"authorization": "AUTHORIZATION", "proxy-authorization": "AUTHORIZATION"}),
)

COOKIE_HEADERS = frozenset({"cookie", "cookie2", "set-cookie", "set-cookie2"})


def _secret_names(*, header: bool, sign_in: bool) -> dict[str, str]:
    return {
        place.field.lower(): place.placeholder
        for place in PLACES
        if place.kind is Kind.SECRET and place.header is header and bool(place.of) is sign_in
    }


SECRET_HEADERS = _secret_names(header=True, sign_in=False)
SECRET_FIELDS = _secret_names(header=False, sign_in=False)
# Fields that identify the person or organization signing in; elsewhere they are plain data.
SIGN_IN_FIELDS = _secret_names(header=False, sign_in=True)
SIGN_IN_PATH = re.compile(_SIGN_IN, re.IGNORECASE)
"""The end of the path of a request that signs in, where :data:`SIGN_IN_FIELDS` are secret, too."""

CHOICES = tuple(
    dict.fromkeys(place.kind.choice for place in PLACES if place.kind is not Kind.SECRET)
)
"""The kinds that ``bill_config`` can switch, all but secrets."""

_LOOKED_THROUGH = frozenset({"results", "data", "obj", "response_data", "bulk", "payload"})
_ANYWHERE = "*"
_MOST_SEEN = 10_000


FieldOfObject = tuple[str, Kind | None, str]


class PersonalFields:
    """Where bank and personal data stands in the requests and answers of one operation."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_name: dict[str, dict[str, Kind]] = {}
        # Bodies repeat their fields, and matching is on the way of every replayed request.
        self._seen: dict[tuple[str, str], Kind | None] = {}
        self._objects: dict[tuple[tuple[str, ...], str], tuple[FieldOfObject, ...]] = {}
        for place in places:
            parent, dot, name = place.field.lower().rpartition(".")
            self._by_name.setdefault(name, {})[parent if dot else _ANYWHERE] = place.kind

    def kind(self, name: str, parent: str = "") -> Kind | None:
        """What a field holds, by its name and the name of the field that it is in."""
        try:
            return self._seen[name, parent]
        except KeyError:
            found = self._by_name.get(name.lower(), {})
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
                (name, self.kind(name, parent), below(parent, name)) for name in sorted(names)
            )
            if len(self._objects) < _MOST_SEEN:
                self._objects[names, parent] = found
            return found

    def kind_of_path(self, path: str) -> Kind | None:
        """As :meth:`kind`, for a path with dots, as BILL's ``filters`` have them."""
        parent, _, name = path.rpartition(".")
        return self.kind(name, below("", parent.rpartition(".")[2]))

    def kind_anywhere(self, name: str) -> Kind | None:
        """What a field holds whose place in a body is not known: any kind that the name may be."""
        found = self._by_name.get(name.lower())
        return next(iter(found.values())) if found else None


def below(parent: str, name: str) -> str:
    """The parent of what is in the field ``name``, which is in ``parent``."""
    return parent if name in _LOOKED_THROUGH else name.lower()


_EXPRESSIONS = tuple(
    (of, re.compile(of, re.IGNORECASE))
    for of in dict.fromkeys(
        of for place in PLACES if place.kind is not Kind.SECRET for of in place.of
    )
)


@lru_cache(maxsize=64)
def _fields_of(found: frozenset[str]) -> PersonalFields:
    return PersonalFields(
        place
        for place in PLACES
        if place.kind is not Kind.SECRET and (not place.of or not found.isdisjoint(place.of))
    )


@lru_cache(maxsize=4096)
def personal_fields(url: str) -> PersonalFields:
    """Where bank and personal data stands in the request to a URL and in its answer."""
    path = split(url).path
    return _fields_of(frozenset(of for of, expression in _EXPRESSIONS if expression.search(path)))
