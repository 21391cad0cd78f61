"""Tests that asked for BILL, ended well, and had no traffic with it.

A test asks for BILL by the marker, or by a BILL fixture that it names itself or that a fixture does
which it names. What stands in a fixture for all tests (``autouse``) was not asked for by one of
them. A wide fixture that asked BILL for something did so for each test that uses it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.run.collection import FIXTURES, MARKER
from pytest_bill.run.definitions import keys_of, reached
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.own_ids import own_id
from pytest_bill.run.state import state_of

_MOST_HOSTS = 3


def look_at(item: pytest.Item, recorder: ClientRequests) -> None:
    """Remember a test that ended well and had no traffic, if it asked for BILL."""
    fixtures = frozenset(_fixtures_of(item))
    names = sorted(fixtures & FIXTURES)
    is_marked = item.get_closest_marker(MARKER) is not None
    if not names and not is_marked:
        return
    how = f"asks for {' and '.join(names)}" if names else f"has the marker {MARKER}"
    hosts = sorted(origin.partition("://")[2] for origin in recorder.elsewhere)
    if hosts:
        shown = ", ".join(hosts[:_MOST_HOSTS]) + (" and others" if hosts[_MOST_HOSTS:] else "")
        kind, what = NoticeKind.ELSEWHERE, f"{how}; its requests went to {shown}"
    else:
        kind, what = NoticeKind.SILENT, f"{how} and sent nothing to BILL"
    notice = Notice(kind, own_id(item), recorder.registry.hide(what))
    state_of(item.config).silences.append((keys_of(item, fixtures), notice))


def _fixtures_of(item: pytest.Item) -> Iterator[str]:
    """The fixtures that a test asks for, and those that these ask for."""
    info = getattr(item, "_fixtureinfo", None)
    if info is None:  # no test function
        yield from getattr(item, "fixturenames", ())
        return
    waiting = [*info.argnames]
    for mark in item.iter_markers("usefixtures"):
        waiting += mark.args
    # What was asked for while the test ran.
    asked = getattr(getattr(item, "_request", None), "_fixture_defs", {})
    waiting += set(asked) - set(getattr(item, "fixturenames", ()))
    yield from reached(
        waiting,
        lambda name: info.name2fixturedefs.get(name) or ([asked[name]] if name in asked else ()),
    )
