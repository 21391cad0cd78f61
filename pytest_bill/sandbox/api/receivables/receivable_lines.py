"""Line items of invoices, recurring invoices and credit memos: their ids, amounts and sales tax.

Pages: https://developer.bill.com/docs/ar-invoices, https://developer.bill.com/docs/ar-credit-memos,
https://developer.bill.com/docs/ar-recurring-invoices and, for the rules of PUT and PATCH,
https://developer.bill.com/reference/replaceinvoice and
https://developer.bill.com/reference/updateinvoice.

A line item's amount, in dollars, is ``quantity`` times ``price``; that of a line item with
``ratePercent`` is so many percent of what the line items above it add up to. PUT takes away the
line items whose ids are left out, keeps the ids that it knows and makes new ids for the rest. PATCH
changes the line items that its ids name and leaves the others as they are.

``salesTaxItemId`` names an item of type SALES_TAX
(https://developer.bill.com/changelog/2025-11-05-invoices-api-improvements); its rate applies to
the line items that are ``taxable``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import NUMBERS_END, Boolean, Field, Number, Object, Text
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

_ITEMS = "items"
"""The table of ``classifications`` that holds items, the SALES_TAX ones too."""

CLASSIFICATIONS: Mapping[str, Field] = {
    name: Text() for name in ("accountingClassId", "departmentId", "jobId", "locationId")
}
"""Those of a whole invoice, as the samples of BILL's Postman collection show them."""

_OF_LINE: Mapping[str, Field] = {
    **CLASSIFICATIONS,
    **{name: Text() for name in ("chartOfAccountId", "itemId")},
}
LINE_ITEM: Mapping[str, Field] = {
    "id": Text(),
    "quantity": Number(minimum=0, text=True),
    "description": Text(),
    "price": Number(text=True),
    "amount": Number(text=True),
    "ratePercent": Number(text=True),
    "taxable": Boolean(),
    "classifications": Object(_OF_LINE),
}
TAX: Mapping[str, Field] = {"salesTaxTotal": Number(), "salesTaxPercentage": Number()}
"""What an answer says of a sales tax."""

UNSURE_LINES = (
    "Which fields of a line item are required is not documented for all kinds: here none, a missing"
    " quantity is 1, a missing price 0 unless amount is given. A PATCH whose line items name no id"
    " replaces them all; one that names an unknown id is BDC_1119."
)
UNSURE_TAX = "That the rate of a SALES_TAX item is its percentage follows from its name only."


@dataclass(frozen=True)
class Lines:
    """The line items of one kind of record: the field that holds them, and how their ids begin."""

    name: str
    prefix: str

    def settled(self, call: Call, record: Record, body: Record, *, whole: bool) -> list[Record]:
        """The line items of ``record`` after a checked body; ``whole`` for POST and PUT."""
        before: list[Record] = record.get(self.name, [])
        given: Sequence[Record] | None = body.get(self.name)
        if given is None:
            return before
        known = {line["id"]: line for line in before}
        if whole or not any("id" in line for line in given):
            unused = dict(known)
            lines = [{**line, "id": self._id(call, line, unused)} for line in given]
        else:
            lines = self._patched(call, known, given)
        return self._with_amounts(lines)

    def _id(self, call: Call, line: Record, unused: dict[str, Record]) -> str:
        """The line's id if it is one of ``unused``, from which it is taken, or else a new one."""
        given: str = line.get("id", "")
        return given if unused.pop(given, None) else call.state.ids.new(self.prefix)

    def _patched(
        self, call: Call, known: Mapping[str, Record], given: Sequence[Record]
    ) -> list[Record]:
        lines = {line_id: dict(line) for line_id, line in known.items()}
        for index, line in enumerate(given):
            if "id" in line and line["id"] not in known:
                raise errors.bad_request(
                    errors.invalid_value(f"{self.name}[{index}].id", line["id"])
                )
        for line in given:
            line_id = line.get("id") or call.state.ids.new(self.prefix)
            lines[line_id] = {**_without_overruled(lines.get(line_id, {}), line), "id": line_id}
        return list(lines.values())

    def _with_amounts(self, lines: Sequence[Record]) -> list[Record]:
        above = 0.0
        settled = []
        for index, line in enumerate(lines):
            amount = _amount(line, above)
            if abs(amount) >= NUMBERS_END:
                raise errors.bad_request(
                    errors.invalid_value(f"{self.name}[{index}].amount", amount)
                )
            above += amount
            settled.append({**line, "amount": amount})
        return settled


def _without_overruled(old: Record, new: Record) -> Record:
    """The old line with the new fields; what the old amount was made of gives way to a new one."""
    if "ratePercent" in new:
        old = {key: value for key, value in old.items() if key not in {"price", "amount"}}
    elif "price" in new or "amount" in new:
        old = {key: value for key, value in old.items() if key != "ratePercent"}
        if "price" not in new:
            old.pop("price", None)
    return {**old, **new}


def _amount(line: Record, above: float) -> float:
    quantity = line.get("quantity", 1)
    if "ratePercent" in line:
        amount: float = above * line["ratePercent"] / 100
    elif "price" in line:
        amount = quantity * line["price"]
    else:
        amount = line.get("amount", 0)
    return round(amount, 2)


def added_up(lines: Sequence[Record], tax: Mapping[str, Any]) -> float:
    """What line items add up to, with their sales tax."""
    return float(round(sum(line["amount"] for line in lines) + tax.get("salesTaxTotal", 0), 2))


def tax_of(call: Call, item_id: str | None, lines: Sequence[Record]) -> Record:
    """``salesTaxTotal`` and ``salesTaxPercentage``; BDC_1119 unless a SALES_TAX item has the id."""
    if item_id is None:
        return {}
    item = call.table(_ITEMS).get(item_id)
    if item is None or item["type"] != "SALES_TAX":
        raise errors.bad_request(errors.invalid_value("salesTaxItemId", item_id))
    percentage = float(item.get("percentage", 0))
    taxable = sum(line["amount"] for line in lines if line.get("taxable"))
    return {
        "salesTaxPercentage": percentage,
        "salesTaxTotal": round(taxable * percentage / 100, 2),
    }
