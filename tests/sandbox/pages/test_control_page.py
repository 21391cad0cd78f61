"""The page that steers the sandbox, and how things stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox, control_paths
from pytest_bill.sandbox.pages import control
from pytest_bill.sandbox.pages.sending import signing_in
from pytest_bill.sandbox.remote import SandboxRefused
from tests.helpers.pages import Page
from tests.helpers.signing_in import developer_headers

HEADER = {control_paths.HEADER: "test"}


@pytest.fixture(scope="module")
def shared():
    with LocalSandbox() as running:
        yield running


@pytest.fixture
def sandbox(shared):
    shared.reset()
    return shared


@pytest.fixture
def opened(sandbox):
    """The page as it is without a script."""
    answer = requests.get(sandbox.origin + control.PATH, timeout=5)
    assert not [each for each in sandbox._state.secrets() if each in answer.text]
    return Page(answer.text)


def standing(sandbox):
    answer = requests.get(sandbox.origin + control.STATE_PATH, timeout=5)
    assert not [each for each in sandbox._state.secrets() if each in answer.text]
    return answer.json()


def test_it_shows_how_things_stand_without_a_script(sandbox):
    sandbox.fail("listVendors", times=3, status=503, body="<script>alert(1)</script>")
    snapshot = sandbox.snapshot()
    text = requests.get(sandbox.origin + control.PATH, timeout=5).text
    shown = " ".join(Page(text).shown)
    for each in ("listVendors", "HTTP 503", f"Snapshot {snapshot} of", "not signed in"):
        assert each in shown
    assert "<script>alert" not in text


def test_it_offers_every_operation(opened):
    values = {each.get("value") for name, each in opened.elements if name == "option"}
    assert {"listVendors", "v2ListVendor", "createAccessToken"} <= values


def test_its_state_is_that_of_the_sandbox(sandbox):
    before = standing(sandbox)
    assert (before["mfa"], before["accounts"]) == (False, False)
    sandbox.require_mfa()
    sandbox.require_account_verification()
    sandbox.set_developer_app(scope="accounting", lifetime=timedelta(minutes=10))
    sandbox.advance(timedelta(days=1))
    told = standing(sandbox)
    assert (told["mfa"], told["accounts"]) == (True, True)
    assert told["oauth"] == {"scope": "accounting", "lifetime": 600}
    assert told["now"][:10] > before["now"][:10]
    sandbox.require_mfa(False)
    sandbox.require_account_verification(False)
    sandbox.set_developer_app(scope="full", lifetime=timedelta(hours=1))


def test_sessions_that_are_ended_by_hand_have_expired(sandbox):
    for credential in ("developer key", "OAuth client credentials"):
        body = {"credential": credential}
        url = sandbox.origin + signing_in.SIGN_IN_PATH
        requests.post(url, json=body, headers=HEADER, timeout=5)
    sandbox.expire_sessions()
    states = {each["credential"]: each["state"] for each in standing(sandbox)["sign_ins"]}
    assert states["developer key"] == states["OAuth client credentials"] == "expired"


def test_faults_to_come_are_told_and_go_as_they_come(sandbox):
    sandbox.fail("listVendors", times=2, status=503, message="Later.")
    sandbox.fail("listBills", drop=True, delay_seconds=1.5)
    sandbox.fail("createBill", truncate=True)
    sandbox.fail("createVendor", status=302, body="moved", headers={"Location": "/x"})
    told = [
        (each["operation"], each["times"], each["what"]) for each in standing(sandbox)["faults"]
    ]
    assert told == [
        ("listVendors", 2, "HTTP 503, BDC_1001: Later."),
        ("listBills", 1, "1.5 s late; connection cut before an answer"),
        ("createBill", 1, "answer cut in half"),
        ("createVendor", 1, "HTTP 302 with a body of its own (moved); Location: /x"),
    ]
    headers = developer_headers(sandbox)
    url = f"{sandbox.origin}/connect/v3/vendors"
    assert requests.get(url, headers=headers, timeout=5).status_code == 503
    assert standing(sandbox)["faults"][0]["times"] == 1
    assert requests.get(url, headers=headers, timeout=5).status_code == 503
    assert [each["operation"] for each in standing(sandbox)["faults"]] == [
        *("listBills", "createBill", "createVendor")
    ]


def test_a_test_sees_and_clears_them_too(sandbox):
    sandbox.fail("listVendors", times=2, status=503, headers={"Retry-After": "7"})
    sandbox.fail("listVendors", status=500)
    sandbox.fail("listBills", drop=True)
    first, second, third = sandbox.faults_to_come()
    assert (first["operation"], first["times"], first["status"]) == ("listVendors", 2, 503)
    assert first["headers"] == [{"name": "Retry-After", "value": "7"}]
    assert third["drop"] is True
    url = sandbox.origin + control_paths.CLEAR_FAULTS_PATH
    one = {"number": second["number"]}
    assert requests.post(url, json=one, headers=HEADER, timeout=5).status_code == 204
    assert requests.post(url, json=one, headers=HEADER, timeout=5).status_code == 404
    assert [each["status"] for each in sandbox.faults_to_come()] == [503, None]
    sandbox.clear_faults("listVendors")
    assert [each["operation"] for each in sandbox.faults_to_come()] == ["listBills"]
    sandbox.clear_faults()
    assert sandbox.faults_to_come() == []
    headers = developer_headers(sandbox)
    assert requests.get(f"{sandbox.origin}/connect/v3/bills", headers=headers, timeout=5).ok


def test_a_misspelt_operation_is_told(sandbox):
    with pytest.raises(SandboxRefused, match="listVendors"):
        sandbox.clear_faults("listVendor")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b'{"number": 0}', b'{"number": "1"}', b'{"operation": 1}']
)
def test_what_clears_nothing_is_refused_in_words(sandbox, body):
    url = sandbox.origin + control_paths.CLEAR_FAULTS_PATH
    answer = requests.post(url, data=body, headers=HEADER, timeout=5)
    assert answer.status_code == 400
    assert answer.json()[0]["message"]


def test_no_fault_tells_a_secret(sandbox):
    secret = sandbox.variables["BILL_PASSWORD"]
    sandbox.fail("listVendors", status=503, message=secret, body=secret)
    assert secret not in str(sandbox.faults_to_come())
    assert standing(sandbox)["faults"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({**HEADER, "Origin": "http://evil.example.com"}, 403),
        ({**HEADER, "Sec-Fetch-Site": "cross-site"}, 403),
        ({**HEADER, "Host": "evil.example.com"}, 421),
    ],
    ids=str,
)
def test_no_page_of_another_site_steers(sandbox, headers, status):
    sandbox.fail("listVendors", status=503)
    url = sandbox.origin + control_paths.CLEAR_FAULTS_PATH
    assert requests.post(url, json={}, headers=headers, timeout=5).status_code == status
    assert sandbox.faults_to_come()
    if headers:
        for path in (control.STATE_PATH, control.PATH, control_paths.FAULTS_PATH):
            answer = requests.get(sandbox.origin + path, headers=headers, timeout=5)
            assert answer.status_code == status


def test_snapshots_are_told(sandbox):
    before = {each["id"] for each in standing(sandbox)["snapshots"]}
    taken = sandbox.snapshot()
    (new,) = [each for each in standing(sandbox)["snapshots"] if each["id"] not in before]
    assert new["id"] == taken
    assert new["time"]
    # What a seed keeps meanwhile is none.
    sandbox.seed_from({})
    assert len(standing(sandbox)["snapshots"]) == len(before) + 1
