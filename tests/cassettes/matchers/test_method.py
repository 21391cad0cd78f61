"""Comparing methods."""

from __future__ import annotations

from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def matcher(match_on=DEFAULT_MATCH_ON) -> Matcher:
    scrubber = Scrubber(SecretRegistry(), same_in_all_places=True)
    return Matcher(SANDBOX, scrubber, match_on)


def same(one: Interaction, other: Interaction, match_on=DEFAULT_MATCH_ON) -> bool:
    matching = matcher(match_on)
    return matching.key(one) == matching.key(other)


def test_methods_are_compared_in_any_case():
    assert same(Interaction("get", URL, {}, b""), Interaction("GET", URL, {}, b""), ["method"])
    assert not same(Interaction("PUT", URL, {}, b""), Interaction("GET", URL, {}, b""), ["method"])
