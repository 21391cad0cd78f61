"""What BILL bills an organization once a month: list, get."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
import requests

VENDOR = {
    "name": "Today",
    "address": {"line1": "1 Road", "city": "Here", "zipOrPostalCode": "1", "country": "US"},
}


@pytest.fixture
def path(sandbox):
    organization_id = sandbox.variables["BILL_ORGANIZATION_ID"]
    return f"/v3/organizations/{organization_id}/billing-statements"


def test_three_months_at_the_start_the_newest_first(developer, path):
    statements = developer.get(path).json()["results"]
    assert len(statements) == 3
    periods = [statement["billingPeriod"] for statement in statements]
    assert [each["endDate"] for each in periods[1:]] == [each["startDate"] for each in periods[:-1]]
    for statement in statements:
        assert re.fullmatch(r"0S0\w{17}", statement["id"])
        assert statement["invoiceDate"] == statement["billingPeriod"]["endDate"]
        assert "statementDetails" not in statement


def test_the_details_add_up(developer, path):
    summary = developer.get(path).json()["results"][0]
    details = developer.get(f"{path}/{summary['id']}").json()
    assert {name: details[name] for name in summary} == summary
    items = details["statementDetails"]
    assert summary["amount"] == round(sum(each["amount"] for each in items), 2)
    assert sum(each["quantity"] for each in items) == len(
        developer.get("/v3/users").json()["results"]
    )


@pytest.fixture
def later(developer, login_body, sandbox):
    """Moves the clock, and signs in again: the session has expired by then."""

    def move(**time):
        sandbox.advance(timedelta(**time))
        signed_in = developer.post("/v3/login", login_body()).json()
        developer.headers["sessionId"] = signed_in["sessionId"]

    return move


@pytest.fixture
def days_left(developer, path):
    """How many days are left of the month that is not billed yet."""
    made = developer.post("/v3/vendors", VENDOR).json()["createdTime"]
    start = date.fromisoformat(developer.get(path).json()["results"][0]["invoiceDate"])
    end = (start.replace(day=1) + timedelta(days=32)).replace(day=start.day)
    return (end - date.fromisoformat(made[:10])).days


def test_a_month_brings_another_one(developer, path, later, days_left):
    before = developer.get(path).json()["results"]
    left = developer.get("/v3/users").json()["results"][-1]
    assert developer.post(f"/v3/users/{left['id']}/archive").status_code == 200
    later(days=days_left)
    assert developer.get(path).json()["results"][0]["id"] == before[0]["id"]
    later(days=1)
    newest, *older = developer.get(path).json()["results"]
    assert [each["id"] for each in older] == [each["id"] for each in before]
    assert newest["amount"] < older[0]["amount"]


def test_a_statement_is_paid_after_five_days(developer, path, later, days_left):
    later(days=days_left + 1)
    unpaid = developer.get(path).json()["results"][0]
    assert unpaid["paymentStatus"] == "UNPAID"
    assert "paymentDate" not in unpaid
    later(days=4)
    paid = developer.get(f"{path}/{unpaid['id']}").json()
    assert paid["paymentStatus"] == "PAID"
    days = date.fromisoformat(paid["paymentDate"]) - date.fromisoformat(paid["invoiceDate"])
    assert days == timedelta(days=5)


def test_pages_or_dates(developer, path, codes):
    first = developer.get(path, params={"max": 2}).json()
    second = developer.get(path, params={"max": 2, "page": first["nextPage"]}).json()
    newest, middle, oldest = first["results"] + second["results"]
    dates = {"invoiceDateFrom": oldest["invoiceDate"], "invoiceDateTo": middle["invoiceDate"]}
    assert developer.get(path, params=dates).json() == {"results": [middle, oldest]}
    assert newest["invoiceDate"] > middle["invoiceDate"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"invoiceDateFrom": "2026-01-01"}, ["BDC_1108"]),
        ({"invoiceDateTo": "2026-01-01"}, ["BDC_1108"]),
        ({"invoiceDateFrom": "2026-01-01", "invoiceDateTo": "1.2.2026"}, ["BDC_1129"]),
        (
            {"invoiceDateFrom": "2026-01-01", "invoiceDateTo": "2026-02-01", "max": "5"},
            ["BDC_1129"],
        ),
        ({"max": "0"}, ["BDC_1129"]),
    ],
)
def test_refused_queries(developer, path, codes, query, expected):
    answer = developer.get(path, params=query)
    assert (answer.status_code, codes(answer)) == (400, expected)


def test_unknown_statements(developer, console, sandbox, path, codes):
    theirs = path.replace(
        sandbox.variables["BILL_ORGANIZATION_ID"],
        sandbox.variables["BILL_CONSOLE_ORGANIZATION_ID"],
    )
    for statement in ("0S0x", console.get(theirs).json()["results"][0]["id"]):
        answer = developer.get(f"{path}/{statement}")
        assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_the_file_of_a_statement(developer, path):
    statement = developer.get(path).json()["results"][0]["id"]
    details = developer.get(f"{path}/{statement}").json()
    session = {"sessionId": developer.headers["sessionId"]}
    file = requests.get(details["downloadLink"]["csv"], headers=session, timeout=5)
    assert file.headers["Content-Type"] == "text/csv"
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [float(row["amount"]) for row in rows] == [
        each["amount"] for each in details["statementDetails"]
    ]


def test_years_later(developer, path, later):
    later(days=3653)
    assert len(developer.get(path, params={"max": 100}).json()["results"]) == 100
