"""What is said about each refused field of a body."""

import json
import re

import pytest

from pytest_bill.sandbox.core.bodies import check_body
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.fields import Date, Object, Text

ADDRESS = {"line1": "1 Road", "city": "Here", "zipOrPostalCode": "1", "country": "US"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {("BDC_1117", "name"), ("BDC_1117", "address")}),
        ({"name": "", "address": ADDRESS}, {("BDC_1117", "name")}),
        ({"name": None, "address": ADDRESS}, {("BDC_1117", "name")}),
        ({"name": 3, "address": ADDRESS}, {("BDC_1124", "name")}),
        ({"name": "N", "address": "1 Road"}, {("BDC_1124", "address")}),
        (
            {"name": "N", "address": {**ADDRESS, "city": ["x"]}, "accountType": "FIRM"},
            {("BDC_1119", "accountType"), ("BDC_1124", "address.city")},
        ),
    ],
)
def test_every_refused_field_is_named(developer, body, expected):
    answer = developer.post("/v3/vendors", body)
    assert answer.status_code == 400
    named = {
        (problem["code"], re.search(r": ([\w.]*\w)", problem["message"])[1])
        for problem in answer.json()
    }
    assert named == expected


@pytest.mark.parametrize("amount", ["12", True, [], "NaN", 1e300, 10**400])
def test_an_amount_that_is_no_number(developer, codes, amount):
    vendor = developer.get("/v3/vendors").json()["results"][0]
    answer = developer.post(
        "/v3/bills",
        {
            "vendorId": vendor["id"],
            "dueDate": "2030-01-31",
            "billLineItems": [{"amount": amount}],
            "invoice": {"invoiceNumber": "1", "invoiceDate": "2030-01-01"},
        },
    )
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1124"])


@pytest.mark.parametrize("content", [b'{"amount": NaN}', b'{"amount": 1e999}'])
def test_numbers_that_json_does_not_have(developer, content):
    assert developer.post("/v3/payments", data=content).status_code == 400


@pytest.mark.parametrize("name", ["\\ud800", "\\ud83d\\ude00", "\\u0000"])
def test_odd_texts(developer, codes, name):
    content = f'{{"name": "{name}", "address": {json.dumps(ADDRESS)}}}'
    answer = developer.post("/v3/vendors", data=content.encode())
    if name == "\\ud800":
        assert (answer.status_code, codes(answer)) == (400, ["BDC_1122"])
    else:
        assert answer.json()["name"] == json.loads(f'"{name}"')


def test_null_takes_only_a_clearable_date_away():
    fields = {"ends": Date(clearable=True), "starts": Date(), "name": Text()}
    assert check_body({"ends": None, "starts": None, "name": None}, fields) == {"ends": None}
    assert check_body({}, fields) == {}


@pytest.mark.parametrize("text", ["1e3", "", " 1", "1\n", "\u0661", "0x1", "1" * 16, "NaN"])
def test_only_plain_numerals_count_as_numbers(developer, codes, text):
    customer = developer.get("/v3/customers").json()["results"][0]
    body = {"customer": {"id": customer["id"]}, "invoiceLineItems": [{"price": text}]}
    assert codes(developer.post("/v3/invoices", body)) == ["BDC_1124"]


def test_a_date_may_be_empty_where_that_stands_for_none():
    fields = {"due": Date(or_empty=True)}
    assert check_body({"due": ""}, fields) == {"due": ""}
    with pytest.raises(BillError):
        check_body({"due": "soon"}, fields)
    with pytest.raises(BillError):
        check_body({"due": ""}, {"due": Date()})


def test_the_name_of_a_nameless_object_is_not_told():
    fields = {"obj": Object({"name": Text(required=True)}, nameless=True)}
    with pytest.raises(BillError) as refused:
        check_body({"obj": {}}, fields)
    assert refused.value.problems[0].message.endswith("for: name.")
