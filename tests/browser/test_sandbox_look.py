"""The sandbox's start, its records and its webhooks in a browser, by mouse and by keyboard."""

from __future__ import annotations

import json
import uuid

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.pages.records import PATH as RECORDS
from pytest_bill.sandbox.pages.webhooks import PATH as WEBHOOKS
from tests.browser.conftest import SCHEMES, WIDTHS
from tests.helpers.signing_in import developer_headers

HOSTILE = "</script><img src=x onerror=alert(1)>"
ADDRESS = {"line1": "1", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}


@pytest.fixture
def sandbox():
    with LocalSandbox(vendors=150) as running:
        yield running


@pytest.fixture
def headers(sandbox):
    return developer_headers(sandbox)


@pytest.fixture
def hostile(sandbox, headers) -> str:
    """The id of a vendor that is called as no vendor should."""
    answer = requests.post(
        f"{sandbox.origin}/connect/v3/vendors",
        headers=headers,
        json={"name": HOSTILE, "address": ADDRESS},
        timeout=5,
    )
    made: str = answer.json()["id"]
    return made


@pytest.fixture
def receiver(server):
    return server()


@pytest.fixture
def subscribed(sandbox, headers, receiver):
    body = {
        "name": HOSTILE,
        "status": {"enabled": True},
        "events": [{"type": "vendor.created", "version": "1"}],
        "notificationUrl": receiver.origin,
    }
    requests.post(
        f"{sandbox.origin}/connect-events/v3/subscriptions",
        headers={**headers, "X-Idempotent-Key": str(uuid.uuid4())},
        json=body,
        timeout=5,
    ).raise_for_status()


def kind(sandbox, name="vendors", **more) -> str:
    owner = sandbox.variables["BILL_ORGANIZATION_ID"]
    query = "&".join(f"{key}={value}" for key, value in {"kind": name, **more}.items())
    return f"{sandbox.origin}{RECORDS}?owner={owner}&{query}"


def follow(page, link) -> None:
    """Click, and wait for the page that it leads to."""
    with page.expect_navigation():
        link.click()


def fits(page) -> bool:
    fitting: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fitting


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_from_the_start_to_a_record_by_mouse(open_page, sandbox, width, scheme):
    page = open_page(sandbox.origin + "/", width, scheme)
    assert "It is not BILL" in page.locator("main").inner_text()
    assert fits(page)
    follow(page, page.get_by_role("navigation", name="Pages").get_by_role("link", name="Records"))
    assert fits(page)
    follow(page, page.get_by_role("link", name="Crescendo Music Shop"))
    assert fits(page)
    follow(page, page.get_by_role("link", name="Bills", exact=True))
    assert fits(page)
    follow(page, page.locator("#rows a").first)
    assert fits(page)
    vendor = page.locator("#record a").first
    vendor_id = json.loads(vendor.inner_text())
    # It folds, and what is folded is not shown.
    assert page.get_by_text("billLineItems").is_visible()
    page.get_by_role("button", name="Fold all", exact=True).click()
    page.locator("#record summary").nth(1).click()
    follow(page, vendor)
    assert page.locator("main code").first.inner_text() == vendor_id
    assert page.locator("h2", has_text="What names it").is_visible()
    follow(page, page.get_by_role("link", name="HAPPY-001"))
    assert "HAPPY-001" in page.locator("h1").inner_text()


def test_the_filter_filters_as_one_types(open_page, sandbox, hostile):
    page = open_page(kind(sandbox))
    assert page.locator("#told").inner_text() == "156 of 156, shown: 1\u2013100"
    page.keyboard.press("Control+k")
    page.keyboard.type("onerror")
    page.locator("#told", has_text="1 of 156").wait_for()
    assert page.locator("#rows tr").count() == 1
    assert HOSTILE in page.locator("#rows tr").inner_text()
    assert page.locator("main img").count() == 0
    assert "q=onerror" in page.url
    # What is filtered stays so in another order, and on a page that is loaded anew.
    follow(page, page.locator("#columns a", has_text="name"))
    assert page.locator("#told").inner_text() == "1 of 156"
    page.get_by_label("Filter").fill("")
    page.locator("#told", has_text="156 of 156").wait_for()
    follow(page, page.get_by_role("link", name="Next page"))
    assert page.locator("#told").inner_text() == "156 of 156, shown: 101\u2013156"
    follow(page, page.get_by_role("link", name="Previous page"))
    assert page.locator('th[aria-sort="ascending"]').inner_text().startswith("name")


def test_the_filter_by_keyboard_alone(open_page, sandbox, hostile):
    page = open_page(kind(sandbox))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Control+k")
    page.keyboard.type("onerror")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # the form, as without a script
    assert page.locator("#told").inner_text() == "1 of 156"
    page.keyboard.press("Control+k")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # what can be scrolled
    for _ in range(page.locator("#columns a").count() + 1):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#record").wait_for()
    assert HOSTILE in page.locator("h1").inner_text()


def test_a_filter_that_fails_says_so(open_page, sandbox):
    page = open_page(kind(sandbox))
    page.route("**/records/rows**", lambda route: route.fulfill(body="no JSON"))
    page.get_by_label("Filter").fill("x")
    page.locator("#told", has_text="Not filtered").wait_for()


def test_without_a_script(browser, sandbox, hostile):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(kind(sandbox))
    page.get_by_label("Filter").fill("onerror")
    follow(page, page.get_by_role("button", name="Filter"))
    assert page.locator("#told").inner_text() == "1 of 156"
    follow(page, page.locator("#rows a").first)
    assert hostile in page.locator("#record").inner_text()
    page.goto(kind(sandbox, "bills"))
    follow(page, page.locator("#rows a").first)
    follow(page, page.locator("#record a").first)
    assert "What names it" in page.locator("main").inner_text()
    context.close()


def test_webhooks_by_mouse(open_page, sandbox, subscribed, receiver, headers, hostile):
    receiver.default = lambda _: (500, {}, HOSTILE.encode())
    sandbox.deliver()
    page = open_page(sandbox.origin + WEBHOOKS)
    page.get_by_role("button", name="Deliver what is due now").click()
    page.locator("#told", has_text="Waiting for a later attempt: ").wait_for()
    assert page.evaluate("document.activeElement.id") == "deliver-now"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_notification_is_sent_again_and_looked_at(
    open_page, sandbox, subscribed, receiver, headers, width, scheme
):
    receiver.default = lambda _: (500, {}, HOSTILE.encode())
    vendor = {"name": HOSTILE, "address": ADDRESS}
    address = f"{sandbox.origin}/connect/v3/vendors"
    made = requests.post(address, headers=headers, json=vendor, timeout=5).json()
    sandbox.deliver()
    page = open_page(sandbox.origin + WEBHOOKS, width, scheme)
    assert fits(page)
    row = page.get_by_role("region", name="Notifications").locator("tbody tr")
    assert "HTTP 500" in row.inner_text()
    receiver.default = lambda _: (200, {}, b"")
    # By keyboard: the button before the one that moves the clock is the first after the menu.
    page.get_by_role("button", name="Deliver what is due now").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "deliver-next"
    page.keyboard.press("Enter")
    page.locator("#told", has_text="Waiting for a later attempt: 0.").wait_for()
    assert "delivered" in row.inner_text()
    assert [json.loads(body)["vendor"]["id"] for *_, body in receiver.received] == [made["id"]] * 2
    follow(page, row.get_by_role("link").first)
    assert fits(page)
    assert page.locator("main img").count() == 0
    assert "***" in page.locator("main").inner_text()
    page.get_by_role("button", name="Fold all", exact=True).click()
    follow(page, page.locator("dl").get_by_role("link", name=made["id"]))
    assert HOSTILE in page.locator("h1").inner_text()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(
    open_page, violations, sandbox, subscribed, receiver, headers, width, scheme
):
    receiver.default = lambda _: (500, {}, b"no")
    vendor = {"name": "Strings", "address": ADDRESS}
    address = f"{sandbox.origin}/connect/v3/vendors"
    made = requests.post(address, headers=headers, json=vendor, timeout=5).json()
    (sent,) = sandbox.deliver()
    owner = sandbox.variables["BILL_ORGANIZATION_ID"]
    for path in (
        "/",
        RECORDS,
        f"{RECORDS}?owner={owner}",
        f"{RECORDS}?owner={owner}&kind=vendors&sort=name",
        f"{RECORDS}?owner={owner}&kind=vendors&id={made['id']}",
        f"{RECORDS}?owner=spend&kind=members",
        WEBHOOKS,
        f"{WEBHOOKS}?id={sent['eventId']}",
    ):
        page = open_page(sandbox.origin + path, width, scheme, bypasses_policy=True)
        assert violations(page) == [], path
