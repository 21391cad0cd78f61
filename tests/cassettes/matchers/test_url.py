"""Comparing URLs, and parts of them."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://other.example.com/a?b=1&c=2"


def matcher(match_on=DEFAULT_MATCH_ON) -> Matcher:
    scrubber = Scrubber(SecretRegistry(), same_in_all_places=True)
    return Matcher(SANDBOX, scrubber, match_on)


def get(url: str) -> Interaction:
    return Interaction("GET", url, {}, b"")


def same(one: Interaction, other: Interaction, match_on=DEFAULT_MATCH_ON) -> bool:
    matching = matcher(match_on)
    return matching.key(one) == matching.key(other)


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
