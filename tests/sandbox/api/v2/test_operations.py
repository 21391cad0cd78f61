"""What every operation of v2 has in common: form, credentials in it, JSON in `data`, envelope."""

import json

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox, api
from pytest_bill.sandbox.api.v2 import operations
from pytest_bill.sandbox.core.errors import no_data_found
from pytest_bill.sandbox.core.fields import Integer, Object, Text
from pytest_bill.sandbox.description import openapi

FIELDS = {"name": Text(required=True), "size": Integer(minimum=1)}


def _echo(call):
    if call.form["data"]["name"] == "nobody":
        raise no_data_found()
    return {**call.form["data"], "organization": call.owner}


ECHO = operations.operation(
    "Crud/Create/Echo",
    "v2Echo",
    "Answers what it is given",
    _echo,
    page="echo",
    data=FIELDS,
    answer=Object({**FIELDS, "organization": Text()}),
)


@pytest.fixture
def sandbox(monkeypatch, stopping):
    """A sandbox with one more operation."""
    monkeypatch.setattr(api, "OPERATIONS", (*api.OPERATIONS, ECHO))
    running = LocalSandbox().start()
    yield running
    stopping.submit(running.stop)


@pytest.fixture
def echo(developer, sandbox):
    def call(data, **changes):
        url = f"{sandbox.origin}/api/v2/Crud/Create/Echo.json"
        return requests.post(url, data={**developer.headers, "data": data, **changes}, timeout=5)

    return call


def test_an_object_comes_and_goes(echo, sandbox):
    answer = echo(json.dumps({"name": "Café & Søn", "size": 3, "unknown": 1}))
    assert answer.json() == {
        "response_status": 0,
        "response_message": "Success",
        "response_data": {
            "name": "Café & Søn",
            "size": 3,
            "organization": sandbox.variables["BILL_ORGANIZATION_ID"],
        },
    }


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (None, "BDC_1108", "Missing parameter value for parameter: data."),
        ("", "BDC_1108", "Missing parameter value for parameter: data."),
        ("{", "BDC_1122", "Error Parsing Json Object. Please check your request."),
        ("[]", "BDC_1122", "Error Parsing Json Object. Please check your request."),
        ("{}", "BDC_1117", "Missing required data for: name."),
        ('{"name": 1}', "BDC_1124", "Invalid field datatype: name."),
        ('{"name": "x", "size": 0}', "BDC_1119", "Invalid field,value: size, 0."),
        ('{"name": "nobody"}', "BDC_1120", "No data found."),
    ],
)
def test_refusals_are_http_200_too(echo, data, code, message):
    answer = echo(data)
    assert answer.status_code == 200
    assert answer.json() == {
        "response_status": 1,
        "response_message": "Error",
        "response_data": {"error_code": code, "error_message": message},
    }


def test_a_stranger_is_told_nothing_of_the_fields(echo):
    answer = echo("{", sessionId="unknown")
    assert answer.json()["response_data"]["error_code"] == "BDC_1109"


def test_a_fault_of_the_sandbox_has_the_envelope_too(echo, sandbox):
    sandbox.fail("v2Echo", status=500)
    answer = echo('{"name": "x"}')
    assert answer.json()["response_data"]["error_code"] == "BDC_1001"


def test_the_description_shows_form_and_envelope():
    described = openapi.document([ECHO])["paths"]["/api/v2/Crud/Create/Echo.json"]["post"]
    form = described["requestBody"]["content"]["application/x-www-form-urlencoded"]
    assert set(form["schema"]["required"]) == {"data", "devKey", "sessionId"}
    assert form["encoding"] == {"data": {"contentType": "application/json"}}
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]
    success, refusal = (each["properties"]["response_data"] for each in answer["anyOf"])
    assert set(success["properties"]) == {"name", "size", "organization"}
    assert set(refusal["properties"]) == {"error_code", "error_message"}
    assert "4XX" not in described["responses"]
    assert "security" not in described
