"""Our own rules: by place, by form, and what is no secret."""

from __future__ import annotations

import json
import uuid
from urllib.parse import urlencode

import pytest

from pytest_bill.scan import rules
from pytest_bill.scan.findings import Rule
from pytest_bill.scrubbing.secret_places import SECRET_FIELDS, SECRET_HEADERS, SIGN_IN_FIELDS
from tests.helpers.scanning import SECRET, cassette


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("sessionId", "bill-session-id"),
        ("devKey", "bill-dev-key"),
        ("DEVKEY", "bill-dev-key"),
        ("appKey", "bill-partner-app-key"),
        ("apiToken", "bill-spend-api-token"),
        ("consoleApiToken", "bill-console-api-token"),
        ("password", "bill-password"),
        ("rememberMeId", "bill-remember-me-id"),
        ("securityKey", "bill-webhook-security-key"),
    ],
)
def test_a_secret_field_is_found_in_json_forms_and_queries(scan, tmp_path, field, rule):
    pair = {field: SECRET}
    form = {"content-type": ["application/x-www-form-urlencoded"]}
    cassette(tmp_path / "a.yaml", json.dumps({"deep": [{"er": pair}]}))
    cassette(tmp_path / "b.yaml", urlencode(pair), headers=form)
    cassette(tmp_path / "c.yaml", urlencode({"data": json.dumps(pair)}), headers=form)
    cassette(tmp_path / "d.yaml", uri=f"https://api.bill.com/api/v2/X.json?{urlencode(pair)}")
    cassette(tmp_path / "e.yaml", answer=json.dumps({"link": f"https://x.io/a?{urlencode(pair)}"}))
    cassette(tmp_path / "f.yaml", answer=json.dumps({"body": json.dumps(pair)}))
    outcome = scan(".", "--format", "json")
    assert outcome.status == 1
    assert [(each["file"], each["rule"]) for each in outcome.findings] == [
        (f"{letter}.yaml", rule) for letter in "abcdef"
    ]
    fields = [each["field"] for each in outcome.findings]
    assert fields == [
        f"request body $.deep[0].er.{field}",
        f"request body {field}",
        f"request body data.{field}",
        f"request query {field}",
        f"answer body $.link.(link).{field}",
        f"answer body $.body.{field}",
    ]
    assert SECRET not in outcome.out


@pytest.mark.parametrize(
    ("header", "value", "rule"),
    [
        ("sessionId", SECRET, "bill-session-id"),
        ("devkey", SECRET, "bill-dev-key"),
        ("appKey", SECRET, "bill-partner-app-key"),
        ("apiToken", SECRET, "bill-spend-api-token"),
        ("Authorization", f"Bearer {SECRET}", "authorization"),
        ("Cookie", f"a=1; SID={SECRET}", "cookie"),
    ],
)
def test_a_secret_header_is_found(scan, tmp_path, header, value, rule):
    cassette(tmp_path / "a.yaml", headers={header: [value]})
    cassette(tmp_path / "b.json", headers={header: [value]})
    outcome = scan(".", "--format", "json")
    assert {(each["file"], each["rule"]) for each in outcome.findings} == {
        ("a.yaml", rule),
        ("b.json", rule),
    }
    assert SECRET not in outcome.out


def test_a_cookie_of_an_answer_is_found_by_its_name(scan, tmp_path):
    cassette(tmp_path / "a.yaml", answer_headers={"Set-Cookie": [f"SID={SECRET}; Path=/; Secure"]})
    [finding] = scan("a.yaml", "--format", "json").findings
    assert (finding["rule"], finding["field"]) == ("cookie", "answer header Set-Cookie SID")


@pytest.mark.parametrize(
    "url",
    [
        f"https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA1&X-Amz-Signature={SECRET}",
        f"https://storage.googleapis.com/k?X-Goog-Signature={SECRET}",
        f"https://x.blob.core.windows.net/k?se=2026-01-01&sig={SECRET}",
    ],
)
def test_a_signed_url_is_found(scan, tmp_path, url):
    cassette(tmp_path / "a.yaml", answer=json.dumps({"downloadLink": url}))
    cassette(tmp_path / "b.yaml", answer_headers={"location": [url]})
    outcome = scan(".", "--format", "json")
    assert {each["file"] for each in outcome.findings if each["rule"] == "signed-url"} == {
        "a.yaml",
        "b.yaml",
    }
    assert SECRET not in outcome.out


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("accountNumber", "884422119935", "bank-account-number"),  # pytest-bill: allow
        ("routingNumber", "322271779", "routing-number"),
        ("taxId", "92-7481655", "tax-id"),
        ("cvv", "737", "cvv"),
        ("cardNumber", "5425 2334 3010 9903", "card-number"),  # pytest-bill: allow
        ("note", "paid with 5425233430109903 today", "card-number"),  # pytest-bill: allow
        ("amount", 5425233430109903, "card-number"),  # pytest-bill: allow
        ("url", "https://ann:hunter2@intranet.acme.com/", "userinfo"),
    ],
)
def test_money_and_form(scan, tmp_path, field, value, rule):
    cassette(tmp_path / "a.yaml", json.dumps({field: value}))
    [finding] = scan("a.yaml", "--format", "json").findings
    assert (finding["rule"], finding["field"]) == (rule, f"request body $.{field}")
    # So few values are possible that even a hash would tell it.
    assert finding["fingerprint"] == "" or rule == "userinfo"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sessionId", "PLACEHOLDER_BILL_SESSION_ID"),
        ("sessionId", "PLACEHOLDER_BILL_SESSION_ID_12"),
        ("devKey", "REDACTED"),
        ("devKey", "<devKey>"),
        ("devKey", "{{dev_key}}"),
        ("devKey", "${BILL_DEV_KEY}"),
        ("password", "********"),
        ("password", None),
        ("password", ""),
        ("sessionId", False),
        ("username", "someone@example.com"),
        ("accountNumber", "******1234"),
        ("accountNumber", "XXXXX6789"),
        ("accountNumber", "•••• 1234"),
        ("routingNumber", "123456789"),
        ("taxId", "***-**-1234"),
        ("cardNumber", "4111111111111112"),
        ("cardNumber", "4242 4242 4242 4242"),
        ("id", "00901AGGKZYWJBUUIDDL"),
        ("id", str(uuid.UUID(int=0x3C2F9A7D1E4B4F6A8B0C9D8E7F6A5B4C))),
        ("id", uuid.UUID(int=0x3C2F9A7D1E4B4F6A8B0C9D8E7F6A5B4C).hex),
        ("id", "QnVkZ2V0OjNjMmY5YTdkLTFlNGItNGY2YS04YjBjLTlkOGU3ZjZhNWI0Yw=="),
        ("id", "bgt_5tu733h277ii53eujrq5fsm3ko"),
        ("time", "2026-11-24T12:49:11.789+00:00"),
        ("time", 1795524551789),
        ("nextPage", "eyJvIjoxMjMsImsiOiJxWDlkTDJtUDd2VHdSM3pCOG5DIn0xYz"),  # pytest-bill: allow
        ("name", "AccountsPayableOrganizationVendorIdentifier"),
        ("path", "/v3/vendors/00901AGGKZYWJBUUIDDL/bank-account"),
    ],
)
def test_what_is_no_secret_is_not_found(scan, tmp_path, field, value):
    cassette(tmp_path / "a.yaml", json.dumps({field: value}), json.dumps([{field: value}]))
    outcome = scan("a.yaml", "--format", "json")
    assert (outcome.status, outcome.findings) == (0, [])


def test_a_secret_that_stands_elsewhere_too_is_found_there(scan, tmp_path):
    answer = json.dumps({"sessionId": SECRET, "message": f"welcome, {SECRET}"})
    cassette(tmp_path / "a.yaml", answer=answer)
    found = {each["field"]: each["rule"] for each in scan("a.yaml", "--format", "json").findings}
    assert found["answer body $.sessionId"] == "bill-session-id"
    assert "answer body $.message" in found


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [
        ("4012888888881881", True),  # pytest-bill: allow
        ("378282246310005", True),  # pytest-bill: allow
        ("6011000990139424", True),  # pytest-bill: allow
        ("2223003122003222", True),  # pytest-bill: allow
        ("4012888888881882", False),
        ("9012888888881881", False),
        ("40128888888818810", False),  # pytest-bill: allow
        ("0000000000000000", False),
    ],
)
def test_card_numbers_have_a_range_a_length_and_a_checksum(digits, is_one):
    assert rules.is_card_number(digits) is is_one


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [
        ("322271779", True),
        ("021000021", True),
        ("322271778", False),
        ("999999992", False),
        ("000000000", False),
        ("32227177", False),
    ],
)
def test_routing_numbers_have_a_prefix_and_a_checksum(digits, is_one):
    assert rules.is_routing_number(digits) is is_one


def test_each_rule_says_what_to_do():
    every = {each for each in vars(rules).values() if isinstance(each, Rule)}
    places = {*SECRET_FIELDS.values(), *SECRET_HEADERS.values(), *SIGN_IN_FIELDS.values()}
    every |= {rules.rule_of_place(placeholder) for placeholder in places}
    assert len({rule.id for rule in every}) > 15
    for rule in every:
        assert rule.what
        assert rule.advice.endswith((".", "--fix"))
