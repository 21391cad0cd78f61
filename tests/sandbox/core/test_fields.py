"""Fields as JSON Schema: what is sent and what is answered are not described alike."""

import pytest

from pytest_bill.sandbox.core.fields import (
    Date,
    Either,
    Integer,
    Many,
    Null,
    Number,
    Object,
    Text,
    object_schema,
)

NAMED = Object({"name": Text(required=True, longest=40), "note": Text()})


@pytest.mark.parametrize(
    ("field", "answered"),
    [
        (Text(), {"type": "string"}),
        (Text(choices=("B", "A")), {"type": "string", "enum": ["A", "B"]}),
        (Integer(minimum=1, maximum=9), {"type": "integer", "minimum": 1, "maximum": 9}),
        (Number(), {"type": "number"}),
        (Date(), {"type": "string", "format": "date"}),
        (Either((Text(), Null())), {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        (Many(Text(), required=True), {"type": "array", "items": {"type": "string"}}),
    ],
)
def test_what_is_answered(field, answered):
    assert field.schema() == answered


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        (Text(), {"type": ["string", "null"]}),
        (Text(required=True), {"type": "string", "minLength": 1}),
        (Text(choices=("A",)), {"type": ["string", "null"], "enum": ["A", None]}),
        (
            Many(Text(), required=True),
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
        ),
    ],
)
def test_null_counts_as_absent_in_what_is_sent_and_required_is_not_empty(field, sent):
    assert field.schema(sent=True) == sent


def test_an_amount_that_would_lose_its_cents_is_not_sent():
    sent = Number(required=True, minimum=0.01).schema(sent=True)
    assert sent == {
        "type": "number",
        "minimum": 0.01,
        "exclusiveMinimum": -1e15,
        "exclusiveMaximum": 1e15,
    }


def test_required_fields_reach_into_objects_but_not_into_an_update():
    described = object_schema({"vendor": NAMED}, sent=True)
    assert described["properties"]["vendor"]["required"] == ["name"]
    assert "required" not in object_schema(NAMED.fields, sent=True, partial=True)
    assert described["properties"]["vendor"]["properties"]["name"] == {
        "type": "string",
        "minLength": 1,
        "maxLength": 40,
    }
