"""Comparing bodies."""

from __future__ import annotations

import json

from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

STAGE = "https://gateway.stage.bill.com/connect/v3/vendors"


def matcher(match_on=DEFAULT_MATCH_ON) -> Matcher:
    scrubber = Scrubber(SecretRegistry(), same_in_all_places=True)
    return Matcher(SANDBOX, scrubber, match_on)


def post(body: object, content_type: str = "application/json", url: str = STAGE) -> Interaction:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Interaction("POST", url, {"Content-Type": content_type}, data)


def same(one: Interaction, other: Interaction, match_on=DEFAULT_MATCH_ON) -> bool:
    matching = matcher(match_on)
    return matching.key(one) == matching.key(other)


def test_json_in_any_encoding_is_compared_by_content():
    data = json.dumps({"name": "\u017di\u017ekov"}, ensure_ascii=False)
    key = matcher().key(post({"name": "\u017di\u017ekov"}))
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32-be"):
        assert matcher().key(post(data.encode(encoding))) == key


def test_json_too_deep_to_be_read_is_compared_as_text():
    deep = b"[" * 100_000
    assert same(post(deep), post(deep))
    assert not same(post(deep), post(deep + b" "))


def test_byte_by_byte_the_order_of_fields_matters():
    one, other = post(b'{"a":1,"b":2}'), post(b'{"b":2,"a":1}')
    assert same(one, other, ["body"])
    assert not same(one, other, ["raw_body"])
