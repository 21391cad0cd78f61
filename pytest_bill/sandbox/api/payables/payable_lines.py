"""Line items of bills, recurring bills and vendor credits: their ids, and which a change keeps.

Page: https://developer.bill.com/docs/bill-v3-api-in-postman. A PUT has all line items: one without
an id that is known is new and gets one, one that is left out is gone. A PATCH changes the line
items whose ids it names, and leaves the others; a line item that it names keeps what it is not
given, except its ``classifications``: a public client reports that BILL clears them. BILL's pages
say nothing of that, nor of a PATCH that names no ids; here its line items replace all. An id that
is not known is refused with BDC_1119.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

UNSURE = (
    "A PATCH whose line items name no id replaces them all, one that names an unknown id is "
    "BDC_1119: neither is documented. A line item that a PATCH names keeps what it is not given, "
    "but not its classifications, which have to be sent again: a public client reports that BILL "
    "clears them."
)


@dataclass(frozen=True)
class PayableLines:
    """The line items of one kind of record: the field that holds them, and how their ids begin."""

    name: str
    prefix: str

    def replaced(
        self, call: Call, before: Sequence[Record], given: Sequence[Record]
    ) -> list[Record]:
        """The line items of a POST or PUT; ``before`` are those that are there."""
        unused = {line["id"] for line in before}
        lines = []
        for line in given:
            kept = line.get("id") in unused
            unused.discard(line.get("id"))
            lines.append(line if kept else {**line, "id": call.state.ids.new(self.prefix)})
        return lines

    def patched(
        self, call: Call, before: Sequence[Record], given: Sequence[Record]
    ) -> list[Record]:
        """The line items after a PATCH. Where it sets what an amount is made of, that is gone."""
        if not any("id" in line for line in given):
            return self.replaced(call, before, given)
        lines = {line["id"]: line for line in before}
        problems = [
            errors.invalid_value(f"{self.name}[{index}].id", line["id"])
            for index, line in enumerate(given)
            if "id" in line and line["id"] not in lines
        ]
        if problems:
            raise errors.bad_request(*problems)
        for line in given:
            line_id = line.get("id") or call.state.ids.new(self.prefix)
            old = dict(lines.get(line_id, {}))
            old.pop("classifications", None)
            if "amount" not in line and {"quantity", "price"} & line.keys():
                old.pop("amount", None)
            lines[line_id] = {**old, **line, "id": line_id}
        return list(lines.values())
