"""Which ``bill_config`` fixtures the tests of a run see, and what they give.

A suite may have several: in the conftest of each folder, in modules, in classes. All that are
session-wide are asked when the run begins, since a secret that one of them tells is one for every
test, whichever comes first. A narrower one is asked when its test comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any, NamedTuple

import pytest

from pytest_bill.run.collection import CONFIG
from pytest_bill.run.definitions import declared, definitions, used_by

_WIDTHS = ("function", "class", "module", "package", "session")
_OUTERMOST = ("", ".")
_UNKNOWN = object()
"""What one gives that cannot be asked now."""


class Given(NamedTuple):
    """What one ``bill_config`` fixture gave, and where that is defined."""

    values: Mapping[str, Any]
    where: str = ""


def given_to(tests: Iterable[pytest.Item]) -> list[Given]:
    """What the session-wide ones give that these tests see, the outermost first.

    They are to be all that were collected: what is secret is to be the same, whichever are run.
    """
    found: dict[int, tuple[pytest.FixtureDef[Any], pytest.Item]] = {}
    for item in tests:
        nearest = _nearest(item)
        if nearest is not None:
            found.setdefault(id(nearest), (nearest, item))
    in_order = sorted(found.values(), key=lambda each: (_depth(each[0]), each[0].baseid))
    return [each for each in (_given(*each) for each in in_order) if each is not None]


def given_to_test(item: pytest.Item) -> Given | None:
    """What the one gives that a test sees which runs."""
    request: Any = getattr(item, "_request", None)
    if not request:
        return None
    values = request.getfixturevalue(CONFIG)
    nearest = next(reversed(definitions(item, CONFIG)), None)
    return Given(values, _place(nearest) if nearest is not None else "")


def given_to_fixture(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Given | None:
    """What the one gives that counts for a fixture: that which stands around its definition.

    A test that uses the fixture may see another one, and the next test yet another.
    """
    item: Any = getattr(request, "_pyfuncitem", None)
    nearest = _nearest(item, around=fixturedef.baseid, narrowest=fixturedef.scope)
    return _given(nearest, item) if nearest is not None else None


def _nearest(
    item: Any, *, around: str | None = None, narrowest: str = "session"
) -> pytest.FixtureDef[Any] | None:
    """The nearest definition that a test sees, and that is wide enough; or None.

    Without ``around`` it is the nearest one, wide enough or not, that counts.
    """
    each: pytest.FixtureDef[Any]
    for each in reversed(declared(item, CONFIG)):
        is_wide = _WIDTHS.index(each.scope) >= _WIDTHS.index(narrowest)
        if around is None:
            return each if is_wide else None
        if is_wide and _is_around(each.baseid, around):
            return each
    return None


def _is_around(outer: str, inner: str) -> bool:
    return outer in _OUTERMOST or inner == outer or inner.startswith((f"{outer}/", f"{outer}::"))


def _depth(fixturedef: pytest.FixtureDef[Any]) -> int:
    place = fixturedef.baseid
    return 0 if place in _OUTERMOST else 1 + place.count("/") + place.count("::")


def _place(fixturedef: pytest.FixtureDef[Any]) -> str:
    place = fixturedef.baseid
    if ".py" in place:
        return place
    return "conftest.py" if place in _OUTERMOST else f"{place}/conftest.py"


def _given(fixturedef: pytest.FixtureDef[Any], item: Any) -> Given | None:
    try:
        values = _value(fixturedef, item)
    except (Exception, pytest.skip.Exception, pytest.fail.Exception):
        return None  # its own tests are told by pytest
    return None if values is _UNKNOWN else Given(values, _place(fixturedef))


def _value(fixturedef: pytest.FixtureDef[Any], item: Any) -> Any:
    """What a fixture gives; it is set up where it is not yet, as pytest does it.

    ``_UNKNOWN`` where that cannot be done now.

    Raises:
        Exception: whatever it raises.
    """
    cached = fixturedef.cached_result
    if cached is not None and cached[2] is None:
        return cached[0]
    # With another parameter pytest would tear down what others have.
    params = getattr(getattr(item, "callspec", None), "params", ())
    is_fixed = fixturedef.params is None and CONFIG not in params
    is_fixed = is_fixed and not any(name in params for name in used_by(fixturedef, item))
    if not is_fixed or not getattr(item, "_request", None):
        return _UNKNOWN
    chain = declared(item, CONFIG)
    request = _apart(item._request, chain)
    for each in reversed(chain):
        request = _request_of(each, request)
        if each is fixturedef:
            return fixturedef.execute(request)
    return _UNKNOWN


def _apart(request: Any, chain: Sequence[pytest.FixtureDef[Any]]) -> Any:
    """A test's request that leaves no trace in the test, and looks up these definitions."""
    request = copy(request)
    request._fixture_defs = dict(request._fixture_defs)
    request._arg2fixturedefs = {**request._arg2fixturedefs, CONFIG: chain}
    return request


def _request_of(fixturedef: Any, request: Any) -> Any:
    """pytest's request of a fixture by a test that does not run now."""
    from _pytest.compat import NOTSET
    from _pytest.fixtures import SubRequest

    return SubRequest(request, fixturedef._scope, NOTSET, 0, fixturedef, _ispytest=True)
