"""The list of what the sandbox was asked, in a browser: by mouse and by keyboard."""

from __future__ import annotations

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.core.latest import MOST_KEPT
from pytest_bill.sandbox.pages import asked
from tests.browser.conftest import SCHEMES, WIDTHS
from tests.helpers.signing_in import developer_headers

ADDRESS = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def sandbox():
    with LocalSandbox() as running:
        yield running


@pytest.fixture
def ask(sandbox):
    headers = developer_headers(sandbox)

    def ask(method, path, **more):
        url = f"{sandbox.origin}/connect{path}"
        return requests.request(method, url, headers=headers, timeout=5, **more)

    return ask


@pytest.fixture
def some(ask):
    """A few requests, the oldest first."""
    ask("GET", "/v3/vendors", params={"max": "1"})
    ask("POST", "/v3/vendors", json={"name": HOSTILE, "address": ADDRESS})
    ask("POST", "/v3/bills", json={})
    ask("GET", "/v3/nowhere")


@pytest.fixture
def page(open_page, sandbox, some):
    return open_page(sandbox.origin + asked.PATH)


def lines(page):
    return page.locator("#list tbody tr:not(.detail)")


def count(page):
    return page.locator("#count").inner_text()


def test_it_grows_while_one_looks(page, ask):
    assert lines(page).count() == 5
    assert "nowhere" in lines(page).first.inner_text()
    ask("GET", "/v3/customers")
    page.get_by_text("/v3/customers").wait_for()
    assert "customers" in lines(page).first.inner_text()
    page.get_by_role("button", name="Pause the list").click()
    assert count(page) == "6 requests, paused."
    ask("GET", "/v3/items")
    ask("GET", "/v3/items")
    page.wait_for_timeout(1500)
    assert lines(page).count() == 6
    page.get_by_role("button", name="Go on with the list").click()
    page.get_by_text("8 requests.").wait_for()


def test_it_is_searched_and_filtered(page):
    page.keyboard.press("Control+k")
    page.keyboard.type("onerror")
    assert count(page) == "1 of 5 requests."
    assert "createVendor" in lines(page).first.inner_text()
    page.get_by_role("button", name="Clear all filters").click()
    page.get_by_label("Status").select_option("4xx")
    assert count(page) == "2 of 5 requests."
    page.get_by_label("Method").select_option("GET")
    assert count(page) == "1 of 5 requests."
    page.get_by_label("Status").select_option("any with a BILL code")
    assert "BDC_1121" in lines(page).first.inner_text()
    page.get_by_role("button", name="Clear all filters").click()
    page.get_by_label("Operation", exact=True).select_option("login")
    assert count(page) == "1 of 5 requests."
    page.get_by_role("button", name="Clear all filters").click()
    page.get_by_label("Came with").select_option("developer key")
    assert count(page) == "5 requests."
    page.get_by_label("Search").fill("no such words")
    assert count(page) == "0 of 5 requests."


def test_a_request_is_unfolded_by_keyboard(page):
    page.get_by_role("button", name="POST /connect/v3/vendors").focus()
    page.keyboard.press("Enter")
    detail = page.locator("tr.detail")
    detail.get_by_text("Answer: 201").wait_for()
    shown = detail.inner_text()
    assert HOSTILE in shown
    assert "sessionid: ***" in shown
    assert "developer key" in shown
    assert page.locator("#list img").count() == 0
    detail.get_by_role("button", name="Fold all").first.click()
    page.get_by_role("button", name="POST /connect/v3/vendors").press("Enter")
    assert detail.count() == 0


def test_what_is_unfolded_stays_while_the_list_grows(page, ask):
    button = page.get_by_role("button", name="POST /connect/v3/bills")
    button.click()
    page.get_by_text("Answer: 400").wait_for()
    button.focus()
    ask("GET", "/v3/customers")
    page.get_by_text("/v3/customers").wait_for()
    assert page.get_by_text("Answer: 400").is_visible()
    assert "v3/bills" in page.evaluate("document.activeElement.textContent")


def test_code_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="GET /connect/v3/vendors").click()
    page.get_by_role("button", name="Copy as curl").click()
    page.get_by_text("Copied for curl.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert '"$BILL_BASE_URL"' in copied
    assert '"$BILL_DEV_KEY"' in copied
    page.get_by_role("button", name="Copy as httpx").click()
    page.wait_for_function(
        "navigator.clipboard.readText().then(text => text.includes('import httpx'))"
    )
    page.locator("summary").get_by_text("requests", exact=True).click()
    assert page.get_by_text('os.environ["BILL_DEV_KEY"]').first.is_visible()


def test_a_reset_empties_it(page, sandbox):
    sandbox.reset()
    page.get_by_text("0 requests.").wait_for()
    assert lines(page).count() == 0


def test_all_that_are_kept_are_there_and_searched_at_once(open_page, sandbox):
    session = requests.Session()
    for number in range(MOST_KEPT + 20):
        session.get(f"{sandbox.origin}/connect/v3/health?n={number}", timeout=5)
    page = open_page(sandbox.origin + asked.PATH)
    page.get_by_text("1,000 requests.").wait_for()
    assert lines(page).count() == 50
    milliseconds = page.evaluate(
        """() => { const text = document.getElementById("text"), start = performance.now();
        text.value = "n=101"; text.dispatchEvent(new Event("input"));
        return performance.now() - start; }"""
    )
    assert count(page) == "11 of 1,000 requests."
    assert milliseconds < 100
    page.get_by_role("button", name="Clear all filters").click()
    page.get_by_role("button", name="Next page").click()
    assert lines(page).count() == 50
    # What comes meanwhile does not lead back to the first page.
    session.get(f"{sandbox.origin}/connect/v3/health?n=new", timeout=5)
    page.wait_for_timeout(1500)
    assert "51\u2013100" in page.locator("#pages").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(open_page, sandbox, some, violations, width, scheme):
    page = open_page(sandbox.origin + asked.PATH, width, scheme, bypasses_policy=True)
    page.get_by_role("button", name="POST /connect/v3/vendors").click()
    page.get_by_text("Answer: 201").wait_for()
    for each in page.locator("summary").all():
        if each.inner_text() in ("curl", "requests", "httpx"):
            each.click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
