"""Customers' bank accounts: list, get, create, update, archive.

Pages: https://developer.bill.com/changelog/2025-12-05-new-endpoints-customer-bank-accounts and the
reference pages of the operations. An account has ``id`` (begins with cba), ``archived``,
``nameOnAccount``, ``nickname``, ``routingNumber``, ``accountNumber`` (answered masked), ``type``,
``ownerType``, ``createdTime`` and ``updatedTime``. It needs the customer's ``billingAddress``; only
``nickname`` and ``ownerType`` can be updated, and an archived account cannot be restored.
"""

from __future__ import annotations

from pytest_bill.sandbox.api.receivables.customers import CUSTOMERS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Field, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_OWNER_TYPE = Text(required=True, choices=("BUSINESS", "PERSON"))
_FIELDS: dict[str, Field] = {
    "nameOnAccount": Text(required=True),
    "nickname": Text(),
    "routingNumber": Text(required=True),
    "accountNumber": Text(required=True),
    "type": Text(required=True, choices=("CHECKING", "SAVINGS")),
    "ownerType": _OWNER_TYPE,
}
_CHANGEABLE: dict[str, Field] = {"nickname": Text(), "ownerType": _OWNER_TYPE}
_FILTERABLE = {"id": IDS, "archived": FLAG, "createdTime": TIMES, "updatedTime": TIMES}


def _complete(call: Call, body: Record) -> Record:
    if not CUSTOMERS.find(call).get("billingAddress"):
        raise errors.bad_request(errors.missing_data("billingAddress"))
    return {**body, "accountNumber": "*" * 12 + body["accountNumber"][-4:]}


CUSTOMER_BANK_ACCOUNTS = Resource(
    "Customer bank accounts",
    "/bank-accounts",
    "bankAccountId",
    "customer_bank_accounts",
    "cba",
    _FIELDS,
    filterable=_FILTERABLE,
    complete=_complete,
    parent=CUSTOMERS,
)

_UNSURE_FIELDS = (
    "The names of the fields and their values are not all shown on BILL's page; here those of an"
    " organization's bank account. The refusal without a billingAddress is not documented; here"
    " BDC_1117. How the number is masked is not documented either."
)

OPERATIONS: tuple[Operation, ...] = (
    CUSTOMER_BANK_ACCOUNTS.operations.list(
        "listCustomerBankAccounts",
        "Get list of customer bank accounts",
        sync=False,
        unsure="Which fields can be filtered on is not documented.",
    ),
    CUSTOMER_BANK_ACCOUNTS.operations.create(
        "createCustomerBankAccount",
        "Create a customer bank account",
        sync=False,
        missing="An account needs no verification, and its numbers are not checked.",
        unsure=_UNSURE_FIELDS,
    ),
    CUSTOMER_BANK_ACCOUNTS.operations.get(
        "getCustomerBankAccount", "Get customer bank account details", sync=False
    ),
    CUSTOMER_BANK_ACCOUNTS.operations.update(
        "updateCustomerBankAccount",
        "Update nickname and ownerType of a customer bank account",
        body=_CHANGEABLE,
        sync=False,
        unsure="Other fields are dropped without a word; what BILL does is not documented.",
    ),
    CUSTOMER_BANK_ACCOUNTS.operations.archive(
        "archiveCustomerBankAccount", "Archive a customer bank account for good", sync=False
    ),
)


def fill(call: Call) -> None:
    """A bank account of the music shop's first customer."""
    customer = next(iter(call.table(CUSTOMERS.table)))
    CUSTOMER_BANK_ACCOUNTS.insert(
        call.at(customerId=customer),
        {
            "nameOnAccount": "Paperless Band LLC",
            "nickname": "Operating account",
            "routingNumber": "322271627",
            "accountNumber": "123456789012",
            "type": "CHECKING",
            "ownerType": "BUSINESS",
        },
    )
