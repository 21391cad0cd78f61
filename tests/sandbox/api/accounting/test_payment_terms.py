"""Payment terms of an organization: list, create, get, update."""

import re
from datetime import timedelta

import pytest

NET_60 = {"name": "Net 60", "daysDue": 60}


@pytest.fixture
def terms(sandbox):
    return f"/v3/organizations/{sandbox.variables['BILL_ORGANIZATION_ID']}/payment-terms"


@pytest.fixture
def term(developer, terms):
    answer = developer.post(terms, NET_60)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_created_payment_term(developer, terms, term):
    assert re.fullmatch(r"00p\w{17}", term["id"])
    assert set(term) == {"id", "name", "daysDue", "createdTime", "updatedTime"}
    assert {name: term[name] for name in NET_60} == NET_60
    assert developer.get(f"{terms}/{term['id']}").json() == term
    assert developer.get(terms).json()["results"][-1] == term


def test_what_is_there_at_the_start(developer, console, sandbox, terms):
    theirs = terms.replace(
        sandbox.variables["BILL_ORGANIZATION_ID"],
        sandbox.variables["BILL_CONSOLE_ORGANIZATION_ID"],
    )
    for caller, path in ((developer, terms), (console, theirs)):
        days = [term["daysDue"] for term in caller.get(path).json()["results"]]
        assert days == [0, 15, 30]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": None}, ["REQUEST"]),
        ({"daysDue": None}, ["REQUEST"]),
        ({"daysDue": -1}, ["BDC_1119"]),
        ({"daysDue": 1000}, ["BDC_1119"]),
        ({"daysDue": 30}, ["BDC_1119"]),
        ({"daysDue": "60"}, ["BDC_1124"]),
        ({"daysDue": 60.5}, ["BDC_1124"]),
        ({"daysDue": True}, ["BDC_1124"]),
    ],
)
def test_refused_payment_terms(developer, codes, terms, changes, expected):
    before = developer.get(terms).json()
    answer = developer.post(terms, {**NET_60, **changes})
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get(terms).json() == before


@pytest.mark.parametrize("days", [1, 999])
def test_the_limits_of_days(developer, terms, days):
    assert developer.post(terms, {"name": "ë", "daysDue": days}).json()["daysDue"] == days


def test_a_payment_term_is_updated(developer, terms, term, sandbox):
    sandbox.advance(timedelta(minutes=1))
    path = f"{terms}/{term['id']}"
    updated = developer.patch(path, {"name": "Two months", "daysDue": 60}).json()
    assert updated == {**term, "name": "Two months", "updatedTime": updated["updatedTime"]}
    assert updated["updatedTime"] > term["updatedTime"]


def test_a_refused_update_changes_nothing(developer, codes, terms, term):
    path = f"{terms}/{term['id']}"
    assert codes(developer.patch(path, {"name": "Net 30", "daysDue": 30})) == ["BDC_1119"]
    assert developer.get(path).json() == term


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_unknown_payment_terms(developer, codes, terms, method):
    answer = developer.call(method, f"{terms}/00px", json={})
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_organizations(developer, codes, sandbox, method):
    for other in ("008x", sandbox.variables["BILL_CONSOLE_ORGANIZATION_ID"]):
        path = f"/v3/organizations/{other}/payment-terms"
        answer = developer.call(method, path, json=NET_60)
        assert (answer.status_code, codes(answer)) == (400, ["BDC_1123"])
