"""Holding recorded interactions against what BILL documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_bill.drift.check import Checked
from pytest_bill.drift.documented import Description
from pytest_bill.sandbox import api
from pytest_bill.sandbox.description import openapi
from tests.helpers.recorded import done, form, recorded, refused

VENDOR = {"id": "009A", "bankAccountStatus": "NO_ACCOUNT"}
VENDOR |= {"balance": {"amount": 0, "lastUpdatedDate": "2026-11-24"}}
SENT = {
    "name": "Ada",
    "address": {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"},
}
CREATED = recorded("POST", "/v3/vendors", VENDOR, status=201, body=SENT)
ERROR = {"code": "BDC_1119", "severity": "ERROR", "category": "DOWNSTREAM", "message": "No."}
REFUSAL = [{**ERROR, "timestamp": "2026-11-24T12:00:00.000+00:00"}]


@pytest.fixture(scope="module")
def description():
    return Description(openapi.document(api.OPERATIONS))


@pytest.fixture
def check(description):
    def check(*interactions) -> Checked:
        checked = Checked()
        checked.check("a.yaml", interactions, description)
        return checked

    return check


def found(checked: Checked) -> list[str]:
    assert not checked.not_held
    return [str(each) for each in checked.findings]


def not_held(checked: Checked) -> list[str]:
    assert not checked.findings
    return [each.why for each in checked.not_held]


def with_body(body):
    return recorded("POST", "/v3/vendors", VENDOR, status=201, body=body)


def test_what_is_documented_so(check):
    checked = check(CREATED, recorded("GET", "/v3/vendors/009A", VENDOR))
    assert found(checked) == []
    assert checked.interactions == 2


@pytest.mark.parametrize(
    ("interaction", "what"),
    [
        (recorded("GET", "/v3/nothing", {}), "operation is not in BILL's reference"),
        (
            replace(CREATED, status=200),
            "status 200 is not documented (documented: 201 and refusals (4xx))",
        ),
        (
            recorded("GET", "/v3/vendors/009A", {**VENDOR, "x": 1}),
            "answer `x` is not documented",
        ),
        (with_body({**SENT, "y": 1}), "request `y` is not documented"),
        (with_body({"name": "Ada"}), "request `address` is missing, and is required"),
        (with_body(None), "request has no body, and one is documented"),
        (recorded("GET", "/v3/vendors/009A"), "answer has no body, and one is documented"),
        (
            recorded("GET", "/v3/vendors/009A", VENDOR, body={}),
            "request has a body, and none is documented",
        ),
        (
            recorded("POST", "/v3/logout", {}),
            "answer has a body, and none is documented",
        ),
        (recorded("GET", "/v3/vendors?z=1", {"results": []}), "query `z` is not documented"),
        (
            recorded("GET", "/v3/vendors/009A", {**ERROR}, status=404),
            "answer is object, documented is array",
        ),
        (
            form("/v2/List/Vendor.json", {"start": 0, "max": 3, "all": 1}, done([])),
            "request `data.all` is not documented",
        ),
        (
            form("/v2/List/Vendor.json", {}, {**done([]), "more": 1}),
            "answer `more` is not documented",
        ),
    ],
)
def test_what_is_not(check, interaction, what):
    assert found(check(interaction)) == [what]


@pytest.mark.parametrize(
    ("interaction", "why"),
    [
        (recorded("GET", "https://example.com/x", {}), "it is not at an address of BILL's API"),
        (
            form("/v2/Crud/Read/Unheard.json", {}, done({})),
            "the description of v2 does not have it",
        ),
        (
            recorded("GET", "/v3/vendors/009A", b"<p>", content_type="text/html"),
            "its answer is text/html, not JSON",
        ),
        (
            recorded("GET", "/v3/spend/budgets", {"message": "No."}, status=403),
            "Spend & Expense documents no shape of its refusals",
        ),
        (
            with_body({**SENT, "virtualCard": {}}),
            "the description leaves out `virtualCard`",
        ),
        (replace(recorded("GET", "/v3/vendors"), fault="cut"), "it got no whole answer"),
    ],
)
def test_what_cannot_be_held_is_told(check, interaction, why):
    assert not_held(check(interaction)) == [why]


def test_a_request_that_bill_refused_may_be_wrong(check):
    wrong = recorded("POST", "/v3/vendors", REFUSAL, status=400, body={"y": 1})
    assert found(check(wrong, form("/v2/List/Vendor.json", {"all": 1}, refused("BDC_1119")))) == []


def test_a_finding_is_told_once_with_the_number_of_places(check):
    listed = {"results": [{**VENDOR, "x": 1}, {**VENDOR, "x": 2}]}
    checked = check(*[recorded("GET", "/v3/vendors", listed)] * 3)
    ((finding, places),) = checked.findings.items()
    assert (finding.operation, finding.path, places) == ("GET /v3/vendors", "results[].x", 6)
    assert finding.page == "https://developer.bill.com/reference/listvendors"


def test_a_stand_in_may_be_a_text_where_a_number_was(check):
    account = {**VENDOR, "additionalInfo": {"taxId": 1, "track1099": 1}}
    assert found(check(recorded("GET", "/v3/vendors/009A", account))) == [
        "answer `additionalInfo.track1099` is integer, documented is boolean"
    ]
