"""Customers: list, get, create, update, archive, restore.

Pages: https://developer.bill.com/docs/ar-customers and the reference pages of the operations. A
customer has the fields that can be set, `id`, `archived`, `balance` (an object with `amount`, what
the customer's invoices leave due, in dollars), `createdTime` and `updatedTime`. The prefix of the
ids, 0cu, is what public clients report.
"""

from __future__ import annotations

from pytest_bill.sandbox.bodies import ADDRESS, Field, Number, Object, Text
from pytest_bill.sandbox.lists import FLAG, IDS, TIMES, Filterable
from pytest_bill.sandbox.operations import Call, Operation
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.resources import Resource

_FIELDS: dict[str, Field] = {
    "name": Text(required=True),
    "companyName": Text(),
    "contact": Object({"firstName": Text(), "lastName": Text()}),
    "email": Text(required=True),
    "phone": Text(),
    "fax": Text(),
    "description": Text(),
    "invoiceCurrency": Text(),
    "accountType": Text(choices=("BUSINESS", "PERSON", "NONE")),
    "paymentTermId": Text(),
    "accountNumber": Text(),
    "billingAddress": Object(ADDRESS),
    "shippingAddress": Object(ADDRESS),
}
_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "name": Filterable(("eq", "sw")),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}


def _complete(_call: Call, body: Record) -> Record:
    return {"accountType": "NONE", "invoiceCurrency": "USD", **body, "balance": {"amount": 0}}


CUSTOMERS = Resource(
    "Customers",
    "/customers",
    "customerId",
    "customers",
    "0cu",
    _FIELDS,
    answered={"balance": Object({"amount": Number()})},
    filterable=_FILTERABLE,
    sortable=("name",),
    complete=_complete,
)

_UNSURE = "The default of accountType and invoiceCurrency is not documented; here NONE and USD."

OPERATIONS: tuple[Operation, ...] = (
    CUSTOMERS.list("listCustomers", "Get list of customers"),
    CUSTOMERS.create("createCustomer", "Create a customer", unsure=_UNSURE),
    CUSTOMERS.get("getCustomer", "Get customer details"),
    CUSTOMERS.update("updateCustomer", "Update a customer"),
    CUSTOMERS.archive("archiveCustomer", "Archive a customer"),
    CUSTOMERS.restore("restoreCustomer", "Restore an archived customer"),
)


def owe(call: Call, customer_id: str, amount: float) -> None:
    """The customer owes `amount` dollars more, or less if it is negative."""
    balance = call.table(CUSTOMERS.table)[customer_id]["balance"]
    balance["amount"] = round(balance["amount"] + amount, 2)
