"""Webhooks: subscriptions, security keys, notifications. See test_delivery for the sending."""

import json
import uuid
from datetime import timedelta

import pytest
import requests

from pytest_bill.webhook_events import EVENTS
from tests.helpers.signing_in import developer_headers

URL = "https://hooks.example.com/bill"


class Hooks:
    """Calls the webhook API in the name of a caller."""

    def __init__(self, caller):
        self.caller = caller

    def call(self, method, path, json=None, key=None, **kwargs):
        headers = dict(self.caller.headers)
        if key is not None:
            headers["X-Idempotent-Key"] = key
        return requests.request(
            method,
            f"{self.caller.origin}/connect-events/v3{path}",
            json=json,
            headers=headers,
            timeout=5,
            **kwargs,
        )

    def get(self, path, **params):
        return self.call("GET", path, params=params)

    def create(self, key=None, **changes):
        body = {
            "name": "Bills",
            "status": {"enabled": True},
            "events": [{"type": "bill.created", "version": "1"}],
            "notificationUrl": URL,
            **changes,
        }
        body = {name: value for name, value in body.items() if value is not ...}
        return self.call("POST", "/subscriptions", body, key or str(uuid.uuid4()))


def events(*types):
    return [{"type": each, "version": "1"} for each in types]


@pytest.fixture
def hooks(developer):
    return Hooks(developer)


@pytest.fixture
def subscription(hooks):
    answer = hooks.create()
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def one(subscription):
    return f"/subscriptions/{subscription['id']}"


def test_the_api_answers_without_a_credential(anonymous):
    answer = Hooks(anonymous).get("/health")
    assert answer.status_code == 200
    assert answer.json() == anonymous.get("/v3/health").json()


def test_the_catalogue_has_every_event(hooks):
    assert hooks.get("/events/catalog").json() == [
        {"type": each, "versions": ["1"]} for each in EVENTS
    ]


def test_a_subscription_shows_its_key_once(hooks, subscription, one, sandbox):
    assert subscription["organizationId"] == sandbox.variables["BILL_ORGANIZATION_ID"]
    assert uuid.UUID(subscription["id"]).version == 4
    assert len(subscription.pop("securityKey")) >= 32
    assert hooks.get(one).json() == subscription
    assert hooks.get("/subscriptions").json() == {"results": [subscription]}
    assert subscription["events"] == events("bill.created")
    assert subscription["status"] == {"enabled": True, "actor": "CLIENT"}


def test_a_key_is_answered_as_before_for_a_day(hooks, sandbox):
    key = str(uuid.uuid4())
    first = hooks.create(key).json()
    assert hooks.create(key.upper(), name="Other").json() == first
    assert len(hooks.get("/subscriptions").json()["results"]) == 1
    sandbox.advance(timedelta(hours=24))
    hooks.caller.headers |= developer_headers(sandbox)
    assert hooks.create(key).status_code == 400
    assert hooks.create(key, notificationUrl=URL + "/2").json()["id"] != first["id"]


def test_a_refused_request_does_not_use_up_its_key(hooks):
    key = str(uuid.uuid4())
    assert hooks.create(key, name="").status_code == 400
    assert hooks.create(key).status_code == 200


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "BDC_1108"),
        ("1", "BDC_1129"),
        ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "BDC_1129"),
        ("{aa3dfb0c-5a8d-4c3b-8b4f-0e2f0b7a1c11}", "BDC_1129"),
    ],
)
def test_the_key_is_a_uuid4(hooks, codes, key, code):
    refused = hooks.call("POST", "/subscriptions", body_of(hooks), key)
    assert (refused.status_code, codes(refused)) == (400, [code])


def body_of(_hooks):
    return {
        "name": "Bills",
        "status": {"enabled": True},
        "events": events("bill.created"),
        "notificationUrl": URL,
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ...}, ["BDC_1117"]),
        ({"name": "", "status": ...}, ["BDC_1117", "BDC_1117"]),
        ({"status": "enabled"}, ["BDC_1124"]),
        ({"status": {"enabled": "yes"}}, ["BDC_1124"]),
        ({"events": []}, ["BDC_1117"]),
        ({"events": ["bill.created"]}, ["BDC_1124"]),
        ({"events": [{"type": "bill.created"}]}, ["BDC_1117"]),
        ({"events": events("customer.created")}, ["BDC_1119"]),
        ({"events": [{"type": "bill.created", "version": "2"}]}, ["BDC_1119"]),
        ({"events": events("bill.created", "spend.transaction.updated")}, ["BDC_1119"]),
        ({"notificationUrl": ...}, ["BDC_1117"]),
        ({"notificationUrl": "http://example.com/hook"}, ["BDC_1119"]),
        ({"notificationUrl": "ftp://127.0.0.1/"}, ["BDC_1119"]),
        ({"notificationUrl": "hook"}, ["BDC_1119"]),
        ({"notificationUrl": "https://user:pw@example.com/"}, ["BDC_1119"]),
        ({"notificationUrl": "https://[::1/"}, ["BDC_1119"]),
        ({"notificationUrl": "https://example.com/a b"}, ["BDC_1119"]),
        ({"notificationUrl": "http://127.0.0.1/ü"}, ["BDC_1119"]),
        ({"notificationUrl": 3}, ["BDC_1124"]),
    ],
)
def test_refused_subscriptions(hooks, codes, changes, expected):
    refused = hooks.create(**changes)
    assert (refused.status_code, codes(refused)) == (400, expected)
    assert hooks.get("/subscriptions").json() == {"results": []}


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/h", "https://localhost/h", "http://[::1]:9/"])
def test_receivers_of_this_machine_need_no_https(hooks, url):
    assert hooks.create(notificationUrl=url).status_code == 200


def test_no_two_are_the_same_and_no_more_than_ten(hooks, subscription, codes):
    refused = hooks.create(name="Other")
    assert codes(refused) == ["BDC_1119"]
    assert subscription["id"] in refused.json()[0]["message"]
    for number in range(9):
        assert hooks.create(notificationUrl=f"{URL}/{number}").status_code == 200
    assert codes(hooks.create(notificationUrl=f"{URL}/more")) == ["BDC_1119"]
    pages = hooks.get("/subscriptions", max=6).json()
    rest = hooks.get("/subscriptions", max=6, page=pages["nextPage"]).json()
    assert (len(pages["results"]), len(rest["results"])) == (6, 4)
    assert "nextPage" not in rest
    assert "prevPage" not in rest
    assert hooks.get("/subscriptions", max=0).status_code == 400


def test_a_subscription_is_updated_and_replaced(hooks, subscription, one):
    changed = hooks.call("PATCH", one, {"status": {"enabled": False}, "name": "Büro"}).json()
    assert (changed["status"]["enabled"], changed["name"]) == (False, "Büro")
    assert changed["events"] == events("bill.created")
    body = {**body_of(hooks), "events": events("bill.updated", "vendor.created")}
    replaced = hooks.call("PUT", one, body).json()
    assert (replaced["events"], replaced["status"]["enabled"]) == (body["events"], True)
    assert replaced["createdTime"] == subscription["createdTime"]
    assert hooks.get(one).json() == replaced
    assert hooks.call("PUT", one, {"name": "Only"}).status_code == 400
    other = hooks.create(notificationUrl=URL + "/2").json()
    same = {"events": body["events"], "notificationUrl": URL}
    assert hooks.call("PATCH", f"/subscriptions/{other['id']}", same).status_code == 400
    assert hooks.get(f"/subscriptions/{other['id']}").json()["notificationUrl"] == URL + "/2"


def test_the_status_says_who_set_it_and_why(hooks, one):
    status = {"enabled": False, "reason": "The receiver moves."}
    changed = hooks.call("PATCH", one, {"status": status}).json()
    assert changed["status"] == {**status, "actor": "CLIENT"}
    changed = hooks.call("PATCH", one, {"status": {"enabled": True}}).json()
    assert changed["status"] == {"enabled": True, "actor": "CLIENT"}
    assert hooks.call("PATCH", one, {"name": "Other"}).json()["status"] == changed["status"]


def test_a_deleted_subscription_is_gone(hooks, one):
    assert hooks.call("DELETE", one).status_code == 200
    assert hooks.get(one).status_code == 404


def test_a_new_security_key_is_another_and_idempotent(hooks, subscription, one):
    key = str(uuid.uuid4())
    made = hooks.call("POST", one + "/security_key", key=key).json()
    assert made["securityKey"] != subscription["securityKey"]
    assert hooks.call("POST", one + "/security_key", key=key).json() == made
    assert hooks.call("POST", one + "/security_key").status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/subscriptions/{}"),
        ("PUT", "/subscriptions/{}"),
        ("PATCH", "/subscriptions/{}"),
        ("DELETE", "/subscriptions/{}"),
        ("POST", "/subscriptions/{}/security_key"),
        ("POST", "/subscriptions/{}/test"),
        ("GET", "/events/subscription/{}"),
        ("POST", "/events/subscription/{}/event/1"),
    ],
)
def test_an_unknown_subscription(hooks, codes, method, path):
    answer = hooks.call(method, path.format("ü"), body_of(hooks), str(uuid.uuid4()))
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


@pytest.mark.parametrize("path", ["/subscriptions", "/events/catalog"])
def test_who_may_call(sandbox, developer, anonymous, codes, path):
    def call(**headers):
        anonymous.headers = headers
        answer = Hooks(anonymous).get(path)
        return answer.status_code, [] if answer.ok else codes(answer)

    good, v = developer.headers, sandbox.variables
    assert call() == (400, ["BDC_1108", "BDC_1108"])
    assert call(devKey=good["devKey"]) == (400, ["BDC_1108"])
    assert call(devKey="x", sessionId=good["sessionId"]) == (401, ["BDC_1102"])
    assert call(devKey=good["devKey"], sessionId="x") == (401, ["BDC_1109"])
    assert call(appKey=v["BILL_PARTNER_APP_KEY"], sessionId=good["sessionId"])[0] == 401
    assert call(apiToken="x")[0] == 401
    assert call(apiToken=v["BILL_SPEND_API_TOKEN"]) == (200, [])
    assert call(**good) == (200, [])


def test_each_caller_has_subscriptions_of_its_own(
    hooks, subscription, one, console, partner, spend
):
    for other in map(Hooks, (console, partner, spend)):
        assert other.get("/subscriptions").json() == {"results": []}
        assert other.get(one).status_code == 404
    made = Hooks(spend).create(events=events("spend.transaction.updated")).json()
    assert "organizationId" not in made
    assert Hooks(spend).create().status_code == 400
    assert Hooks(partner).create().status_code == 200


# --- the list of notifications ---------------------------------------------------------------


@pytest.fixture
def bills(developer, subscription):
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    body = {
        "vendorId": vendor,
        "dueDate": "2030-12-31",
        "billLineItems": [{"amount": 5}],
    }
    dated = {"invoiceDate": "2030-12-01"}
    invoices = [{"invoiceNumber": f"B-{number}", **dated} for number in range(3)]
    return [developer.post("/v3/bills", {**body, "invoice": each}).json() for each in invoices]


@pytest.fixture
def history(subscription):
    return f"/events/subscription/{subscription['id']}"


def test_what_was_sent_is_listed_the_newest_first(hooks, subscription, bills, history):
    newest, *_, oldest = hooks.get(history).json()["results"]
    assert (newest["type"], newest["version"]) == ("bill.created", "1")
    assert newest["subscriptionId"] == subscription["id"]
    payload = json.loads(newest["payload"])
    assert payload["metadata"] == {
        "eventId": newest["id"],
        "subscriptionId": subscription["id"],
        "organizationId": subscription["organizationId"],
        "eventType": "bill.created",
        "version": "1",
    }
    assert payload["bill"] == bills[-1]
    assert json.loads(oldest["payload"])["bill"] == bills[0]
    ascending = hooks.get(history, ascending="true").json()["results"]
    assert [each["id"] for each in ascending[::2]] == [oldest["id"], newest["id"]]


def test_the_list_is_filtered_and_paged(hooks, sandbox, bills, history):
    (found,) = hooks.get(history, entityId=bills[1]["id"]).json()["results"]
    assert json.loads(found["payload"])["bill"]["id"] == bills[1]["id"]
    page = hooks.get(history, max=2).json()
    rest = hooks.get(history, max=2, page=page["nextPage"]).json()
    assert (len(page["results"]), len(rest["results"])) == (2, 1)
    assert hooks.get(history, max=2, page=page["nextPage"], ascending="true").status_code == 400
    created = found["createdTime"]
    assert hooks.get(history, createdTimeFrom=created).json()["results"]
    assert hooks.get(history, createdTimeTo="2020-01-01T00:00:00Z").json() == {"results": []}


def test_notifications_are_kept_for_180_days(hooks, sandbox, bills, history):
    sandbox.advance(timedelta(days=179, hours=23))
    hooks.caller.headers |= developer_headers(sandbox)
    assert len(hooks.get(history).json()["results"]) == len(bills)
    sandbox.advance(timedelta(hours=2))
    hooks.caller.headers |= developer_headers(sandbox)
    assert hooks.get(history).json() == {"results": []}


@pytest.mark.parametrize(
    "params",
    [
        {"max": "101"},
        {"page": "x"},
        {"ascending": "yes"},
        {"createdTimeFrom": "yesterday"},
        {"createdTimeTo": "2026-01-01T00:00:00"},
    ],
)
def test_refused_parameters_of_the_list(hooks, codes, history, params):
    refused = hooks.get(history, **params)
    assert (refused.status_code, codes(refused)) == (400, ["BDC_1129"])


def test_only_events_that_happened_are_notified(developer, hooks, subscription, history):
    body = {"vendorId": "nobody", "dueDate": "2030-12-31"}
    assert developer.post("/v3/bills", body).status_code == 400
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    good = {
        "vendorId": vendor,
        "dueDate": "2030-12-31",
        "billLineItems": [{"amount": 5}],
        "invoice": {"invoiceNumber": "B-1", "invoiceDate": "2030-12-01"},
    }
    refused = developer.post("/v3/bills/bulk", [good, {**good, "vendorId": "nobody"}])
    assert refused.status_code == 400
    assert hooks.get(history).json() == {"results": []}


def test_an_organization_hears_of_itself_only(console, hooks, history, subscription):
    vendor = console.get("/v3/vendors").json()["results"][0]["id"]
    body = {
        "vendorId": vendor,
        "dueDate": "2030-12-31",
        "billLineItems": [{"amount": 5}],
        "invoice": {"invoiceNumber": "B-1", "invoiceDate": "2030-12-01"},
    }
    assert console.post("/v3/bills", body).status_code == 201
    assert hooks.get(history).json() == {"results": []}


def test_another_machine_gets_no_test_and_nothing_again(hooks, one, codes):
    refused = hooks.call("POST", one + "/test", {})
    assert (refused.status_code, codes(refused)) == (400, ["BDC_1119"])
    assert "this machine only" in refused.json()[0]["message"]


def test_the_headers_are_described(sandbox):
    document = requests.get(f"{sandbox.origin}/openapi.json", timeout=5).json()
    create = document["paths"]["/connect-events/v3/subscriptions"]["post"]
    assert create["security"] == [
        {"sessionId": [], "devKey": []},
        {"sessionId": [], "appKey": []},
        {"apiToken": []},
    ]
    (header,) = create["parameters"]
    assert (header["name"], header["in"], header["required"]) == (
        "X-Idempotent-Key",
        "header",
        True,
    )
