"""Which connections a run refuses."""

from __future__ import annotations

import pytest

from pytest_bill.environments import at_origin
from pytest_bill.run.sockets import socket_guards
from tests.helpers.settings_of_run import settings_in

BILL = "gateway.stage.bill.com"
PRODUCTION = "gateway.prod.bill.com"


@pytest.fixture
def refused(recorder, tmp_path):
    """Why a connection to a host is refused; empty where it is not."""

    def refused(host: str, port: int = 443, *, local: str = "", **changes) -> str:
        options = {"live": changes.get("live", False)}
        asked = recorder(at_origin(local, "local"), **options) if local else recorder(**options)
        for guard in socket_guards(settings_in(tmp_path, **changes), asked):
            is_meant = guard.is_guarded(host) and guard.port in (0, port)
            if is_meant and not guard.is_allowed():
                return guard.advice
        return ""

    return refused


def test_bill_is_not_asked_in_a_replay(refused):
    assert "allows replay only" in refused(BILL)
    assert refused("example.com") == ""


def test_a_live_run_asks_its_environment_and_no_production(refused):
    assert refused(BILL, live=True) == ""
    assert "allow it with --bill-allow-production" in refused(PRODUCTION, live=True)


def test_production_is_not_asked_unseen(refused):
    allowed = {"live": True, "allow_production": True}
    assert "does not see what this client would do" in refused(PRODUCTION, **allowed)
    assert refused(PRODUCTION, **allowed, allowed_changes=frozenset({"unknown"})) == ""


def test_the_local_sandbox_is_asked_by_whoever_uses_no_bill(refused):
    assert refused("127.0.0.1", 8080, local="http://127.0.0.1:8080") == ""
