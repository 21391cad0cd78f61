"""Which errors are shown by their message alone."""

from __future__ import annotations

import pytest
import requests

from pytest_bill.cassettes.damaged import Damaged
from pytest_bill.credentials.environ import UnknownName
from pytest_bill.exceptions import (
    SAID,
    BillError,
    BillWarning,
    Problem,
    SessionRefused,
    SettingsError,
)
from pytest_bill.hiding.messages import message_of, name_of, says_all
from pytest_bill.sandbox.remote import SandboxRefused

NOT_FOUND = Problem("BDC_1120", "No data found.")


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (SettingsError("what"), "SettingsError"),
        (BillWarning("what"), "BillWarning"),
        (UnknownName("what"), "KeyError"),
        (SandboxRefused("what"), "RuntimeError"),
    ],
)
def test_those_whose_message_is_complete(error, name):
    assert says_all(error)
    assert (name_of(error), message_of(error)) == (name, "what")


@pytest.mark.parametrize("error", [Damaged("what"), KeyError("what"), requests.Timeout("what")])
def test_others_are_shown_with_where_they_come_from(error):
    assert not says_all(error)


def test_an_error_of_another_package_of_which_something_is_said():
    error = requests.ConnectionError("insides")
    vars(error)[SAID] = "GET … had no answer"
    assert says_all(error)
    assert (name_of(error), message_of(error)) == ("ConnectionError", "GET … had no answer")


@pytest.mark.parametrize(
    ("path", "problem", "says"),
    [
        ("/connect/v3/vendors/1", NOT_FOUND, "developer.bill.com/docs/common-api-error-codes"),
        ("/api/v2/Crud/Read/Bill.json", NOT_FOUND, "developer.bill.com/v2/docs/common-error-codes"),
        ("/connect/vendors", Problem("BDC_1121", "API not supported."), 'as in "/v3/vendors"'),
    ],
)
def test_what_bill_answered_has_a_next_step(path, problem, says):
    error = BillError(404, (problem,), "GET", path)
    assert name_of(error) == "BillError"
    first, *more = message_of(error).splitlines()
    assert first == str(error)
    assert says in "\n".join(more)


def test_one_that_has_its_own_next_step_needs_no_other():
    error = SessionRefused(401, (NOT_FOUND,), "GET", "/connect/v3/vendors", None, "Run it later.")
    assert message_of(error) == str(error)
