"""Customers: list, get, create, update, archive, restore, and the authorization to charge them.

Pages: https://developer.bill.com/docs/ar-customers,
https://developer.bill.com/docs/ar-charge-customer and the reference pages of the operations. A
customer has the fields that can be set, ``id``, ``archived``, ``balance`` (an object with
``amount``, what the customer's invoices leave due, in dollars), ``authorizedToCharge`` (false until
it is set), ``createdTime`` and ``updatedTime``; its addresses have ``countryName`` too, as the
samples of BILL's Postman collection show (https://developer.bill.com/docs/bill-v3-api-in-postman).
These samples know no ``authorizedToCharge`` yet. A customer has two addresses, and BILL's page of
filterable fields names ``address.country``: here it is the billing address's. The prefix of the
ids, 0cu, is BILL's.
"""

from __future__ import annotations

from typing import Any

from pytest_bill.sandbox.core import countries, errors, related
from pytest_bill.sandbox.core.fields import ADDRESS, Boolean, Field, Number, Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_ACCOUNT_TYPES = ("BUSINESS", "PERSON", "NONE")
INVOICE_STATUSES = ("OPEN", "PARTIAL_PAYMENT", "PAID_IN_FULL", "SCHEDULED", "UNDEFINED")
"""The values of an invoice's ``status``, and of ``paymentStatus`` in filters on customers."""
_ADDRESS = Object(ADDRESS)
_ADDRESSES = ("billingAddress", "shippingAddress")
_FIELDS: dict[str, Field] = {
    "name": Text(required=True, longest=100),
    "companyName": Text(longest=250),
    "contact": Object({"firstName": Text(), "lastName": Text()}),
    "email": Text(required=True, wrong=errors.NOT_BLANK),
    "phone": Text(),
    "fax": Text(),
    "description": Text(longest=4000),
    "invoiceCurrency": Text(),
    "accountType": Text(choices=_ACCOUNT_TYPES),
    "paymentTermId": Text(),
    "accountNumber": Text(longest=100),
    "billingAddress": _ADDRESS,
    "shippingAddress": _ADDRESS,
}
_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "name": Filterable(("eq", "sw")),
    "accountType": one_of(*_ACCOUNT_TYPES),
    "invoiceCurrency": Filterable(("eq", "ne", "in", "nin")),
    "address.country": Filterable(("eq", "ne"), field="billingAddress.country"),
    "paymentStatus": one_of(*INVOICE_STATUSES),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}


def _complete(_call: Call, body: Record) -> Record:
    return {
        "accountType": "NONE",
        "invoiceCurrency": "USD",
        **body,
        "balance": {"amount": 0},
        "authorizedToCharge": False,
    }


def _authorize(call: Call) -> Any:
    customer = CUSTOMERS.patch(call, CUSTOMERS.find(call), call.body)
    return CUSTOMERS.as_answered(call, customer)


CUSTOMERS = Resource(
    "Customers",
    "/customers",
    "customerId",
    "customers",
    "0cu",
    _FIELDS,
    answered={
        "balance": Object({"amount": Number()}),
        "authorizedToCharge": Boolean(),
        **dict.fromkeys(_ADDRESSES, countries.address_as_answered(_ADDRESS)),
    },
    filterable=_FILTERABLE,
    related={"paymentStatus": related.values_of("invoices", "customerId", "status")},
    sortable=("companyName", "email", "phone", "fax", "description"),
    complete=_complete,
    present=lambda _, customer: countries.with_country_names(customer, *_ADDRESSES),
)

_UNSURE = "The default of accountType and invoiceCurrency is not documented; here NONE and USD."
_PAID = (
    "The values of the filter paymentStatus are not documented; here those of an invoice's status, "
    "and a customer has each that one of its invoices has."
)
_NOT_CHECKED = "invoiceCurrency and paymentTermId are not looked up."

OPERATIONS: tuple[Operation, ...] = (
    CUSTOMERS.operations.list(
        "listCustomers",
        "Get list of customers",
        unsure="A customer has two addresses; address.country is taken to be the billing one's. "
        f"{_PAID}",
    ),
    CUSTOMERS.operations.create(
        "createCustomer", "Create a customer", missing=_NOT_CHECKED, unsure=_UNSURE
    ),
    CUSTOMERS.operations.get("getCustomer", "Get customer details"),
    CUSTOMERS.operations.update("updateCustomer", "Update a customer", missing=_NOT_CHECKED),
    CUSTOMERS.operations.archive("archiveCustomer", "Archive a customer"),
    CUSTOMERS.operations.restore("restoreCustomer", "Restore an archived customer"),
    Operation(
        "POST",
        V3 + "/customers/{customerId}/charge-authorization",
        "authorizeToChargeCustomer",
        "Say whether the organization may charge the customer",
        _authorize,
        area="Customers",
        body={"authorizedToCharge": Boolean(required=True)},
        answer=CUSTOMERS.answer,
        sync=False,
        unsure="What it answers is not documented; here the customer.",
    ),
)


def add_to_balance(call: Call, customer_id: str, amount: float) -> None:
    """The customer owes ``amount`` dollars more, or less if it is negative."""
    balance = call.table(CUSTOMERS.table)[customer_id]["balance"]
    balance["amount"] = round(balance["amount"] + amount, 2)


def fill(call: Call) -> None:
    """The music shop's customers; the first one may be charged."""
    for name, first, last in (
        ("Paperless Band", "Check", "Mailworth"),
        ("Northside School of Music", "Ana", "Ortiz"),
        ("Café Größe", "Zoë", "Lindqvist"),
    ):
        CUSTOMERS.insert(
            call,
            {
                "name": name,
                "companyName": f"{name} LLC",
                "contact": {"firstName": first, "lastName": last},
                "email": f"{first.lower().replace('ë', 'e')}@example.com",
                "accountType": "BUSINESS",
                "phone": "9998887654",
                "billingAddress": {
                    "line1": "987 Side Street",
                    "city": "San Jose",
                    "stateOrProvince": "CA",
                    "zipOrPostalCode": "95002",
                    "country": "US",
                },
            },
        )
    first_one = next(iter(call.table(CUSTOMERS.table).values()))
    first_one["authorizedToCharge"] = True
