"""What was replaced in an interaction, counted and by value."""

from __future__ import annotations

from pytest_bill.cassettes.store import Recording
from pytest_bill.viewing.replaced import Replaced, StoodIn, stood_in
from tests.helpers.recorded import form, recorded

VENDOR = recorded("GET", "/v3/vendors/1", {"name": "Ada", "email": "a@b.example"})


def test_placeholders_are_counted_wherever_they_stand():
    sent = form("/v2/Login.json", {"token": "PLACEHOLDER_A"}, {"sessionId": "PLACEHOLDER_B"})
    replaced = Replaced(sent, StoodIn())
    assert replaced.placeholders == 4
    assert str(replaced) == "4 placeholders"
    assert replaced.note("PLACEHOLDER_A") == replaced.note("Bearer PLACEHOLDER_A") == "placeholder"
    assert replaced.note("PLACEHOLDER_") == replaced.note("Ada") == ""


def test_stand_ins_are_those_of_the_kinds_that_the_cassette_names():
    replaced = Replaced(VENDOR, StoodIn(frozenset({"email"})))
    assert replaced.note("a@b.example") == "stand-in (email)"
    assert replaced.note("Ada") == ""
    assert str(replaced) == "2 placeholders, 1 stand-in (email)"
    assert not Replaced(VENDOR, StoodIn()).stand_ins


def test_where_real_data_is_among_them_nothing_is_sure():
    replaced = Replaced(VENDOR, StoodIn(frozenset({"email"}), is_mixed=True))
    assert replaced.note("a@b.example") == "may be a stand-in (email)"


def test_what_a_cassette_says():
    about = {"stand_ins": {"kinds": ["email"], "mixed": True}}
    assert stood_in(Recording([], {"pytest_bill": about})) == StoodIn(frozenset({"email"}), True)
    for metadata in ({}, {"pytest_bill": "x"}, {"pytest_bill": {"stand_ins": {}}}):
        assert stood_in(Recording([], metadata)) == StoodIn()


def test_nothing_replaced_is_told_as_nothing():
    assert str(Replaced(recorded("GET", "/v3/vendors", {}, headers={}), StoodIn())) == ""
