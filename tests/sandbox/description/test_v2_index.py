"""BILL's index of v2: each of its operations is emulated, or listed as not, and has BILL's page."""

from datetime import date

import requests

from pytest_bill.sandbox import api
from pytest_bill.sandbox.description import fidelity, v2_index

OVERVIEW = "https://developer.bill.com/v2/reference/api-reference-overview"
# Errors with GET, as the page of v3 calls it.
ERRORS = "https://developer.bill.com/docs/common-api-error-codes"
EMULATED = {(each.method, each.path): each for each in api.OPERATIONS}


def test_the_index_says_of_what_day_it_is():
    assert date.fromisoformat(v2_index.as_of()) >= date(2026, 3, 28)


def test_every_operation_of_v2_is_in_the_index_once():
    rows = [(method, path) for _, method, path, *_ in v2_index.index()]
    assert len(rows) == len(set(rows)) == 275 + 2
    by_clients = [path for area, _, path, *_ in v2_index.index() if area == "v2-clients"]
    assert by_clients == ["/api/v2/VoidARPayment.json", "/api/v2/List/SentBillPay.json"]


def test_every_operation_is_told_as_emulated_or_as_not():
    told = fidelity.current()["fidelity/v2.md"].splitlines()
    for _, method, path, name, page in v2_index.index():
        [line] = [each for each in told if f"`{method} {path}` |" in each]
        assert line.startswith(f"| [{name}]({page})<br>")
        assert ("` |  | " in line) == ((method, path) not in EMULATED)


def test_what_is_emulated_names_the_page_that_the_index_has():
    pages = {(method, path): page for _, method, path, _, page in v2_index.index()}
    wrong = [
        (each.path, each.page_url)
        for key, each in EMULATED.items()
        if key in pages and each.page_url != pages[key]
    ]
    assert wrong == []


def test_what_the_index_has_not_has_no_page_of_its_own():
    known = {(method, path) for _, method, path, *_ in v2_index.index()}
    beyond = [each for each in v2_index.listed(api.OPERATIONS) if each[1:3] not in known]
    assert {page for *_, page in beyond} <= {OVERVIEW, ERRORS}


def test_what_is_listed_as_not_emulated_is_refused(sandbox):
    absent = [path for _, method, path, *_ in v2_index.index() if (method, path) not in EMULATED]
    for path in absent:
        answer = requests.post(f"{sandbox.origin}{path}", data={}, timeout=5).json()
        assert answer["response_data"]["error_code"] == "BDC_1121", path
