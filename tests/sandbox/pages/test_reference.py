"""The reference: the list of all operations, and the page of each."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from time import perf_counter

import pytest
import requests

from pytest_bill.sandbox import api
from pytest_bill.sandbox.core.operations import Caller
from pytest_bill.sandbox.description import changelog, openapi
from pytest_bill.sandbox.description.notes import notes_of
from pytest_bill.sandbox.pages import reference
from pytest_bill.sandbox.pages.reference import listed
from tests.helpers.pages import Page

LARGEST = 300_000
"""Bytes, with style, script and data."""
SECONDS = 0.1


class Links(HTMLParser):
    """Whether a page is well formed, and where its links lead."""

    def __init__(self):
        super().__init__()
        self.ids, self.targets, self.open = [], [], []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids += [found["id"]] if "id" in found else []
        self.targets += [found["href"]] if "href" in found else []
        if tag not in {"meta", "link", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_decl(self, declaration):
        assert declaration.lower() == "doctype html"


@pytest.fixture(scope="module")
def running():
    from pytest_bill.sandbox import LocalSandbox

    with LocalSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def get(running):
    def get(path="", **query):
        return requests.get(running.origin + reference.PATH + path, params=query, timeout=10)

    return get


def rows(text: str) -> list[str]:
    """The names of the operations in a list that are not hidden, in order."""
    shown = [each for each in re.findall(r"<li data-[^>]*>.*?</li>", text) if " hidden" not in each]
    return [re.search(r'<a href="[^"]*/(\w+)">', each)[1] for each in shown]


def well_formed(text: str) -> Links:
    links = Links()
    links.feed(text)
    assert links.open == []
    assert len(links.ids) == len(set(links.ids))
    inner = {target[1:] for target in links.targets if target.startswith("#")}
    assert inner <= set(links.ids)
    return links


def test_the_list_has_every_operation_and_little_weight(get):
    answer = get()
    assert len(answer.content) <= LARGEST
    assert sorted(rows(answer.text)) == sorted(each.name for each in api.OPERATIONS)
    links = well_formed(answer.text)
    assert f"{reference.PATH}/createVendor" in links.targets
    for operation in api.OPERATIONS:
        assert f"<code>{operation.path}</code>" in answer.text


def test_the_list_is_served_at_once_the_second_time(get):
    get()
    # The best of some: the machine may have something else to do.
    took = []
    for _ in range(5):
        started = perf_counter()
        get()
        took.append(perf_counter() - started)
    assert min(took) < SECONDS


def test_the_list_is_folded_by_area_and_open_where_something_is_searched(get):
    whole, searched = get().text, get(q="classifications archive").text
    assert whole.count('<details class="area">') == whole.count('<details class="area"')
    assert '<details class="area" open>' in searched
    assert {name.partition("Classification")[1] for name in rows(searched)} == {"Classification"}


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"q": "VENDORS list"}, lambda o: {"listVendors"} <= o),
        ({"q": "/connect/v3/bills/{billId}/archive"}, lambda o: o == {"archiveBill"}),
        ({"q": "createBillApprovalPolicy"}, lambda o: "createBillApprovalPolicy" in o),
        ({"q": "no such words"}, lambda o: o == set()),
        ({"method": "DELETE"}, lambda o: "deleteBudget" in o and "createBudget" not in o),
        ({"version": "v2"}, lambda o: all(name.startswith("v2") for name in o)),
        ({"version": "Spend & Expense"}, lambda o: "listBudgets" in o and "listBills" not in o),
        ({"credential": "partner app key"}, lambda o: "partnerLogin" not in o),
        ({"credential": "AP/AR sync token"}, lambda o: "createPayment" not in o),
        ({"credential": "none of ours", "method": "PURGE"}, lambda o: len(o) > 600),
    ],
)
def test_searches_and_filters_are_in_the_address(get, query, fits):
    found = rows(get(**query).text)
    assert fits(set(found))
    assert len(found) == len(set(found))


def test_what_is_searched_is_text_only(get):
    hostile = '"><script>alert(1)</script>'
    text = get(q=hostile).text
    assert hostile not in text
    assert "0 of" in text


def test_a_call_of_each_filter_fits_what_may_be_called(get):
    for credential in listed.CREDENTIALS:
        names = set(rows(get(credential=credential).text))
        assert names == {
            each.name for each in api.OPERATIONS if credential in listed.may_call(each)
        }


def test_areas_of_v2_are_the_parts_of_bills_own_reference():
    areas = {row.area for row in listed.rows(api.OPERATIONS) if row.version == "v2"}
    assert "v2: ap-vendormgmt" in areas
    assert "v2: network" in areas


OF_EACH_KIND = (
    *("createVendor", "listBills", "createBillDocument", "bulkUpdateCreditMemo", "createPayment"),
    *("v2CreateBill", "v2UploadAttachment", "createSubscription", "listPartnerUsers", "login"),
    *("getHealthCheck", "updateCard", "setup", "createBankAccount"),
)


@pytest.mark.parametrize("name", OF_EACH_KIND)
def test_a_page_tells_all_that_is_known_of_an_operation(get, name):
    (operation,) = [each for each in api.OPERATIONS if each.name == name]
    answer = get(f"/{name}")
    assert answer.status_code == 200
    assert len(answer.content) <= LARGEST
    links = well_formed(answer.text)
    assert operation.page_url in links.targets
    shown = " ".join(" ".join(Page(answer.text).shown).split())
    assert operation.path in shown
    assert operation.summary in shown
    for named in (*operation.query, *operation.headers):
        assert named.name in shown
    for field in (*(operation.body or {}), *(operation.form or {}), *operation.path_parameters):
        assert field in shown
    notes = notes_of(operation)
    for sentence in (*notes.missing, *notes.unsure):
        assert " ".join(sentence.split()) in shown
    assert f"HTTP {operation.status}" in shown
    assert (Caller.ORGANIZATION.value in shown) == (operation.caller is Caller.ORGANIZATION)


@pytest.mark.parametrize("part", range(16))
@pytest.mark.sampled(16)
def test_every_operation_has_a_page(get, part):
    for operation in api.OPERATIONS[part::16]:
        answer = get(f"/{operation.name}")
        assert answer.status_code == 200, operation.name
        well_formed(answer.text)
        assert len(answer.content) <= LARGEST


def test_a_page_tells_of_rights(get):
    payment = get("/createPayment").text
    assert "needs an MFA-trusted session" in payment
    assert "sync token may not call it" in payment
    assert '<option value="AP/AR sync token">' not in payment
    assert "needs the role ADMINISTRATOR" in get("/getOrganization").text
    assert "sync token may call it" in get("/listVendors").text


def test_a_page_tells_of_limits_choices_and_what_has_to_be_there(get):
    shown = " ".join(" ".join(Page(get("/createVendor").text).shown).split())
    assert "name text required" in shown
    assert "a country, in two letters" in shown
    assert "BUSINESS , PERSON , NONE" in shown
    assert re.search("A JSON list of at most [0-9]+ objects", get("/createBulkVendor").text)


def test_a_page_tells_of_bills_changelog(get):
    entry = next(each for each in changelog.entries() if "createInvoice" in each.operations)
    text = get("/createInvoice").text
    assert entry.title in text
    assert entry.page_url in text


def test_a_page_tells_the_codes_that_it_may_refuse_with(get):
    text = get("/createBill").text
    for code in ("BDC_1109", "BDC_1119", "BDC_1171"):
        assert code in text


@pytest.mark.parametrize(
    ("name", "meant"), [("createVendr", "createVendor"), ("zzzzzzzz", ""), ("<b>x", "")]
)
def test_an_unknown_operation_is_a_page_that_asks_what_was_meant(get, name, meant):
    answer = get(f"/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert ("Did you mean" in answer.text) == bool(meant)
    assert not meant or f">{meant}</a>" in answer.text
    assert "<b>x" not in answer.text
    assert get(f"/{name}/example").status_code == 404


def test_no_page_holds_a_credential(running, get):
    secrets = [
        value
        for name, value in running.variables.items()
        if re.search("KEY|PASSW|TOKEN|SECR", name)
    ]
    for name in ("", *(f"/{each}" for each in OF_EACH_KIND)):
        text = get(name).text
        assert [each for each in secrets if each in text] == []


def test_one_sign_in_may_take_the_place_of_another():
    paths = openapi.document(api.OPERATIONS)["paths"]
    login = paths["/connect/v3/login"]["post"]["requestBody"]["content"]["application/json"]
    assert set(login["schema"]["required"]) == {"devKey", "username", "organizationId"}
    assert paths["/connect/v3/logout"]["post"]["security"] == [
        {"sessionId": [], "devKey": []},
        {"sessionId": [], "appKey": []},
        {"accessToken": []},
    ]


def test_both_are_served_without_a_credential(running):
    assert requests.get(running.origin, timeout=5).headers["content-type"].startswith("text/html")
    document = requests.get(f"{running.origin}/openapi.json", timeout=5).json()
    assert document["openapi"].startswith("3.1")
    described = sum(len(methods) for methods in document["paths"].values())
    assert described == len(api.OPERATIONS)
    vendors = document["paths"]["/connect/v3/vendors"]
    assert vendors["get"]["security"] == [{"sessionId": [], "devKey": []}, {"accessToken": []}]
    assert vendors["post"]["requestBody"]["content"]["application/json"]["schema"]["required"]
    assert Caller.ORGANIZATION.value in vendors["get"]["description"]
