"""A whole suite is recorded, and replays in any selection, as often as one likes."""

from __future__ import annotations

import json
import re

import pytest
import requests
import vcr

from pytest_bill.sandbox import LocalSandbox
from tests.plugin.suites import ONE, RECORD, SUITE, counts, tree


def test_all_five_credentials_are_recorded_and_replayed(pytester, run):
    pytester.makepyfile(test_bill=SUITE)
    recorded = counts(pytester, run, *RECORD)
    assert recorded["sign_ins"] == 4
    assert recorded["recorded"] == recorded["requests"] > 10
    files = tree(pytester.path / "cassettes")
    assert {name for name in files if name.startswith("sign_in")} == {
        "sign_in/developer_key.yaml",
        "sign_in/sync_token.yaml",
        "sign_in/console_api_token.yaml",
        "sign_in/partner_app_key.yaml",
    }
    assert "test_bill/test_spend_api_token.yaml" in files

    replayed = counts(pytester, run, "--disable-socket", "-W", "ignore")
    assert replayed == recorded | {"recorded": 0, "replayed": recorded["requests"]}
    assert tree(pytester.path / "cassettes") == files


@pytest.mark.parametrize(
    "selection",
    [
        ("-k", "test_partner_app_key"),
        ("-p", "randomly", "-p", "no:cacheprovider"),
        ("-n", "2"),
        ("test_bill.py::test_another_client",),
    ],
    ids=["one", "random order", "two workers", "by node id"],
)
@pytest.mark.sampled(2)
def test_any_selection_replays(pytester, subprocess_run, run, selection):
    pytester.makepyfile(test_bill=SUITE)
    counts(pytester, run, *RECORD)
    result = subprocess_run("--bill-report=report.json", *selection)
    assert result.ret == 0, result.stdout.str()
    done = json.loads((pytester.path / "report.json").read_text())
    assert done["replayed"] == done["requests"] > 0
    assert done["recorded"] == 0


def test_an_expired_session_is_renewed_without_a_trace(pytester, run):
    pytester.makepyfile(
        test_bill="""
        def test_expiry(bill_dev_session, request):
            assert bill_dev_session.get("/v3/vendors").ok
            sandbox = request.getfixturevalue("bill_sandbox")
            if request.config.getoption("bill_record_mode") == "once":
                sandbox.expire_sessions()
            assert bill_dev_session.get("/v3/bills").ok
        """
    )
    done = counts(pytester, run, *RECORD)
    assert done["sign_ins"] == 2
    cassette = (pytester.path / "cassettes/test_bill/test_expiry.yaml").read_text()
    assert cassette.count("uri: ") == 2
    assert "login" not in cassette
    assert "BDC_1109" not in cassette
    assert counts(pytester, run)["replayed"] == 3


V2 = """
import json


def listed(session, start):
    asked = {"data": json.dumps({"start": start, "max": 1})}
    return session.call("POST", "/v2/List/Vendor.json", data=asked)["response_data"]


def test_a_list(bill_console_session):
    first, second = listed(bill_console_session, 0), listed(bill_console_session, 1)
    assert len(first) == len(second) == 1
    assert first != second


def test_by_hand(bill_dev_session):
    own = bill_dev_session.credential_headers()
    assert bill_dev_session.call("POST", "/v2/GetSessionInfo.json", data=own)


def test_a_file(bill_dev_session):
    file = {"file": ("a.txt", b"text", "text/plain")}
    data = {"data": json.dumps({"fileName": "a.txt"})}
    answer = bill_dev_session.call("POST", "/v2/UploadAttachment.json", data=data, files=file)
    assert answer["response_data"]["documentUploadedId"]


def test_expiry(bill_sync_session, request):
    assert bill_sync_session.call("POST", "/v2/GetSessionInfo.json")
    if request.config.getoption("bill_record_mode") == "once":
        request.getfixturevalue("bill_sandbox").expire_sessions()
    answer = bill_sync_session.post("/v2/GetSessionInfo.json")
    answer.raise_for_status()
    assert answer.request.body is None
"""


def test_v2_is_recorded_and_replayed(pytester, run):
    pytester.makepyfile(test_v2=V2)
    recorded = counts(pytester, run, *RECORD)
    # Three, and the one that expired.
    assert recorded["sign_ins"] == 4
    files = tree(pytester.path / "cassettes/test_v2")
    assert len(files) == 4
    for name, text in files.items():
        found = re.findall(rb"(?:sessionId|devKey)=(\w+)", text)
        assert all(value.startswith(b"PLACEHOLDER_BILL_") for value in found), name
        assert b"BDC_1109" not in text
        assert b"Login" not in text
    assert files["test_expiry.yaml"].count(b"uri: ") == 2
    replayed = counts(pytester, run, "--disable-socket", "-W", "ignore")
    assert replayed["replayed"] == recorded["recorded"]
    assert tree(pytester.path / "cassettes/test_v2") == files


def test_the_environments_of_the_recording_are_told_apart(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    counts(pytester, run, *RECORD)
    cassette = (pytester.path / "cassettes/test_bill/test_one.yaml").read_text()
    assert "uri: https://gateway.stage.bill.com/connect/v3/vendors" in cassette
    assert "environment: local" in cassette
    assert "not by BILL" in cassette
    assert "127.0.0.1" not in cassette


def test_a_subscription_to_webhooks_is_recorded_without_its_key(pytester, run):
    pytester.makepyfile(
        test_webhooks="""
        import uuid

        def test_subscribe(bill_dev_session, bill_sandbox, pytestconfig):
            subscription = {
                "name": "Bills",
                "status": {"enabled": True},
                "events": [{"type": "bill.created", "version": "1"}],
                "notificationUrl": "https://hooks.example.com/bill",
            }
            made = bill_dev_session.call(
                "POST",
                "/connect-events/v3/subscriptions",
                json=subscription,
                headers={"X-Idempotent-Key": str(uuid.uuid4())},
            )
            one = f"/connect-events/v3/subscriptions/{made['id']}"
            assert bill_dev_session.call("GET", one)["name"] == "Bills"
            renewed = bill_dev_session.call(
                "POST", f"{one}/security_key", headers={"X-Idempotent-Key": str(uuid.uuid4())}
            )
            assert renewed["securityKey"] != made["securityKey"]
            keys = [made["securityKey"], renewed["securityKey"]]
            print("KEYS", *keys)
            (pytestconfig.rootpath / "keys.txt").write_text(" ".join(keys))
        """
    )
    recorded = run("-s", *RECORD)
    assert recorded.ret == 0, recorded.stdout.str()
    keys = (pytester.path / "keys.txt").read_text().split()
    assert len(set(keys)) == 2
    assert not [key for key in keys if key in recorded.stdout.str()]
    (cassette,) = (pytester.path / "cassettes/test_webhooks").glob("*.yaml")
    content = cassette.read_text()
    assert not [key for key in keys if key in content]
    assert content.count("PLACEHOLDER_BILL_WEBHOOK_SECURITY_KEY") == 2
    assert "https://gateway.stage.bill.com/connect-events/v3/subscriptions\n" in content
    assert "127.0.0.1" not in content

    replayed = run("-s", "-W", "ignore")
    assert replayed.ret == 0, replayed.stdout.str()
    assert "KEYS PLACEHOLDER_BILL_WEBHOOK_SECURITY_KEY" in replayed.stdout.str()


def test_a_cassette_that_plain_vcrpy_recorded_replays(pytester, run, monkeypatch):
    url = "https://gateway.stage.bill.com/connect/v3/vendors"
    with LocalSandbox() as sandbox:
        recorded = pytester.path / "cassettes/from_vcrpy.yaml"
        with vcr.use_cassette(str(recorded), filter_headers=["devKey", "sessionId"]):
            answer = requests.get(f"{sandbox.origin}/connect/v3/vendors", timeout=5)
    assert answer.status_code == 400
    # vcrpy keeps the address that it saw; a team's old cassettes hold BILL's.
    recorded.write_text(recorded.read_text().replace(f"{sandbox.origin}/connect/v3/vendors", url))
    pytester.makepyfile(
        test_bill=f"""
        import pytest, requests

        @pytest.mark.bill_cassette("from_vcrpy")
        def test_own_client():
            headers = {{"devKey": "any", "sessionId": "any"}}
            assert requests.get({url!r}, headers=headers, timeout=5).status_code == 400
        """
    )
    assert counts(pytester, run, "--disable-socket", "-W", "ignore")["replayed"] == 1
