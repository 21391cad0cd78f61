"""A request as matchers see it."""

from __future__ import annotations

from pytest_bill.cassettes.matchers.compared_request import ComparedRequest, Content, url_parts
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://Gateway.stage.bill.com?b=2&a=1"


def test_a_url_is_taken_apart_and_what_it_leaves_out_is_there():
    parts = url_parts(URL)
    assert parts[1:5] == ("https", "gateway.stage.bill.com", 443, "/")
    assert parts.query == (("a", "1"), ("b", "2"))


def test_json_has_one_form_and_other_bodies_none():
    assert Content(b'{"b":1,"a":2}', "application/json", as_bytes=False).canonical == (
        '{"a": 2, "b": 1}'
    )
    assert Content(b"a=1", "text/plain", as_bytes=False).canonical is None


def test_a_header_is_given_scrubbed_by_its_name_in_small_letters():
    asked = Interaction("GET", URL, {"devKey": "a-secret-0123"}, b"")
    scrubber = Scrubber(SecretRegistry(), same_in_all_places=True)
    content = Content(b"", "", as_bytes=False)
    request = ComparedRequest(asked, scrubber, url_parts(URL), content)
    assert "a-secret-0123" not in (request.header("devkey") or "a-secret-0123")
    assert request.header("sessionid") is None
