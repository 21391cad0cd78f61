"""Comparing URLs, and parts of them."""

from __future__ import annotations

import pytest

from tests.helpers.matching import get, same

URL = "https://other.example.com/a?b=1&c=2"


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("scheme", "http://other.example.com:443/a?b=1&c=2"),
        ("host", "https://another.example.com/a?b=1&c=2"),
        ("port", "https://other.example.com:444/a?b=1&c=2"),
        ("path", "https://other.example.com/b?b=1&c=2"),
        ("query", "https://other.example.com/a?b=1&c=3"),
    ],
)
def test_each_part_is_compared_alone(part, other):
    parts = ["scheme", "host", "port", "path", "query"]
    assert [each for each in parts if not same(get(URL), get(other), [each])] == [part]
    assert not same(get(URL), get(other), ["uri"])


def test_a_query_is_compared_in_any_order_but_for_the_whole_uri():
    other = "https://other.example.com/a?c=2&b=1"
    assert same(get(URL), get(other), ["query"])
    assert not same(get(URL), get(other), ["uri"])


def test_a_port_may_be_left_out():
    assert same(get(URL), get(URL.replace(".com", ".com:443")), ["port"])
