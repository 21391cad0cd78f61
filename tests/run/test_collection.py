"""Which tests use BILL, and which cassettes two tests could mix up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.credentials.kinds import KINDS
from pytest_bill.run.collection import (
    FIXTURES,
    give_cassette,
    has_asked_for_bill,
    has_cassette,
    refuse_one_file_for_two,
)


class Item:
    """A test, as far as it is looked at."""

    def __init__(self, *fixtures: str, marked: tuple[str, ...] | None = None, name: str = "test_a"):
        self.fixturenames = list(fixtures)
        self.nodeid = f"test_it.py::{name}"
        self.stash = pytest.Stash()
        self._marker = None if marked is None else pytest.mark.bill_cassette(*marked).mark

    def get_closest_marker(self, name: str):
        assert name == "bill_cassette"
        return self._marker


def test_every_credential_has_a_fixture_that_uses_bill():
    assert {kind.fixture for kind in KINDS} | {"bill_environ"} == FIXTURES


@pytest.mark.parametrize("item", [Item("bill_dev_session"), Item("tmp_path", marked=())])
def test_a_test_that_uses_bill_gets_its_cassette_first_and_once(item):
    others = [*item.fixturenames]
    give_cassette(item)
    give_cassette(item)
    assert item.fixturenames == ["_bill_run", "_bill_cassette", *others]
    assert has_cassette(item)


def test_what_the_tests_of_a_module_see_is_looked_up_once():
    looked_up = []

    def getfixturedefs(name, item):
        looked_up.append((name, item.nodeid))
        return (f"the {name} of {item.parent.name}",) if name != "_bill_run" else None

    items = [Item("bill_dev_session", name=name) for name in ("test_a", "test_b", "test_c")]
    places = [SimpleNamespace(name=name, stash=pytest.Stash()) for name in ("one", "other")]
    manager = SimpleNamespace(getfixturedefs=getfixturedefs)
    for item, place in zip(items, [places[0], places[0], places[1]], strict=True):
        item.parent, item.session = place, SimpleNamespace(_fixturemanager=manager)
        item._fixtureinfo = SimpleNamespace(name2fixturedefs={})
    items[1]._fixtureinfo.name2fixturedefs["bill_config"] = ("its own parameter",)
    for item in items:
        give_cassette(item)
    assert [name for _, name in looked_up] == 3 * [items[0].nodeid] + 3 * [items[2].nodeid]
    seen = [item._fixtureinfo.name2fixturedefs for item in items]
    one = ("the _bill_cassette of one",)
    assert seen[0] == {"_bill_cassette": one, "bill_config": ("the bill_config of one",)}
    assert seen[1] == {"_bill_cassette": one, "bill_config": ("its own parameter",)}
    assert seen[2]["bill_config"] == ("the bill_config of other",)


def test_other_tests_get_none():
    item = Item("tmp_path", "bill_webhook")
    give_cassette(item)
    assert item.fixturenames == ["tmp_path", "bill_webhook"]
    assert not has_cassette(item)
    give_cassette(object())


def test_a_fixture_that_is_asked_for_while_the_test_runs():
    item = Item()
    assert not has_asked_for_bill(item)
    item._request = type("Request", (), {"_fixture_defs": {"bill_dev_session": None}})
    assert has_asked_for_bill(item)


def test_two_names_that_differ_in_case_only_are_refused():
    items = [Item("bill_dev_session", name=name) for name in ("test_A", "test_a")]
    for item in items:
        give_cassette(item)
    refuse_one_file_for_two(items[:1])
    with pytest.raises(pytest.UsageError, match=r"test_A and .*test_a would share"):
        refuse_one_file_for_two(items)
    named = Item(marked=("own",), name="test_a")
    give_cassette(named)
    refuse_one_file_for_two([items[0], named])
