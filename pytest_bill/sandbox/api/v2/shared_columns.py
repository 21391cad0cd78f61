"""Columns that entities of payables and of receivables have alike."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.v2.columns import Codec, Column, an_id, code, computed, day, text
from pytest_bill.sandbox.api.v2.countries import COUNTRY
from pytest_bill.sandbox.api.v2.entities import Children
from pytest_bill.sandbox.core.fields import Integer, Text

ACCOUNT_TYPES = {"0": "NONE", "1": "BUSINESS", "2": "PERSON"}
CREDIT_STATUSES = {"0": "FULLY_APPLIED", "1": "NOT_APPLIED", "2": "PARTIALLY_APPLIED"}
BANK_STATUSES = {
    "0": "NOT_VERIFIED",
    "1": "VERIFIED",
    "2": "PENDING",
    "3": "BLOCKED",
    "4": "EXPIRED",
    "5": "INVALID",
}
"""How far a bank account or a card is verified."""
TIME_PERIODS = {"0": "DAILY", "1": "WEEKLY", "2": "MONTHLY", "3": "YEARLY"}
"""How often something recurs."""

CLASSIFIED = {
    name: an_id(f"classifications.{path}")
    for name, path in (
        ("chartOfAccountId", "chartOfAccountId"),
        ("departmentId", "departmentId"),
        ("locationId", "locationId"),
        ("actgClassId", "accountingClassId"),
    )
}
"""What a bill, and each of its lines, is classified by."""

LINE_CLASSIFIED = {
    **CLASSIFIED,
    **{
        name: an_id(f"classifications.{name}")
        for name in ("itemId", "employeeId", "jobId", "customerId")
    },
}

SCHEDULE: Mapping[str, Column] = {
    "timePeriod": code("schedule.period", TIME_PERIODS, absent="2", required=True),
    "frequencyPerTimePeriod": Column(Integer(minimum=1), "schedule.frequency", absent=1),
    "nextDueDate": day("schedule.nextDueDate", required=True),
    "endDate": day("schedule.endDate"),
    "daysInAdvance": Column(Integer(minimum=0), "schedule.daysInAdvance", absent=0),
}
"""When something recurs."""

LINE_TYPE = computed(
    Text(), lambda _call, line: "2" if line.get("classifications", {}).get("itemId") else "1"
)
"""1 for a line about an expense, 2 for one about an item."""

IS_SAVINGS = Codec(
    lambda kind: kind == "SAVINGS",
    lambda savings: "SAVINGS" if savings else "CHECKING",
)
"""A boolean for the type of a bank account."""

IS_PERSONAL = Codec(
    lambda owner: owner != "BUSINESS",
    lambda personal: "PERSON" if personal else "BUSINESS",
)
"""A boolean for the owner of a bank account."""

BANK_ACCOUNT_DEFAULTS = {"type": "CHECKING", "ownerType": "BUSINESS"}
"""What a bank account is if v2 is not told."""


def address_columns(name: str, path: str) -> Mapping[str, Column]:
    """An address: ``name`` begins the names of its fields."""
    return {
        f"{name}1": text(f"{path}.line1"),
        f"{name}2": text(f"{path}.line2"),
        f"{name}3": text(),
        f"{name}4": text(),
        f"{name}City": text(f"{path}.city"),
        f"{name}State": text(f"{path}.stateOrProvince"),
        f"{name}Zip": text(f"{path}.zipOrPostalCode"),
        f"{name}Country": Column(Text(), f"{path}.country", codec=COUNTRY),
    }


def line_items(owner: str, columns: Mapping[str, Column]) -> Children:
    """The line items of an entity, at least one of them; ``owner`` is its name in field names."""
    entity = owner[0].upper() + owner[1:]
    return Children(
        f"{owner}LineItems",
        f"{entity}LineItem",
        f"{owner}LineItems",
        columns,
        parent=f"{owner}Id",
        required=True,
    )
