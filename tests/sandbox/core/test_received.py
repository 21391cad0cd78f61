"""What the sandbox remembers of its requests."""

import base64
import json

import pytest

from pytest_bill.sandbox.core.http import Headers
from pytest_bill.sandbox.core.latest import MOST_KEPT
from pytest_bill.sandbox.core.received import LARGEST_BODY, Received


def test_a_request_is_kept_with_its_content(sandbox, developer):
    developer.get("/v3/vendors", params={"max": "5"})
    developer.post("/v3/vendors", {"name": "Ünï"}, headers={"X-Mine": "1"})
    listed, created = sandbox.received_requests()[-2:]
    assert (listed["method"], listed["path"]) == ("GET", "/connect/v3/vendors")
    assert listed["query"] == {"max": "5"}
    assert created["body"] == {"name": "Ünï"}
    assert created["headers"]["x-mine"] == "1"


def test_no_credential_is_kept(sandbox, developer, console, partner, spend):
    spend.get("/v3/spend/budgets")
    developer.get("/v3/vendors")
    text = str(sandbox.received_requests())
    secrets = [
        value
        for name, value in sandbox.variables.items()
        if any(word in name for word in ("PASSWORD", "KEY", "TOKEN_VALUE", "API_TOKEN"))
    ]
    assert len(secrets) >= 8
    assert not [secret for secret in secrets if secret in text]
    assert developer.headers["sessionId"] not in text


@pytest.mark.parametrize("secret", ["BILL_PASSWORD", "BILL_DEV_KEY", "BILL_SPEND_API_TOKEN", ""])
def test_a_secret_in_another_place_is_not_told_either(sandbox, developer, secret):
    value = sandbox.variables[secret] if secret else developer.headers["sessionId"]
    nested = json.dumps({"pass word": value})
    developer.post("/v3/vendors", {"name": value, "Pwd": [nested, {"a": value}], value: 1})
    developer.get(f"/v3/vendors/{value}", params={"q": f"x{value}", value: "1"})
    developer.get(f"/v3/vendors;jsessionid={value}", headers={"X-Other": f"Bearer {value}"})
    encoded = base64.b64encode(f"me:{value}".encode()).decode()
    developer.post("/v3/vendors", {"data": nested, "b": encoded})
    developer.call("POST", "/v3/logout")
    told = sandbox.received_requests()[-5:]
    text = json.dumps([told, sandbox.request_counts()])
    for form in (value, encoded):
        assert form not in text
    assert told[0]["body"]["name"] == "***"
    assert json.loads(told[0]["body"]["Pwd"][0]) == {"pass word": "***"}
    assert told[1]["path"] == "/connect/v3/vendors/***"
    assert told[3]["body"]["data"] == '{"pass word": "***"}'


def test_what_reads_as_a_credential_is_not_told_though_it_opens_nothing(sandbox, developer):
    other = {"sessionId": "an0ther-bill", "X-Dev-Key": "an0ther-bill", "Cookie": "a=an0ther-bill"}
    nested = json.dumps({"session_id": "an0ther-bill", "obj": [{"ApiToken": "an0ther-bill"}]})
    developer.get("/v3/vendors", params=other, headers=other)
    developer.post("/v3/vendors", {"Password": "an0ther-bill", "data": nested, "access_token": 1})
    developer.call("POST", "/v3/login", data={"devKey": "an0ther-bill", "data": nested})
    developer.post("/v3/bills", {"idempotencyKey": "mine", "note": "{no JSON", "list": "[1]"})
    told = sandbox.received_requests()
    assert "an0ther-bill" not in json.dumps(told)
    assert told[-1]["body"] == {"idempotencyKey": "mine", "note": "{no JSON", "list": "[1]"}


def test_that_a_credential_is_absent_is_told(sandbox, developer):
    body = {"token": None, "password": "", "secret": True, "devKey": 7, "apiKey": ["x"]}
    developer.post("/v3/vendors", body)
    told = sandbox.received_requests()[-1]["body"]
    assert told == {"token": None, "password": "", "secret": True, "devKey": "***", "apiKey": "***"}


def test_what_it_handed_out_is_not_told_either(sandbox, developer, spend, remembered):
    url = spend.post("/v3/spend/reimbursements/image-upload-url").json()["url"]
    signature = url.rpartition("signature=")[2]
    developer.post("/v3/vendors", {"name": remembered["rememberMeId"], "note": url})
    spend.post("/v3/spend/reimbursements", {"receipts": [{"url": url}]})
    spend.get(f"/v3/spend/{signature}")
    told = json.dumps([sandbox.received_requests(), sandbox.request_counts()])
    assert remembered["rememberMeId"] not in told
    assert signature not in told


def test_only_the_latest_are_kept_but_all_are_counted():
    received = Received()
    for number in range(MOST_KEPT + 5):
        received.add("GET", "/a", f"n={number}".encode(), Headers([]), b"")
    assert len(received.latest()) == MOST_KEPT
    assert received.latest()[0]["query"] == {"n": "5"}
    assert received.counts() == {"GET /a": MOST_KEPT + 5}


def test_a_body_that_is_neither_json_nor_form_is_kept_as_its_size():
    received = Received()
    for kind, body in (("json", b"{broken"), ("pdf", b"%PDF")):
        headers = Headers([(b"content-type", f"application/{kind}".encode())])
        received.add("POST", "/a", b"", headers, body)
    assert [each["body"] for each in received.latest()] == [{"bytes": 7}, {"bytes": 4}]


def test_a_large_body_is_not_kept(sandbox, developer):
    developer.post("/v3/vendors", {"name": "x" * LARGEST_BODY})
    assert sandbox.received_requests()[-1]["body"] is None


def test_a_body_beyond_the_limit_is_refused(developer, codes):
    answer = developer.call("POST", "/v3/vendors", data=b" " * (33 * 1024 * 1024))
    assert answer.status_code == 413
    assert developer.get("/v3/vendors").ok
