"""What is said about each refused field of a body."""

import json
import re

import pytest
import requests

from pytest_bill.sandbox.core.bodies import check_body
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.fields import Date, Object, Text

ADDRESS = {"line1": "1 Road", "city": "Here", "zipOrPostalCode": "1", "country": "US"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {(None, "name"), (None, "address")}),
        ({"name": "", "address": ADDRESS}, {(None, "name")}),
        ({"name": None, "address": ADDRESS}, {(None, "name")}),
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
    field = r"(?:: |^)([\w.]*\w)(?:: must not|\.$|,)"
    named = {
        (problem["code"], re.search(field, problem["message"])[1]) for problem in answer.json()
    }
    assert named == expected


LOGIN = "/v3/login"
WHOLE = {"username": "u", "password": "p", "organizationId": "008", "devKey": "k"}
BILL = {"invoice": {"invoiceNumber": "1", "invoiceDate": "2030-01-01"}, "dueDate": "2030-01-31"}


@pytest.mark.parametrize(
    ("path", "body", "messages"),
    [
        ("/v3/vendors", {"name": "N"}, ["address: must not be null"]),
        ("/v3/vendors", {"name": "", "address": ADDRESS}, ["name: must not be blank"]),
        (
            "/v3/vendors",
            {"name": "N", "address": {**ADDRESS, "city": "", "country": None}},
            ["address.city: must not be blank", "address.country: must not be null"],
        ),
        ("/v3/customers", {"name": "N"}, ["email: must not be blank"]),
        (
            "/v3/bills",
            {**BILL, "vendorId": "009", "billLineItems": []},
            ["billLineItems: must not be empty"],
        ),
        (
            "/v3/invoices",
            {"customerId": "0cu", "invoiceLineItems": [{"price": 1, "quantity": 1}]},
            ["customer: The customer field is required"],
        ),
        (LOGIN, {**WHOLE, "devKey": None}, ["devKey: must not be null"]),
        (LOGIN, {**WHOLE, "password": ""}, ["password: must not be blank"]),
        (
            "/v3/payments",
            {
                "amount": 1,
                "fundingAccount": {"type": "BANK_ACCOUNT"},
                "processingOptions": {"createBill": False},
            },
            [
                "billId must be provided if createBill is false",
                "fundingAccount.id: must not be null",
            ],
        ),
    ],
)
def test_v3_names_what_a_body_lacks_in_words_of_its_own(developer, path, body, messages):
    answer = developer.post(path, body)
    assert answer.status_code == 400
    assert [each["message"] for each in answer.json()] == messages
    for problem in answer.json():
        assert {**problem, "timestamp": "", "message": ""} == {
            "timestamp": "",
            "code": None,
            "severity": "ERROR",
            "category": "REQUEST",
            "message": "",
            "params": {},
        }


def test_other_refusals_have_a_code_and_params(developer):
    (problem,) = developer.get("/v3/vendors/009unknown").json()
    assert (problem["code"], problem["category"], problem["params"]) == (
        "BDC_1120",
        "DOWNSTREAM",
        {},
    )


def test_v2_and_the_sandboxes_own_paths_keep_the_codes(developer, sandbox):
    form = {**developer.headers, "data": '{"obj": {"entity": "Vendor"}}'}
    answer = requests.post(f"{sandbox.origin}/api/v2/Crud/Create/Vendor.json", form, timeout=5)
    details = answer.json()["response_data"]
    assert details["error_code"] == "BDC_1117"
    assert details["error_message"] == "Missing required data for: name."
    with pytest.raises(RuntimeError, match=r"Missing required data for: \[0\]\.name"):
        sandbox.seed_from({"/v3/vendors": [{"address": ADDRESS}]})


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
