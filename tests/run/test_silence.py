"""Which tests asked for BILL, of those that had no traffic."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.run.notices import NoticeKind
from pytest_bill.run.silence import look_at
from pytest_bill.run.state import RunState, keep

FIXTURES = {
    "bill_dev_session": ["_bill_run"],
    "bill_environ": ["_bill_run"],
    "vendor": ["bill_dev_session"],
    "client": ["vendor", "tmp_path"],
    "for_all": ["bill_environ"],
    "a": ["b"],
    "b": ["a"],
}


@pytest.fixture
def told():
    """What is told of a test that names these fixtures; its requests went to these others."""

    def told(*names, marked=False, used=(), late=(), elsewhere=(), info=True):
        config, state = SimpleNamespace(stash=pytest.Stash()), RunState(None)
        keep(config, state)
        defined = {
            name: [SimpleNamespace(argnames=argnames, argname=name, baseid="tests", func=None)]
            for name, argnames in FIXTURES.items()
        }
        item = SimpleNamespace(
            stash=pytest.Stash(),
            config=config,
            nodeid="test_a.py::test_b",
            fixturenames=["_bill_run", "_bill_cassette", "for_all", "bill_environ", *names],
            get_closest_marker=lambda _: object() if marked else None,
            iter_markers=lambda _: [pytest.mark.usefixtures(*used).mark] if used else [],
            _request=SimpleNamespace(_fixture_defs=dict.fromkeys(late, defined["vendor"][0])),
        )
        if info:
            item._fixtureinfo = SimpleNamespace(argnames=names, name2fixturedefs=defined)
        registry = SimpleNamespace(hide=lambda text: text.replace("secret", "PLACEHOLDER"))
        look_at(item, SimpleNamespace(elsewhere=set(elsewhere), registry=registry))
        return [(fixtures, notice.kind, notice.text) for fixtures, notice in state.silences]

    return told


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        ({"names": ["bill_dev_session"]}, "asks for bill_dev_session"),
        ({"names": ["tmp_path", "client"]}, "asks for bill_dev_session"),
        ({"names": ["a"], "used": ["client"]}, "asks for bill_dev_session"),
        ({"names": [], "late": ["vendor"]}, "asks for bill_dev_session"),
        ({"names": ["for_all", "client"]}, "asks for bill_dev_session and bill_environ"),
        ({"names": ["tmp_path"], "marked": True}, "has the marker bill_cassette"),
        ({"names": [], "info": False}, "asks for bill_environ"),
    ],
)
def test_a_test_that_asked_for_bill(told, asked, how):
    [(_, kind, text)] = told(*asked.pop("names"), **asked)
    assert kind is NoticeKind.SILENT
    assert text == f"{how} and sent nothing to BILL"


def test_what_a_fixture_for_all_tests_asks_for_no_test_did(told):
    assert told("tmp_path") == []


def test_the_fixtures_that_it_uses_are_remembered(told):
    [(fixtures, _, _)] = told("client")
    assert {"tests::client", "tests::vendor", "tests::bill_dev_session"} <= fixtures
    assert "tests::for_all" not in fixtures


def test_requests_that_went_elsewhere(told):
    [(_, kind, text)] = told(marked=True, elsewhere=["https://example.com", "http://b.test:80"])
    assert kind is NoticeKind.ELSEWHERE
    assert text == "has the marker bill_cassette; its requests went to b.test:80, example.com"
    hosts = [f"https://{each}.test" for each in ("a", "b", "secret", "d")]
    [(_, _, text)] = told("client", elsewhere=hosts)
    assert text.endswith("its requests went to a.test, b.test, d.test and others")
    [(_, _, text)] = told("client", elsewhere=hosts[2:3])
    assert text.endswith("went to PLACEHOLDER.test")
