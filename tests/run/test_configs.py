"""Several ``bill_config`` of one run: what is each test's own, and what is everybody's."""

from __future__ import annotations

import pytest

from pytest_bill.exceptions import SettingsError
from pytest_bill.run.config_fixtures import Given
from pytest_bill.run.configs import Config, Configs, checked
from pytest_bill.scrubbing.scrub import ScrubRules

HERE = Given({"secrets": {"TOKEN": "Correct-Horse-1"}, "scrub_fields": ["pin"]}, "here/conftest.py")
THERE = Given({"secrets": {"KEY": "Correct-Horse-2"}, "scrub_headers": ["X-Key"]}, "there.py")


def configs(*given):
    return Configs(map(Config, given))


def test_what_is_secret_is_added_up():
    known = configs(HERE, THERE)
    assert known.secrets == [
        ("PLACEHOLDER_TOKEN", "Correct-Horse-1"),
        ("PLACEHOLDER_KEY", "Correct-Horse-2"),
    ]
    assert known.rules == ScrubRules(frozenset({"X-Key"}), frozenset({"pin"}))


def test_the_very_same_is_checked_once():
    known = configs(HERE)
    assert known.find(HERE.values) is known.known[0]
    assert known.find(dict(HERE.values)) is None
    added = known.add(THERE)
    assert known.find(THERE.values) is added


def test_those_of_thousands_of_tests_do_not_stay():
    known = configs(HERE)
    for number in range(1000):
        known.add(Given({"scrub_fields": [str(number)]}))
    assert len(known._kept) < 100
    assert known.find(HERE.values) is known.known[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"TOKEN": "Correct-Horse-1"}, {"TOKEN": "Correct-Horse-2"}),
        ({"TOKEN": "Correct-Horse-1"}, {"KEY": "Correct-Horse-1"}),
        (["Correct-Horse-1"], ["Correct-Horse-2"]),
        (["Correct-Horse-1"], ["Correct-Horse-2", "Correct-Horse-1"]),
    ],
)
def test_a_secret_whose_placeholder_would_depend_on_the_tests_that_run_is_refused(one, other):
    given = [Given({"secrets": one}, "a/conftest.py"), Given({"secrets": other}, "b/conftest.py")]
    message = r"^bill_config in b/conftest.py and bill_config in a/conftest.py contradict"
    with pytest.raises(SettingsError, match=message) as refused:
        configs(*given)
    assert "Correct" not in str(refused.value)
    known = configs(given[0])
    with pytest.raises(SettingsError, match=message):
        known.add(given[1])


@pytest.mark.parametrize(
    "more", [["Correct-Horse-1", "Correct-Horse-2"], ["Correct-Horse-1"], None]
)
def test_one_that_goes_on_from_another_contradicts_nothing(more):
    assert configs(Given({"secrets": ["Correct-Horse-1"]}), Given({"secrets": more}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"environ": {"ACME_URL": "url"}},
        {"mode": "all"},
        {"secrets": 1},
        {"stand_ins": "all"},
        {"match_on": ["colour"]},
        None,
        ["match_on"],
    ],
    ids=str,
)
def test_one_that_is_wrong_stops_the_run_and_says_where_it_is(wrong):
    with pytest.raises(SettingsError, match=r" in b/conftest\.py"):
        checked([HERE, Given(wrong, "b/conftest.py")])
    assert [each.given for each in checked([HERE])] == [HERE]


@pytest.mark.parametrize(
    "wrong", [{"mode": "all"}, {"unchanged": 1}, {"stand_ins": "all"}, {"environ": ["ACME_URL"]}]
)
def test_what_is_wrong_is_said_with_its_place(wrong):
    with pytest.raises(SettingsError, match=r"^The bill_config fixture in b/conftest\.py has"):
        Config(Given(wrong, "b/conftest.py"))


def test_what_is_no_dict_is_refused_in_words():
    with pytest.raises(SettingsError, match=r"bill_config fixture gave None"):
        Config(Given(None))
