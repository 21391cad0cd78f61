"""What pytest-bill itself says: each error is its message, without the plugin's insides."""

from __future__ import annotations

import inspect
import pickle

import pytest

from pytest_bill import exceptions
from pytest_bill.exceptions import BillWarning, CassetteError, PytestBillError, SecretFound

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


def test_a_secret_that_was_found_is_an_error_of_its_cassette():
    assert issubclass(SecretFound, CassetteError)
    assert not issubclass(BillWarning, PytestBillError)
    assert issubclass(BillWarning, UserWarning)


@pytest.mark.parametrize("name", ERRORS)
def test_each_says_the_same_after_a_pickle(name):
    error = getattr(exceptions, name)("What happened.")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (type(error), "What happened.")
