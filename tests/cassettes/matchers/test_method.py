"""Comparing methods."""

from __future__ import annotations

from pytest_bill.interaction import Interaction
from tests.helpers.matching import same

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def test_methods_are_compared_in_any_case():
    assert same(Interaction("get", URL, {}, b""), Interaction("GET", URL, {}, b""), ["method"])
    assert not same(Interaction("PUT", URL, {}, b""), Interaction("GET", URL, {}, b""), ["method"])
