"""Bills: list, get, create (also in bulk), replace, update, archive, restore.

``payments`` has what records a payment, ``bill_approvals`` what approves a bill.

Pages: https://developer.bill.com/docs/ap-bills, https://developer.bill.com/reference/listbills,
https://developer.bill.com/reference/createbill, https://developer.bill.com/reference/getbill,
https://developer.bill.com/reference/replacebill, https://developer.bill.com/reference/updatebill.

A bill has ``id`` (begins with 00n), ``archived``, ``vendorId``, ``vendorName``, ``amount``,
``paidAmount``, ``dueAmount``, ``scheduledAmount``, ``creditAmount``, ``description``, ``dueDate``,
``invoice``, ``billLineItems``, ``payFromChartOfAccountId``, ``classifications``,
``purchaseOrderNumber``, ``vendorCredits``, ``paymentStatus``, ``approvalStatus``,
``recordStatus``, ``createdBy``, ``createdTime`` and ``updatedTime``. Amounts are in dollars, for a
vendor with another ``billCurrency`` in that: then there are ``exchangeRate`` and ``fundingAmount``
(in dollars), too. A line item without ``amount`` counts as ``quantity`` times ``price``; see
``payable_lines`` for what becomes of line items. ``paymentStatus`` is UNPAID, PARTIAL, SCHEDULED
or PAID.

``vendorCredits`` (https://developer.bill.com/docs/ap-vendor-credits) are credits of the same
vendor, each with ``id`` and ``amount``. They make up ``creditAmount``, together with those that
payments used, and lower ``dueAmount``. Given in an update they replace those that were there; a
replacement without them gives them back. ``paidAmount`` counts what credits cover
(https://developer.bill.com/changelog/2025-06-20-bills-api-response-improvements); in the record
it is what payments paid.

Where an approval policy fits the bill (see ``bill_approval_policies``), it gets ``approvers``, each
with ``userId``, ``status`` (WAITING, APPROVED or DENIED), ``approverOrder`` and
``statusChangedTime``; they are answered where the query says ``billApprovals=true``
(https://developer.bill.com/docs/ap-bill-approvals). ``approvalStatus`` is UNASSIGNED without
approvers, ASSIGNED until the first of them acts, APPROVING until the last of them has, and then
APPROVED, or DENIED as soon as one denies. Another ``amount`` or vendor begins the approval anew.

BILL's page of filterable fields has no ``approvalStatus``; public clients filter on it, so it is
taken here. Not documented: the refusal of an unknown ``vendorId``, here HTTP 400 with BDC_1119.

The statuses, and that 100 bills are created at once, are those of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman). ``createdBy`` and ``recordStatus`` came
with https://developer.bill.com/changelog/2026-03-20-bills-invoices-api-improvements; the filters on
classifications and on the account that pays with
https://developer.bill.com/changelog/2025-02-18-filtering-bills-and-invoices-improvements, which
does not say whether those of the lines count: here they do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_bill.sandbox.api.payables import (
    bill_approval_policies,
    payable_lines,
    vendor_credits,
    vendors,
)
from pytest_bill.sandbox.api.payables.payable_lines import PayableLines
from pytest_bill.sandbox.core import errors, international, record_status
from pytest_bill.sandbox.core.fields import (
    Boolean,
    Date,
    Field,
    Integer,
    Many,
    Number,
    Object,
    Text,
)
from pytest_bill.sandbox.core.filters import (
    CLASSIFICATIONS,
    FLAG,
    IDS,
    TIMES,
    Filterable,
    one_of,
)
from pytest_bill.sandbox.core.operations import Call, Operation, Query
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.resources import LIST_QUERY, Resource
from pytest_bill.sandbox.core.sessions import Session
from pytest_bill.sandbox.core.state import SandboxState

_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "vendorId": Filterable(("eq", "in")),
    "dueDate": TIMES,
    "paymentStatus": Filterable(("eq", "ne", "in"), vendors.BILL_STATUSES),
    "approvalStatus": one_of("UNASSIGNED", "ASSIGNED", "APPROVING", "APPROVED", "DENIED"),
    "payFromChartOfAccountId": IDS,
    "classifications.chartOfAccountId": IDS,
    **CLASSIFICATIONS,
    "createdTime": TIMES,
    "updatedTime": TIMES,
}

_CLASSIFICATIONS = {
    name: Text()
    for name in (
        "chartOfAccountId",
        "accountingClassId",
        "departmentId",
        "locationId",
        "itemId",
        "employeeId",
        "jobId",
        "customerId",
    )
}
_LINES = PayableLines("billLineItems", "bli")
_MOST_AT_ONCE = 100
_LINE_ITEM: dict[str, Field] = {
    "id": Text(),
    "amount": Number(),
    "quantity": Number(),
    "price": Number(),
    "description": Text(),
    "classifications": Object(_CLASSIFICATIONS),
}
_LONGEST_NUMBER = 21
"""Characters of a bill's invoice number, as public clients report BILL's refusal."""
_INVOICE: dict[str, Field] = {
    "invoiceNumber": Text(required=True, longest=_LONGEST_NUMBER),
    "invoiceDate": Date(required=True),
}
_FIELDS: dict[str, Field] = {
    "vendorId": Text(required=True),
    "description": Text(),
    "dueDate": Date(required=True),
    "billLineItems": Many(Object(_LINE_ITEM), required=True),
    "invoice": Object(_INVOICE, required=True),
    "payFromChartOfAccountId": Text(),
    "classifications": Object(_CLASSIFICATIONS),
    "purchaseOrderNumber": Text(),
    "vendorCredits": vendor_credits.APPLIED,
}


def bills_of(state: SandboxState, organization_id: str) -> Table:
    """The bills of an organization."""
    return state.table(organization_id, "bills")


def insert_bill(state: SandboxState, session: Session, body: Record) -> Record:
    """Create a bill from a checked body; BDC_1119 if there is no such vendor."""
    return BILLS.insert(Call(state, session), body)


def change_amounts(
    state: SandboxState,
    owner: str,
    bill: Record,
    *,
    paid: float = 0,
    scheduled: float = 0,
    credit: float = 0,
) -> None:
    """So much more, or less, of the bill is paid, scheduled to be paid or covered by credits."""
    for name, amount in (
        ("paidAmount", paid),
        ("scheduledAmount", scheduled),
        ("creditAmount", credit),
    ):
        bill[name] = round(bill[name] + amount, 2)
    bill["updatedTime"] = state.timestamp()
    _settle_amounts(bill)
    state.publish(owner, "bill.updated", as_told(bill))


def is_approved(bill: Record) -> bool:
    """Whether the bill needs no approval, or has it."""
    return bill["approvalStatus"] in {"UNASSIGNED", "APPROVED"}


def waits_for(bill: Record) -> str | None:
    """Whose approval the bill waits for."""
    if bill["approvalStatus"] in {"ASSIGNED", "APPROVING"}:
        for approver in bill["approvers"]:
            if approver["status"] == "WAITING":
                user_id: str = approver["userId"]
                return user_id
    return None


def approve_or_deny(call: Call, bill: Record, *, approved: bool) -> None:
    """The approver whom the bill waits for approves or denies it."""
    now = call.state.timestamp()
    for approver in bill["approvers"]:
        if approver["status"] == "WAITING":
            approver["status"] = "APPROVED" if approved else "DENIED"
            approver["statusChangedTime"] = now
            break
    bill["updatedTime"] = now
    _settle_approval(bill)
    call.state.publish(call.owner, "bill.updated", as_told(bill))


def _number_of(bill: Record) -> str | None:
    """A vendor's invoices have a number each."""
    if "invoice" not in bill:
        return None
    return f"{bill.get('vendorId')}\n{bill['invoice']['invoiceNumber']}"


def _complete(call: Call, body: Record) -> Record:
    bill: Record = {
        "paidAmount": 0,
        "scheduledAmount": 0,
        "creditAmount": 0,
        "createdBy": call.who.user_id,
    }
    _change(call, bill, body)
    return bill


def _change(call: Call, bill: Record, body: Record) -> None:
    # A replacement comes without what it replaces: that is still in the table.
    before = call.table(BILLS.table).get(bill.get("id", ""), {})
    whole = "billLineItems" not in bill
    settled = {**bill, **_settled(call, body, before, whole=whole)}
    uses = settled.get("vendorCredits", [])
    freed = before.get("vendorCredits", [])
    credit = vendor_credits.check_use(call, uses, settled["vendorId"], "vendorCredits", freed=freed)
    by_bill = vendor_credits.total_credit(freed)
    settled["creditAmount"] = round(settled["creditAmount"] - by_bill + credit, 2)
    _settle_amounts(settled)
    if settled["dueAmount"] < 0 < _covered_amount(settled):
        raise errors.bad_request(errors.overpaid())
    if settled["vendorId"] != before.get("vendorId", settled["vendorId"]) and _covered_amount(
        before
    ):
        raise errors.bad_request(errors.invalid_value("vendorId", settled["vendorId"]))
    _convert(call, settled)
    if any(settled[name] != before.get(name) for name in ("amount", "vendorId")):
        set_approvers(call, settled, bill_approval_policies.approvers_of(call, settled))
    vendor_credits.return_credits(call, freed)
    vendor_credits.use_credits(call, uses)
    bill.clear()
    bill.update(settled)


def _covered_amount(bill: Record) -> float:
    return float(bill["paidAmount"] + bill["scheduledAmount"] + bill["creditAmount"])


def _convert(call: Call, bill: Record) -> None:
    """A bill in another currency says what it costs in the organization's."""
    currency = call.table(vendors.VENDORS.table)[bill["vendorId"]]["billCurrency"]
    for name in ("exchangeRate", "fundingAmount"):
        bill.pop(name, None)
    if currency != international.BASE_CURRENCY:
        rate = international.exchange_rate(currency, call.state.clock.now())
        bill |= {"exchangeRate": rate, "fundingAmount": round(bill["amount"] / rate, 2)}


def set_approvers(call: Call, bill: Record, user_ids: Sequence[str]) -> None:
    """Let these users approve the bill, one after the other."""
    bill["approvers"] = [
        {
            "userId": user_id,
            "status": "WAITING",
            "approverOrder": order,
            "statusChangedTime": call.state.timestamp(),
        }
        for order, user_id in enumerate(user_ids)
    ]
    _settle_approval(bill)


def _settle_approval(bill: Record) -> None:
    statuses = {approver["status"] for approver in bill["approvers"]}
    if not statuses:
        bill["approvalStatus"] = "UNASSIGNED"
    elif "DENIED" in statuses:
        bill["approvalStatus"] = "DENIED"
    elif statuses == {"WAITING"}:
        bill["approvalStatus"] = "ASSIGNED"
    else:
        bill["approvalStatus"] = "APPROVING" if "WAITING" in statuses else "APPROVED"


def as_told(bill: Record, *, approvers: bool = False) -> Record:
    """The bill as answers and notifications have it."""
    told = record_status.with_record_status(bill)
    told["paidAmount"] = round(bill["paidAmount"] + bill["creditAmount"], 2)
    if not approvers or not bill["approvers"]:
        del told["approvers"]
    return told


def _present(call: Call, bill: Record) -> Record:
    return as_told(bill, approvers=call.flag("billApprovals"))


def _settled(call: Call, body: Record, before: Record, *, whole: bool) -> Record:
    """The body's fields with what BILL adds to them: the vendor's name, ids of line items."""
    settled = dict(body)
    if "vendorId" in body:
        vendor = call.table(vendors.VENDORS.table).get(body["vendorId"])
        if vendor is None:
            raise errors.bad_request(errors.invalid_value("vendorId", body["vendorId"]))
        settled["vendorName"] = vendor["name"]
    if "billLineItems" in body:
        change = _LINES.replaced if whole else _LINES.patched
        lines = change(call, before.get("billLineItems", ()), body["billLineItems"])
        settled["billLineItems"] = [_with_amount(index, line) for index, line in enumerate(lines)]
        settled["amount"] = round(sum(item["amount"] for item in settled["billLineItems"]), 2)
    return settled


def _with_amount(index: int, line: Record) -> Record:
    if "amount" in line:
        return line
    if not {"quantity", "price"} <= line.keys():
        raise errors.bad_request(errors.missing_data(f"billLineItems[{index}].amount"))
    return {**line, "amount": round(line["quantity"] * line["price"], 2)}


def _settle_amounts(bill: Record) -> None:
    bill["dueAmount"] = round(bill["amount"] - _covered_amount(bill), 2)
    bill["paymentStatus"] = _payment_status(bill)


def _payment_status(bill: Mapping[str, float]) -> str:
    if not bill["paidAmount"] and not bill["scheduledAmount"]:
        return "PAID" if bill["creditAmount"] and bill["dueAmount"] <= 0 else "UNPAID"
    if bill["dueAmount"] > 0:
        return "PARTIAL"
    return "SCHEDULED" if bill["scheduledAmount"] else "PAID"


_AMOUNTS = ("amount", "paidAmount", "dueAmount", "scheduledAmount", "creditAmount")

BILLS = Resource(
    "Bills",
    "/bills",
    "billId",
    "bills",
    "00n",
    _FIELDS,
    answered={
        **{name: Number(required=True) for name in _AMOUNTS},
        **{
            name: Text(required=True)
            for name in ("vendorName", "paymentStatus", "approvalStatus", "createdBy")
        },
        "recordStatus": record_status.OF_BILLS,
        "exchangeRate": Number(),
        "fundingAmount": Number(),
        "approvers": Many(
            Object(
                {
                    "userId": Text(required=True),
                    "status": Text(required=True),
                    "approverOrder": Integer(required=True),
                    "statusChangedTime": Text(required=True),
                }
            )
        ),
    },
    filterable=_FILTERABLE,
    sortable=("amount", "fundingAmount", "exchangeRate", "description"),
    event="bill",
    number=_number_of,
    complete=_complete,
    change=_change,
    present=_present,
    missing=record_status.NO_DRAFTS,
    unsure="A bill that credits cover wholly counts as PAID: that is assumed.",
)

_APPROVALS = (Query("billApprovals", Boolean()),)
_UNSURE = (
    "The refusal of an unknown vendorId, and of a credit of another vendor or beyond what is left "
    "of it, is not documented; here BDC_1119. That another amount or "
    "vendor begins the approval anew is assumed, and that billApprovals stands in the query. A "
    "second bill of a vendor with the same number is refused as public clients report (BDC_1171); "
    f"that an archived one keeps its number is assumed. {payable_lines.UNSURE}"
)

OPERATIONS: tuple[Operation, ...] = (
    BILLS.operations.list(
        "listBills",
        "Get list of bills",
        query=(*LIST_QUERY, *_APPROVALS),
        unsure="The page of filterable fields has no approvalStatus; public clients filter on it. "
        "Whether the classifications of the lines count for the filters is not documented; here "
        "those of the bill alone do.",
    ),
    BILLS.operations.create("createBill", "Create a bill", query=_APPROVALS, unsure=_UNSURE),
    BILLS.operations.bulk_create(
        "createBulkBills",
        "Create several bills",
        query=_APPROVALS,
        many=_MOST_AT_ONCE,
        unsure=_UNSURE,
    ),
    BILLS.operations.get("getBill", "Get bill details", query=_APPROVALS),
    BILLS.operations.replace("replaceBill", "Replace a bill", query=_APPROVALS, unsure=_UNSURE),
    BILLS.operations.update("updateBill", "Update a bill", query=_APPROVALS, unsure=_UNSURE),
    BILLS.operations.archive("archiveBill", "Archive a bill"),
    BILLS.operations.restore("restoreBill", "Restore an archived bill"),
)
