"""The fixture `bill_webhook`: signed notifications for the code under test."""

import subprocess
import sys

import pytest
import requests

from pytest_bill import verify_signature
from pytest_bill.exceptions import NetworkRefused, UnknownEvent
from pytest_bill.webhooks import BillWebhook

BILL = {"id": "00n01", "amount": 12.5}


def test_an_event_for_any_test_client(bill_webhook):
    sent = bill_webhook.event("bill.updated", BILL)
    assert sent.json() == {
        "metadata": {
            "eventId": sent.event_id,
            "subscriptionId": bill_webhook.subscription_id,
            "organizationId": bill_webhook.organization_id,
            "eventType": "bill.updated",
            "version": "1",
        },
        "bill": BILL,
    }
    signature = sent.headers["x-bill-sha-signature"]
    assert verify_signature(sent.body, signature, bill_webhook.security_key)
    assert bill_webhook.event("bill.updated", BILL).event_id != sent.event_id


def test_what_is_made_up_can_be_set(bill_webhook):
    bill_webhook.security_key = "mine"
    bill_webhook.organization_id = "00801MINE"
    sent = bill_webhook.event("vendor.created", {}, event_id="again")
    assert verify_signature(sent.body, sent.headers["x-bill-sha-signature"], "mine")
    metadata = sent.json()["metadata"]
    assert (metadata["eventId"], metadata["organizationId"]) == ("again", "00801MINE")
    assert "mine" not in repr(bill_webhook)


def test_each_test_has_a_key_of_its_own(bill_webhook):
    assert BillWebhook().security_key != bill_webhook.security_key
    assert len(bill_webhook.organization_id) == 20


def test_an_event_is_sent_for_real(bill_webhook, server):
    receiver = server()
    receiver.default = (202, {}, b"thanks")
    answer = bill_webhook.send(f"{receiver.origin}/hooks?a=b", "bill.updated", BILL)
    assert (answer.status_code, answer.content) == (202, b"thanks")
    ((method, path, headers, body),) = receiver.received
    assert (method, path, headers["content-type"]) == ("POST", "/hooks?a=b", "application/json")
    assert verify_signature(body, headers["x-bill-sha-signature"], bill_webhook.security_key)


def test_one_notification_can_be_sent_twice(bill_webhook, server):
    receiver = server()
    sent = bill_webhook.event("bill.updated", BILL)
    for _ in range(2):
        bill_webhook.deliver(f"{receiver.origin}/", sent)
    assert [body for *_, body in receiver.received] == [sent.body] * 2


def test_redirects_are_answers(bill_webhook, server):
    receiver = server()
    receiver.default = (307, {"Location": "https://example.com/"}, b"")
    assert bill_webhook.send(receiver.origin, "bill.updated", BILL).status_code == 307


def test_nothing_answers(bill_webhook, server):
    receiver = server()
    receiver.close()
    with pytest.raises(requests.ConnectionError):
        bill_webhook.send(receiver.origin, "bill.updated", BILL)


@pytest.mark.parametrize("url", ["https://example.com/hook", "http://127.0.0.1@example.com/", "x"])
def test_it_sends_to_this_machine_only(bill_webhook, url):
    with pytest.raises(NetworkRefused, match="to this machine only"):
        bill_webhook.send(url, "bill.updated", BILL)


def test_an_unknown_event_is_explained_or_named(bill_webhook):
    with pytest.raises(UnknownEvent, match=r"no 'bill.update'.\nIt has bill.updated"):
        bill_webhook.event("bill.update", BILL)
    sent = bill_webhook.event("customer.created", {"id": "0cu01"}, key="customer")
    assert sent.json()["customer"] == {"id": "0cu01"}


def test_what_json_cannot_say_is_refused(bill_webhook):
    with pytest.raises(TypeError, match="not JSON serializable"):
        bill_webhook.event("bill.updated", {"amount": object()})


@pytest.mark.parametrize("statement", ["event('bill.updated', {})", "security_key"])
def test_building_an_event_loads_neither_requests_nor_vcrpy_nor_the_sandbox(statement):
    code = (
        "import sys; from pytest_bill.webhooks import BillWebhook\n"
        f"BillWebhook().{statement}\n"
        "print([m for m in ('requests', 'vcr', 'uvicorn') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
