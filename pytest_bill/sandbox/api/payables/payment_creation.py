"""New payments to vendors: what a body pays, what is refused, what is counted; see ``payments``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pytest_bill.sandbox.api.funding import accounts
from pytest_bill.sandbox.api.payables import (
    bill_approval_policies,
    bills,
    payment_notices,
    payment_progress,
    vendor_accounts,
    vendor_credits,
)
from pytest_bill.sandbox.api.payables.payment_fields import PAYMENTS, RECORDED
from pytest_bill.sandbox.api.payables.vendors import VENDORS, combines_payments
from pytest_bill.sandbox.core import business_days, errors, international
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

_MOST_COMBINED = 35

_WITHOUT_BILL = "billId must be provided if createBill is false"
"""What public clients report BILL to say."""
_NEEDS_PROCESS_DATE = {"WALLET", "AP_CARD"}


@dataclass(frozen=True)
class _Share:
    """What a payment pays of one bill: money, and vendor credits."""

    bill: Record
    amount: float
    credits: list[Record]


def insert_payment(call: Call, body: Record) -> Record:
    """Create a payment from a checked body, and its bill if the body asks for one."""
    if problems := _combination_problems(call, body):
        raise errors.bad_request(*problems)
    if body["processingOptions"].get("createBill"):
        return _insert_with_bill(call, body)
    shares = _shares(call, [body], body.get("vendorId"), lambda _index: "")
    process_date = _process_date(call, body, [shares[0].bill["vendorId"]])
    return _make(call, body, shares, process_date)


def _combination_problems(call: Call, body: Record) -> list[Problem]:
    """What is wrong with fields that depend on each other."""
    problems: list[Problem] = []
    if body["processingOptions"].get("createBill"):
        if "billId" in body:
            problems.append(errors.invalid_value("billId", body["billId"]))
        if "vendorId" not in body:
            problems.append(errors.missing_data("vendorId"))
    elif "billId" not in body:
        problems.append(errors.missing_data("billId", sentence=_WITHOUT_BILL))
    return problems + _funding_problems(call, body)


def _funding_problems(call: Call, body: Record) -> list[Problem]:
    problems: list[Problem] = []
    funding = body["fundingAccount"]
    if funding["type"] != "WALLET" and not funding.get("id"):
        problems.append(errors.missing_data("fundingAccount.id"))
    elif not accounts.is_usable(call, funding["type"], funding.get("id", "")):
        problems.append(errors.invalid_value("fundingAccount.id", funding["id"]))
    if funding["type"] in _NEEDS_PROCESS_DATE and "processDate" not in body:
        problems.append(errors.missing_data("processDate"))
    return problems


def _process_date(call: Call, body: Record, vendor_ids: Sequence[str]) -> str:
    """The day on which the payment is processed; refused if a vendor's currency forbids it.

    Public clients report that BILL processes none on weekends and bank holidays, and their code.
    """
    now = call.state.clock.now()
    next_day = business_days.following_business_day(now.date()).isoformat()
    given: str = body.get("processDate", next_day)
    day = date.fromisoformat(given)
    if day < now.date() or not business_days.is_business_day(day):
        raise errors.invalid_process_date(given)
    vendor_accounts.require_verified(call, vendor_ids, day)
    known = call.table(VENDORS.table)
    if any(known[each]["billCurrency"] != international.BASE_CURRENCY for each in vendor_ids):
        if "exchangeRateBatchId" not in body:
            raise errors.bad_request(errors.missing_data("exchangeRateBatchId"))
        batch = body["exchangeRateBatchId"]
        if batch != international.exchange_rate_batch(now):
            raise errors.bad_request(errors.invalid_value("exchangeRateBatchId", batch))
        if given != next_day:
            raise errors.invalid_process_date(given)
    return given


def _shares(
    call: Call,
    parts: Sequence[Record],
    vendor_id: str | None,
    path_of: Callable[[int], str],
    *,
    approved: bool = True,
) -> list[_Share]:
    """What the parts of a body pay; refused if a bill, a vendor or an amount does not fit.

    ``approved`` says that the bills must be.
    """
    known = call.table(bills.BILLS.table)
    problems: list[Problem] = []
    shares: list[_Share] = []
    paid: Counter[str] = Counter()
    for index, part in enumerate(parts):
        path = path_of(index)
        bill = known.get(part["billId"])
        if bill is None:
            problems.append(errors.invalid_value(f"{path}billId", part["billId"]))
            continue
        if vendor_id not in {None, bill["vendorId"]}:
            problems.append(errors.invalid_value("vendorId", vendor_id))
            continue
        uses = part.get("vendorCredits", [])
        paid[bill["id"]] += part["amount"] + vendor_credits.total_credit(uses)
        if round(paid[bill["id"]], 2) > bill["dueAmount"]:
            problems.append(errors.overpaid())
        if approved and not bills.is_approved(bill):
            problems.append(errors.invalid_value("approvalStatus", bill["approvalStatus"]))
        shares.append(_Share(bill, part["amount"], uses))
    if problems:
        raise errors.bad_request(*problems)
    _check_credits(call, shares, path_of)
    return shares


def _check_credits(call: Call, shares: Sequence[_Share], path_of: Callable[[int], str]) -> None:
    """Refuse vendor credits that cannot be used, be it because of several shares together."""
    together: dict[str, dict[str, float]] = {}
    for index, share in enumerate(shares):
        path = f"{path_of(index)}vendorCredits"
        vendor_credits.check_use(call, share.credits, share.bill["vendorId"], path)
        sums = together.setdefault(share.bill["vendorId"], {})
        for each in share.credits:
            sums[each["id"]] = round(sums.get(each["id"], 0) + each["amount"], 2)
    for vendor_id, sums in together.items():
        uses = [{"id": credit_id, "amount": amount} for credit_id, amount in sums.items()]
        vendor_credits.check_use(call, uses, vendor_id, "vendorCredits")


def _insert_with_bill(call: Call, body: Record) -> Record:
    """A payment that makes its own bill; the bill's invoice number is not documented."""
    vendor_id = body["vendorId"]
    if vendor_id not in call.table(VENDORS.table):
        raise errors.bad_request(errors.invalid_value("vendorId", vendor_id))
    uses = body.get("vendorCredits", [])
    credit = vendor_credits.check_use(call, uses, vendor_id, "vendorCredits")
    amount = round(body["amount"] + credit, 2)
    if bill_approval_policies.approvers_of(call, {"amount": amount, "vendorId": vendor_id}):
        raise errors.bad_request(errors.invalid_value("approvalStatus", "ASSIGNED"))
    process_date = _process_date(call, body, [vendor_id])
    number = body.get("transactionNumber") or call.state.ids.new("TXN")
    bill = bills.BILLS.insert(
        call,
        {
            "vendorId": vendor_id,
            "dueDate": process_date,
            "billLineItems": [{"amount": amount}],
            "invoice": {"invoiceNumber": number, "invoiceDate": process_date},
        },
    )
    body = {**body, "transactionNumber": number}
    return _make(call, body, [_Share(bill, body["amount"], uses)], process_date)


def _make(call: Call, body: Record, shares: Sequence[_Share], process_date: str) -> Record:
    """A payment of checked shares, all of bills of one vendor."""
    vendor = call.table(VENDORS.table)[shares[0].bill["vendorId"]]
    payment = {
        **_new(call, vendor, shares, process_date),
        **_of_account(vendor),
        "fundingAccount": body["fundingAccount"],
        "processingOptions": body.get("processingOptions", {}),
        "status": "SCHEDULED",
        "singleStatus": "SCHEDULED",
        "disbursementType": vendor["paymentInformation"]["payByType"],
        "onlinePayment": True,
        **{
            name: body[name]
            for name in ("description", "transactionNumber", "cardFundingPurpose")
            if body.get(name)
        },
    }
    if vendor["billCurrency"] != international.BASE_CURRENCY:
        rate = international.exchange_rate(vendor["billCurrency"], call.state.clock.now())
        payment |= {"exchangeRate": rate, "fundingAmount": round(payment["amount"] / rate, 2)}
    payment_progress.add_disbursement(payment)
    for share in shares:
        credit = vendor_credits.total_credit(share.credits)
        bills.change_amounts(
            call.state, call.owner, share.bill, scheduled=share.amount, credit=credit
        )
        vendor_credits.use_credits(call, share.credits)
    call.table(PAYMENTS.table)[payment["id"]] = payment
    payment_notices.publish_status(call.state, call.owner, payment)
    payment_progress.follow_clock_of(call.state, call.owner, payment)
    return payment


def _remittance(vendor: Record) -> Record:
    """Where the vendor is told of a payment: at its payments' address, if it has one of its own."""
    email = vendor["paymentInformation"].get("email") or vendor.get("email")
    return {"remittanceEmail": email} if email else {}


def _of_account(vendor: Record) -> Record:
    """What a payment answers of the vendor's bank account abroad."""
    account = vendor["paymentInformation"].get("bankAccount", {})
    return {name: account[name] for name in ("paymentPurpose",) if name in account}


def _new(call: Call, vendor: Record, shares: Sequence[_Share], process_date: str) -> Record:
    """What every new payment has, made with BILL or recorded."""
    now = call.state.timestamp()
    ids = call.state.ids
    return {
        "id": ids.new("stp"),
        "vendorId": vendor["id"],
        "vendorName": vendor["name"],
        **_remittance(vendor),
        **({"billId": shares[0].bill["id"]} if len(shares) == 1 else {}),
        "billPayments": [
            {
                "id": ids.new("blp"),
                "billId": share.bill["id"],
                "amount": share.amount,
                **({"vendorCredits": share.credits} if share.credits else {}),
            }
            for share in shares
        ],
        "processDate": process_date,
        "amount": round(float(sum(share.amount for share in shares)), 2),
        "transactionNumber": ids.new("TXN"),
        "confirmationNumber": ids.new("P"),
        "voidInfo": [],
        "cancelRequestSubmitted": False,
        "createdBy": call.who.user_id,
        "createdTime": now,
        "updatedTime": now,
    }


def pay_bills(call: Call, body: Record, *, most: int, approved: bool = True) -> list[Record]:
    """Payments of at most so many bills, as the body of a bulk payment has them.

    ``approved`` says that the bills must be.
    """
    parts = body["payments"]
    if problems := _funding_problems(call, body):
        raise errors.bad_request(*problems)
    if len(parts) > most:
        raise errors.bad_request(errors.invalid_value("payments", len(parts)))
    path_of = "payments[{}].".format
    shares = _shares(call, parts, body.get("vendorId"), path_of, approved=approved)
    by_vendor: dict[str, list[_Share]] = {}
    for share in shares:
        by_vendor.setdefault(share.bill["vendorId"], []).append(share)
    process_date = _process_date(call, body, list(by_vendor))
    made = []
    for vendor_id, theirs in by_vendor.items():
        combined = combines_payments(call.table(VENDORS.table)[vendor_id])
        size = _MOST_COMBINED if combined else 1
        for start in range(0, len(theirs), size):
            made.append(_make(call, body, theirs[start : start + size], process_date))
    return made


def record_payment(call: Call) -> Record:
    """A payment that was made outside BILL: the bills are paid at once."""
    body = call.body
    vendor = call.table(VENDORS.table).get(body["vendorId"])
    if vendor is None:
        raise errors.bad_request(errors.invalid_value("vendorId", body["vendorId"]))
    shares = _shares(call, body["payments"], vendor["id"], "payments[{}].".format, approved=False)
    payment = {
        **_new(call, vendor, shares, body["processDate"]),
        **{name: body[name] for name in RECORDED if name in body and name != "payments"},
        "status": "PAID",
        "singleStatus": "CLEARED",
        "disbursementStatus": "DONE",
        "disbursementType": "OFFLINE",
        "onlinePayment": False,
    }
    payment_progress.add_disbursement(payment)
    for share in shares:
        credit = vendor_credits.total_credit(share.credits)
        bills.change_amounts(call.state, call.owner, share.bill, paid=share.amount, credit=credit)
        vendor_credits.use_credits(call, share.credits)
    call.table(PAYMENTS.table)[payment["id"]] = payment
    payment_notices.publish_status(call.state, call.owner, payment)
    return payment
