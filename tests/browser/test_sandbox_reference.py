"""The sandbox's reference as people use it: searched, read, tried out, by mouse and by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.pages import reference
from tests.browser.conftest import SCHEMES, WIDTHS

full_size = pytest.mark.parametrize("width", WIDTHS)
schemes = pytest.mark.parametrize("scheme", SCHEMES)


@pytest.fixture
def sandbox():
    with LocalSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def at(sandbox):
    """The address of the list, or of an operation's page."""
    return lambda name="": f"{sandbox.origin}{reference.PATH}{name and '/'}{name}"


@pytest.fixture
def alone(browser):
    """Open an address whose console is not looked at: browsers tell there of each HTTP 4xx."""
    contexts = []

    def alone(address, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(address)
        return page

    yield alone
    for context in contexts:
        context.close()


def shown(page) -> list[str]:
    """The names of the operations that can be seen."""
    names = page.locator("details.area li a")
    return [each.inner_text() for each in names.all() if each.is_visible()]


def answer_of(page) -> str:
    page.locator("#answer .panes").wait_for()
    return page.locator("#state").inner_text()


@full_size
@schemes
def test_searched_by_mouse(open_page, at, width, scheme):
    page = open_page(at(), width, scheme)
    assert page.locator("#count").inner_text().startswith("All ")
    assert shown(page) == []
    page.get_by_text("Payment terms", exact=True).click()
    assert shown(page) == [
        *("listPaymentTerms", "createPaymentTerm", "getPaymentTerm", "updatePaymentTerm")
    ]
    page.get_by_role("searchbox").fill("department /bulk/ARCHIVE")
    assert shown(page) == ["bulkArchiveClassificationDepartment"]
    assert page.url.endswith("?q=department+%2Fbulk%2FARCHIVE")
    assert " of " in page.locator("#count").inner_text()
    page.get_by_role("searchbox").fill("")
    # As it was before the search.
    assert "createPaymentTerm" in shown(page)
    assert "listVendors" not in shown(page)
    page.get_by_label("Method").select_option("DELETE")
    page.get_by_label("Credential").select_option("Spend & Expense API token")
    assert "deleteBudget" in shown(page)
    assert "createBudget" not in shown(page)
    assert "deleteAttachment" not in shown(page)
    page.get_by_role("link", name="Clear").click()
    assert page.locator("#count").inner_text().startswith("All ")
    page.get_by_role("button", name="Unfold all areas").click()
    assert "v2ListVendor" in shown(page)
    page.get_by_role("button", name="Fold all areas", exact=True).click()
    assert shown(page) == []


@full_size
def test_searched_by_keyboard(open_page, at, width):
    page = open_page(at(), width)
    page.keyboard.press("Control+k")
    page.keyboard.type("vendor credit bulk")
    page.keyboard.press("Enter")
    first = page.evaluate("document.activeElement.textContent")
    assert first == shown(page)[0]
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == shown(page)[1]
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent") == shown(page)[-1]
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{first}")
    assert page.locator("h1").inner_text() == first


def test_one_that_is_found_alone_opens_at_once(open_page, at):
    page = open_page(at())
    page.keyboard.press("Control+k")
    page.keyboard.type("createBillApprovalPolicy")
    page.keyboard.press("Enter")
    page.wait_for_url("**/createBillApprovalPolicy")


def test_a_search_can_be_linked_to(open_page, at):
    page = open_page(at() + "?q=vendors&method=GET&version=v3")
    assert "listVendors" in shown(page)
    assert "createVendor" not in shown(page)
    assert page.get_by_role("searchbox").input_value() == "vendors"


def test_a_search_takes_no_time(open_page, at):
    page = open_page(at())
    page.get_by_role("searchbox").fill("a")
    assert float(page.locator("#count").get_attribute("data-milliseconds")) < 100


def test_a_name_is_copied(open_page, at):
    page = open_page(at("createVendor"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the name").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "createVendor"
    page.goto(at() + "?q=archiveBill")
    copy = page.get_by_role("button", name="Copy archiveBill")
    copy.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "archiveBill"


@full_size
@schemes
def test_an_example_is_changed_and_sent(open_page, at, sandbox, width, scheme):
    page = open_page(at("createVendor"), width, scheme)
    body = page.get_by_label("Body")
    body.fill(body.input_value().replace('"name": "Example ', '"name": "Mine <b> '))
    page.get_by_role("button", name="Send").click()
    told = answer_of(page)
    assert told.startswith("HTTP 201 Created")
    assert "It signed in first" in told
    assert "Mine <b>" in page.locator("#answer").inner_text()
    assert "***" in page.locator("#answer").inner_text()
    assert sandbox.request_counts()["POST /connect/v3/vendors"] == 1
    # A second one, by keys; it is signed in by now.
    page.get_by_role("button", name="Fill in anew").click()
    page.get_by_text("Filled in anew").wait_for()
    body.focus()
    page.keyboard.press("Control+Enter")
    page.get_by_text("HTTP 201 Created").wait_for()
    assert "signed in" not in answer_of(page)
    fold = page.locator("#answer").get_by_role("button", name="Fold all", exact=True).last
    fold.click()


@schemes
def test_an_example_is_copied_as_code_and_not_sent(open_page, violations, at, sandbox, scheme):
    page = open_page(at("deleteBudget"), scheme=scheme, bypasses_policy=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="As code").click()
    page.get_by_text("Not sent").wait_for()
    page.get_by_role("button", name="Copy as requests").click()
    page.get_by_text("Copied for requests").wait_for()
    code = page.evaluate("navigator.clipboard.readText()")
    assert 'os.environ["BILL_SPEND_API_TOKEN"]' in code
    assert sandbox.variables["BILL_SPEND_API_TOKEN"] not in code
    assert sandbox.request_counts() == {}
    assert violations(page) == []


@full_size
@schemes
def test_a_refusal_is_shown_with_its_code(open_page, at, width, scheme):
    page = open_page(at("createVendor"), width, scheme)
    page.get_by_label("Body").fill('{"name": "", "address": {"country": "USA"}}')
    page.get_by_role("button", name="Send").click()
    told = answer_of(page)
    assert told.startswith("HTTP 400 Bad Request")
    assert "BDC_1119" in page.locator("#answer > ul").inner_text()


def test_a_refusal_of_v2_is_one_though_its_status_is_200(open_page, at):
    page = open_page(at("v2ReadVendor"))
    page.get_by_label("Field of the form: data").fill('{"id": "00901ZZZZZZZZZZZZZZZ"}')
    page.get_by_role("button", name="Send").click()
    assert answer_of(page).startswith("HTTP 200 OK, refused")
    assert "BDC_1120" in page.locator("#answer > ul").inner_text()


def test_what_an_example_needs_is_sent_first(open_page, at, sandbox):
    page = open_page(at("validate"))
    needs = page.locator("#needs")
    assert "setup" in needs.inner_text()
    needs.get_by_role("button").click()
    page.get_by_text("Sent: setup").wait_for()
    assert needs.inner_text() == ""
    assert page.evaluate("document.activeElement.id") == "send"
    page.keyboard.press("Enter")
    assert answer_of(page).startswith("HTTP 200 OK")


def test_a_session_expires_and_one_signs_in_anew(open_page, at, sandbox):
    page = open_page(at("listVendors"))
    page.get_by_role("button", name="Send").click()
    assert answer_of(page).startswith("HTTP 200 OK")
    sandbox.advance(timedelta(minutes=36))
    page.get_by_role("button", name="Send").click()
    page.get_by_text("BDC_1109").first.wait_for()
    assert answer_of(page).startswith("HTTP 401 Unauthorized")
    page.get_by_role("button", name="Sign in anew").click()
    page.get_by_text("HTTP 200 OK").wait_for()


def test_another_credential_sees_other_records(open_page, at):
    page = open_page(at("getVendor"))
    path = page.get_by_label("GET, path")
    before = path.input_value()
    page.get_by_label("Credential", exact=True).select_option("Accountant Console API token")
    page.wait_for_function(f"document.getElementById('path').value !== '{before}'")
    page.get_by_role("button", name="Send").click()
    assert answer_of(page).startswith("HTTP 200 OK")
    # What somebody has written stays.
    path.fill("/connect/v3/vendors/mine")
    page.get_by_label("Credential", exact=True).select_option("developer key")
    page.get_by_text("Your changes stay").wait_for()
    assert path.input_value() == "/connect/v3/vendors/mine"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("createBillDocument", "HTTP 200 OK"),
        ("v2UploadAttachment", "HTTP 200 OK"),
        ("v2CreateVendor", "HTTP 200 OK"),
        ("login", "HTTP 200 OK"),
        ("v2Login", "HTTP 200 OK"),
        ("getCurrentUser", "HTTP 200 OK"),
        ("listPartnerOrganizations", "HTTP 200 OK"),
        ("deleteAttachment", "HTTP 200 OK"),
    ],
)
def test_each_kind_of_body_and_credential_is_sent(open_page, at, name, told):
    page = open_page(at(name))
    page.get_by_role("button", name="Send").click()
    assert answer_of(page).startswith(told)
    assert "refused" not in answer_of(page)


def test_what_cannot_be_sent_is_said(alone, at):
    page = alone(at("listVendors"))
    page.get_by_label("GET, path").fill("/__sandbox__/reset")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("path of an operation of BILL").wait_for()


@schemes
def test_a_fault_that_a_test_asked_for_is_seen(open_page, at, sandbox, scheme):
    sandbox.fail("listVendors", drop=True)
    page = open_page(at("listVendors"), scheme=scheme)
    page.get_by_role("button", name="Send").click()
    assert answer_of(page).startswith("No whole answer")


@full_size
@schemes
@pytest.mark.parametrize("name", ["", "createVendor", "v2CreateBill", "voidPayment", "validate"])
def test_axe_finds_nothing(open_page, violations, at, width, scheme, name):
    page = open_page(at(name), width, scheme, bypasses_policy=True)
    if name:
        page.get_by_role("button", name="Send (").click()
        page.locator("#answer .panes").wait_for()
        for each in page.locator("main details").all():
            each.evaluate("details => { details.open = true; }")
    else:
        page.get_by_role("searchbox").fill("vendor")
    assert violations(page) == []


def test_axe_finds_nothing_in_an_unknown_operation(alone, violations, at):
    page = alone(at("createVendr"), bypass_csp=True)
    assert violations(page) == []
    page.get_by_role("link", name="createVendor").click()
    page.wait_for_url("**/createVendor")


@full_size
@pytest.mark.parametrize("name", ["", "createVendor", "v2CreateBill"])
def test_nothing_is_wider_than_the_screen(open_page, at, width, name):
    page = open_page(at(name), width)
    for each in page.locator("main details").all():
        each.evaluate("details => { details.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script_it_can_be_read_and_searched(alone, at):
    page = alone(at(), java_script_enabled=False)
    page.get_by_role("searchbox").fill("payment terms")
    page.get_by_label("Method").select_option("POST")
    page.get_by_role("button", name="Search").click()
    assert shown(page) == ["createPaymentTerm"]
    page.get_by_role("link", name="createPaymentTerm").click()
    assert "daysDue" in page.locator("main").inner_text()
    assert '"daysDue"' in page.get_by_label("Body").input_value()
    assert "needs its own script" in page.locator("noscript").inner_text()
    assert page.get_by_role("button").count() == 0
