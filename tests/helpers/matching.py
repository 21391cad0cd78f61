"""Requests to be compared, and a matcher that compares them."""

from __future__ import annotations

import json

from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.environments import SANDBOX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber

STAGE = "https://gateway.stage.bill.com/connect/v3/vendors"


def matcher(match_on=DEFAULT_MATCH_ON, environment=SANDBOX, registry=None) -> Matcher:
    scrubber = Scrubber(registry or SecretRegistry(), same_in_all_places=True)
    return Matcher(environment, scrubber, match_on)


def get(url: str = STAGE, **headers: str) -> Interaction:
    return Interaction("GET", url, headers, b"")


def post(body: object, content_type: str = "application/json", url: str = STAGE) -> Interaction:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Interaction("POST", url, {"Content-Type": content_type}, data)


def same(
    one: Interaction, other: Interaction, match_on=DEFAULT_MATCH_ON, environment=SANDBOX
) -> bool:
    matching = matcher(match_on, environment)
    return matching.key(one) == matching.key(other)
