"""What JSON looks like without its values, and what of that differs."""

from __future__ import annotations

import pytest

from pytest_bill.drift.shape import changes, shape_of


def told(recorded, live, is_data=lambda _: False) -> list[str]:
    return [str(each) for each in changes(shape_of(recorded), shape_of(live), is_data)]


@pytest.mark.parametrize(
    ("recorded", "live"),
    [
        ({"id": "009A", "amount": 100}, {"id": "009B", "amount": 99.5}),
        ({"dueDate": "2026-11-24"}, {"dueDate": "2027-01-01"}),
        ({"results": [{"a": 1}]}, {"results": [{"a": 1}, {"a": 2}, {"a": 3}]}),
        ({"results": []}, {"results": [{"a": 1}]}),
        # One has no e-mail: BILL leaves out, or answers null for, what has no value.
        ([{"email": "a"}, {"email": None}], [{"email": "b"}]),
        ([{"email": "a"}, {}], [{"email": "b"}, {}]),
        ({"status": "UNPAID"}, {"status": "UNPAID"}),
        ([{"status": "PAID"}, {"status": "UNPAID"}], [{"status": "PAID"}]),
    ],
)
def test_values_lengths_ids_and_dates_do_not_matter(recorded, live):
    assert told(recorded, live) == []


@pytest.mark.parametrize(
    ("recorded", "live", "what"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, "field `b` is new"),
        ({"a": 1, "b": 2}, {"a": 1}, "field `b` is gone"),
        ({"a": "x"}, {"a": 1}, "field `a` was string, is number"),
        ({"a": "x"}, {"a": None}, "field `a` was string, is null"),
        ({"a": [{"b": {"c": 1}}]}, {"a": [{"b": {}}]}, "field `a[].b.c` is gone"),
        ([{"a": 1}, {}, {}], [{}, {}], "field `[].a` is gone (it was in 1 of 3)"),
        ([{}, {}], [{"a": 1}, {}], "field `[].a` is new (it is in 1 of 2)"),
        ([{"a": "x"}], [{"a": 1}, {"a": None}], "field `[].a` was string, is null|number"),
        ({"a": {"b": 1}}, {"a": [1]}, "field `a` was object, is array"),
        (
            {"status": "UNPAID"},
            {"status": "ON_HOLD"},
            "field `status` has the new value ON_HOLD (was UNPAID)",
        ),
    ],
)
def test_fields_types_and_words_do(recorded, live, what):
    assert told(recorded, live) == [what]


def test_a_list_that_is_empty_now_is_not_compared():
    (change,) = changes(shape_of({"r": [{"a": 1}]}), shape_of({"r": []}), lambda _: False)
    assert not change.is_known
    assert str(change) == "field `r[]` was not compared: the list is empty now"


@pytest.mark.parametrize("name", ["name", "description", "invoiceNumber", "vendorId"])
def test_what_people_write_and_bill_numbers_is_no_word(name):
    assert told({name: "RENT"}, {name: "FOOD"}) == []


def test_data_of_people_is_no_word_and_is_not_shown():
    assert told({"city": "HOUSTON"}, {"city": "BOSTON"}, lambda name: name == "city") == []


def test_a_field_with_other_texts_has_no_words():
    assert told([{"a": "UNPAID"}, {"a": "In 3 days"}], [{"a": "PAID"}]) == []


def test_it_counts_what_it_sees():
    shape = shape_of([{"a": 1}, {"a": None}, {}])
    assert shape.items is not None
    assert shape.items.count == 3
    assert shape.items.fields["a"].types == {"integer": 1, "null": 1}
