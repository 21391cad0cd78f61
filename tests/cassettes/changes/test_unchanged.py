"""What does not count, and how it is adjusted."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.changes.unchanged import NOISE_HEADERS, Unchanged
from pytest_bill.exceptions import SettingsError


def test_by_default_it_is_the_table():
    assert Unchanged.from_config(None) == Unchanged.from_config({}) == Unchanged()
    assert all(name == name.lower() for name in NOISE_HEADERS)


def test_rows_are_switched_off_and_names_are_added():
    given = {"list_order": False, "ids": True, "headers": ["X-Trace"], "fields": ("Balance",)}
    made = Unchanged.from_config(given)
    assert made == Unchanged(
        list_order=False,
        headers=NOISE_HEADERS | {"x-trace"},
        fields=frozenset({"balance"}),
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (True, 'has "unchanged" that is no dict'),
        ({"order": False}, "with order, which it does not know.*\n.*dates, ids, list_order"),
        ({"dates": "no"}, "with dates that is neither True nor False.*\n.*dates and times in answ"),
        ({"headers": "X-Trace"}, "with headers that is no list of names"),
        ({"fields": [1]}, "with fields that is no list of names.*\n.*fields of answers"),
    ],
)
def test_what_it_does_not_take_is_refused_with_words(given, words):
    with pytest.raises(SettingsError, match=words):
        Unchanged.from_config(given)
