"""What data holds but for what does not count."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.changes.masked import Masked
from pytest_bill.cassettes.changes.unchanged import Unchanged

OLD, NEW = "00901AAAAAAAAAAAAAAA", "00901BBBBBBBBBBBBBBB"
ALIKE = [
    ({"id": OLD, "n": [1, 2]}, {"n": [2, 1], "id": NEW}, "ids"),
    ({"at": "2026-11-29"}, {"at": "2027-01-01"}, "dates"),
    ({"updatedAt": 1764415368383}, {"updatedAt": 1767323045600}, "dates"),
    ([1, "a", None], ["a", None, 1], "list_order"),
    ({"id": 1}, {"id": 2}, "ids"),
]


@pytest.mark.parametrize(("one", "other", "rule"), ALIKE)
def test_what_does_not_count_makes_no_difference_unless_it_is_switched_off(one, other, rule):
    masked = Masked(Unchanged())
    assert masked.signature(one) == masked.signature(other)
    strict = Masked(Unchanged(**{rule: False}))
    assert strict.signature(one) != strict.signature(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"a": 1, "b": None}),
        ([1, 1, 2], [1, 2, 2]),
        ("text", ["text"]),
    ],
)
def test_all_else_does(one, other):
    masked = Masked(Unchanged())
    assert masked.signature(one) != masked.signature(other)


def test_fields_that_are_named_may_be_any():
    masked = Masked(Unchanged(fields=frozenset({"balance"})))
    assert masked.signature({"Balance": 1}) == masked.signature({"Balance": "x"})
    assert masked.signature({"Balance": 1}) != masked.signature({})


def test_what_is_gone_is_not_confused_with_what_has_its_place_in_memory():
    masked = Masked(Unchanged())
    found = {masked.signature({"number": [number]}) for number in range(500)}
    assert len(found) == 500


def test_a_text_without_ids_and_dates():
    text = f"bill {OLD}, due 2026-11-29 of PLACEHOLDER_BILL_ORGANIZATION_ID_2"
    assert Masked(Unchanged()).text(text) == "bill (an id), due 0000-00-00 of (a placeholder)"
