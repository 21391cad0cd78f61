"""What BILL documents of an operation, and holding a shape against it."""

from __future__ import annotations

from datetime import date

import pytest

from pytest_bill.drift.documented import Description, held, sandbox_url
from pytest_bill.drift.shape import shape_of
from pytest_bill.environments import PRODUCTION, SANDBOX
from pytest_bill.sandbox import api
from pytest_bill.sandbox.description import openapi

VENDOR = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "archived": {"type": "boolean"},
        "amount": {"type": "number"},
        "days": {"type": "integer"},
        "status": {"type": "string", "enum": ["OPEN", "SHUT"]},
        "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "track": {"enum": [True, False, "true", "false"]},
        "anything": {},
        "address": {"type": "object", "properties": {"city": {"type": "string"}}},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"a": {}}}},
    },
    "required": ["id"],
}


@pytest.fixture(scope="module")
def description():
    return Description(openapi.document(api.OPERATIONS))


def told(value, schema=VENDOR, **how):
    return [
        (str(each.kind), each.path, each.what, each.places)
        for each in held(shape_of(value), schema, **how)
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"id": "1", "amount": 1, "days": 2, "status": "OPEN", "either": None, "track": "true"},
        {"id": "1", "anything": {"of": [1]}, "archived": None, "lines": [], "address": {}},
        # A placeholder stands for any value.
        {"id": "1", "days": "PLACEHOLDER_PIN", "status": "PLACEHOLDER_TOKEN"},
    ],
)
def test_what_is_documented_so(value):
    assert told(value) == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"id": "1", "x": 1}, ("undocumented", "x", "is not documented", 1)),
        ({}, ("missing", "id", "is missing, and is documented as always there", 1)),
        ({"id": None}, ("missing", "id", "is missing, and is documented as always there", 1)),
        ({"id": 1}, ("type", "id", "is integer, documented is string", 1)),
        ({"id": "1", "days": 1.5}, ("type", "days", "is number, documented is integer", 1)),
        ({"id": "1", "either": 1}, ("type", "either", "is integer, documented is string", 1)),
        (
            {"id": "1", "status": "LOST"},
            ("value", "status", "has the value LOST, documented: OPEN, SHUT", 1),
        ),
        (
            {"id": "1", "address": {"town": 1}},
            ("undocumented", "address.town", "is not documented", 1),
        ),
        (
            {"id": "1", "lines": [{"b": 1}, {"b": 2}, {"a": 1}]},
            ("undocumented", "lines[].b", "is not documented", 2),
        ),
        ([], ("type", "", "is array, documented is object", 1)),
    ],
)
def test_what_is_not(value, found):
    assert told(value) == [found]


def test_what_is_sent_lacks_what_is_required():
    assert told({}, sent=True)[0][2] == "is missing, and is required"


def test_a_value_that_is_no_word_is_not_shown():
    assert "of 30 characters" in told({"id": "1", "status": "/" * 30})[0][2]


def test_of_several_forms_each_may_be_there():
    forms = {"anyOf": [VENDOR, {"type": "object", "properties": {"code": {"type": "string"}}}]}
    assert told({"code": "1"}, forms) == []
    assert told({"id": "1", "code": 2}, forms)[0][1] == "code"


def test_an_object_without_documented_fields_may_have_any():
    assert told({"a": 1}, {"type": "object", "properties": {}}) == []


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/v3/vendors", "GET /v3/vendors"),
        ("get", "/v3/vendors/009A", "GET /v3/vendors/{vendorId}"),
        ("POST", "/v3/vendors/bulk", "POST /v3/vendors/bulk"),
        ("POST", "/v2/List/Vendor.json", "POST /v2/List/Vendor.json"),
        ("GET", "/connect-events/v3/health", "GET /connect-events/v3/health"),
        ("GET", "/v3/nothing/of/the/kind", None),
    ],
)
def test_an_operation_is_found(description, method, path, name):
    found = description.operation(method, SANDBOX.resolve(path))
    assert (found.name if found is not None else None) == name


def test_statuses(description):
    create = description.operation("POST", SANDBOX.resolve("/v3/vendors"))
    assert create.answers(201)
    assert create.answers(404)
    assert not create.answers(200)
    assert not create.answers(500)
    assert create.statuses == "201 and refusals (4xx)"
    v2 = description.operation("POST", SANDBOX.resolve("/v2/List/Vendor.json"))
    assert not v2.answers(404)  # v2 refuses with 200


def test_what_the_description_leaves_out(description):
    create = description.operation("POST", SANDBOX.resolve("/v3/vendors"))
    assert create.leaves_out("virtualCard")
    assert not create.leaves_out("taxIdType")  # the description is unsure of it, but has it


@pytest.mark.parametrize(
    ("today", "age"),
    [
        (date(2026, 11, 30), "as of November 2026, this month"),
        (date(2026, 12, 1), "as of November 2026, 1 month ago"),
        (date(2028, 2, 1), "as of November 2026, 15 months ago"),
        (date(2020, 1, 1), "as of November 2026"),
    ],
)
def test_it_says_how_old_it_is(description, today, age):
    assert description.age(today) == age


def test_the_url_of_a_recording():
    assert sandbox_url(PRODUCTION.resolve("/v3/bills")) == SANDBOX.resolve("/v3/bills")
    assert sandbox_url("https://example.com/connect/v3/bills") is None
