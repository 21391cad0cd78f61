"""Which interaction of an old recording a new one takes the place of."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.changes.alignment import Alignment, Asked
from pytest_bill.cassettes.changes.pairs import Pairs
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.interaction import Interaction

BASE = "https://gateway.stage.bill.com"
A, B, X, Y = (f"00901{letter * 15}" for letter in "ABXY")


def asked(path: str, body: str = "", method: str = "GET") -> Asked:
    return Asked(Interaction(method, BASE + path, {}, body.encode()))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/connect/v3/vendors/{A}/bank-account", "GET /v3/vendors/{id}/bank-account"),
        ("/connect/v3/spend/budgets?max=2", "GET /v3/spend/budgets"),
        ("/api/v2/List/Vendor.json", "GET /api/v2/List/Vendor.json"),
        ("/connect-events/v3/events", "GET /connect-events/v3/events"),
    ],
)
def test_an_operation_is_shown_as_bills_documentation_has_it(path, shown):
    assert asked(path).shown == shown


def aligned(old: list[Asked], new: list[Asked], pairs: Pairs | None = None) -> list[int | None]:
    alignment = Alignment(old, Unchanged())
    return [alignment.take(each, pairs or Pairs()) for each in new]


def test_the_same_request_comes_first_wherever_it_stands():
    old = [asked("/v3/a"), asked("/v3/b"), asked("/v3/a", '{"n": 1}')]
    new = [asked("/v3/a", '{"n": 1}'), asked("/v3/a"), asked("/v3/b"), asked("/v3/c")]
    assert aligned(old, new) == [2, 0, 1, None]


def test_what_is_known_of_ids_tells_two_requests_apart():
    old = [asked(f"/v3/vendors/{A}"), asked(f"/v3/vendors/{B}")]
    new = [asked(f"/v3/vendors/{Y}"), asked(f"/v3/vendors/{X}")]
    assert aligned(old, new) == [0, 1]
    pairs = Pairs()
    pairs.learn(Y, B)
    assert aligned(old, new, pairs) == [1, 0]


def test_another_request_of_the_operation_is_taken_when_all_others_were():
    alignment = Alignment([asked("/v3/a?max=1"), asked("/v3/a?max=2")], Unchanged())
    new = asked("/v3/a?max=3")
    assert alignment.take(new, Pairs()) is None
    assert alignment.take_like(new) == 0
    assert alignment.take_like(asked("/v3/a", method="POST")) is None
    assert alignment.rest() == [1]
