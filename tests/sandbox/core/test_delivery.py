"""Notifications as they reach a receiver: content, order, retries, refusals, the end."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests

from pytest_bill import verify_signature
from pytest_bill.sandbox import Clock, LocalSandbox
from pytest_bill.sandbox.core import outbox
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.webhook_events import EVENTS
from tests.helpers.signing_in import developer_headers

MINUTE = timedelta(minutes=1)


class Subscriber:
    """Subscribes to events, with a receiver of its own, in the name of a caller."""

    def __init__(self, caller, url, *types):
        self.caller = caller
        body = {
            "name": "Test",
            "status": {"enabled": True},
            "events": [{"type": each, "version": "1"} for each in types],
            "notificationUrl": url,
        }
        made = self.call("POST", "/subscriptions", body)
        assert made.status_code == 200, made.text
        self.id = made.json()["id"]
        self.key = made.json()["securityKey"]
        self.one = f"/subscriptions/{self.id}"
        self.history = f"/events/subscription/{self.id}"

    def call(self, method, path, json=None):
        return requests.request(
            method,
            f"{self.caller.origin}/connect-events/v3{path}",
            json=json,
            headers={**self.caller.headers, "X-Idempotent-Key": str(uuid.uuid4())},
            timeout=5,
        )

    def enabled(self):
        return self.call("GET", self.one).json()["status"]["enabled"]


@pytest.fixture
def receiver(server):
    return server()


@pytest.fixture
def subscribe(developer, receiver):
    def subscribe(*types, caller=developer, url=f"{receiver.origin}/hook?from=bill"):
        return Subscriber(caller, url, *types)

    return subscribe


@pytest.fixture
def vendor(developer):
    def vendor(name="Strings", caller=developer):
        address = {"line1": "1", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}
        return caller.post("/v3/vendors", {"name": name, "address": address}).json()

    return vendor


def received_types(receiver):
    return [json.loads(body)["metadata"]["eventType"] for *_, body in receiver.received]


def test_a_notification_is_posted_and_signed(sandbox, subscribe, receiver, vendor):
    subscriber = subscribe("vendor.created")
    made = vendor("Süße Töne")
    (told,) = sandbox.deliver()
    ((method, path, headers, body),) = receiver.received
    assert (method, path) == ("POST", "/hook?from=bill")
    assert headers["content-type"] == "application/json"
    assert headers["host"] == receiver.origin.removeprefix("http://")
    assert verify_signature(body, headers["x-bill-sha-signature"], subscriber.key)
    payload = json.loads(body)
    assert payload["vendor"] == made
    assert told == {
        "eventId": payload["metadata"]["eventId"],
        "eventType": "vendor.created",
        "subscriptionId": subscriber.id,
        "notificationUrl": f"{receiver.origin}/hook?from=bill",
        "attempt": 1,
        "statusCode": 200,
        "error": None,
        "nextAttemptTime": None,
    }
    (listed,) = subscriber.call("GET", subscriber.history).json()["results"]
    assert (listed["statusCode"], listed["payload"]) == (200, body.decode())
    assert sandbox.deliver() == []


def test_it_is_sent_without_being_asked_for(subscribe, receiver, vendor):
    arrived = threading.Event()
    receiver.default = lambda _: (arrived.set(), (200, {}, b""))[1]
    subscribe("vendor.created")
    vendor()
    assert arrived.wait(5)


def test_only_what_is_subscribed_to_arrives_and_in_order(
    sandbox, subscribe, receiver, developer, vendor
):
    subscribe("vendor.created", "vendor.archived")
    one = f"/v3/vendors/{vendor()['id']}"
    developer.patch(one, {"name": "Other"})
    developer.post(f"{one}/archive")
    developer.post(f"{one}/restore")
    vendor("Second")
    sandbox.deliver()
    assert received_types(receiver) == ["vendor.created", "vendor.archived", "vendor.created"]


def test_bills_and_invoices_tell_of_each_change(sandbox, subscribe, receiver, developer):
    happened = ["created", "updated", "archived", "restored"]
    subscribe(*(f"{kind}.{each}" for kind in ("bill", "invoice") for each in happened))
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    customer = developer.post("/v3/customers", {"name": "C", "email": "c@example.com"}).json()["id"]
    bodies = {
        "bill": {
            "vendorId": vendor,
            "dueDate": "2030-12-31",
            "billLineItems": [{"amount": 5}],
            "invoice": {"invoiceNumber": "B-1", "invoiceDate": "2030-12-01"},
        },
        "invoice": {
            "customer": {"id": customer},
            "invoiceLineItems": [{"quantity": 1, "price": 5}],
        },
    }
    for kind, body in bodies.items():
        made = developer.post(f"/v3/{kind}s", body)
        one = f"/v3/{kind}s/{made.json()['id']}"
        assert developer.patch(one, {"dueDate": "2031-01-31"}).ok
        assert developer.post(f"{one}/archive").ok
        assert developer.post(f"{one}/restore").ok
    sandbox.deliver()
    assert received_types(receiver) == [
        f"{kind}.{each}" for kind in ("bill", "invoice") for each in happened
    ]


@pytest.fixture
def payment_body(developer):
    params = {"filters": "paymentStatus:eq:UNPAID"}
    bill = developer.get("/v3/bills", params=params).json()["results"][0]
    return {
        "billId": bill["id"],
        "amount": bill["dueAmount"],
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
        "processingOptions": {},
    }


def test_payments_tell_of_each_status_and_their_bills_of_each_change(
    sandbox, subscribe, receiver, developer, payment_body, pass_days
):
    subscribe("payment.updated", "bill.updated")
    made = developer.post("/v3/payments", payment_body).json()
    sandbox.deliver()
    assert received_types(receiver) == ["bill.updated", "payment.updated"]
    told = json.loads(receiver.received[1][-1])["payment"]
    assert told["billIds"] == [payment_body["billId"]]
    assert told["vendor"] == {"id": made["vendorId"], "name": made["vendorName"]}
    assert told["funding"]["fundingAccount"]["name"] == "Checking"
    arrives = made["disbursementInfo"]["checkDisbursement"]["arrivesByDate"]
    assert told["disbursement"] == {
        "amount": made["amount"],
        "currency": "USD",
        "arrivesByDate": arrives,
    }
    pass_days(20)
    sandbox.deliver()
    told = [json.loads(body).get("payment", {}) for *_, body in receiver.received]
    statuses = [each["status"] for each in told if each.get("id") == made["id"]]
    assert statuses == ["SCHEDULED", "FUNDING_STARTED", "SENT", "CLEARED"]


def test_a_refused_payment_is_told_and_nothing_else(
    sandbox, subscribe, receiver, developer, payment_body
):
    subscribe("payment.failed", "payment.updated", "bill.updated")
    refused = developer.post("/v3/payments", {**payment_body, "amount": 1e9})
    bulk = {name: payment_body[name] for name in ("fundingAccount",)}
    bulk["payments"] = [{"billId": payment_body["billId"], "amount": 1e9}]
    assert developer.post("/v3/payments/bulk", bulk).status_code == 400
    sandbox.deliver()
    assert received_types(receiver) == ["payment.failed"] * 2
    for *_, body in receiver.received:
        payload = json.loads(body)
        assert payload["payment"]["billIds"] == [payment_body["billId"]]
        [error] = payload["errors"]
        assert error["code"] == "BDC_1159" == refused.json()[0]["code"]


def test_several_made_in_one_call_are_several_notifications(
    sandbox, subscribe, receiver, developer
):
    subscribe("vendor.created")
    address = {"line1": "1", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}
    bodies = [{"name": str(number), "address": address} for number in range(5)]
    assert developer.post("/v3/vendors/bulk", bodies).status_code == 201
    assert len(sandbox.deliver()) == 5
    names = [json.loads(body)["vendor"]["name"] for *_, body in receiver.received]
    assert names == list("01234")
    assert len({json.loads(body)["metadata"]["eventId"] for *_, body in receiver.received}) == 5


def test_seeded_records_are_notified_and_refused_seeds_are_not(sandbox, subscribe, receiver):
    subscribe("vendor.created")
    address = {"line1": "1", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}
    good = {"name": "Seeded", "address": address}
    with pytest.raises(RuntimeError):
        sandbox.seed_from({"/v3/vendors": [good, {}]})
    assert sandbox.deliver() == []
    sandbox.seed_from({"/v3/vendors": [good]})
    assert [told["statusCode"] for told in sandbox.deliver()] == [200]


# --- failures and retries --------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 404, 301, 202])
def test_what_is_not_answered_with_200_is_sent_again_when_its_time_comes(
    sandbox, subscribe, receiver, vendor, status
):
    receiver.answers = [(status, {"Location": "/elsewhere"}, b"")]
    subscriber = subscribe("vendor.created")
    vendor()
    (failed,) = sandbox.deliver()
    assert (failed["statusCode"], failed["attempt"]) == (status, 1)
    assert failed["nextAttemptTime"] is not None
    sandbox.advance(MINUTE - timedelta(seconds=10))
    assert sandbox.deliver() == []
    sandbox.advance(timedelta(seconds=10))
    (again,) = sandbox.deliver()
    assert (again["statusCode"], again["attempt"]) == (200, 2)
    assert again["eventId"] == failed["eventId"]
    assert receiver.received[0][3] == receiver.received[1][3]
    (listed,) = subscriber.call("GET", subscriber.history).json()["results"]
    assert listed["statusCode"] == 200


def test_failing_to_the_end_disables_the_subscription(sandbox, subscribe, receiver, vendor):
    receiver.default = (500, {}, b"")
    subscriber = subscribe("vendor.created")
    vendor()
    attempts = sandbox.deliver()
    for pause in outbox.RETRY_AFTER:
        assert subscriber.enabled()
        sandbox.advance(pause)
        attempts += sandbox.deliver()
    assert [each["attempt"] for each in attempts] == [1, 2, 3, 4, 5, 6]
    (listed,) = subscriber.call("GET", subscriber.history).json()["results"]
    assert [each["attemptNumber"] for each in listed["retries"]] == [1, 2, 3, 4, 5]
    assert {each["statusCode"] for each in listed["retries"]} == {500}
    assert len({each["createdTime"] for each in listed["retries"]}) == 5
    assert attempts[-1]["nextAttemptTime"] is None
    status = subscriber.call("GET", subscriber.one).json()["status"]
    assert (status["enabled"], status["actor"]) == (False, "SYSTEM")
    assert "HTTP 500" in status["reason"]
    vendor("Not told")
    assert sandbox.deliver() == []
    receiver.default = (200, {}, b"")
    again = f"{subscriber.history}/event/{attempts[0]['eventId']}"
    assert subscriber.call("POST", again).status_code == 400
    assert subscriber.call("PATCH", subscriber.one, {"status": {"enabled": True}}).ok
    vendor("Told")
    assert subscriber.call("POST", again).status_code == 200
    assert [each["statusCode"] for each in sandbox.deliver()] == [200, 200]


def test_nothing_answers(sandbox, subscribe, receiver, vendor):
    receiver.close()
    subscriber = subscribe("vendor.created")
    vendor()
    (told,) = sandbox.deliver()
    assert told["statusCode"] is None
    assert "Connect" in told["error"] or "connect" in told["error"]
    assert told["nextAttemptTime"] is not None
    (listed,) = subscriber.call("GET", subscriber.history).json()["results"]
    assert "statusCode" not in listed
    assert listed["retries"] == []
    sandbox.advance(MINUTE)
    sandbox.deliver()
    (listed,) = subscriber.call("GET", subscriber.history).json()["results"]
    assert [sorted(each) for each in listed["retries"]] == [["attemptNumber", "createdTime"]]


@pytest.mark.parametrize(
    "answer",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"],
    ids=["nothing", "no HTTP", "cut off"],
)
def test_an_answer_that_is_none_is_a_failure(sandbox, subscribe, vendor, answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        subscribe("vendor.created", url=f"http://127.0.0.1:{listener.getsockname()[1]}/")

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        vendor()
        (told,) = sandbox.deliver()
        thread.join()
    assert told["statusCode"] is None
    assert told["error"]


def test_a_failing_receiver_does_not_hold_up_others(sandbox, subscribe, receiver, server, vendor):
    broken = server()
    broken.default = (500, {}, b"")
    subscribe("vendor.created", url=broken.origin)
    subscribe("vendor.created")
    vendor()
    assert sorted(told["statusCode"] for told in sandbox.deliver()) == [200, 500]


def test_what_is_due_to_a_disabled_subscription_is_dropped(sandbox, subscribe, receiver, vendor):
    receiver.answers = [(500, {}, b"")]
    subscriber = subscribe("vendor.created")
    vendor()
    sandbox.deliver()
    for enabled in (False, True):
        subscriber.call("PATCH", subscriber.one, {"status": {"enabled": enabled}})
        sandbox.advance(MINUTE)
        assert sandbox.deliver() == []


# --- test notifications and sending again ----------------------------------------------------


def test_a_test_notification(sandbox, subscribe, receiver):
    subscriber = subscribe("bill.created")
    assert subscriber.call("POST", f"{subscriber.one}/test", {}).json()["type"] == "bill.created"
    given = {"eventType": "bank-account.updated", "bank-account": {"id": "bac1", "mine": [None]}}
    answer = subscriber.call("POST", f"{subscriber.one}/test", given).json()
    sandbox.deliver()
    first, second = (json.loads(body) for *_, body in receiver.received)
    assert first["bill"]["id"].startswith("00n")
    assert second["bank-account"] == given["bank-account"]
    assert second["metadata"]["eventId"] == answer["id"]


@pytest.mark.parametrize(
    "body",
    [{"eventType": "x"}, {"version": "2"}, {"bill": []}, {"bill": "x"}, {"eventType": 1}],
)
def test_refused_tests(sandbox, subscribe, body):
    subscriber = subscribe("bill.created")
    assert subscriber.call("POST", f"{subscriber.one}/test", body).status_code == 400
    assert sandbox.deliver() == []


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_every_event_can_be_tested(sandbox, subscribe, receiver, spend, developer, event_type):
    is_spend = event_type.startswith("spend.")
    caller = spend if is_spend else developer
    subscriber = subscribe(event_type, caller=caller)
    answer = subscriber.call("POST", f"{subscriber.one}/test", {})
    assert answer.json()["type"] == event_type
    assert [told["statusCode"] for told in sandbox.deliver()] == [200]
    metadata = json.loads(receiver.received[0][3])["metadata"]
    assert metadata["spendCompanyUuid" if is_spend else "organizationId"]


def test_an_event_is_sent_again_with_its_id_and_the_new_key(sandbox, subscribe, receiver, vendor):
    subscriber = subscribe("vendor.created")
    vendor()
    (told,) = sandbox.deliver()
    key = subscriber.call("POST", f"{subscriber.one}/security_key").json()["securityKey"]
    again = f"{subscriber.history}/event/{told['eventId']}"
    assert subscriber.call("POST", again).json()["id"] == told["eventId"]
    sandbox.deliver()
    (_, _, old, body), (_, _, new, same) = receiver.received
    assert body == same
    assert verify_signature(body, new["x-bill-sha-signature"], key)
    assert not verify_signature(body, new["x-bill-sha-signature"], subscriber.key)
    assert verify_signature(body, old["x-bill-sha-signature"], subscriber.key)
    assert subscriber.call("POST", f"{subscriber.history}/event/ü").status_code == 404


def test_a_partner_hears_of_the_organizations_it_created():
    state = SandboxState(Clock(), 0, {})
    state.table("partner", "organizations")["00801"] = {"id": "00801"}
    subscription = {
        "id": "1",
        "status": {"enabled": True},
        "events": [{"type": "vendor.created", "version": "1"}],
    }
    outbox.subscriptions(state, "partner")["1"] = subscription
    for owner in ("00802", "00801"):
        outbox.notify_subscribers(state, owner, "vendor.created", {"id": owner})
    (heard,) = outbox.notifications(state, "partner").values()
    assert json.loads(heard["event"]["payload"])["metadata"]["organizationId"] == "00801"


# --- where it goes, and when it ends ---------------------------------------------------------


def test_nothing_is_sent_to_another_machine(sandbox, subscribe, vendor):
    subscriber = subscribe("vendor.created", url="https://hooks.example.com/bill")
    vendor()
    (told,) = sandbox.deliver()
    assert (told["statusCode"], told["nextAttemptTime"]) == (None, None)
    assert "this machine only" in told["error"]
    assert subscriber.enabled()


def test_a_receiver_with_a_certificate_of_its_own(sandbox, subscribe, receiver, vendor, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))
    receiver._server.socket = context.wrap_socket(receiver._server.socket, server_side=True)
    subscribe(
        "vendor.created", url=receiver.origin.replace("http://127.0.0.1", "https://localhost")
    )
    vendor()
    assert [told["statusCode"] for told in sandbox.deliver()] == [200]


def self_signed(folder):
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate")
    made = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-out", made[0], "-keyout", made[1]),
        ],
        check=True,
        capture_output=True,
    )
    return made


def test_a_reset_and_a_deletion_forget_what_is_due(sandbox, subscribe, receiver, vendor):
    receiver.default = (500, {}, b"")
    subscriber = subscribe("vendor.created")
    vendor()
    assert len(sandbox.deliver()) == 1
    assert subscriber.call("DELETE", subscriber.one).ok
    subscribe("vendor.created")
    vendor()
    assert len(sandbox.deliver()) == 1
    sandbox.reset()
    sandbox.advance(timedelta(hours=1))
    assert sandbox.deliver() == []
    assert len(receiver.received) == 2


def test_a_snapshot_holds_what_is_due(sandbox, subscribe, receiver, vendor):
    receiver.answers = [(500, {}, b"")]
    subscribe("vendor.created")
    vendor()
    (failed,) = sandbox.deliver()
    snapshot = sandbox.snapshot()
    sandbox.advance(MINUTE)
    assert len(sandbox.deliver()) == 1
    sandbox.restore(snapshot)
    (again,) = sandbox.deliver()
    assert (again["eventId"], again["attempt"]) == (failed["eventId"], 2)


def test_the_receiver_may_call_the_sandbox(sandbox, subscribe, receiver, developer, vendor):
    def call_back(received):
        made = json.loads(received[3])["vendor"]
        assert developer.get(f"/v3/vendors/{made['id']}").json()["name"] == made["name"]
        return (200, {}, b"")

    receiver.default = call_back
    subscribe("vendor.created")
    vendor()
    assert [told["statusCode"] for told in sandbox.deliver()] == [200]


@dataclass
class SignedIn:
    """Signed in to a sandbox with the developer key."""

    origin: str
    headers: dict[str, str]


def sign_in(sandbox):
    return SignedIn(sandbox.origin, developer_headers(sandbox))


def test_it_ends_with_the_sandbox_though_a_receiver_hangs():
    with socket.create_server(("127.0.0.1", 0)) as listener, LocalSandbox() as sandbox:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        subscriber = Subscriber(sign_in(sandbox), url, "bill.created")
        subscriber.call("POST", f"{subscriber.one}/test", {})
        connection, _ = listener.accept()
        with connection:
            assert connection.recv(1024).startswith(b"POST / HTTP/1.1")
            assert subscriber.enabled()  # the sandbox answers meanwhile
            began = time.monotonic()
            sandbox.stop()
            assert time.monotonic() - began < 5


def test_ids_follow_the_seed_and_keys_do_not(sandbox, subscribe):
    subscriber = subscribe("vendor.created")
    with LocalSandbox() as twin:
        other = Subscriber(sign_in(twin), "https://example.com/", "bill.created")
    assert other.id == subscriber.id
    assert other.key != subscriber.key


def test_what_is_waited_for_is_told_to_who_asks_next(sandbox, subscribe, vendor):
    subscribe("vendor.created")
    vendor()
    requests.post(
        f"{sandbox.origin}/__sandbox__/webhooks/deliver",
        headers={"X-Pytest-Bill-Sandbox": "test"},
        timeout=5,
    ).raise_for_status()
    assert [each["statusCode"] for each in sandbox.deliver()] == [200]


def test_few_attempts_are_kept_and_little_of_each_answer(sandbox, subscribe, receiver, vendor):
    receiver.default = lambda _: (200, {}, b"x" * 100_000)
    subscriber = subscribe("vendor.created")
    vendor()
    sandbox.deliver()
    (event,) = subscriber.call("GET", subscriber.history).json()["results"]
    for _ in range(outbox.MOST_ATTEMPTS + 3):
        subscriber.call("POST", f"{subscriber.history}/event/{event['id']}")
        sandbox.deliver()
    owner = sandbox.variables["BILL_ORGANIZATION_ID"]
    (kept,) = outbox.notifications(sandbox._state, owner).values()
    assert len(kept["attempts"]) == outbox.MOST_ATTEMPTS
    assert {len(each["answer"]) for each in kept["attempts"]} == {2_000}
    assert "attempts" not in subscriber.call("GET", subscriber.history).json()["results"][0]
