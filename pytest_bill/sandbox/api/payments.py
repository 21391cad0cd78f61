"""Payments to vendors: create, list and get.

Pages: https://developer.bill.com/docs/ap-payments,
https://developer.bill.com/reference/createpayment,
https://developer.bill.com/reference/listpayments, https://developer.bill.com/reference/getpayment.

A payment has `id` (begins with stp), `vendorId`, `vendorName`, `billId`, `billPayments` (each with
an `id` that begins with blp), `description`, `processDate`, `fundingAccount`, `amount`,
`processingOptions`, `transactionNumber`, `confirmationNumber`, `status`, `singleStatus`,
`disbursementType`, `onlinePayment`, `cancelRequestSubmitted`, `createdBy`, `createdTime` and
`updatedTime`. Amounts are in dollars. A new payment is SCHEDULED and stays so: the sandbox does not
process payments.

Who may pay: creating a payment needs an MFA-trusted session, and a session that was signed in with
a sync token can take part in no MFA-protected operation
(https://developer.bill.com/docs/token-based-sign-in). Its refusal is not documented; here it is
HTTP 403 with BDC_1361, which public clients report for an untrusted session. Simplified: BILL's MFA
challenge does not exist here. The sandbox's developer keys have MFA disabled, as `mfaBypass` of the
session's details says, so developer and console sessions may pay without it. BILL, too, requires
MFA for payments in production only, says https://developer.bill.com/reference/setup.

Simplified further: a funding account's id is not checked, because the sandbox keeps no bank
accounts; "the next available payment date" is the next day from Monday to Friday. Not documented:
the refusal of an unknown bill or vendor, of another vendor than the bill's, and of more than is
due; here HTTP 400 with BDC_1119. Which fields of payments can be filtered on was not to be found
in BILL's page of filterable fields; they are those that public clients use.
"""

from __future__ import annotations

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.access import require_session
from pytest_bill.sandbox.api import bills
from pytest_bill.sandbox.api.vendors import table as vendors_of
from pytest_bill.sandbox.bodies import (
    Boolean,
    Date,
    Field,
    Number,
    Object,
    Text,
    check,
    json_object,
)
from pytest_bill.sandbox.errors import Problem
from pytest_bill.sandbox.lists import IDS, TIMES, Filterable, one_of, page
from pytest_bill.sandbox.records import Record, Table
from pytest_bill.sandbox.sessions import Kind, Session
from pytest_bill.sandbox.state import SandboxState

_FILTERABLE = {
    "id": IDS,
    "vendorId": Filterable(("eq", "in")),
    "status": one_of("APPROVING", "PAID", "VOID", "SCHEDULED", "FAILED", "PENDING", "UNDEFINED"),
    "disbursementType": Filterable(("eq", "ne", "in", "nin")),
    "processDate": TIMES,
    "createdTime": TIMES,
    "updatedTime": TIMES,
}

_NEEDS_PROCESS_DATE = {"WALLET", "AP_CARD"}
_FUNDING_ACCOUNT: dict[str, Field] = {
    "type": Text(required=True, choices=("BANK_ACCOUNT", "CARD_ACCOUNT", "WALLET", "AP_CARD")),
    "id": Text(),
}
_PROCESSING_OPTIONS: dict[str, Field] = {
    "createBill": Boolean(),
    "requestPayFaster": Boolean(),
    "requestCheckDeliveryType": Text(),
}
_FIELDS: dict[str, Field] = {
    "vendorId": Text(),
    "billId": Text(),
    "description": Text(),
    "processDate": Date(),
    "fundingAccount": Object(_FUNDING_ACCOUNT, required=True),
    "amount": Number(required=True, minimum=0.01),
    "processingOptions": Object(_PROCESSING_OPTIONS, required=True),
    "transactionNumber": Text(),
}


def routes(state: SandboxState) -> list[BaseRoute]:
    """GET and POST /v3/payments, GET /v3/payments/{paymentId}."""

    async def list_payments(request: Request) -> Response:
        """GET: a page of payments."""
        payments = table(state, require_session(request, state).organization_id)
        return JSONResponse(page(request, payments.values(), _FILTERABLE, sortable=("amount",)))

    async def create_payment(request: Request) -> Response:
        """POST: required are `fundingAccount`, `amount`, `processingOptions`, and `billId`.

        With `processingOptions.createBill`, `vendorId` is required in the place of `billId`, and
        BILL creates the bill.
        """
        session = require_session(request, state)
        if session.kind is Kind.SYNC_TOKEN:
            raise errors.untrusted_session()
        body = check(await json_object(request), _FIELDS)
        return JSONResponse(add(state, session, body), 201)

    async def get_payment(request: Request) -> Response:
        """GET: one payment."""
        payments = table(state, require_session(request, state).organization_id)
        payment = payments.get(request.path_params["id"])
        if payment is None:
            raise errors.no_data_found()
        return JSONResponse(payment)

    return [
        Route("/connect/v3/payments", list_payments, methods=["GET"]),
        Route("/connect/v3/payments", create_payment, methods=["POST"]),
        Route("/connect/v3/payments/{id}", get_payment, methods=["GET"]),
    ]


def table(state: SandboxState, organization_id: str) -> Table:
    """The payments of an organization."""
    return state.table(organization_id, "payments")


def add(state: SandboxState, session: Session, body: Record) -> Record:
    """Create a payment from a checked body, and its bill if the body asks for one."""
    if problems := _combination_problems(body):
        raise errors.bad_request(*problems)
    process_date = _process_date(state, body.get("processDate"))
    amount = body["amount"]
    creates_bill = body["processingOptions"].get("createBill", False)
    transaction_number = body.get("transactionNumber") or state.ids.new("TXN")
    if creates_bill:
        bill = _new_bill(state, session, body, process_date, transaction_number)
    else:
        bill = _bill_to_pay(state, session, body)
    vendor = vendors_of(state, session.organization_id)[bill["vendorId"]]
    bills.schedule(state, bill, amount)
    now = state.timestamp()
    payment: Record = {
        **body,
        "id": state.ids.new("stp"),
        "vendorId": vendor["id"],
        "vendorName": vendor["name"],
        "billId": bill["id"],
        "billPayments": [{"id": state.ids.new("blp"), "billId": bill["id"], "amount": amount}],
        "processDate": process_date,
        "transactionNumber": transaction_number,
        "confirmationNumber": state.ids.new("P"),
        "status": "SCHEDULED",
        "singleStatus": "SCHEDULED",
        "disbursementType": vendor["paymentInformation"]["payByType"],
        "onlinePayment": True,
        "cancelRequestSubmitted": False,
        "createdBy": session.user_id,
        "createdTime": now,
        "updatedTime": now,
    }
    table(state, session.organization_id)[payment["id"]] = payment
    return payment


def _combination_problems(body: Record) -> list[Problem]:
    """What is wrong with fields that depend on each other."""
    problems: list[Problem] = []
    funding = body["fundingAccount"]
    if body["processingOptions"].get("createBill"):
        if "billId" in body:
            problems.append(errors.invalid_value("billId", body["billId"]))
        if "vendorId" not in body:
            problems.append(errors.missing_data("vendorId"))
    elif "billId" not in body:
        problems.append(errors.missing_data("billId"))
    if funding["type"] != "WALLET" and not funding.get("id"):
        problems.append(errors.missing_data("fundingAccount.id"))
    if funding["type"] in _NEEDS_PROCESS_DATE and "processDate" not in body:
        problems.append(errors.missing_data("processDate"))
    return problems


def _process_date(state: SandboxState, given: str | None) -> str:
    today = state.clock.now().date()
    if given is not None:
        if date.fromisoformat(given) < today:
            raise errors.invalid_process_date(given)
        return given
    return next_payment_date(today).isoformat()


def next_payment_date(today: date) -> date:
    """The next day from Monday to Friday."""
    next_day = today + timedelta(days=1)
    while next_day.isoweekday() > 5:
        next_day += timedelta(days=1)
    return next_day


def _bill_to_pay(state: SandboxState, session: Session, body: Record) -> Record:
    bill = bills.table(state, session.organization_id).get(body["billId"])
    if bill is None:
        raise errors.bad_request(errors.invalid_value("billId", body["billId"]))
    if body.get("vendorId", bill["vendorId"]) != bill["vendorId"]:
        raise errors.bad_request(errors.invalid_value("vendorId", body["vendorId"]))
    if body["amount"] > bill["dueAmount"]:
        raise errors.bad_request(errors.invalid_value("amount", body["amount"]))
    return bill


def _new_bill(
    state: SandboxState, session: Session, body: Record, process_date: str, number: str
) -> Record:
    """The bill that BILL makes for a payment without one; its invoice number is not documented."""
    return bills.add(
        state,
        session,
        {
            "vendorId": body["vendorId"],
            "dueDate": process_date,
            "billLineItems": [{"amount": body["amount"]}],
            "invoice": {"invoiceNumber": number, "invoiceDate": process_date},
        },
    )
