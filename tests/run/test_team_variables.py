"""Variables that a team's ``bill_config`` asks for, from test to test."""

from __future__ import annotations

import os

import pytest

from pytest_bill.run.config_fixtures import Given
from pytest_bill.run.configs import Config
from pytest_bill.run.team_variables import TeamVariables

URL = {"v3_url": "https://bill.example"}
HERE = Config(Given({"environ": {"ACME_HERE": "v3_url"}}))
THERE = Config(Given({"environ": {"ACME_THERE": "v3_url"}}))


def set_now():
    return {name for name in os.environ if name.startswith("ACME_")}


@pytest.fixture
def variables():
    made = TeamVariables(URL, HERE)
    yield made
    made.take_away()


def test_they_are_set_while_somebody_wants_them(variables):
    variables.put(HERE)
    assert set_now() == set()
    with variables.wanted():
        assert set_now() == {"ACME_HERE"}
    assert set_now() == set()


def test_each_test_has_its_own(variables):
    with variables.wanted():
        variables.put(THERE)
        assert set_now() == {"ACME_THERE"}
        variables.take_away()
        assert set_now() == set()
        variables.put(HERE)
        assert set_now() == {"ACME_HERE"}
