"""What BILL itself bills an organization, once a month: list, get.

Pages: https://developer.bill.com/docs/organization-billing-statements,
https://developer.bill.com/reference/listbillingstatements,
https://developer.bill.com/reference/getbillingstatementdetail and the samples of BILL's Postman
collection (https://developer.bill.com/docs/bill-v3-api-in-postman).

A statement has ``id`` (begins with 0S0), ``invoiceNumber``, ``invoiceDate``, ``description``,
``billingPeriod`` (``startDate``, ``endDate``), ``paymentStatus``, ``paymentDate`` and ``amount`` in
dollars, in its details also ``statementDetails`` and ``downloadLink``. A month begins on the day of
the month on which the organization was founded; its statement is there the day after the month has
ended, whether time passes or is moved.

Made up: what is billed (the price plan's price for each active user, with the rebate of its second
tier), and that a statement is UNPAID for five days and PAID then.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

from pytest_bill.sandbox.api.files import downloads
from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.api.people.users import USERS
from pytest_bill.sandbox.core import errors, lists
from pytest_bill.sandbox.core.fields import (
    Date,
    Field,
    Integer,
    Many,
    Number,
    Object,
    Text,
    is_date,
)
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query, many_of
from pytest_bill.sandbox.core.records import Record

_AREA = "Organizations"
_TABLE = "billing_statements"
_PATH = f"{V3}/organizations/{{organizationId}}/billing-statements"
_PAID_AFTER = timedelta(days=5)
_FROM, _TO = "invoiceDateFrom", "invoiceDateTo"
_PAGING = ("max", "page")

_SUMMARY: dict[str, Field] = {
    "id": Text(required=True),
    "invoiceNumber": Text(required=True),
    "invoiceDate": Date(required=True),
    "description": Text(),
    "billingPeriod": Object({"startDate": Date(), "endDate": Date()}),
    "paymentStatus": Text(choices=("PAID", "UNPAID"), required=True),
    "paymentDate": Date(),
    "amount": Number(required=True),
}
_DETAIL: dict[str, Field] = {
    "type": Text(),
    "description": Text(),
    "quantity": Integer(),
    "amount": Number(),
}


def _list(call: Call) -> Record:
    """The newest first; between two dates, or page by page."""
    query = call.request.query
    statements = [_summary(call, each) for each in reversed(_statements(call))]
    if _FROM not in query and _TO not in query:
        return lists.page_of(call.request, statements, {})
    start, end = _dates(call)
    return {"results": [each for each in statements if start <= each["invoiceDate"] <= end]}


def _dates(call: Call) -> tuple[str, str]:
    query = call.request.query
    given = {name: query.get(name, "") for name in (_FROM, _TO)}
    problems = [errors.missing_parameter(name) for name, text in given.items() if not text]
    problems += [
        errors.invalid_parameter(name, text)
        for name, text in given.items()
        if text and not is_date(text)
    ]
    problems += [errors.invalid_parameter(name, query[name]) for name in _PAGING if name in query]
    if problems:
        raise errors.bad_request(*problems)
    return given[_FROM], given[_TO]


def _get(call: Call) -> Record:
    _statements(call)
    statement = call.find(_TABLE, "billingStatementId")
    file_id = f"{statement['id']}.csv"
    downloads.keep_file(call, file_id, f"{statement['invoiceNumber']}.csv", _as_csv(statement))
    return {
        **_summary(call, statement),
        "statementDetails": statement["statementDetails"],
        "downloadLink": {"csv": downloads.link_to_file(call, file_id)},
    }


def _as_csv(statement: Record) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(_DETAIL))
    writer.writeheader()
    writer.writerows(statement["statementDetails"])
    return file.getvalue().encode()


def _summary(call: Call, statement: Record) -> Record:
    paid = date.fromisoformat(statement["invoiceDate"]) + _PAID_AFTER
    is_paid = paid <= call.state.clock.now().date()
    summary = {name: statement[name] for name in _SUMMARY if name in statement}
    summary["paymentStatus"] = "PAID" if is_paid else "UNPAID"
    return {**summary, "paymentDate": paid.isoformat()} if is_paid else summary


def _statements(call: Call) -> list[Record]:
    """The organization's statements, those of months that have ended since among them."""
    known = call.table(_TABLE)
    organization = organizations.all_organizations(call.state)[call.owner]
    founded = datetime.fromisoformat(organization["createdTime"]).date()
    today = call.state.clock.now().date()
    while (end := _month_after(founded, len(known) + 1)) is not None and end < today:
        start = _month_after(founded, len(known)) or founded
        statement = _statement(call, len(known) + 1, start, end)
        known[statement["id"]] = statement
    return list(known.values())


def _month_after(founded: date, months: int) -> date | None:
    """When the month of that number begins; None beyond the last date there is."""
    year, month = divmod(founded.year * 12 + founded.month - 1 + months, 12)
    if year > date.max.year:
        return None
    # Every month has a 28th.
    return date(year, month + 1, min(founded.day, 28))


def _statement(call: Call, number: int, start: date, end: date) -> Record:
    left = sum(not user["archived"] for user in call.table(USERS.table).values())
    details = []
    for term in organizations.price_plan(call)["planTerms"]:
        quantity = min(left, term.get("quantity", left))
        left -= quantity
        if quantity:
            details.append(
                {
                    "type": term["type"],
                    "description": f"Users, tier {term['tier']}",
                    "quantity": quantity,
                    "amount": round(quantity * term["price"], 2),
                }
            )
    return {
        "id": call.state.ids.new("0S0"),
        "invoiceNumber": f"{end:%Y%m}-{number:04}",
        "invoiceDate": end.isoformat(),
        "description": "Monthly Billing",
        "billingPeriod": {"startDate": start.isoformat(), "endDate": end.isoformat()},
        "amount": round(sum(each["amount"] for each in details), 2),
        "statementDetails": details,
    }


_UNSURE = (
    "What is billed is made up. BILL's guide showed the list without `results` before it showed it "
    "with them; the latter is followed."
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        _PATH,
        "listBillingStatements",
        "Get list of billing statements",
        _list,
        area=_AREA,
        query=(Query("max"), Query("page"), Query(_FROM, Date()), Query(_TO, Date())),
        answer=many_of(Object(_SUMMARY)),
        unsure=_UNSURE,
    ),
    Operation(
        "GET",
        f"{_PATH}/{{billingStatementId}}",
        "getBillingStatementDetail",
        "Get billing statement details",
        _get,
        area=_AREA,
        answer=Object(
            {
                **_SUMMARY,
                "statementDetails": Many(Object(_DETAIL), required=True),
                "downloadLink": Object({"csv": Text(required=True), "pdf": Text()}, required=True),
            }
        ),
        missing="`downloadLink.pdf`: the sandbox makes no PDF of a statement.",
        unsure="What is billed is made up, and so are the columns of the CSV file.",
    ),
)
