"""Faults of BILL's own sessions: what is noted of one, and the error that a recorded one is."""

from __future__ import annotations

import pytest
import requests

from pytest_bill.cassettes.faults import Fault
from pytest_bill.interaction import Interaction
from pytest_bill.sessions import recorded_faults


def recorded(fault: Fault, status: int = 0) -> Interaction:
    return Interaction("GET", "https://api/v3/vendors", {}, b"", status=status, fault=fault)


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (Fault.CONNECT_TIMEOUT, 0, requests.ConnectTimeout),
        (Fault.TIMEOUT, 0, requests.ReadTimeout),
        # requests says so of one that comes within a body.
        (Fault.TIMEOUT, 200, requests.ConnectionError),
        (Fault.TLS, 0, requests.exceptions.SSLError),
        (Fault.REFUSED, 0, requests.ConnectionError),
        (Fault.CUT, 200, requests.ConnectionError),
    ],
)
def test_a_recorded_fault_is_the_error_that_was_met(fault, status, error):
    assert type(recorded_faults.error_of(recorded(fault, status))) is error


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_an_error_with_a_text(fault):
    assert str(recorded_faults.error_of(recorded(fault)))


def test_what_was_noted_comes_back_and_other_errors_hold_nothing():
    error, head = requests.ConnectionError("cut"), Interaction("", "", {}, b"", status=200)
    assert recorded_faults.noted_in(error) == (None, None)
    recorded_faults.note(error, Fault.CUT, head)
    assert recorded_faults.noted_in(error) == (Fault.CUT, head)
