"""Secret places that a recording itself shows."""

from __future__ import annotations

import pytest

from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.noted_places import places_in

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


@pytest.mark.parametrize(
    ("query", "body", "fields"),
    [
        ("?badge_no=PLACEHOLDER_BADGE_NO&max=1", b"", {"badge_no"}),
        ("?max=1&Badge-No=PLACEHOLDER_BADGE_NO_2", b"", {"badge-no"}),
        ("", b"pin=PLACEHOLDER_PIN&a=b", {"pin"}),
        ("", b'{"a": {"badge_no": "PLACEHOLDER_BADGE_NO"}}', {"badge_no"}),
        # What stands for a value, wherever it is, says nothing of its place.
        ("?token=PLACEHOLDER_VAULT", b'{"name": "PLACEHOLDER_VAULT_TOKEN"}', set()),
        ("?pin=PLACEHOLDER_PIN_OF_ADA", b"", set()),
        ("?pin=1", b'{"pin": "1"}', set()),
    ],
)
def test_a_field_that_holds_the_placeholder_of_its_own_name(query, body, fields):
    assert places_in([Interaction("POST", URL + query, {}, body)]).fields == fields


def test_a_header_that_holds_it():
    headers = {"X-Acme-Key": "PLACEHOLDER_X_ACME_KEY", "X-Other": "PLACEHOLDER_X", "Accept": "a"}
    assert places_in([Interaction("GET", URL, headers, b"")]).headers == {"x-acme-key"}
