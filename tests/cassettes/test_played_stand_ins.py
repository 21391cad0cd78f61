"""Stand-ins that a test was given from a cassette's file."""

import json

from pytest_bill.cassettes.played_stand_ins import PlayedStandIns
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal_places import Kind

EMAIL = (Kind.EMAIL, "bofera@zifonako.example.org")
ALL = frozenset({"email", "organization_name", "address"})


def answer(data) -> Interaction:
    url = "https://gateway.stage.bill.com/connect/v3/vendors/1"
    headers = {"Content-Type": ["application/json"]}
    return Interaction("GET", url, {}, b"", 200, "OK", headers, json.dumps(data).encode())


def test_what_was_played_was_given():
    played = PlayedStandIns()
    assert not played.given(ALL)
    played.add((), answer({"email": EMAIL[1], "name": "Husoj Lenuk"}))
    assert set(played.given(ALL)) == {EMAIL, (Kind.ORGANIZATION_NAME, "Husoj Lenuk")}
    played.add((), answer({"companyName": "Wojusufo Ltd"}))
    assert (Kind.ORGANIZATION_NAME, "Wojusufo Ltd") in played.given(ALL)
    assert len(played.given(ALL)) == 3


def test_kinds_without_stand_ins_were_not():
    played = PlayedStandIns()
    played.add((), answer({"email": EMAIL[1], "name": "Husoj Lenuk"}))
    assert set(played.given(frozenset({"email"}))) == {EMAIL}


def test_what_may_be_anybodys_was_not():
    played = PlayedStandIns()
    played.add((), answer({"address": {"stateOrProvince": "TX", "city": "Bofa"}}))
    assert not played.given(ALL)


def test_what_the_test_sent_first_is_its_own():
    played = PlayedStandIns()
    played.add((EMAIL,), answer({"email": EMAIL[1]}))
    assert not played.given(ALL)


def test_what_the_test_sent_back_is_not_its_own():
    played = PlayedStandIns()
    played.add((), answer({"email": EMAIL[1]}))
    played.add((EMAIL,), answer({"email": EMAIL[1]}))
    assert set(played.given(ALL)) == {EMAIL}


def test_the_repr_shows_nothing():
    played = PlayedStandIns()
    played.add((EMAIL,), answer({}))
    assert repr(played) == "<PlayedStandIns: 1 played>"
