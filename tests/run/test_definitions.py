"""Fixtures of one name are told apart by where they are defined, and by all their parameters."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.run.definitions import definitions, key_of, keys_of, overridden, parameters_of


def of_plugin():
    """A fixture's function."""


def of_conftest():
    """Another one."""


def defined(baseid="", func=of_conftest, *, name="vendor", scope="session", params=None, uses=()):
    return SimpleNamespace(
        baseid=baseid, argname=name, func=func, scope=scope, params=params, argnames=uses
    )


def item(*fixturedefs, **params):
    by_name: dict[str, list[object]] = {}
    for each in fixturedefs:
        by_name.setdefault(each.argname, []).append(each)
    return SimpleNamespace(
        _fixtureinfo=SimpleNamespace(name2fixturedefs=by_name),
        callspec=SimpleNamespace(params=params, indices=dict.fromkeys(params, 1)),
    )


def test_each_folder_has_its_own():
    here, there = defined("tests/here"), defined("tests/there")
    assert key_of(here) != key_of(there)
    assert keys_of(item(here), ["vendor", "other"]) == {key_of(here)}


def test_a_test_uses_what_its_fixture_overrides_too():
    outer, inner = defined(""), defined("tests/here")
    assert keys_of(item(outer, inner), ["vendor"]) == {key_of(outer), key_of(inner)}


def test_a_plugin_and_the_outermost_conftest_have_one_place():
    plugin, conftest = defined("", of_plugin), defined("")
    test = item(plugin, conftest)
    assert overridden(plugin, test) == f"{__name__}.of_plugin"
    assert overridden(conftest, test) == overridden(plugin, item(plugin)) == ""
    inner = defined("tests")
    assert overridden(inner, item(conftest, inner)) == ""


def test_what_is_asked_for_late_is_looked_up():
    late = defined()
    manager = SimpleNamespace(getfixturedefs=lambda name, _: [late] if name == "vendor" else None)
    test = SimpleNamespace(session=SimpleNamespace(_fixturemanager=manager))
    assert definitions(test, "vendor") == [late]
    assert definitions(test, "other") == ()
    assert definitions(None, "vendor") == ()


KIND = defined(name="kind", params=["a", "b"])
OF_KIND = defined(name="of_kind", uses=("kind",))
OF_OF_KIND = defined(name="of_of_kind", uses=("request", "of_kind"))


@pytest.mark.parametrize(
    ("fixturedef", "label"),
    [(KIND, None), (OF_KIND, "kind_1"), (OF_OF_KIND, "kind_1"), (defined(), None)],
)
def test_a_fixture_is_set_up_for_each_parameter_of_those_that_it_uses(fixturedef, label):
    test = item(KIND, OF_KIND, OF_OF_KIND, kind="b", number=1)
    request = SimpleNamespace(_pyfuncitem=test)
    assert parameters_of(fixturedef, request, "test_a.py::test_b") == label


def test_its_own_parameter_comes_first():
    test = item(KIND, OF_KIND, kind="b", of_kind=1)
    request = SimpleNamespace(_pyfuncitem=test, param=2, param_index=0)
    label = parameters_of(OF_KIND, request, "test_a.py::test_b")
    assert label is not None
    assert label.endswith("-kind_1")
    of_one = SimpleNamespace(_pyfuncitem=test, param=3, param_index=0)
    assert label != parameters_of(OF_KIND, of_one, "test_a.py::test_b")
