"""The fields that a request or an answer carries."""

from __future__ import annotations

from pytest_bill.drift.bodies import JSON, answer_in, request_in
from tests.helpers.recorded import done, form, recorded


def test_json():
    found = recorded("POST", "/v3/vendors", {"id": "1"}, body={"name": "Ada"})
    assert answer_in(found) == ({"id": "1"}, JSON, "")
    assert request_in(found) == ({"name": "Ada"}, JSON, "")


def test_a_form_with_json_in_it():
    found = request_in(form("/v2/List/Vendor.json", {"start": 0}, done([])))
    assert found.value["data"] == {"start": 0}
    assert set(found.value) == {"devKey", "sessionId", "data"}


def test_what_is_no_json_says_so():
    found = recorded("GET", "/v3/documents/1", b"%PDF", content_type="application/pdf")
    assert answer_in(found).why_not == "its answer is application/pdf, not JSON"
    assert answer_in(recorded("GET", "/v3/x", b"{")).why_not == "its answer is not JSON"


def test_json_without_a_header_that_says_so():
    assert answer_in(recorded("GET", "/v3/x", b"[1]", content_type="")).value == [1]
