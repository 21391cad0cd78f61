"""The measured suite: each kind of traffic is a test. A run copies it as ``test_traffic.py``."""

from __future__ import annotations

import os

import pytest

from tests.clients.traffic.registry import chosen
from tests.clients.traffic.watching import observe

KINDS = chosen(os.environ["TRAFFIC_ONLY"].split(","), os.environ["TRAFFIC_RUN"])


@pytest.fixture(scope="session")
def bill_config():
    """All that is asked for here is meant."""
    words = ["timeout", "cut", "refused", "tls", "cancelled", "garbled", "html", "redirect"]
    return {"keep": [429, 500, 502, 503, 504, *words]}


@pytest.mark.bill_cassette
@pytest.mark.parametrize(
    ("client", "kind"), KINDS, ids=[f"{client}-{kind.name}" for client, kind in KINDS]
)
def test_traffic(client, kind):
    observe(client, kind)
