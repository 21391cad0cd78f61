"""Customers' contacts: list, get, create, update, archive, restore.

Pages: https://developer.bill.com/docs/customer-contacts and the reference pages of the operations.
A contact has ``id``, ``archived``, ``firstName``, ``lastName``, ``email`` (unique among the
customer's contacts), ``phone``, ``altPhone``, ``alternateEmail``, ``createdTime`` and
``updatedTime``. The prefix of the ids, cco, is not documented and made up here.
"""

from __future__ import annotations

from pytest_bill.sandbox.api.receivables.customers import CUSTOMERS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Field, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_FIELDS: dict[str, Field] = {
    "firstName": Text(),
    "lastName": Text(),
    "email": Text(),
    "phone": Text(),
    "altPhone": Text(),
    "alternateEmail": Text(),
}
_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "email": Filterable(("eq",)),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}


def _complete(call: Call, body: Record) -> Record:
    _require_new_email(call, {}, body)
    return body


def _change(call: Call, contact: Record, body: Record) -> None:
    _require_new_email(call, contact, body)
    contact.update(body)


def _require_new_email(call: Call, contact: Record, body: Record) -> None:
    others = call.table(CUSTOMER_CONTACTS.table_of(call)).values()
    email = body.get("email", "").casefold()
    if email and any(
        other["id"] != contact.get("id") and other.get("email", "").casefold() == email
        for other in others
    ):
        raise errors.bad_request(errors.invalid_value("email", body["email"]))


CUSTOMER_CONTACTS = Resource(
    "Customer contacts",
    "/contacts",
    "contactId",
    "customer_contacts",
    "cco",
    _FIELDS,
    filterable=_FILTERABLE,
    complete=_complete,
    change=_change,
    parent=CUSTOMERS,
)

_UNSURE = (
    "BILL's page calls no field required. The refusal of an email that another contact of the"
    " customer has, archived ones too, is not documented; here BDC_1119."
)

OPERATIONS: tuple[Operation, ...] = (
    CUSTOMER_CONTACTS.operations.list(
        "listCustomerContacts",
        "Get list of customer contacts",
        unsure="Which fields can be filtered on is not documented.",
    ),
    CUSTOMER_CONTACTS.operations.create(
        "createCustomerContact",
        "Create a customer contact",
        missing="The contact cannot sign in: there is no web app.",
        unsure=_UNSURE,
    ),
    CUSTOMER_CONTACTS.operations.get("getCustomerContact", "Get customer contact details"),
    CUSTOMER_CONTACTS.operations.update(
        "updateCustomerContact", "Update a customer contact", unsure=_UNSURE
    ),
    CUSTOMER_CONTACTS.operations.archive("archiveCustomerContact", "Archive a customer contact"),
    CUSTOMER_CONTACTS.operations.restore(
        "restoreCustomerContact", "Restore an archived customer contact"
    ),
)


def fill(call: Call) -> None:
    """A contact of the music shop's first customer."""
    customer = next(iter(call.table(CUSTOMERS.table)))
    CUSTOMER_CONTACTS.insert(
        call.at(customerId=customer),
        {
            "firstName": "Dora",
            "lastName": "Ledger",
            "email": "accounts-payable@example.com",
            "phone": "9998887655",
        },
    )
