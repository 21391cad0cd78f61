"""The measured suite: each kind of traffic is a test. A run copies it as ``test_traffic.py``."""

from __future__ import annotations

import os

import pytest

from tests.clients.traffic.registry import chosen
from tests.clients.traffic.watching import observe

KINDS = chosen(os.environ["TRAFFIC_ONLY"].split(","), os.environ["TRAFFIC_RUN"])


@pytest.mark.bill_cassette
@pytest.mark.parametrize(
    ("client", "kind"), KINDS, ids=[f"{client}-{kind.name}" for client, kind in KINDS]
)
def test_traffic(client, kind):
    observe(client, kind)
