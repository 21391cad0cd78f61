"""Where a cassette holds stand-ins, any value of the same kind matches them."""

from __future__ import annotations

import json

from pytest_bill.cassettes.any_value import request_may_hold, with_any_value
from pytest_bill.cassettes.matchers.compared_request import Content
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.by_value import NO_VALUES, ByValue
from pytest_bill.scrubbing.personal_places import Kind

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
KINDS = frozenset({"email"})


def compared(body: object, kinds=KINDS):
    content = Content(json.dumps(body).encode(), "application/json", as_bytes=False)
    url, found = with_any_value(URL, content, kinds, NO_VALUES)
    assert url == URL
    return json.loads(content.canonical), found


def test_the_value_in_a_place_of_the_kind_is_left_open():
    data, found = compared({"email": "ada@lovelace.org", "name": "Ada Lovelace"})
    assert data == {"email": "(any email)", "name": "Ada Lovelace"}
    assert found == ((Kind.EMAIL, "ada@lovelace.org"),)


def test_it_is_left_open_wherever_it_stands():
    data, _ = compared({"email": "ada@lovelace.org", "description": "of ada@lovelace.org"})
    assert data["description"] == "of (any email)"


def test_other_kinds_are_compared():
    body = {"email": "ada@lovelace.org"}
    assert compared(body, frozenset({"phone"})) == (body, ())


def test_a_request_that_may_hold_a_value_is_known():
    values = ByValue()
    values.add("ada@lovelace.org", "uda@gobelaco.example.org")
    assert request_may_hold(Interaction("POST", URL, {}, b"ada@lovelace.org"), values)
    assert request_may_hold(Interaction("GET", f"{URL}?a=ada%40lovelace.org", {}, b""), values)
    assert not request_may_hold(Interaction("POST", URL, {}, b"eve@example.org"), values)
