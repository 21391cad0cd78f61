"""Texts are taken apart into named values, whatever they are made of."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, urlencode

import pytest

from pytest_bill.scan.body_values import (
    assignments,
    values_of_body,
    values_of_pairs,
    values_of_text,
)
from pytest_bill.scan.findings import rendered_path
from pytest_bill.scan.rules import by_field

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def taken_apart(text: str, content_type: str = "") -> dict[str, str]:
    """The values in secret places, by where they stand."""
    found = values_of_body(text, content_type, by_field)
    return {rendered_path(leaf.path): leaf.value for leaf in found if leaf.rule is not None}


KEY = {"devKey": "key-value"}
IN_JSON = json.dumps(KEY)


@pytest.mark.parametrize(
    ("text", "content_type", "expected"),
    [
        (IN_JSON, JSON, "$.devKey"),
        ("\ufeff\r\n" + IN_JSON, "", "$.devKey"),
        (json.dumps({"a": [{"DEVKEY": "key-value"}]}), JSON, "$.a[0].DEVKEY"),
        (json.dumps({"devKey": {"a": ["key-value"]}}), JSON, "$.devKey.a[0]"),
        (json.dumps({"a": IN_JSON}), JSON, "$.a.devKey"),
        (json.dumps(IN_JSON), "", "$.devKey"),
        (IN_JSON + "\n" + '{"b": 1}', "", "$[0].devKey"),
        (json.dumps({"a": quote(IN_JSON)}), JSON, "$.a.devKey"),
        (json.dumps({"a": base64.b64encode(IN_JSON.encode()).decode()}), JSON, "$.a.(base64)."),
        (json.dumps({"a": "https://x/y?b=1&devKey=key-value#c"}), JSON, "$.a.(link).devKey"),
        (urlencode(KEY | {"b": "1"}), FORM, "devKey"),
        ("b=1&devKey=key-value", "", "devKey"),
        (urlencode({"data": IN_JSON}), FORM, "data.devKey"),
        (base64.b64encode(IN_JSON.encode()).decode(), "text/plain", ".(base64).devKey"),
        ('{"a": 1, "devKey": "key-value", "b', JSON, ".devKey"),
        ("<devKey>key-value</devKey>", "text/xml", ".devKey"),
        ("it said devKey: key-value.", "text/plain", ".devKey"),
        (
            '--B\r\nContent-Disposition: form-data; name="devKey"\r\n\r\nkey-value\r\n--B--',
            "multipart/form-data; boundary=B",
            "devKey",
        ),
    ],
)
def test_where_a_value_stands(text, content_type, expected):
    found = taken_apart(text, content_type)
    (place,) = [place for place, value in found.items() if value.startswith("key-value")]
    assert place.startswith(expected)


@pytest.mark.parametrize(
    "text", ["", " ", "{", "[[", '"', "null", "{}", "\0", "=", "&&=&", "%", "--"]
)
@pytest.mark.parametrize("content_type", ["", JSON, FORM, "multipart/form-data"])
def test_texts_that_make_no_sense_are_no_errors(text, content_type):
    assert taken_apart(text, content_type) == {}


def test_a_text_is_a_value_itself():
    assert [leaf.value for leaf in values_of_body("just words", "text/plain", by_field)] == [
        "just words"
    ]
    assert [leaf.value for leaf in values_of_pairs("", "", by_field)] == [""]
    assert "a?b=c" in [leaf.value for leaf in values_of_text("", "", "a?b=c", by_field)]


def test_numbers_and_long_keys_are_values_too():
    long_key = "k" * 41
    data = json.dumps({"amount": 54251234, "n": 1234567, "devKey": 7, long_key: True, "a": None})
    found = [(leaf.name, leaf.value) for leaf in values_of_body(data, JSON, by_field)]
    assert found == [("amount", "54251234"), ("devkey", "7"), ("", long_key)]


@pytest.mark.parametrize("depth", [10, 100_000])
def test_nesting_is_bounded(depth):
    text = "[" * depth + IN_JSON + "]" * depth
    assert list(taken_apart(text, JSON).values()) == ["key-value"]
    nested = IN_JSON
    for _ in range(12):
        nested = json.dumps({"a": nested})
    list(values_of_body(nested, JSON, by_field))


@pytest.mark.parametrize(
    ("text", "name", "value", "quoted"),
    [
        ("dev_key = 'v1'", "dev_key", "v1", True),
        ('"devKey": "v1"', "devKey", "v1", True),
        ("headers['devKey'] = v1", "devKey", "v1", False),
        ("devKey=v1&x", "devKey", "v1", False),
        ('{\\"devKey\\":\\"v1\\"}', "devKey", "v1", True),
        ("-H 'devKey: v1'", "devKey", "v1", False),
        ("devKey => v1", "devKey", "v1", False),
    ],
)
def test_what_stands_behind_a_name(text, name, value, quoted):
    found = [(each.name, each.value, each.quoted) for each in assignments(text)]
    assert (name, value, quoted) in found


def test_nothing_of_a_value_is_in_a_repr():
    (leaf,) = values_of_body(IN_JSON, JSON, by_field)
    (assignment,) = assignments("devKey=key-value")
    assert repr([leaf, assignment]) == "[<BodyValue>, <Assignment at 0>]"


def test_the_work_grows_with_the_text_and_no_faster():
    """Each value is given once for each way of writing it: their length is the work."""

    def work(size: int) -> int:
        coded = base64.b64encode(IN_JSON.encode()).decode()
        row = {"a": "some words", "b": coded, "c": "https://x/y?d=e&f=g", "d": IN_JSON}
        text = json.dumps([row] * size)
        return sum(len(leaf.value) + 1 for leaf in values_of_body(text, JSON, by_field)) // len(
            text
        )

    assert work(100) == work(2_000) <= 2
