"""What cassettes have to know of the tests that run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from pytest_bill.cassettes.use import Use


def _open_none(*, by_session: bool) -> None:
    """Where no test runs, none is opened."""


def _no_use(_: str) -> Use | None:
    return None


class RunningTests(NamedTuple):
    """What is asked of the tests that run; by default there are none."""

    name_now: Callable[[], str] = str
    """The test that runs; empty between tests."""
    ended_owner: Callable[[], str] = str
    """The finished test that the calling thread works for; empty where there is none."""
    open_cassette: Callable[..., None] = _open_none
    """Opens the running test's cassette, if it asked for its BILL fixture only now.

    It is told whether a BILL session asks: ``by_session``.
    """
    fixtures_of: Callable[[], Mapping[PurePosixPath, frozenset[str]]] = dict
    """Gives, by the place of each test's cassette, the fixtures that its tests use."""
    use_of_sign_in: Callable[[str], Use | None] = _no_use
    """Gives the use of the cassette of a client's sign-ins, by the name of its file."""
