"""Payments are recorded in sessions that MFA trusts, and replay without."""

from __future__ import annotations

import json

import pytest
import requests

from pytest_bill.cassettes import store
from tests.helpers.signing_in import developer_headers

PAYS = """
import os

import requests


def pay(session):
    bill = next(each for each in session.paginate("/v3/bills") if each["dueAmount"] >= 1)
    body = {"billId": bill["id"], "amount": 1, "processDate": "2099-01-05",
            "fundingAccount": {"type": "WALLET"}, "processingOptions": {}}
    return session.call("POST", "/v3/payments", json=body)


def test_pay(bill_dev_session):
    assert pay(bill_dev_session)["status"] == "SCHEDULED"


def test_pay_after_the_session_has_expired(bill_dev_session):
    assert bill_dev_session.get("/v3/bills").ok
    if "EXPIRE" in os.environ:
        url = f"{os.environ['EXPIRE']}/__sandbox__/expire-sessions"
        requests.post(url, headers={"X-Pytest-Bill-Sandbox": "1"}, timeout=5)
    assert pay(bill_dev_session)["status"] == "SCHEDULED"
"""
READS = """
def test_read(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok
"""
RECORD, NONE = "--bill-record-mode=once", "--bill-record-mode=none"
DEVICE = "a device of its own name"


@pytest.fixture
def sandbox(mfa_sandbox):
    return mfa_sandbox


@pytest.fixture
def trust(sandbox) -> dict[str, str]:
    """The variables of a device that MFA trusts."""
    url, headers = f"{sandbox.origin}/connect/v3/mfa/challenge", developer_headers(sandbox)
    challenge = requests.post(url, json={}, headers=headers, timeout=5).json()["challengeId"]
    body = {"challengeId": challenge, "token": "123456", "rememberMe": True, "device": DEVICE}
    answer = requests.post(f"{url}/validate", json=body, headers=headers, timeout=5).json()
    return {"BILL_REMEMBER_ME_ID": answer["rememberMeId"], "BILL_DEVICE": DEVICE}


@pytest.fixture
def env_file(pytester, sandbox):
    def env_file(**more: str) -> None:
        values = {"BILL_BASE_URL": sandbox.origin, **sandbox.variables, **more}
        lines = [f"{name}='{value}'\n" for name, value in values.items()]
        (pytester.path / ".env").write_text("".join(lines))

    return env_file


def sent_to_sign_in(folder) -> dict[str, str]:
    (signed_in,) = store.load(folder / "cassettes/sign_in/developer_key.yaml").interactions
    return json.loads(signed_in.body)


def sign_ins(sandbox) -> int:
    return sandbox.request_counts().get("POST /connect/v3/login", 0)


def test_payments_are_recorded_and_replay(pytester, run, sandbox, trust, env_file, monkeypatch):
    pytester.makepyfile(PAYS)
    env_file(**trust)
    monkeypatch.setenv("EXPIRE", sandbox.origin)
    before = sign_ins(sandbox)
    result = run(RECORD)
    result.assert_outcomes(passed=2)
    # The renewal kept the trust.
    assert sign_ins(sandbox) == before + 2
    sent = sent_to_sign_in(pytester.path)
    assert sent["rememberMeId"] == "PLACEHOLDER_BILL_REMEMBER_ME_ID"
    assert sent["device"] == "PLACEHOLDER_BILL_DEVICE"
    files = list((pytester.path / "cassettes").rglob("*.yaml"))
    assert len(files) == 3
    for text in (*(path.read_text() for path in files), result.stdout.str()):
        assert not [value for value in trust.values() if value in text]
    monkeypatch.delenv("EXPIRE")
    env_file()
    run(NONE, "--bill-strict").assert_outcomes(passed=2)
    assert sign_ins(sandbox) == before + 2


@pytest.mark.nightly
@pytest.mark.parametrize("after", ["with", "no variables", "oauth"])
def test_whoever_replays_it_needs_no_trust(pytester, run, sandbox, trust, env_file, after):
    pytester.makepyfile(READS)
    env_file(**trust)
    run(RECORD).assert_outcomes(passed=1)
    before = sign_ins(sandbox)
    if after == "no variables":
        (pytester.path / ".env").unlink()
    way = ("--bill-sign-in=developer=oauth",) if after == "oauth" else ()
    run(NONE, "--bill-strict", *way).assert_outcomes(passed=1)
    assert sign_ins(sandbox) == before


def test_what_was_recorded_without_replays_with(pytester, run, trust, env_file):
    pytester.makepyfile(READS)
    env_file()
    run(RECORD).assert_outcomes(passed=1)
    assert "rememberMeId" not in sent_to_sign_in(pytester.path)
    env_file(**trust)
    run(NONE, "--bill-strict").assert_outcomes(passed=1)


def test_without_it_the_next_step_is_told(pytester, run, env_file):
    pytester.makepyfile(PAYS)
    env_file(BILL_DEVICE=DEVICE)
    result = run("--bill-live", "-k", "not expired")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*BDC_1361*", "*run pytest-bill trust*"])


@pytest.mark.parametrize(
    "changed",
    [{"BILL_DEVICE": "another device"}, {"BILL_REMEMBER_ME_ID": "0" * 64}],
    ids=["device", "id"],
)
def test_an_id_that_bill_does_not_know_is_told_once(pytester, run, trust, env_file, changed):
    pytester.makepyfile(READS)
    env_file(**{**trust, **changed})
    result = run("--bill-live", "-W", "default::pytest_bill.BillWarning")
    assert result.parseoutcomes()["passed"] == 1
    assert result.stdout.str().count("MFA does not trust its session") == 1
    result.stdout.fnmatch_lines(
        [
            "*BillWarning: bill_dev_session: BILL took the sign-in, and MFA does not trust*",
            "*run pytest-bill trust*",
        ]
    )


def test_an_id_without_its_device_is_refused_before_anything_is_sent(
    pytester, run, sandbox, trust, env_file
):
    pytester.makepyfile(READS)
    env_file(BILL_REMEMBER_ME_ID=trust["BILL_REMEMBER_ME_ID"])
    before = sign_ins(sandbox)
    result = run("--bill-live")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*BILL_DEVICE is not set*", "*Run pytest-bill trust*"])
    assert sign_ins(sandbox) == before
