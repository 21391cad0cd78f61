"""What is due, in BILL's v2 API: GetAPSummary and GetARSummary.

Pages: https://developer.bill.com/v2/reference/ap-vendortransactions-getapsummary,
https://developer.bill.com/v2/reference/ar-customertransactions-getarsummary,
https://developersupport.bill.com/hc/en-us/articles/208197206-GetAPSummary and
https://developersupport.bill.com/hc/en-us/articles/211295143-GetARSummary, whose samples show the
fields: of payables numbers, of receivables texts such as "$0.00". The days between today and a due
date decide where a bill or an invoice counts; what is meant is said by the fields' names alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from pytest_bill.sandbox.api.payables import bills
from pytest_bill.sandbox.api.payables.bills import BILLS
from pytest_bill.sandbox.api.receivables.invoices import INVOICES
from pytest_bill.sandbox.api.receivables.receivable_payments import RECEIVABLE_PAYMENTS
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core.fields import Field, Integer, Number, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_Span = Callable[[date, date], bool]
"""Whether a day is in a span, beside today."""

_WEEK = timedelta(days=7)

_DUE: Mapping[str, _Span] = {
    "overdue": lambda day, today: day < today,
    "dueToday": lambda day, today: day == today,
    "due7Days": lambda day, today: today < day <= today + _WEEK,
    "due7PlusDays": lambda day, today: day > today + _WEEK,
    "all": lambda _day, _today: True,
}
_RECEIVED: Mapping[str, _Span] = {
    "lastMonth": lambda day, today: _month(day) == _month(today.replace(day=1) - timedelta(days=1)),
    "currentMonth": lambda day, today: _month(day) == _month(today) and day <= today,
    "last7Days": lambda day, today: today - _WEEK <= day < today,
    "today": lambda day, today: day == today,
    "next7Days": lambda day, today: today < day <= today + _WEEK,
    "future": lambda day, today: day > today + _WEEK,
}


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _payables(call: Call) -> Record:
    unpaid = [
        each
        for each in call.table(BILLS.table).values()
        if not each["archived"] and each["dueAmount"] > 0
    ]
    waiting = [each for each in unpaid if bills.waits_for(each)]
    return {
        name: _summed(call, _DUE, [(each["dueDate"], each["dueAmount"]) for each in found])
        for name, found in (("bills", unpaid), ("approvals", waiting))
    }


def _receivables(call: Call) -> Record:
    unpaid = [
        (each["dueDate"], each["dueAmount"])
        for each in call.table(INVOICES.table).values()
        if not each["archived"] and each["dueAmount"] > 0
    ]
    received = [
        (each["paymentDate"], each["amount"])
        for each in call.table(RECEIVABLE_PAYMENTS.table).values()
        if each["status"] in {"PAID", "SCHEDULED"}
    ]
    return {
        "invoices": _in_dollars(_summed(call, _DUE, unpaid)),
        "payments": _in_dollars(_summed(call, _RECEIVED, received)),
    }


def _summed(call: Call, spans: Mapping[str, _Span], amounts: Iterable[tuple[str, float]]) -> Record:
    """How many there are in each span, and how much."""
    today, dated = call.state.clock.now().date(), list(amounts)
    answer: Record = {}
    for name, holds in spans.items():
        within = [amount for day, amount in dated if holds(date.fromisoformat(day), today)]
        answer |= {f"{name}Count": len(within), f"{name}Total": round(sum(within), 2)}
    return answer


def _in_dollars(summary: Record) -> dict[str, Any]:
    return {
        name: f"${value:,.2f}" if name.endswith("Total") else value
        for name, value in summary.items()
    }


def _fields(spans: Mapping[str, _Span], total: Field) -> Object:
    fields: dict[str, Field] = {}
    for name in spans:
        fields |= {f"{name}Count": Integer(required=True), f"{name}Total": total}
    return Object(fields, required=True)


_UNSURE = (
    "Which days and records count where is said by the names alone: here 7 days begin tomorrow, "
    "and what is archived or paid counts nowhere."
)

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "GetAPSummary",
        "v2GetAPSummary",
        "How many bills are due and wait for approval, and how much that is",
        _payables,
        page="ap-vendortransactions-getapsummary",
        data={},
        data_required=False,
        answer=Object(
            {name: _fields(_DUE, Number(required=True)) for name in ("bills", "approvals")}
        ),
        unsure=f"{_UNSURE} approvals are bills that wait for any approver.",
    ),
    operation(
        "GetARSummary",
        "v2GetARSummary",
        "How many invoices are due and payments are received, and how much that is",
        _receivables,
        page="ar-customertransactions-getarsummary",
        data={},
        data_required=False,
        answer=Object(
            {
                "invoices": _fields(_DUE, Text(required=True)),
                "payments": _fields(_RECEIVED, Text(required=True)),
            }
        ),
        unsure=_UNSURE,
    ),
)
"""The summaries of v2."""
