"""What differs in data, walked through side by side."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.changes.pairs import Pairs
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.changes.walk import Change, Need, Walk

A, B, X, Y = (f"00901{letter * 15}" for letter in "ABXY")


@pytest.fixture
def pairs():
    return Pairs()


@pytest.fixture
def walk(pairs):
    return Walk("GET /v3/a", 7, pairs, Unchanged(), lambda name, value: value == "KNOWN")


def test_an_answer_tells_which_ids_go_together(walk, pairs):
    walk.answer({"id": A, "lines": [{"id": B, "at": A}]}, {"id": X, "lines": [{"id": Y, "at": X}]})
    assert walk.changes == []
    assert pairs.old_of == {X: A, Y: B}
    assert pairs.first_told == {X: 7, Y: 7}
    assert set(walk.met) == {(X, A), (Y, B)}


def test_a_request_tells_nothing_and_asks_for_an_explanation(walk, pairs):
    walk.request({"id": A, "same": "a"}, {"id": X, "same": "a"})
    assert walk.changes == []
    assert walk.needs == [Need(X, A, Change("GET /v3/a", "`id`", "is another text"))]
    assert (pairs.old_of, pairs.first_told) == ({}, {})


def test_each_value_of_a_text_has_to_be_explained(walk):
    walk.request(f"id:in:{A},{B}", f"id:in:{X},{Y}", "filters")
    assert [need[:2] for need in walk.needs] == [(X, A), (Y, B)]


def test_placeholders_that_are_numbered_otherwise_are_the_same(walk):
    walk.request("PLACEHOLDER_SESSION_ID", "PLACEHOLDER_SESSION_ID_2")
    walk.answer({"a": "PLACEHOLDER_SESSION_ID"}, {"a": "PLACEHOLDER_SESSION_ID_2"})
    assert (walk.changes, walk.needs) == ([], [])
    walk.answer({"a": "PLACEHOLDER_SESSION_ID"}, {"a": "PLACEHOLDER_SESSION_ID_3"})
    assert list(map(str, walk.changes)) == ["GET /v3/a: `a` is the id of another record"]


def test_entries_go_together_by_ids_that_are_known(walk, pairs):
    pairs.learn(X, B)
    old = [{"id": A, "n": 1}, {"id": B, "n": 1}]
    walk.answer(old, [{"id": X, "n": 1}, {"id": Y, "n": 1}])
    assert walk.changes == []
    assert pairs.old_of == {X: B, Y: A}


def test_entries_go_together_by_what_they_hold(walk, pairs):
    walk.answer(
        [{"id": A, "n": 1}, {"id": B, "n": 2}],
        [{"id": B, "n": 1}, {"id": A, "n": 2}, {"id": X, "n": 3}],
    )
    assert list(map(str, walk.changes)) == ["GET /v3/a: the body has 3 entries, had 2"]
    assert pairs.old_of == {B: A, A: B}


def test_records_that_are_kept_go_together_by_their_id(walk):
    """Each changed a field: what they hold says nothing."""
    walk.answer([{"id": A, "n": 1}, {"id": B, "n": 2}], [{"id": B, "n": 3}, {"id": A, "n": 1}])
    assert list(map(str, walk.changes)) == ["GET /v3/a: `[].n` is 3, was 2"]


def test_a_value_of_an_enumeration_is_told_as_such(walk):
    walk.answer({"s": "OLD_ONE"}, {"s": "KNOWN"})
    walk.answer({"s": "OLD_ONE"}, {"s": "NEW_ONE"})
    assert list(map(str, walk.changes)) == [
        "GET /v3/a: `s` is KNOWN, was OLD_ONE",
        "GET /v3/a: `s` has a new value: NEW_ONE",
    ]


def test_a_long_value_is_not_shown(walk):
    walk.answer({"n": 1}, {"n": 10**60})
    assert list(map(str, walk.changes)) == ["GET /v3/a: `n` is another value, was 1"]


def test_of_ids_that_were_drawn_anew_one_that_another_record_had_says_nothing(walk, pairs):
    old, new = ([{"id": each, "n": 1} for each in ids] for ids in ((A, B, X), (Y, A, A[::-1])))
    walk.answer(old, new)
    assert walk.changes == []
    assert pairs.old_of == {Y: A, A: B, A[::-1]: X}
