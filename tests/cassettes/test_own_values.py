"""What a test sends itself comes back to it, whatever the cassette holds instead."""

import json

import pytest

from pytest_bill.cassettes.own_values import OwnValues
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
def own_values():
    own_values = OwnValues()
    own_values.learn(SENT, RECORDED)
    return own_values


def answer(data) -> Interaction:
    url = "https://gateway.stage.bill.com/connect/v3/vendors"
    body = json.dumps(data).encode()
    return Interaction(
        "GET", url, {}, b"", 200, "OK", {"X-For": ["uda@gobelaco.example.org"]}, body
    )


def test_answers_hold_the_tests_own_values(own_values):
    restored = own_values.restored(
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


def test_requests_are_compared_as_recorded(own_values):
    assert own_values.with_stand_ins(SENT) == RECORDED
    assert own_values.with_stand_ins(RECORDED) == RECORDED
    assert own_values.to_stand_ins.replaced("to ada@lovelace.org") == "to uda@gobelaco.example.org"


def test_stand_ins_that_are_sent_teach_nothing():
    own_values = OwnValues()
    own_values.learn(RECORDED, RECORDED)
    assert not own_values
    assert own_values.with_stand_ins(SENT) == SENT


def test_a_test_knows_what_its_fixtures_know(own_values):
    tests_own = OwnValues()
    assert not tests_own
    tests_own.add_wider(own_values)
    assert tests_own
    assert tests_own.with_stand_ins(SENT) == RECORDED
    assert tests_own.own_of(Kind.CITY, "Bofa") == "Reno"
    assert (
        b"ada@lovelace.org"
        in tests_own.restored(answer({"a": "uda@gobelaco.example.org"})).answer_body
    )
    tests_own.learn(((Kind.CITY, "Rome"),), ((Kind.CITY, "Bofa"),))
    assert tests_own.own_of(Kind.CITY, "Bofa") == "Rome"
    assert own_values.own_of(Kind.CITY, "Bofa") == "Reno"


def test_the_repr_shows_nothing(own_values):
    assert "Ada" not in repr(own_values)
