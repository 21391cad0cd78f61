"""Dates near today in recorded requests."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote_plus

import pytest

from pytest_bill.interaction import Interaction
from pytest_bill.proof.near_dates import near_dates

TODAY = date(2026, 11, 29)
URL = "https://gateway.stage.bill.com/connect/v3/bills"


def asked(filters="", body=b"", answer=b"{}"):
    url = f"{URL}?filters={quote_plus(filters)}" if filters else URL
    return Interaction("GET", url, {}, body, 200, "OK", {}, answer)


@pytest.mark.parametrize(
    ("interaction", "text"),
    [
        (asked("createdTime:gte:2026-11-29"), "2026-11-29"),
        (asked('createdTime:gte:"2026-11-28T00:00:00.000Z"'), "2026-11-28"),
        (asked("dueDate:lt:2027-01-08"), "2027-01-08"),
        (asked(body=b'{"dueDate": "2026-10-20"}'), "2026-10-20"),
        (asked(body=b"data=%7B%22invoiceDate%22%3A%2211%2F29%2F2026%22%7D"), "11/29/2026"),
    ],
)
def test_a_date_near_today_may_be_the_clocks(interaction, text):
    assert near_dates([interaction], TODAY) == [(interaction, text)]


@pytest.mark.parametrize(
    "interaction",
    [
        asked("createdTime:gte:2026-10-19"),
        asked("createdTime:gte:2025-11-29"),
        asked("dueDate:lt:2026-02-31"),
        asked("number:eq:12026-11-291"),
        asked(),
    ],
)
def test_others_are_not(interaction):
    assert near_dates([interaction], TODAY) == []


def test_what_bill_answered_before_is_not_the_clocks():
    first = asked(answer=b'{"createdTime": "2026-11-29T10:00:00.000+00:00"}')
    then = asked("createdTime:lte:2026-11-29")
    assert near_dates([first, then], TODAY) == []
    assert near_dates([then, first], TODAY) == [(then, "2026-11-29")]
