"""The sandbox's page that steers it, in a browser: by mouse and by keyboard."""

from __future__ import annotations

import re

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox, control_paths
from pytest_bill.sandbox.pages import asked, control, sending
from tests.browser.conftest import SCHEMES, WIDTHS

DEVELOPER = "developer key"


@pytest.fixture
def sandbox():
    with LocalSandbox() as running:
        yield running


@pytest.fixture
def page(open_page, sandbox):
    return open_page(sandbox.origin + control.PATH)


def status(page):
    return page.get_by_role("status").inner_text()


def wait_for(page, text):
    page.get_by_role("status").get_by_text(re.compile(text)).wait_for()


def row_of(page, credential):
    return page.locator("#sign-ins tbody tr").filter(has_text=credential)


def send(sandbox, path="/connect/v3/vendors"):
    call = {"credential": DEVELOPER, "method": "GET", "path": path}
    headers = {control_paths.HEADER: "test"}
    return requests.post(
        sandbox.origin + sending.PATH, json=call, headers=headers, timeout=5
    ).json()


def test_the_clock_moves_and_the_session_expires(sandbox, page, open_page):
    page.get_by_role("button", name="Sign in with the developer key").click()
    wait_for(page, "Signed in with the developer key")
    assert "signed in" in row_of(page, DEVELOPER).inner_text()
    assert send(sandbox)["status"] == 200
    before = page.locator("#now").inner_text()
    page.get_by_role("button", name="36 minutes forward").click()
    wait_for(page, "^It is .* now")
    assert page.locator("#now").inner_text() > before
    assert "expired" in row_of(page, DEVELOPER).inner_text()
    assert "expired" not in row_of(page, "AP/AR sync token").inner_text()
    assert send(sandbox)["status"] == 401
    requests_page = open_page(sandbox.origin + asked.PATH)
    assert "401 BDC_1109" in requests_page.locator("#list tbody tr").first.inner_text()
    page.get_by_role("button", name="Sign in again with the developer key").click()
    wait_for(page, "Signed in with")
    assert send(sandbox)["status"] == 200
    page.get_by_role("button", name="Sign out, with the developer key").click()
    wait_for(page, "Signed out")
    assert "not signed in" in row_of(page, DEVELOPER).inner_text()


def test_the_same_by_keyboard(sandbox, page):
    page.get_by_role("button", name="Sign in with the AP/AR sync token").focus()
    page.keyboard.press("Enter")
    wait_for(page, "Signed in with the AP/AR sync token")
    # Who pressed it is still there.
    assert page.evaluate("document.activeElement.textContent") == "Sign in again"
    page.get_by_role("button", name="49 hours forward").focus()
    page.keyboard.press("Space")
    wait_for(page, "^It is .* now")
    assert "expired" in row_of(page, "AP/AR sync token").inner_text()
    before = page.locator("#now").inner_text()
    page.get_by_label("Forward by").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("30")
    page.keyboard.press("Tab")
    page.keyboard.type("days")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.getElementById('now').textContent > before", arg=before
    )
    assert page.locator("#now").inner_text()[:7] > before[:7]


def test_a_fault_is_set_seen_met_and_cleared(sandbox, page, open_page):
    page.get_by_label("Operation, by").fill("listVendors")
    page.get_by_label("Times").fill("2")
    page.get_by_label("s code").fill("BDC_9999")
    page.get_by_label("Headers, one a line").fill("Retry-After: 7\n")
    page.get_by_role("button", name="Let it fail").click()
    wait_for(page, "listVendors will fail 2 times")
    row = page.locator("#faults-to-come tbody tr").first
    assert "listVendors" in row.inner_text()
    assert "HTTP 503, BDC_9999" in row.inner_text()
    requests_page = open_page(sandbox.origin + asked.PATH)
    told = send(sandbox)
    assert (told["status"], dict(told["headers"])["retry-after"]) == (503, "7")
    # The list grows by itself.
    requests_page.get_by_text("503 BDC_9999").wait_for()
    assert page.locator("#faults-to-come tbody td.number").first.inner_text() in {"1", "2"}
    page.get_by_role("button", name="Clear the fault of listVendors").focus()
    page.keyboard.press("Enter")
    wait_for(page, "The fault of listVendors is cleared")
    assert "None." in page.locator("#faults-to-come tbody").inner_text()
    assert page.evaluate("document.activeElement.id") == "operation"
    assert send(sandbox)["status"] == 200


def test_a_misspelt_operation_is_told(sandbox, page):
    page.get_by_label("Operation, by").fill("listVendor")
    page.get_by_label("Operation, by").press("Enter")
    page.get_by_role("alert").get_by_text("Did you mean listVendors").wait_for()
    assert status(page) == ""
    assert sandbox.faults_to_come() == []


def test_what_the_sandbox_refuses_is_told(open_page, sandbox):
    page = open_page(sandbox.origin + control.PATH, may_be_refused=True)
    page.get_by_label("Forward by").fill("99999999")
    page.get_by_label("Unit").select_option("days")
    page.get_by_role("button", name="Move the clock").click()
    page.get_by_role("alert").get_by_text("advance_seconds").wait_for()
    page.get_by_role("button", name="A day forward").click()
    wait_for(page, "^It is .* now")
    assert page.get_by_role("alert").count() == 0


def test_cut_connections_by_check_boxes(sandbox, page):
    page.get_by_label("Operation, by").fill("listVendors")
    page.get_by_label("Cut the answer in half").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Let it fail").click()
    wait_for(page, "will fail 1 time")
    assert "in the middle" in send(sandbox)["note"]


def test_rules_are_set(sandbox, page):
    page.get_by_label("Ask for MFA").check()
    wait_for(page, "MFA is required")
    page.get_by_label("Verify a vendor").focus()
    page.keyboard.press("Space")
    wait_for(page, "accounts is required")
    page.get_by_label("Scope").select_option("Accounting data access")
    page.get_by_label("Lifetime").fill("600")
    page.get_by_role("button", name="Set both").click()
    wait_for(page, "from now on")
    state = sandbox._state
    assert (state.mfa.required, state.verifies_accounts) == (True, True)
    assert (str(state.tokens.scope), state.tokens.lifetime.total_seconds()) == ("accounting", 600)
    page.get_by_label("Ask for MFA").uncheck()
    wait_for(page, "MFA is not required")
    assert not state.mfa.required


def test_snapshots_and_reset(sandbox, page):
    page.get_by_role("button", name="Take a snapshot").click()
    wait_for(page, "Snapshot 1 is taken")
    vendors = len(sandbox._state.table(sandbox.variables["BILL_ORGANIZATION_ID"], "vendors"))
    sandbox.seed_from(
        {
            "/v3/vendors": [
                {
                    "name": "Acme",
                    "address": {
                        "line1": "1 Way",
                        "city": "Houston",
                        "zipOrPostalCode": "77002",
                        "country": "US",
                    },
                }
            ]
        }
    )

    def count():
        return len(sandbox._state.table(sandbox.variables["BILL_ORGANIZATION_ID"], "vendors"))

    assert count() == vendors + 1
    page.get_by_role("button", name="Restore snapshot 1").click()
    wait_for(page, "as at snapshot 1")
    assert count() == vendors
    page.get_by_role("button", name="Reset …").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Reset all records now"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#sure").is_hidden()
    assert status(page) != "All records are as at the start."
    page.get_by_role("button", name="Reset …").click()
    page.get_by_role("button", name="Reset all records now").click()
    wait_for(page, "as at the start")
    assert page.evaluate("document.activeElement.id") == "reset"


def test_all_sessions_expire_by_hand(sandbox, page):
    page.get_by_role("button", name="Sign in with the OAuth client credentials").click()
    wait_for(page, "Signed in")
    page.get_by_role("button", name="Expire all").click()
    wait_for(page, "have expired")
    assert "expired" in row_of(page, "OAuth").inner_text()


def test_a_refused_sign_in_is_told(sandbox, page):
    sandbox.fail("login", drop=True)
    page.get_by_role("button", name="Sign in with the developer key").click()
    page.get_by_role("alert").get_by_text("was cut before an answer").wait_for()
    assert "not signed in" in row_of(page, DEVELOPER).inner_text()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(open_page, sandbox, violations, width, scheme):
    sandbox.fail("listVendors", status=503, times=1000, message="x" * 300)
    sandbox.snapshot()
    page = open_page(sandbox.origin + control.PATH, width, scheme, bypasses_policy=True)
    page.get_by_role("button", name="Sign in with the developer key").click()
    wait_for(page, "Signed in")
    page.get_by_role("button", name="Reset …").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
