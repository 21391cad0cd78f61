"""What follows for a vendor from other records: what it is owed, when it was last paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

_BILLS, _PAYMENTS, _RECURRING_BILLS = "bills", "payments", "recurring_bills"
_OWED, _ASKED, _FEW = "what vendors are owed", "who was asked for", 3


def sums_of(call: Call, vendor_id: str) -> Sequence[Record]:
    """By vendor: what is owed, when it was last paid, and whether a recurring bill pays it.

    Kept with the searches, until the next write: a list of vendors adds up once. Who asks for a
    vendor or two, as each write of one does, adds up theirs alone.
    """
    searches = call.state.searches
    whole = searches.found((call.owner, _OWED))
    if whole is not None:
        return whole
    (asked,) = searches.get((call.owner, _ASKED), lambda: ({"times": 0},))
    if asked["times"] < _FEW:
        asked["times"] += 1
        return _added_up(call, vendor_id)
    return searches.get((call.owner, _OWED), lambda: _added_up(call))


def _added_up(call: Call, vendor_id: str = "") -> Sequence[Record]:
    """The sums of one vendor, or of all."""

    def counted(table: str) -> Iterable[Record]:
        records = call.table(table).values()
        if not vendor_id:
            return records
        return [record for record in records if record["vendorId"] == vendor_id]

    owed: Record = {}
    for bill in counted(_BILLS):
        if not bill["archived"]:
            balance = owed.setdefault(bill["vendorId"], {"amount": 0, "lastUpdatedDate": ""})
            balance["amount"] = round(balance["amount"] + bill["dueAmount"], 2)
            balance["lastUpdatedDate"] = max(balance["lastUpdatedDate"], bill["updatedTime"])
    paid: Record = {}
    for payment in counted(_PAYMENTS):
        if payment["status"] == "PAID":
            before = paid.get(payment["vendorId"], "")
            paid[payment["vendorId"]] = max(before, payment["processDate"])
    recurring = {
        each["vendorId"]: True
        for each in counted(_RECURRING_BILLS)
        if not each["archived"] and each.get("processingOptions", {}).get("autoPayment")
    }
    return owed, paid, recurring
