"""Payments of customers: list, get, charge a customer, and record what was paid outside BILL.

Pages: https://developer.bill.com/docs/ar-charge-customer,
https://developer.bill.com/docs/recording-an-ar-payment and the reference pages of the operations. A
payment's id begins with 0rp. That it has ``customerId``, ``status``, ``paymentDate``, ``amount``,
``unappliedAmount``, ``convenienceFeeAmount``, ``description``, ``receivablesType``,
``onlinePayment``, ``referenceNumber``, ``fundingAccount``, ``receivablesAccount`` and
``invoicePayments`` (``invoiceId``, ``amount``, ``paymentDate``) is shown by the samples of BILL's
Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman). The values of
``receivablesType`` and ``status`` (PAID, SCHEDULED, VOID, CANCELED, ESCHEATED or UNDEFINED) are
what public clients report. Amounts are in dollars.

A customer can be charged who is ``authorizedToCharge`` and has a bank account. The charge is
SCHEDULED, as in BILL's v2
(https://developersupport.bill.com/hc/en-us/articles/215407243-ChargeCustomer), and funds are
withdrawn on ``paymentDate``; here it is PAID from the day after. A recorded payment is PAID at
once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.receivables import customers, invoices
from pytest_bill.sandbox.api.receivables.customer_bank_accounts import CUSTOMER_BANK_ACCOUNTS
from pytest_bill.sandbox.api.receivables.invoices import INVOICES, PAYMENTS
from pytest_bill.sandbox.core import business_days, errors
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.fields import Boolean, Date, Field, Many, Number, Object, Text
from pytest_bill.sandbox.core.filters import IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource
from pytest_bill.sandbox.core.state import SandboxState

_STATUSES = ("PAID", "SCHEDULED", "VOID", "CANCELED", "ESCHEATED", "UNDEFINED")
_AMOUNT = Number(required=True, minimum=0.01, text=True)
_RECORDED: dict[str, Field] = {
    "customerId": Text(),
    "paymentDate": Date(required=True),
    "paymentType": Text(
        required=True, choices=("CASH", "CHECK", "CREDIT_CARD", "ACH", "PAYPAL", "OTHER")
    ),
    "amount": _AMOUNT,
    "description": Text(longest=4000),
    "invoices": Many(Object({"id": Text(required=True), "amount": _AMOUNT}), required=True),
}
_CHARGED: dict[str, Field] = {
    "customerId": Text(required=True),
    "fundingAccount": Object({"type": Text(), "id": Text(required=True)}, required=True),
    "description": Text(),
    "paymentDate": Date(),
    "invoicePayments": Many(
        Object({"invoiceId": Text(required=True), "amount": _AMOUNT}), required=True
    ),
}
_FILTERABLE = {
    "id": IDS,
    "customerId": Filterable(("eq", "in")),
    "status": one_of(*_STATUSES),
    "paymentDate": TIMES,
    "createdTime": TIMES,
    "updatedTime": TIMES,
}

_ACCOUNT = Object({"type": Text(), "id": Text()})

_UNSURE_FIELDS = (
    "Which payments have a referenceNumber and a receivablesAccount is not documented; here those"
    " that were charged, numbered in their order, and to the default bank account. The values of"
    " receivablesType and status are what public clients report; a charge is PAID from the day"
    " after its paymentDate."
)

RECEIVABLE_PAYMENTS = Resource(
    "Receivable payments",
    "/receivable-payments",
    "receivedPaymentId",
    "receivable_payments",
    "0rp",
    {},
    answered={
        "customerId": Text(required=True),
        "status": Text(required=True, choices=_STATUSES),
        "paymentDate": Date(required=True),
        "amount": Number(required=True),
        "unappliedAmount": Number(required=True),
        "description": Text(),
        "receivablesType": Text(required=True),
        "onlinePayment": Boolean(required=True),
        "convenienceFeeAmount": Number(required=True),
        "referenceNumber": Text(),
        "fundingAccount": _ACCOUNT,
        "receivablesAccount": _ACCOUNT,
        "invoicePayments": Many(
            Object({"invoiceId": Text(required=True), "amount": Number(), "paymentDate": Date()})
        ),
    },
    filterable=_FILTERABLE,
    sortable=("amount",),
    archivable=False,
    unsure=_UNSURE_FIELDS,
)


def charge_customer(call: Call) -> Any:
    """A payment of invoices from the customer's bank account."""
    body = call.body
    customer_id = body["customerId"]
    customer = call.table(customers.CUSTOMERS.table).get(customer_id)
    if customer is None or not customer["authorizedToCharge"]:
        raise errors.bad_request(errors.invalid_value("customerId", customer_id))
    _require_bank_account(call.at(customerId=customer_id), body["fundingAccount"]["id"])
    shares = [(each["invoiceId"], round(each["amount"], 2)) for each in body["invoicePayments"]]
    problems = _share_problems(call, customer_id, "invoicePayments", "invoiceId", shares)
    if problems:
        raise errors.bad_request(*problems)
    amount = round(sum(share for _, share in shares), 2)
    return _add(
        call,
        shares,
        {
            "customerId": customer_id,
            "status": "SCHEDULED",
            "paymentDate": _payment_date(call, body.get("paymentDate")),
            "amount": amount,
            "unappliedAmount": 0,
            "receivablesType": "ACH",
            "onlinePayment": True,
            "referenceNumber": _reference_number(call),
            "fundingAccount": body["fundingAccount"],
            **_receivables_account(call),
            **({"description": body["description"]} if "description" in body else {}),
        },
    )


def _reference_number(call: Call) -> str:
    """The payments of an organization are numbered."""
    return f"{len(call.table(RECEIVABLE_PAYMENTS.table)) + 1:08}"


def _receivables_account(call: Call) -> Record:
    """Where money comes in: the bank account that is the default for receivables, if one is."""
    for account in call.table(BANKS.table).values():
        if account["default"]["receivables"]:
            return {"receivablesAccount": {"type": "BANK_ACCOUNT", "id": account["id"]}}
    return {}


def _require_bank_account(call: Call, account_id: str) -> None:
    account = call.table(CUSTOMER_BANK_ACCOUNTS.table_of(call)).get(account_id)
    if account is None or account["archived"]:
        raise errors.bad_request(errors.invalid_value("fundingAccount.id", account_id))


def _payment_date(call: Call, given: str | None) -> str:
    today = call.state.clock.now().date()
    if given is None:
        return business_days.following_business_day(today).isoformat()
    if date.fromisoformat(given) < today:
        raise errors.invalid_process_date(given)
    return given


def record_payment(call: Call) -> Any:
    """A payment that was taken outside BILL, spread over invoices of one customer."""
    body = call.body
    shares = [(each["id"], round(each["amount"], 2)) for each in body["invoices"]]
    customer_id = body.get("customerId") or _customer_of(call, shares[0][0])
    problems = []
    if customer_id not in call.table(customers.CUSTOMERS.table):
        problems.append(errors.invalid_value("customerId", customer_id))
    problems += _share_problems(call, customer_id, "invoices", "id", shares)
    unapplied = round(body["amount"] - sum(share for _, share in shares), 2)
    if unapplied < 0:
        problems.append(errors.invalid_value("amount", body["amount"]))
    if problems:
        raise errors.bad_request(*problems)
    payment = _add(
        call,
        shares,
        {
            "customerId": customer_id,
            "status": "PAID",
            "paymentDate": body["paymentDate"],
            "amount": body["amount"],
            "unappliedAmount": unapplied,
            "receivablesType": body["paymentType"],
            "onlinePayment": False,
            **({"description": body["description"]} if "description" in body else {}),
        },
    )
    known = call.table(INVOICES.table)
    answered = ("id", "customerId", "paymentDate", "amount", "unappliedAmount", "status")
    return {
        **{name: payment[name] for name in (*answered, "description") if name in payment},
        "paymentType": body["paymentType"],
        "invoices": [
            {"id": invoice_id, "payments": list(known[invoice_id]["payments"])}
            for invoice_id, _ in shares
        ],
    }


def _customer_of(call: Call, invoice_id: str) -> str:
    """Whose invoice it is; "" for one that is not known."""
    found: str = call.table(INVOICES.table).get(invoice_id, {}).get("customerId", "")
    return found


def _share_problems(
    call: Call, customer_id: str, name: str, key: str, shares: Sequence[tuple[str, float]]
) -> list[Problem]:
    """What is wrong with the invoices that are to be paid, and with how much of each."""
    known: Mapping[str, Record] = call.table(INVOICES.table)
    ids = [invoice_id for invoice_id, _ in shares]
    problems = []
    for index, (invoice_id, amount) in enumerate(shares):
        invoice = known.get(invoice_id)
        if (
            invoice is None
            or invoice["archived"]
            or invoice["customerId"] != customer_id
            or ids.index(invoice_id) != index
        ):
            problems.append(errors.invalid_value(f"{name}[{index}].{key}", invoice_id))
        elif amount > invoice["dueAmount"]:
            problems.append(errors.invalid_value(f"{name}[{index}].amount", amount))
    return problems


def _add(call: Call, shares: Sequence[tuple[str, float]], fields: Record) -> Record:
    """A new payment, noted in the invoices too."""
    now = call.state.timestamp()
    payment: Record = {
        "id": call.state.ids.new(RECEIVABLE_PAYMENTS.prefix),
        **fields,
        # A customer pays it for paying by card, which nobody can here.
        "convenienceFeeAmount": 0,
        "invoicePayments": [
            {"invoiceId": invoice_id, "amount": amount, "paymentDate": fields["paymentDate"]}
            for invoice_id, amount in shares
        ],
        "createdTime": now,
        "updatedTime": now,
    }
    call.table(RECEIVABLE_PAYMENTS.table)[payment["id"]] = payment
    for invoice_id, amount in shares:
        share = {
            "id": payment["id"],
            "amount": amount,
            "status": payment["status"],
            "date": payment["paymentDate"],
        }
        invoices.add_payment(call, call.table(INVOICES.table)[invoice_id], share)
    return payment


def clear_due(state: SandboxState) -> None:
    """Charges whose payment date is past are paid."""
    today = state.clock.now().date().isoformat()
    for owner, _ in state.tables(RECEIVABLE_PAYMENTS.table):
        call = Call.of(state, owner)
        for payment in call.table(RECEIVABLE_PAYMENTS.table).values():
            if payment["status"] == "SCHEDULED" and payment["paymentDate"] < today:
                payment["status"] = "PAID"
                payment["updatedTime"] = state.timestamp()
                for share in payment["invoicePayments"]:
                    invoice = call.table(INVOICES.table)[share["invoiceId"]]
                    invoices.clear_payment(call, invoice, payment["id"])


DAILY = (clear_due,)
OPERATIONS: tuple[Operation, ...] = (
    RECEIVABLE_PAYMENTS.operations.list(
        "listReceivablePayments",
        "Get list of received payments",
        unsure="The filters are not all documented.",
    ),
    RECEIVABLE_PAYMENTS.operations.get("getReceivablePayment", "Get received payment details"),
    Operation(
        "POST",
        V3 + RECEIVABLE_PAYMENTS.path,
        "chargeCustomer",
        "Charge a customer for invoices",
        charge_customer,
        area=RECEIVABLE_PAYMENTS.area,
        body=_CHARGED,
        answer=RECEIVABLE_PAYMENTS.answer,
        status=201,
        sync=False,
        missing="A payment is never refused by a bank, and cannot be voided.",
        unsure="That a sync token may not charge follows from BILL's payments being closed to it;"
        " whether an MFA-trusted session is needed is not documented, here it is not. The refusal"
        " of a customer who has not authorized it, of an unknown account or invoice and of more"
        " than is due is not documented; here BDC_1119, and BDC_1152 for a date in the past."
        " Without a date it is the next day from Monday to Friday.",
    ),
    Operation(
        "POST",
        V3 + "/invoices/record-payment",
        "recordInvoice",
        "Record a payment that a customer made outside BILL",
        record_payment,
        area=INVOICES.area,
        body=_RECORDED,
        answer=Object(
            {
                "id": Text(required=True),
                "customerId": Text(required=True),
                "paymentType": Text(required=True),
                "paymentDate": Date(required=True),
                "amount": Number(required=True),
                "unappliedAmount": Number(required=True),
                "status": Text(required=True),
                "description": Text(),
                "invoices": Many(Object({"id": Text(required=True), "payments": PAYMENTS})),
            }
        ),
        missing="The unapplied amount cannot be used for another invoice.",
        unsure="The refusal of more than is due, and of an archived invoice, is not documented;"
        " here BDC_1119. Without customerId it is the customer of the first invoice.",
    ),
)


def fill(call: Call) -> None:
    """The music shop's second customer has paid in part."""
    invoice = list(call.table(INVOICES.table).values())[1]
    record_payment(
        Call(
            call.state,
            call.session,
            {
                "paymentDate": call.state.clock.now().date().isoformat(),
                "paymentType": "CHECK",
                "amount": 50,
                "description": "Check no. 1045",
                "invoices": [{"id": invoice["id"], "amount": 50}],
            },
        )
    )
