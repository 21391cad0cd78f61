"""What production refuses, and who may allow it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_bill.environments import PRODUCTION, SANDBOX, at_origin
from pytest_bill.exceptions import NetworkRefused, SettingsError
from pytest_bill.guards.production import (
    PRODUCTION_REFUSED,
    PRODUCTION_UNSEEN,
    production_consent,
    refuse_production,
    refuse_unwatched,
    why_not_unwatched,
)
from pytest_bill.guards.production_groups import UNKNOWN
from pytest_bill.record_modes import RecordMode


def test_why_not():
    assert why_not_unwatched(False, {UNKNOWN}) == PRODUCTION_REFUSED
    assert why_not_unwatched(True, {"payments"}) == PRODUCTION_UNSEEN
    assert why_not_unwatched(True, {UNKNOWN, "payments"}) == ""


def test_only_a_host_of_production_is_refused_where_nobody_looks():
    with pytest.raises(NetworkRefused, match=r"A connection to .* was refused"):
        refuse_unwatched("gateway.prod.bill.com", PRODUCTION_REFUSED)
    refuse_unwatched("gateway.prod.bill.com", "")
    refuse_unwatched("gateway.stage.bill.com", PRODUCTION_REFUSED)


@pytest.mark.parametrize("environment", [PRODUCTION, at_origin("https://API.bill.com", "custom")])
def test_a_mode_that_sends_is_refused(environment):
    for mode, is_live in [(RecordMode.ONCE, False), (RecordMode.NONE, True)]:
        with pytest.raises(SettingsError, match="would send requests there"):
            refuse_production(environment, mode, is_live=is_live)
        refuse_production(SANDBOX, mode, is_live=is_live)
    refuse_production(environment, RecordMode.NONE, is_live=False)


def config(*typed: str, **worker):
    invoked = SimpleNamespace(args=typed)
    return SimpleNamespace(invocation_params=invoked, **({"workerinput": worker} if worker else {}))


def test_consent_is_what_was_typed():
    nothing = production_consent(config("--bill-live", "tests"))
    assert (nothing.production, nothing.changes) == (False, frozenset())
    groups = "--bill-allow-production-changes=payments, cards"
    given = production_consent(config("--bill-allow-production", groups))
    assert (given.production, given.changes) == (True, {"payments", "cards"})


def test_a_worker_has_what_was_typed_to_its_controller():
    typed = ["--bill-allow-production"]
    assert production_consent(config("-c", bill_typed=typed)).production
    assert not production_consent(config(*typed, bill_typed=["-n", "2"])).production


@pytest.mark.parametrize(
    ("group", "shown"), [("paiments", "'paiments'"), ("01DEVKEY", "something else")]
)
def test_an_unknown_group_is_refused_and_no_secret_shown(group, shown):
    with pytest.raises(SettingsError, match=f"has no group {shown}"):
        production_consent(config(f"--bill-allow-production-changes={group}"))
