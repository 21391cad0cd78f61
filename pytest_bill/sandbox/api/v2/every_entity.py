"""Every kind of entity of BILL's v2 API that the sandbox has, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.v2 import (
    accounting,
    approval_policies,
    bank_money,
    invoice_credits,
    organization,
    payables,
    payments,
    purchase_orders,
    receivables,
    received_payments,
)
from pytest_bill.sandbox.api.v2.entities import Entity

ENTITIES: Mapping[str, Entity] = {
    each.name: each
    for module in (
        *(payables, receivables, payments, received_payments, invoice_credits),
        *(accounting, organization, bank_money, purchase_orders, approval_policies),
    )
    for each in vars(module).values()
    if isinstance(each, Entity)
}
"""In the order in which an id is looked for."""
