"""What pytest calls a test, without what other plugins add."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.run.own_ids import keep_own_id, own_id, rename


def item(nodeid="test_a.py::test_b", ids=(), asked=(), **params):
    callspec = SimpleNamespace(params=params, _idlist=list(ids)) if params else None
    made = SimpleNamespace(nodeid=nodeid, stash=pytest.Stash())
    made._fixtureinfo = SimpleNamespace(argnames=tuple(asked))
    if callspec is not None:
        made.callspec = callspec
        made.nodeid += f"[{'-'.join(ids)}]"
    return made


def test_what_is_put_behind_it_later_does_not_count():
    made = item()
    assert keep_own_id(made) == "test_a.py::test_b"
    made.nodeid += "@group"
    assert keep_own_id(made) == own_id(made) == "test_a.py::test_b"
    rename(made, "test_a.py::test_c")
    assert own_id(made) == "test_a.py::test_c"


REPEAT = "__pytest_repeat_step_number"
FLAKE = "__flakefinder_test_b"


@pytest.mark.parametrize(
    ("ids", "params", "own"),
    [
        (["2-3"], {REPEAT: 1}, "test_b"),
        (["1", "a-b", "2-3"], {"number": 1, "text": "a-b", REPEAT: 1}, "test_b[1-a-b]"),
        (["7", "1"], {FLAKE: 7, "number": 1}, "test_b[1]"),
        (["7", "1", "2-3"], {FLAKE: 7, "number": 1, REPEAT: 1}, "test_b[1]"),
        (["7", "2-3"], {FLAKE: 7, REPEAT: 1}, "test_b"),
        (["x", "7", "y"], {"a": "x", FLAKE: 7, "b": "y"}, "test_b[x-y]"),
        (["1-2"], {"a": 1, "b": 2}, "test_b[1-2]"),
    ],
)
def test_a_parameter_that_a_plugin_adds_to_repeat_a_test_does_not_count(ids, params, own):
    assert own_id(item(ids=ids, **params)) == f"test_a.py::{own}"


def test_a_parameter_that_the_test_asks_for_is_its_own():
    assert own_id(item(ids=["1"], asked=["__number"], __number=1)) == "test_a.py::test_b[1]"


def test_an_id_that_somebody_has_changed_before_is_left_as_it_is():
    made = item(ids=["2-3"], **{REPEAT: 1})
    made.nodeid = "test_a.py::other"
    assert own_id(made) == "test_a.py::other"
