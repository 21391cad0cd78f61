"""Which new value goes with which old one."""

from __future__ import annotations

from pytest_bill.cassettes.changes.pairs import Pairs


def test_each_id_has_one_partner():
    pairs = Pairs()
    assert pairs.learn("new", "old")
    assert pairs.learn("new", "old")
    assert not pairs.learn("new", "other")
    assert not pairs.learn("another", "old")
    assert pairs.old_of == {"new": "old"}
    assert pairs.is_paired("old")
    assert not pairs.is_paired("other")


def test_ids_may_have_changed_places():
    pairs = Pairs()
    assert pairs.learn("a", "b")
    assert pairs.learn("b", "a")
    assert pairs.one_to_one() == {"a": "b", "b": "a"}


def test_a_date_may_have_several():
    pairs = Pairs()
    for old in ("2026-01-01", "2026-01-02", "2026-01-01"):
        pairs.learn_date("2027-01-01", old)
    assert pairs.olds_of("2027-01-01") == {"2026-01-01", "2026-01-02"}
    assert pairs.one_to_one() == {}


def test_of_two_new_dates_with_one_old_neither_has_it_alone():
    pairs = Pairs()
    for new in ("2027-01-01", "2027-01-02"):
        pairs.learn_date(new, "2026-01-01")
    pairs.learn_date("2027-01-03", "2026-01-03")
    assert pairs.one_to_one() == {"2027-01-03": "2026-01-03"}


def test_a_value_is_explained_by_what_was_told_before_it_was_asked_with():
    pairs = Pairs()
    pairs.learn("new", "old")
    assert not pairs.explain("new", "old", 5)  # nobody told it
    pairs.tell("new", 3)
    pairs.tell("new", 7)
    assert pairs.explain("new", "old", 4)
    assert not pairs.explain("new", "old", 3)
    assert not pairs.explain("new", "other", 4)
