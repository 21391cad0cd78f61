"""A new recording with old ids."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cassettes.changes.comparison import compared
from pytest_bill.cassettes.changes.stand_in_partners import StandInPartners
from pytest_bill.cassettes.changes.translation import Translation, is_translatable
from pytest_bill.cassettes.store import Recording
from pytest_bill.interaction import Interaction
from tests.helpers.work import steps

BASE = "https://gateway.stage.bill.com/connect/v3"
A, B, C, X, Y, Z = (f"00901{letter * 15}" for letter in "ABCXYZ")
DATE, OLD_DATE = "2027-01-02T03:04:05.600+00:00", "2026-11-29T11:22:48.383+00:00"


@pytest.mark.parametrize(
    ("word", "is_one"),
    [(A, True), (OLD_DATE, True), ("2026-11-29", False), ("1001", False), ("budget_a", True)],
)
def test_what_can_be_replaced_wherever_it_stands(word, is_one):
    assert is_translatable(word) is is_one


def test_an_id_has_its_old_value_wherever_it_stands():
    body = json.dumps({"id": X, "at": DATE, "link": f"/v3/files/{X}?a=1"}).encode()
    headers = {"content-type": ["application/json"], "Location": [f"{BASE}/bills/{X}"]}
    new = Interaction(
        *("POST", f"{BASE}/vendors/{X}?filters=id%3Aeq%3A{X}", {}, f'{{"id": "{X}"}}'.encode()),
        *(201, "Created", {**headers, "Content-Length": [str(len(body))]}, body),
    )
    made = Translation({X: A, DATE: OLD_DATE}).of(None, Recording([new]), None, StandInPartners())
    (interaction,) = made.interactions
    assert X not in repr(vars(interaction))
    assert interaction.url == f"{BASE}/vendors/{A}?filters=id%3Aeq%3A{A}"
    assert json.loads(interaction.answer_body)["at"] == OLD_DATE
    assert interaction.answer_headers["Location"] == [f"{BASE}/bills/{A}"]


def test_what_is_the_same_is_the_old_one_to_the_letter():
    def vendor(identity: str, at: str, **more: object) -> Interaction:
        body = json.dumps({"id": identity, "createdTime": at, **more}).encode()
        headers = {"content-type": ["application/json"], "date": [at]}
        return Interaction("GET", f"{BASE}/vendors", {}, b"", 200, "OK", headers, body)

    old = Recording([vendor(A, OLD_DATE), vendor(A, OLD_DATE)])
    new = Recording([vendor(X, DATE), vendor(X, DATE, foo=1)], {"ours": 1})
    comparison = compared(old, new)
    translation = Translation(comparison.pairs.one_to_one())
    made = translation.of(old, new, comparison, comparison.stand_ins)
    assert made.interactions[0] is old.interactions[0]
    assert made.interactions[1].answer_body == vendor(A, OLD_DATE, foo=1).answer_body
    assert made.metadata == {"ours": 1}


def test_ids_may_change_places():
    made = Translation.without_clashes({}, {A: B, B: A}, {A, B}, set())
    assert made == Translation({A: B, B: A})


def values(made: Translation, words: set[str]) -> list[str]:
    return sorted(made.old_of.get(word, word) for word in words)


def test_a_new_record_with_the_id_of_another_gets_the_one_that_nobody_has():
    """Of a seed's ids A, B, C, all but the first go on by one: A is new."""
    made = Translation.without_clashes({}, {B: A, C: B}, {A, B, C}, set())
    assert made.old_of == {B: A, C: B, A: C}
    assert not made.clashes


def test_what_has_to_stay_takes_the_place_of_what_would_go_there():
    made = Translation.without_clashes({}, {B: A, C: B}, {A, B, C}, {A})
    assert values(made, {A, B, C}) == [A, B, C]
    assert made.old_of.get(A, A) == A
    assert not made.clashes


def test_what_all_cassettes_share_cannot_be_given_up_by_one():
    made = Translation.without_clashes({B: A}, {}, {A, B}, {A})
    assert made.clashes == {B}
    two = Translation.without_clashes({X: A, Y: A}, {}, {X, Y}, set())
    assert two.clashes == {X, Y}


def test_what_is_shared_goes_before_ones_own():
    made = Translation.without_clashes({X: A}, {Y: A, Z: C}, {X, Y, Z}, set())
    assert made.old_of == {X: A, Z: C}


def test_the_time_grows_with_the_ids():
    def work(count: int, raw: bool) -> int:
        ids = [f"00901{number:015d}" for number in range(count + 1)]
        own = dict(zip(ids[1:], ids, strict=False))  # one long chain
        return steps(
            lambda: Translation.without_clashes({}, own, {*ids}, {ids[0]} if raw else set())
        )

    for raw in (True, False):
        assert work(400, raw) < 5 * work(100, raw)
