"""Comparing headers."""

from __future__ import annotations

from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber
from tests.helpers.matching import get, same


def test_only_headers_that_are_compared_are_scrubbed():
    class Counting(Scrubber):
        scrubbed = ()

        def scrubbed_header(self, name, value):
            self.scrubbed += (name,)
            return super().scrubbed_header(name, value)

    request = get(devKey="1", accept="x", organizationId="2")
    for match_on, scrubbed in [
        (DEFAULT_MATCH_ON, {"organizationId"}),
        (["path"], set()),
        (["headers"], {"accept", "organizationId"}),
    ]:
        counting = Counting(SecretRegistry(), same_in_all_places=True)
        Matcher(SANDBOX, counting, match_on).key(request)
        assert set(counting.scrubbed) == scrubbed


def test_headers_are_compared_in_any_order_and_spelling():
    assert same(get(a="1", b="2"), get(B="2", A="1"), ["headers"])
    assert not same(get(a="1"), get(a="2"), ["headers"])
    assert not same(get(a="1"), get(a="1", b="2"), ["headers"])


def test_which_headers_carry_a_credential_is_not_compared():
    signed_in = get(sessionId="1", devKey="2", a="1")
    assert same(signed_in, get(Authorization="Bearer 3", a="1"), ["headers"])
    assert same(signed_in, get(apiToken="4", a="1"), ["headers"])
    assert not same(signed_in, get(a="1"), ["headers"])
    assert not same(signed_in, get(Authorization="Bearer 3", a="2"), ["headers"])


def test_the_organization_of_a_partner_is_compared_alone():
    assert same(get(organizationId="1", a="1"), get(organizationid="1", a="2"), ["organizationId"])
    assert not same(get(organizationId="1"), get(organizationId="2"), ["organizationId"])


def test_how_a_client_sends_is_not_compared():
    sent = {"User-Agent": "python-requests/2.34.2", "Accept-Encoding": "gzip", "Connection": "x"}
    assert same(get(a="1", **sent), get(a="1"), ["headers"])
    other = {"User-Agent": "python-httpx/0.28.1", "accept-encoding": "gzip, br"}
    assert same(get(a="1", **sent), get(a="1", **other), ["headers"])
