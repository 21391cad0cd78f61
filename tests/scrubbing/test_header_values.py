"""A secret that is split over the values of one header, or over the lines of one."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.header_values import joinings
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

SECRET = 'Pa/ss+w\u00f6rd "&<42>'
PLACEHOLDER = "PLACEHOLDER_BILL_PASSWORD"
URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def request(body: bytes = b"", content_type: str = "application/json", **changes) -> Interaction:
    return replace(Interaction("POST", URL, {"Content-Type": content_type}, body), **changes)


@pytest.mark.parametrize("fold", ["\r\n ", "\n\t", "\r\n    "])
def test_a_header_that_is_folded_within_a_secret(fold):
    scrubber = Scrubber(SecretRegistry([(PLACEHOLDER, "a-secret-of-length")]))
    scrubbed = scrubber.scrub(request(headers={"X": f"before a-secr{fold}et-of-length after"}))
    assert scrubbed.headers["X"] == f"before {PLACEHOLDER} after"


@pytest.mark.parametrize("at", [3, 9, 15, 21])
def test_a_header_that_is_split_and_breaks_a_line_within_an_encoding(at):
    secret = "000000000000000000000012+%"
    registry = SecretRegistry([(PLACEHOLDER, secret)])
    written = quote(secret, safe="").replace("%", "=25")
    values = [written[:at], written[at : at + 3] + "=\n" + written[at + 3 :]]
    assert any(registry.find(joined) for joined in joinings(values))
    scrubbed = Scrubber(registry).scrub(request(answer_headers={"X": values}))
    assert scrubbed.answer_headers["X"] == [PLACEHOLDER]
