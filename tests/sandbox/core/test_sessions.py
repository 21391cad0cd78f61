"""Idle expiry of sessions, on the sandbox's clock."""

from datetime import timedelta

import pytest

SECOND = timedelta(seconds=1)


@pytest.fixture
def limits():
    return {"sync": timedelta(hours=48)}


@pytest.mark.parametrize("who", ["developer", "console", "partner", "sync"])
def test_a_session_lives_until_it_idled_to_its_limit(who, request, sandbox, limits, codes):
    caller = request.getfixturevalue(who)
    path = "/v3/partner/roles" if who == "partner" else "/v3/vendors"
    limit = limits.get(who, timedelta(minutes=35))
    sandbox.advance(limit - SECOND)
    assert codes_of_401(caller, path) is None
    sandbox.advance(limit)
    assert codes_of_401(caller, path) == ["BDC_1109"]


def codes_of_401(caller, path):
    answer = caller.get(path)
    return [problem["code"] for problem in answer.json()] if answer.status_code == 401 else None


def test_every_call_starts_the_idle_time_anew(developer, sandbox):
    for _ in range(4):
        sandbox.advance(timedelta(minutes=34))
        assert developer.get("/v3/vendors").status_code == 200


def test_a_refused_call_with_another_key_does_not_keep_a_session_alive(developer, sandbox):
    sandbox.advance(timedelta(minutes=34))
    developer.get("/v3/vendors", headers={"devKey": sandbox.variables["BILL_SYNC_DEV_KEY"]})
    sandbox.advance(timedelta(minutes=2))
    assert developer.get("/v3/vendors").status_code == 401


def test_the_developer_session_expires_while_the_sync_session_lives(developer, sync, sandbox):
    sandbox.advance(timedelta(hours=1))
    assert developer.get("/v3/vendors").status_code == 401
    assert sync.get("/v3/vendors").status_code == 200


def test_expire_sessions_ends_them_all(developer, sync, console, sandbox):
    sandbox.expire_sessions()
    for caller in (developer, sync, console):
        assert caller.get("/v3/vendors").status_code == 401
