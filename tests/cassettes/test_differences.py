"""What differs between two requests, as messages show it."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from pytest_bill.cassettes.differences import Difference, cut_alike
from pytest_bill.interaction import Interaction
from tests.helpers.matching import STAGE, get, matcher, post


def test_differences_are_told_by_field():
    found = matcher().differences(
        post({"name": "A", "address": {"city": "X"}, "new": None}),
        post({"name": "A", "address": {"city": "Y"}, "old": [1]}),
    )
    assert found == [
        Difference("body address.city", "X", "Y"),
        Difference("body new", "null", "(absent)"),
        Difference("body old[0]", "(absent)", "1"),
    ]
    assert matcher().differences(get(STAGE + "?max=1"), get()) == [
        Difference("query max", "1", "(absent)")
    ]


@pytest.mark.parametrize(
    ("now", "recorded", "shown"),
    [
        (1, "1", ("1", '"1"')),
        (1, True, ("1", "true")),
        (1, 1.0, ("1", "1.0")),
        (None, "null", ("null", '"null"')),
        ([], {}, ("[]", "{}")),
    ],
)
def test_values_that_look_alike_are_told_apart(now, recorded, shown):
    assert matcher().differences(post({"a": now}), post({"a": recorded})) == [
        Difference("body a", *shown)
    ]


def test_bodies_with_the_same_fields_are_told_apart():
    (found,) = matcher().differences(post({"a.b": 1}), post({"a": {"b": 1}}))
    assert found == Difference("body", '{"a.b": 1}', '{"a": {"b": 1}}')


def test_long_values_are_cut():
    (found,) = matcher().differences(post({"a": "x" * 9999}), post({"a": "y"}))
    assert len(found.now) < 200


def test_of_long_values_what_differs_is_in_sight():
    (found,) = matcher().differences(
        post({"a": "x" * 9999 + "now" + "y" * 999}), post({"a": "x" * 9999 + "then" + "y" * 999})
    )
    assert "xnowy" in found.now
    assert "xtheny" in found.recorded
    assert found.now.startswith("…")
    assert found.now.endswith("…")
    assert len(found.now) == len(found.recorded) == 160


@pytest.mark.parametrize(
    ("one", "other"),
    [("a" * 300, "a" * 301), ("a" * 300, ""), ("a" * 300, "a" * 300), ("b" + "a" * 300, "a" * 300)],
)
def test_texts_that_are_cut_are_told_apart(one, other):
    cut = cut_alike(one, other)
    assert (cut[0] == cut[1]) is (one == other)
    assert max(map(len, cut)) <= 160


def test_json_in_a_form_is_told_by_field():
    def sent(data: str):
        form = urlencode({"data": data, "other": "{broken"}).encode()
        return post(form, "application/x-www-form-urlencoded")

    found = matcher().differences(sent('{"a": {"b": 1}, "c": []}'), sent('{"a": {"b": 2}}'))
    assert found == [
        Difference("body data.a.b", "1", "2"),
        Difference("body data.c", "[]", "(absent)"),
    ]


def test_a_part_that_one_request_has_not_is_absent():
    (found,) = matcher().differences(get(organizationId="00801ORG"), get())
    assert (found.part, found.recorded) == ("organizationId", "(absent)")


def test_a_multipart_form_is_told_by_field():
    def sent(boundary: str, name: str) -> Interaction:
        body = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in (("name", name), ("data", json.dumps({"a": {"b": name}})))
        )
        whole = f"{body}--{boundary}--\r\n".encode()
        return post(whole, f"multipart/form-data; boundary={boundary}")

    assert matcher().differences(sent("one", "Ada"), sent("other", "Grace")) == [
        Difference("body name", "Ada", "Grace"),
        Difference("body data.a.b", "Ada", "Grace"),
    ]
    assert matcher().differences(sent("one", "Ada"), sent("other", "Ada")) == []
