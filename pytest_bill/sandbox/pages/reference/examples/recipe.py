"""What a recipe is: what the fields of an operation do not tell of a call that succeeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pytest_bill.sandbox.pages.reference.examples.known import Kind, Known, is_active
from pytest_bill.sandbox.pages.reference.examples.values import Maker

Fields = dict[str, Any]
Make = Callable[[Known, Maker], Fields]


@dataclass(frozen=True)
class Recipe:
    """How an example is made. What ``body`` gives is laid over what the fields alone would give
    (of v2's forms: over ``data``), and None leaves a field out; so do ``query`` and ``headers``.

    ``path`` chooses records of the path, ``kinds`` says which are taken by the name of an id.
    ``first`` are operations to be sent before, always.
    """

    body: Make | None = None
    query: Make | None = None
    headers: Make | None = None
    path: Make | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    first: tuple[str, ...] = ()


def laid_over(made: Fields, changes: Fields) -> Fields:
    """The fields with the changes; None takes one away."""
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def funding(known: Known) -> Fields:
    """A bank account that the user who calls may pay with."""
    payable = {
        each["bankAccountId"]
        for each in known.table("bankAccountUsers").values()
        if each["userId"] == known.user_id and each["verificationStatus"] == "VERIFIED"
    }
    account = known.first(
        known.table("bankAccounts"),
        lambda each: is_active(each) and each["status"] == "VERIFIED" and each["id"] in payable,
    )
    return {
        "type": "BANK_ACCOUNT",
        "id": account["id"] if account else known.none("verifyBankAccount"),
    }


class Chargeable(NamedTuple):
    """A customer who may be charged, the customer's bank account, and an open invoice."""

    customer_id: str
    account_id: str
    invoice_id: str


def chargeable(known: Known, authorizing: str) -> Chargeable | None:
    """The first; without one, what makes one is needed, ``authorizing`` among it."""
    invoices = [each for each in known.table("invoices").values() if each["dueAmount"] > 0]
    for customer_id, customer in known.table("customers").items():
        account = known.first(known.table(f"customer_bank_accounts of {customer_id}"))
        for invoice in invoices if account is not None and customer["authorizedToCharge"] else ():
            if invoice["customerId"] == customer_id and account is not None:
                return Chargeable(customer_id, account["id"], invoice["id"])
    for each in ("createCustomerBankAccount", authorizing, "createInvoice"):
        known.none(each)
    return None
