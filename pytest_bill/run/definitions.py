"""Fixtures told apart by where they are defined: several may have one name, and override another.

A fixture's cassette is named by that place and by its parameter; and by the parameters of the
fixtures that it uses, since pytest sets it up once for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest


def key_of(fixturedef: pytest.FixtureDef[Any]) -> str:
    """What tells a definition from others of the same name."""
    return f"{fixturedef.baseid}::{fixturedef.argname}{_of_plugin(fixturedef)}"


def _of_plugin(fixturedef: pytest.FixtureDef[Any]) -> str:
    # A plugin's has no place of its own, as one in the outermost conftest.
    func = fixturedef.func
    return "" if fixturedef.baseid else f" in {getattr(func, '__module__', '')}"


def keys_of(item: Any, names: Iterable[str]) -> frozenset[str]:
    """The definitions of fixtures of these names that a test sees, also those overridden."""
    return frozenset(key_of(each) for name in names for each in definitions(item, name))


def definitions(item: Any, name: str) -> Sequence[pytest.FixtureDef[Any]]:
    """The definitions of a fixture that a test sees, the nearest one last."""
    info = getattr(item, "_fixtureinfo", None)
    found = getattr(info, "name2fixturedefs", {}).get(name)
    # Else it is asked for while the test runs.
    return declared(item, name) if found is None else found


def declared(item: Any, name: str) -> Sequence[pytest.FixtureDef[Any]]:
    """As ``definitions``, without what the test's own parameters take the place of."""
    manager = getattr(getattr(item, "session", None), "_fixturemanager", None)
    return (manager.getfixturedefs(name, item) if manager is not None else None) or ()


def overridden(fixturedef: pytest.FixtureDef[Any], item: Any) -> str:
    """The function of a definition that another one of the same place overrides; else nothing.

    A plugin's fixture and that of the outermost conftest have one place.
    """
    same = [
        each for each in definitions(item, fixturedef.argname) if each.baseid == fixturedef.baseid
    ]
    if not same or same[-1] is fixturedef:
        return ""
    func = fixturedef.func
    return f"{getattr(func, '__module__', '')}.{getattr(func, '__qualname__', '')}"


def parameters_of(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest, nodeid: str
) -> str | None:
    """What tells the parameters apart with which a fixture is set up; None where it has none."""
    from pytest_bill.cassettes.naming import parameter_label

    item: Any = getattr(request, "_pyfuncitem", None)
    labels = []
    if hasattr(request, "param"):
        index = getattr(request, "param_index", 0)
        labels.append(parameter_label(index, request.param, fixturedef.params, nodeid))
    callspec = getattr(item, "callspec", None)
    params = getattr(callspec, "params", {})
    for name in sorted(used_by(fixturedef, item)) if params else ():
        defined = definitions(item, name)
        if name in params and defined and defined[-1].scope != "function":
            index = getattr(callspec, "indices", {}).get(name, 0)
            label = parameter_label(index, params[name], defined[-1].params, nodeid)
            labels.append(f"{name}_{label}")
    return "-".join(labels) or None


def used_by(fixturedef: pytest.FixtureDef[Any], item: Any) -> Iterator[str]:
    """The fixtures that a fixture uses, and those that these use."""
    # Not by way of the one that it overrides.
    return reached(
        fixturedef.argnames, lambda name: definitions(item, name), but=fixturedef.argname
    )


def reached(
    names: Iterable[str],
    defined: Callable[[str], Iterable[pytest.FixtureDef[Any]]],
    *,
    but: str = "",
) -> Iterator[str]:
    """These fixtures ``but`` one, and all that they use; ``defined`` gives those of a name."""
    waiting, seen = [*names], {but}
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        yield name
        waiting += [used for each in defined(name) for used in each.argnames]
