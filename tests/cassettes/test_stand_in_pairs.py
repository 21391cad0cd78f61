"""What a test sends itself comes back to it, whatever the cassette holds instead."""

import json

import pytest

from pytest_bill.cassettes.stand_in_pairs import StandInPairs
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal_places import Kind

SENT = (
    (Kind.ORGANIZATION_NAME, "Ada Lovelace Engines"),
    (Kind.EMAIL, "ada@lovelace.org"),
    (Kind.ACCOUNT_NUMBER, "998877665544"),
    (Kind.CITY, "Reno"),
)
RECORDED = (
    (Kind.ORGANIZATION_NAME, "Uda Gobelaco Ingonat"),
    (Kind.EMAIL, "uda@gobelaco.example.org"),
    (Kind.ACCOUNT_NUMBER, "120000001234"),
    (Kind.CITY, "Bofa"),
)


@pytest.fixture
def pairs():
    pairs = StandInPairs()
    pairs.learn(SENT, RECORDED)
    return pairs


def answer(data) -> Interaction:
    url = "https://gateway.stage.bill.com/connect/v3/vendors"
    body = json.dumps(data).encode()
    return Interaction(
        "GET", url, {}, b"", 200, "OK", {"X-For": ["uda@gobelaco.example.org"]}, body
    )


def test_answers_hold_the_tests_pairs_values(pairs):
    restored = pairs.restored(
        answer(
            {
                "name": "Uda Gobelaco Ingonat",
                "nameOnAccount": "Uda Gobelaco",
                "accountNumber": "********1234",
                "address": {"city": "Bofa", "line1": "Bofa Street"},
                "note": "of uda@gobelaco.example.org, 120000001234, Bofa",
                "email": "other@gobelaco.example.org",
            }
        )
    )
    assert json.loads(restored.answer_body) == {
        "name": "Ada Lovelace Engines",
        "nameOnAccount": "Ada Lovelace",
        "accountNumber": "********5544",
        "address": {"city": "Reno", "line1": "Bofa Street"},
        "note": "of ada@lovelace.org, 998877665544, Bofa",
        "email": "other@gobelaco.example.org",
    }
    assert restored.answer_headers == {"X-For": ["ada@lovelace.org"]}


def test_requests_are_compared_as_recorded(pairs):
    assert pairs.with_stand_ins(SENT) == RECORDED
    assert pairs.with_stand_ins(RECORDED) == RECORDED
    assert pairs.to_stand_ins.replaced("to ada@lovelace.org") == "to uda@gobelaco.example.org"


def test_stand_ins_that_are_sent_teach_nothing():
    pairs = StandInPairs()
    pairs.learn(RECORDED, RECORDED)
    assert not pairs
    assert pairs.with_stand_ins(SENT) == SENT


def test_a_test_knows_what_its_fixtures_know(pairs):
    tests_pairs = StandInPairs()
    assert not tests_pairs
    tests_pairs.add_fixture_pairs(pairs)
    assert tests_pairs
    assert tests_pairs.with_stand_ins(SENT) == RECORDED
    assert tests_pairs.own_of(Kind.CITY, "Bofa") == "Reno"
    assert (
        b"ada@lovelace.org"
        in tests_pairs.restored(answer({"a": "uda@gobelaco.example.org"})).answer_body
    )
    tests_pairs.learn(((Kind.CITY, "Rome"),), ((Kind.CITY, "Bofa"),))
    assert tests_pairs.own_of(Kind.CITY, "Bofa") == "Rome"
    assert pairs.own_of(Kind.CITY, "Bofa") == "Reno"


def test_the_repr_shows_nothing(pairs):
    assert "Ada" not in repr(pairs)
