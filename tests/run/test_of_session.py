"""The run of a session is made once, and joined to pytest."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.environments import PRODUCTION
from pytest_bill.exceptions import NetworkRefused, SettingsError
from pytest_bill.interaction import Interaction
from pytest_bill.run.of_session import run_of
from pytest_bill.run.state import state_of


@pytest.fixture
def session(request, pytester):
    """One of no tests, with options; what it started is stopped at the end."""
    config = pytester.parseconfig(*getattr(request, "param", ()))
    yield SimpleNamespace(config=config, items=[])
    state = state_of(config)
    if state.run is not None:
        state.run.close()
    if state.protection is not None:
        state.protection.stop()
    state.production.stop()


def test_there_is_one_run(session):
    run = run_of(session)
    assert run_of(session) is run is state_of(session.config).run


@pytest.mark.parametrize(
    "session", [("--bill-allow-production", "--bill-environment=production")], indirect=True
)
def test_it_knows_which_test_runs(session):
    run = run_of(session)
    payment = Interaction("POST", f"{PRODUCTION.gateway}/v3/payments", {}, b"")
    with pytest.raises(NetworkRefused) as refused:
        run.recorder.check_leaving(payment)
    assert "Asked for by" not in str(refused.value)
    state_of(session.config).item = SimpleNamespace(
        nodeid="test_a.py::test_b", stash=pytest.Stash()
    )
    with pytest.raises(NetworkRefused, match=r"Asked for by test_a\.py::test_b"):
        run.recorder.check_leaving(payment)


def test_its_secrets_are_hidden_from_then_on(session):
    run_of(session)
    assert state_of(session.config).protection is not None


@pytest.mark.parametrize("session", [("--bill-max-age=soon",)], indirect=True)
def test_settings_that_cannot_be_used_are_each_tests_error(session):
    for _ in range(2):
        with pytest.raises(SettingsError, match="soon"):
            run_of(session)
    assert state_of(session.config).run is None
