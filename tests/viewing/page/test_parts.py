"""Request and answer as lines for a page."""

from __future__ import annotations

from pytest_bill.viewing.page.parts import LONGEST, Parts
from pytest_bill.viewing.replaced import Replaced, StoodIn
from tests.helpers.recorded import recorded


def parts(interaction, hidden=()):
    return Parts(interaction, Replaced(interaction, StoodIn()), dict(hidden)).as_data()


def test_headers_and_bodies_with_what_is_noted():
    data = parts(recorded("POST", "/v3/bills", b"x", body={"devKey": "PLACEHOLDER_BILL_DEV_KEY"}))
    assert data["request"]["headers"]["text"].startswith("devKey: PLACEHOLDER_BILL_DEV_KEY\n")
    assert data["request"]["body"]["notes"] == {"1": "placeholder"}
    assert data["answer"] == {
        "headers": {"text": "content-type: application/json"},
        "size": 1,
        "kind": "text",
        "body": {"text": "x"},
    }


def test_no_body():
    assert "body" not in parts(recorded("GET", "/v3/bills"))["answer"]


def test_a_value_that_is_left_out_where_it_stands_alone():
    answer = {"accountNumber": "12345", "n": 12345, "note": "12345 more"}
    data = parts(recorded("GET", "/v3/bills", answer), {"12345": "PLACEHOLDER_X"}.items())
    assert data["answer"]["body"]["text"].split("\n")[1:-1] == [
        '  "accountNumber": "PLACEHOLDER_X",',
        '  "n": PLACEHOLDER_X,',
        '  "note": "12345 more"',
    ]


def test_what_is_too_long_is_cut_and_its_length_is_told():
    data = parts(recorded("GET", "/v3/bills", b"a" * (LONGEST + 1), content_type="text/plain"))
    assert data["answer"]["body"] == {"text": "a" * LONGEST, "length": LONGEST + 1}
    data = parts(recorded("GET", "/v3/bills", b"a" * LONGEST, content_type="text/plain"))
    assert "length" not in data["answer"]["body"]
