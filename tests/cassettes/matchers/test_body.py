"""Comparing bodies."""

from __future__ import annotations

import json

from tests.helpers.matching import matcher, post, same


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
