"""What material has and the sandbox has not, or has otherwise."""

from __future__ import annotations

import json

import pytest

from tools.drift import openapi, postman
from tools.drift.comparing import differences, sandbox
from tools.drift.described import Material

from .material import NUMBER, TEXT, an_object, collection, document, request


@pytest.fixture(scope="module")
def ours():
    return sandbox()


def in_postman(ours, *args, **more):
    material = postman.read(json.loads(collection(request(*args, **more))))
    return [f"{each.operation}: {each}" for each in differences(material, ours)]


def in_openapi(ours, *args, **more):
    material = openapi.read(document(*args, **more))
    return [str(each) for each in differences(material, ours)]


def test_what_the_sandbox_has_too_is_no_difference(ours):
    body = {"name": "Low Notes", "accountType": "BUSINESS", "address": {"line1": "1 Main Street"}}
    vendor = {"id": "string", "name": "string", "address": {"country": "US"}, "archived": False}
    found = in_postman(ours, "POST", "{{baseUrl}}/v3/vendors", body, vendor)
    # The example of BILL's own page has them all.
    assert found == [
        f"POST /v3/vendors: body {name}: required here, not known to BILL"
        for name in ("address.city", "address.country", "address.zipOrPostalCode")
    ]


def test_an_operation_that_is_not_here(ours):
    found = in_postman(ours, "POST", "{{baseUrl}}/v3/wallets")
    assert found == ["POST /v3/wallets: operation POST /v3/wallets: not here"]


def test_an_id_in_the_place_of_a_parameter_is_the_same_operation(ours):
    assert in_postman(ours, "GET", "{{baseUrl}}/v3/vendors/{{vendor_id}}", None, {"id": "1"}) == []


def test_webhooks_lie_beside_connect(ours):
    assert in_postman(ours, "GET", "{{webhookBaseUrl}}/v3/subscriptions") == []


def test_fields_that_are_not_here_and_all_that_is_below_them(ours):
    answer = {"results": [{"id": "1", "loyalty": {"points": 3}}]}
    assert in_postman(ours, "GET", "{{baseUrl}}/v3/vendors", None, answer) == [
        "GET /v3/vendors: answer results[].loyalty: not here",
        "GET /v3/vendors: answer results[].loyalty.points: not here",
    ]


def test_another_type_and_another_status(ours):
    answer = {"amount": "12.50"}
    found = in_postman(ours, "PATCH", "{{baseUrl}}/v3/bills/:billId", None, answer)
    assert found == ["PATCH /v3/bills/{}: answer amount: string at BILL, number here"]
    item = request("GET", "{{baseUrl}}/v3/bills", None, {})
    item["response"][1]["code"] = 207
    material = postman.read(json.loads(collection(item)))
    assert [str(each) for each in differences(material, ours)] == ["status: 207 at BILL, 200 here"]


def test_what_a_refusal_has(ours):
    item = request("GET", "{{baseUrl}}/v3/vendors", None, {})
    item["response"][0]["body"] = '[{"code": 1109, "aura": "red"}]'
    material = postman.read(json.loads(collection(item)))
    assert [str(each) for each in differences(material, ours)] == [
        "refusal [].aura: not here",
        "refusal [].code: number at BILL, string here",
    ]
    schema = {"type": "array", "items": an_object(code=TEXT, aura=TEXT)}
    refused = {"content": {"application/json": {"schema": schema}}}
    described = openapi.read(document("/v3/vendors", "get", responses={"400": refused}))
    assert [str(each) for each in differences(described, ours)] == ["refusal [].aura: not here"]


def test_parameters_and_headers(ours):
    item = request("GET", "{{baseUrl}}/v3/vendors", query=[{"key": "max"}, {"key": "expand"}])
    item["request"]["header"].append({"key": "X-Trace"})
    material = postman.read(json.loads(collection(item)))
    assert [str(each) for each in differences(material, ours)] == [
        "header X-Trace: not here",
        "query expand: not here",
    ]


def test_values_that_are_refused_here(ours):
    body = {"taxIdType": "EIN", "accountType": "CHARITY"}
    found = in_postman(ours, "PATCH", "{{baseUrl}}/v3/vendors/:vendorId", body)
    assert "PATCH /v3/vendors/{}: body accountType: not here: CHARITY" in found


def test_what_is_required_on_one_side_only(ours):
    body = an_object(("name", "email"), name=TEXT, email=TEXT, accountType=TEXT)
    found = in_openapi(ours, "/v3/customers", "post", body)
    assert "body name: required at BILL, not here" not in found
    body = an_object((), name=TEXT)
    assert "body name: required here, not at BILL" in in_openapi(ours, "/v3/vendors", "post", body)


def test_a_form_of_v2_is_compared_field_by_field(ours):
    form = an_object(
        ("devKey", "sessionId", "data"),
        devKey=TEXT,
        sessionId=TEXT,
        data=an_object(("obj",), obj=an_object(("name",), entity=TEXT, name=TEXT, aura=TEXT)),
    )
    found = in_openapi(
        ours,
        "/Crud/Create/Vendor.json",
        "post",
        form,
        server="https://api-stage.bill.com/api/v2",
        media="application/x-www-form-urlencoded",
    )
    assert found == ["body data.obj.aura: not here"]


def test_what_the_sandbox_leaves_open_is_no_difference(ours):
    answer = an_object(results={"type": "array", "items": an_object(id=TEXT, amount=NUMBER)})
    found = in_openapi(ours, "/v3/bills", "get", None, answer)
    assert found == []


def test_pages_on_one_side_only(ours):
    listed = Material("BILL", pages=frozenset({*ours.pages, "createWallet"} - {"listbills"}))
    assert [str(each) for each in differences(listed, ours)] == [
        "page createwallet: not here",
        "page listbills: not listed any more",
    ]
