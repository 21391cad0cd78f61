"""The tree of exceptions, and what a run shows of them: the message, none of the insides."""

from __future__ import annotations

import inspect
import itertools
import pickle
import re
import subprocess
import sys

import pytest
import requests

from pytest_bill import exceptions
from pytest_bill.exceptions import (
    BillError,
    BillWarning,
    CassetteError,
    PytestBillError,
    SecretFound,
    SessionRefused,
)

ERRORS = sorted(
    name
    for name, each in vars(exceptions).items()
    if inspect.isclass(each) and issubclass(each, PytestBillError)
)
SUITE = f"""
import pytest

from pytest_bill import exceptions


def fail(name):
    local = "an inside"
    raise getattr(exceptions, name)(f"What happened to {{name}}.\\nWhat to do.")


@pytest.mark.parametrize("name", {ERRORS})
def test_it(name):
    fail(name)
"""


def test_each_is_shown_as_its_line_and_its_message(pytester):
    pytester.makepyfile(test_all=SUITE)
    result = pytester.runpytest_subprocess("--showlocals")
    result.assert_outcomes(failed=len(ERRORS))
    assert len(ERRORS) >= 9
    for name in ERRORS:
        where = f"test_all.py:8: {name}"
        result.stdout.fnmatch_lines([where, f"What happened to {name}.", "What to do."])
    assert "an inside" not in result.stdout.str()


_BRANCH = re.compile(r" {4}(?P<trunk>(?:[│ ] {3})*)(?P<own>[├└]── )?(?P<name>[\w.]+)(?:: .*)?")


def drawn() -> set[tuple[str, str]]:
    """The names of each exception and of its base, as the module's docstring draws them."""
    found: set[tuple[str, str]] = set()
    path: list[str] = []
    for branch in filter(None, map(_BRANCH.fullmatch, exceptions.__doc__.splitlines())):
        depth = len(branch["trunk"]) // 4 + (branch["own"] is not None)
        path[depth:] = [branch["name"]]
        found.update((each, base) for base, each in itertools.pairwise(path[-2:]))
    return found


def test_the_tree_is_drawn_as_it_is():
    names = {"BillError", "SessionRefused", *vars(exceptions)}
    kinds = [kind for name in names if inspect.isclass(kind := getattr(exceptions, name))]
    as_they_are = {
        (kind.__name__, base.__name__.replace("HTTPError", "requests.HTTPError"))
        for kind in kinds
        if issubclass(kind, Exception)
        for base in kind.__bases__
        if not base.__name__.startswith("_")
    }
    assert drawn() == as_they_are | {("requests.HTTPError", "Exception")}


def test_an_error_of_bill_is_one_of_requests():
    assert issubclass(BillError, requests.HTTPError)
    assert issubclass(SessionRefused, BillError)
    for kind in (BillError, SessionRefused):
        assert (kind.__module__, kind.__qualname__) == ("pytest_bill.exceptions", kind.__name__)


def test_requests_is_imported_only_for_errors_of_bill():
    program = """
import sys
from pytest_bill.exceptions import PytestBillError
assert "requests" not in sys.modules
from pytest_bill.exceptions import BillError
assert "requests" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_there_is_one_of_each_whoever_asks_first():
    """Threads that ask at the same time get the same class."""
    program = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from pytest_bill import exceptions
barrier = Barrier(8)
def ask(_):
    barrier.wait()
    return exceptions.BillError
with ThreadPoolExecutor(8) as pool:
    assert len(set(pool.map(ask, range(8)))) == 1
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_no_other_name_is_made():
    with pytest.raises(AttributeError, match="'BillEror'"):
        getattr(exceptions, "BillEror")  # noqa: B009  # as type checkers would refuse it


def test_a_secret_that_was_found_is_an_error_of_its_cassette():
    assert issubclass(SecretFound, CassetteError)
    assert not issubclass(BillWarning, PytestBillError)
    assert issubclass(BillWarning, UserWarning)


@pytest.mark.parametrize("name", ERRORS)
def test_each_says_the_same_after_a_pickle(name):
    error = getattr(exceptions, name)("What happened.")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (type(error), "What happened.")
