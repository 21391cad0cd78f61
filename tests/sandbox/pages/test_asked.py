"""The list of what the sandbox was asked, and each request with its answer."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.core.received import LARGEST_BODY
from pytest_bill.sandbox.pages import asked
from pytest_bill.sandbox.pages.asked import MOST
from pytest_bill.scrubbing.search.search import UNSEARCHABLE, Search
from tests.helpers.pages import Page
from tests.helpers.signing_in import developer_headers

ADDRESS = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}


@pytest.fixture(scope="module")
def shared():
    with LocalSandbox() as running:
        yield running


@pytest.fixture
def sandbox(shared):
    shared.reset()
    return shared


@pytest.fixture
def vendors(sandbox):
    """Asks for vendors, with the developer key."""
    headers = developer_headers(sandbox)
    url = f"{sandbox.origin}/connect/v3/vendors"

    def ask(method="GET", **more):
        return requests.request(method, url, headers=headers, timeout=5, **more)

    return ask


def since(sandbox, after=0, **more):
    query = {"after": after, **more}
    answer = requests.get(sandbox.origin + asked.SINCE_PATH, params=query, timeout=5)
    assert answer.status_code == 200, answer.text
    assert not [each for each in sandbox._state.secrets() if each in answer.text]
    return answer.json()


def detail(sandbox, number):
    answer = requests.get(f"{sandbox.origin}{asked.PATH}/{number}", timeout=5)
    assert not [each for each in sandbox._state.secrets() if each in answer.text]
    return answer


def last(sandbox):
    return since(sandbox)["asked"][-1]


def test_a_line_says_what_was_asked_and_answered(sandbox, vendors):
    sandbox.advance(timedelta(minutes=1))
    assert vendors(params={"max": "1", "sort": "name:asc"}).ok
    row = last(sandbox)
    told = {name: row[name] for name in ("method", "path", "query", "operation", "status")}
    assert told == {
        "method": "GET",
        "path": "/connect/v3/vendors",
        "query": "max=1&sort=name:asc",
        "operation": "listVendors",
        "status": 200,
    }
    assert row["came_with"] == "developer key"
    assert row["milliseconds"] > 0
    health = requests.get(f"{sandbox.origin}/__sandbox__/health", timeout=5).json()
    assert row["time"][:16] <= health["now"][:16]
    assert row["time"].endswith("+00:00")


def test_refusals_say_bills_codes(sandbox, vendors):
    vendors("POST", json={"name": "x"})
    assert (last(sandbox)["status"], last(sandbox)["codes"]) == (400, [])
    requests.get(f"{sandbox.origin}/connect/v3/nowhere", timeout=5)
    row = last(sandbox)
    assert (row["status"], row["codes"], row["operation"]) == (404, ["BDC_1121"], "")
    requests.post(f"{sandbox.origin}/api/v2/List/Vendor.json", timeout=5)
    row = last(sandbox)
    assert (row["status"], row["codes"]) == (200, ["BDC_1102"])
    assert row["came_with"] == ""


def test_what_has_no_answer_says_so(sandbox, vendors):
    sandbox.fail("listVendors", drop=True)
    sandbox.fail("listVendors", truncate=True)
    for _ in range(2):
        with pytest.raises(requests.RequestException):
            vendors()
    dropped, cut = since(sandbox)["asked"][-2:]
    assert (dropped["status"], dropped["ending"]) == (None, "cut off")
    assert (cut["status"], cut["ending"]) == (200, "cut in half")
    assert detail(sandbox, dropped["number"]).json()["answer"] is None
    assert detail(sandbox, cut["number"]).json()["answer"]["body"]


def test_a_request_is_told_with_its_answer(sandbox, vendors):
    vendors("POST", json={"name": "Ünï <script>", "address": ADDRESS})
    told = detail(sandbox, last(sandbox)["number"]).json()
    assert json.loads(told["request"]["body"]["text"])["name"] == "Ünï <script>"
    assert told["request"]["kind"] == told["answer"]["kind"] == "JSON"
    assert "sessionid: ***" in told["request"]["headers"]["text"]
    assert json.loads(told["answer"]["body"]["text"])["address"]["city"] == "Houston"
    assert "content-type: application/json" in told["answer"]["headers"]["text"]
    assert set(told["snippets"]) == {"curl", "requests", "httpx"}


def test_credentials_are_hidden_in_answers_too(sandbox):
    developer_headers(sandbox)
    told = detail(sandbox, last(sandbox)["number"]).json()
    assert json.loads(told["answer"]["body"]["text"])["sessionId"] == "***"
    assert json.loads(told["request"]["body"]["text"])["password"] == "***"


def test_large_bodies_are_left_out_with_their_sizes(sandbox, vendors):
    vendors("POST", json={"name": "x" * LARGEST_BODY})
    told = detail(sandbox, last(sandbox)["number"]).json()["request"]
    assert told["size"] > LARGEST_BODY
    assert told["kind"] == "not kept"
    sandbox.fail("listVendors", status=200, body="y" * (LARGEST_BODY + 1))
    vendors()
    told = detail(sandbox, last(sandbox)["number"]).json()["answer"]
    assert (told["size"], told["kind"]) == (LARGEST_BODY + 1, "not kept")


def test_what_is_new_is_told_and_no_more_than_some(sandbox, vendors):
    after = since(sandbox)["last"]
    for _ in range(3):
        vendors()
    told = since(sandbox, after)
    assert [each["number"] for each in told["asked"]] == [after + 1, after + 2, after + 3]
    assert told["last"] == after + 3
    assert since(sandbox, after + 3)["asked"] == []
    assert since(sandbox, after + 1000)["asked"] == []
    received, first = sandbox._state.received, told["last"] + 1
    for _ in range(MOST + 5):
        requests.get(f"{sandbox.origin}/connect/v3/health", timeout=5)
    told = since(sandbox, after)
    assert len(told["asked"]) == MOST
    assert told["asked"][-1]["number"] == told["last"] == received.numbers[1] == first + MOST + 4
    more = since(sandbox, after, before=told["asked"][0]["number"])
    assert [each["number"] for each in more["asked"]] == list(range(after + 1, first + 5))


def test_after_a_reset_the_numbers_go_on(sandbox, vendors):
    vendors()
    before = since(sandbox)["last"]
    sandbox.reset()
    assert since(sandbox) == {"asked": [], "first": before + 1, "last": before}
    assert detail(sandbox, before).status_code == 404
    vendors()
    assert since(sandbox, before)["asked"][0]["number"] == before + 1


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999", "9" * 40, "%D9%A1"])
def test_what_is_not_kept_is_said(sandbox, number):
    answer = detail(sandbox, number)
    assert answer.status_code == 404
    assert "no longer kept" in answer.json()[0]["message"]


@pytest.mark.parametrize("query", ["", "after=", "after=x", "after=-1", "after=1&before=x"])
def test_other_numbers_are_refused(sandbox, query):
    answer = requests.get(f"{sandbox.origin}{asked.SINCE_PATH}?{query}", timeout=5)
    assert answer.status_code == 400
    assert answer.json()[0]["message"]


@pytest.mark.parametrize("path", [asked.PATH, asked.SINCE_PATH + "?after=0", asked.PATH + "/1"])
def test_no_other_site_reads_it(sandbox, path):
    for headers in ({"Origin": "http://evil.example.com"}, {"Sec-Fetch-Site": "cross-site"}):
        assert requests.get(sandbox.origin + path, headers=headers, timeout=5).status_code == 403
    headers = {"Host": "evil.example.com"}
    assert requests.get(sandbox.origin + path, headers=headers, timeout=5).status_code == 421


def test_the_page_is_there_without_a_script(sandbox, vendors):
    vendors("POST", json={"name": "</script><script>alert(1)</script>"})
    text = requests.get(sandbox.origin + asked.PATH, timeout=5).text
    page = Page(text)
    assert any("POST /connect/v3/vendors" in each for each in page.shown)
    assert "<script>alert" not in text
    assert not [each for each in sandbox._state.secrets() if each in text]
    assert [each["method"] for each in page.data["asked"]] == ["POST", "POST"]


def test_looking_is_not_recorded(sandbox, vendors):
    vendors()
    before = since(sandbox)["last"]
    detail(sandbox, before)
    requests.get(sandbox.origin + asked.PATH, timeout=5)
    assert since(sandbox)["last"] == before
    assert sandbox.received_requests()[-1]["path"] == "/connect/v3/vendors"
    assert set(sandbox.received_requests()[-1]) == {"method", "path", "query", "headers", "body"}


def test_what_cannot_be_searched_for_secrets_is_hidden_alone(sandbox, vendors, monkeypatch):
    """Work is bounded: of what is beyond it, a search leaves nothing."""
    replace = Search.replace

    def replace_some(self, data):
        return UNSEARCHABLE.encode() if b"very-packed" in data else replace(self, data)

    monkeypatch.setattr(Search, "replace", replace_some)
    vendors("POST", json={"name": "very-packed", "note": "seen"})
    vendors(params={"max": "1"})
    packed, listed = since(sandbox)["asked"][-2:]
    assert (packed["operation"], listed["query"]) == ("createVendor", "max=1")
    told = detail(sandbox, packed["number"]).json()
    assert json.loads(told["request"]["body"]["text"]) == {"name": "***", "note": "seen"}
    assert "very-packed" not in json.dumps([packed, told])
    assert sandbox.received_requests()[-2]["body"] == {"name": "***", "note": "seen"}
