"""A recording with its lists the other way round, where BILL does not promise their order.

BILL sorts a list by what ``sort`` says (https://developer.bill.com/docs/search-op-with-lists); in
which order it is without that is not documented. A test that compares one passes as long as BILL
happens to keep the order, and the recording hides that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pytest_bill.cassettes.cassette import with_length
from pytest_bill.cassettes.store import Recording
from pytest_bill.interaction import Interaction

_LISTS = ("results", "response_data")
_V2_LIST = "/List/"


def turned(recording: Recording) -> Recording | None:
    """The recording with such lists turned round; None where it has none."""
    interactions = [_turned(each) for each in recording.interactions]
    if all(one is other for one, other in zip(interactions, recording.interactions, strict=True)):
        return None
    return Recording(interactions, recording.metadata)


def unsorted_lists(interactions: Iterable[Interaction]) -> list[Interaction]:
    """Those of which the order is not promised."""
    return [each for each in interactions if _turned(each) is not each]


def _turned(interaction: Interaction) -> Interaction:
    if interaction.status != 200 or not _asks_for_unsorted_list(interaction):
        return interaction
    try:
        data = json.loads(interaction.answer_body)
    except ValueError:
        return interaction
    for name in _LISTS:
        found = data.get(name) if isinstance(data, dict) else None
        if isinstance(found, list) and len(found) > 1 and found != found[::-1]:
            body = json.dumps({**data, name: found[::-1]}).encode()
            return with_length(replace(interaction, answer_body=body), interaction)
    return interaction


def _asks_for_unsorted_list(interaction: Interaction) -> bool:
    parts = urlsplit(interaction.url)
    if interaction.method == "GET":
        return "sort" not in parse_qs(parts.query)
    return interaction.method == "POST" and _V2_LIST in parts.path and not _v2_sort(interaction)


def _v2_sort(interaction: Interaction) -> Any:
    try:
        asked = json.loads(parse_qs(interaction.body.decode())["data"][0])
        return asked.get("sort")
    except (ValueError, KeyError, AttributeError):
        return None
