"""What a notification says and how it is signed."""

import hashlib
import hmac
import json
from base64 import b64encode

import pytest

import pytest_bill
from pytest_bill.webhook_events import EVENTS, Source, body_of, headers_of, verify_signature

SOURCE = Source("event-1", "subscription-1", "00801")
KEY = "a security key"


def test_the_catalogue_is_bills():
    happened = {
        "vendor": "created updated archived restored",
        "autopay": "failed",
        "bill": "created updated archived restored",
        "payment": "updated failed",
        "bank-account": "created updated",
        "card-account": "created updated",
        "invoice": "created updated archived restored",
        "risk-verification": "updated",
        "spend.transaction": "updated",
        "spend.reimbursement": "created updated deleted",
        "spend.three-ds-challenge": "created",
    }
    expected = [f"{kind}.{each}" for kind, all_ in happened.items() for each in all_.split()]
    assert list(EVENTS) == expected


def test_a_body_is_minified_json_with_metadata_and_record():
    body = body_of(EVENTS["bill.updated"], {"id": "00n01", "description": "Süß"}, SOURCE)
    assert body.decode() == (
        '{"metadata":{"eventId":"event-1","subscriptionId":"subscription-1",'
        '"organizationId":"00801","eventType":"bill.updated","version":"1"},'
        '"bill":{"id":"00n01","description":"Süß"}}'
    )


@pytest.mark.parametrize(
    ("event_type", "rest"),
    [
        ("bank-account.created", {"bank-account": {"id": "1"}}),
        ("payment.failed", {"payment": {"id": "1"}, "errors": []}),
        ("autopay.failed", {"id": "1", "errors": []}),
        ("spend.three-ds-challenge.created", {"threeDsChallenge": {"id": "1"}}),
    ],
)
def test_where_the_record_stands(event_type, rest):
    record = {"id": "1"} if "errors" not in rest else {"id": "1", "errors": []}
    payload = json.loads(body_of(EVENTS[event_type], record, SOURCE))
    metadata = payload.pop("metadata")
    assert payload == rest
    owner = "spendCompanyUuid" if event_type.startswith("spend.") else "organizationId"
    assert metadata[owner] == "00801"


def test_the_signature_is_the_base64_of_the_hmac_sha256():
    body = b'{"metadata":{}}'
    expected = b64encode(hmac.new(KEY.encode(), body, hashlib.sha256).digest()).decode()
    assert headers_of(body, KEY) == {
        "Content-Type": "application/json",
        "x-bill-sha-signature": expected,
    }
    assert pytest_bill.verify_signature(body, expected, KEY)
    assert verify_signature(body.decode(), expected, KEY)
    assert verify_signature(bytearray(body), expected, KEY)


@pytest.mark.parametrize("given", [None, "", "x", "ü", "AAAA"])
def test_another_signature_is_none(given):
    assert not verify_signature(b"{}", given, KEY)


def test_body_and_key_count():
    signature = headers_of(b"{}", KEY)["x-bill-sha-signature"]
    assert not verify_signature(b"{} ", signature, KEY)
    assert not verify_signature(b"{}", signature, KEY + " ")


def test_mistakes_are_explained():
    with pytest.raises(TypeError, match=r"dict as the body.\nGive the bytes"):
        verify_signature({"metadata": {}}, "x", KEY)
    with pytest.raises(ValueError, match="empty security key"):
        verify_signature(b"{}", "x", "")
