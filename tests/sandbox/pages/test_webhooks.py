"""Webhooks as their page shows them; to look, and to deliver from there, takes nothing away."""

from __future__ import annotations

import html
import json
import re
import threading
import uuid
from datetime import timedelta

import pytest
import requests

from pytest_bill.sandbox.control_paths import HEADER
from pytest_bill.sandbox.pages.webhooks import DELIVER_PATH, PATH
from tests.helpers.pages import Page

HOSTILE = "<img src=x onerror=alert(1)></script>"
ADDRESS = {"line1": "1", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}
OURS = {HEADER: "test"}


class Hooks:
    """Subscribes, makes events, and looks at the page."""

    def __init__(self, sandbox, caller) -> None:
        self.sandbox = sandbox
        self.caller = caller

    def subscribe(self, url: str, *types: str, name: str = "Test", **more: object) -> dict:
        body = {
            "name": name,
            "status": {"enabled": True},
            "events": [{"type": each, "version": "1"} for each in types or ("vendor.created",)],
            "notificationUrl": url,
        }
        answer = requests.post(
            f"{self.sandbox.origin}/connect-events/v3/subscriptions",
            json={**body, **more},
            headers={**self.caller.headers, "X-Idempotent-Key": str(uuid.uuid4())},
            timeout=5,
        )
        assert answer.status_code == 200, answer.text
        made: dict = answer.json()
        return made

    def vendor(self, name: str = "Strings") -> dict:
        made: dict = self.caller.post("/v3/vendors", {"name": name, "address": ADDRESS}).json()
        return made

    def page(self, **query: object) -> Page:
        answer = requests.get(self.sandbox.origin + PATH, params=query, timeout=5)
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def one(self) -> Page:
        """The page of the newest notification."""
        return self.follow(links_of(self.page(), "id=")[0])

    def follow(self, path: str) -> Page:
        answer = requests.get(self.sandbox.origin + path, timeout=5)
        assert answer.status_code == 200
        return Page(answer.text)

    def deliver(self) -> dict:
        answer = requests.post(
            self.sandbox.origin + DELIVER_PATH, json={}, headers=OURS, timeout=20
        )
        assert answer.status_code == 200, answer.text
        told: dict = answer.json()
        return told


@pytest.fixture
def hooks(sandbox, developer):
    return Hooks(sandbox, developer)


@pytest.fixture
def receiver(server):
    return server()


def links_of(page: Page, within: str) -> list[str]:
    found = re.findall(r'href="([^"]*)"', page.text)
    return [html.unescape(each) for each in found if within in html.unescape(each)]


def words(page: Page) -> str:
    return " ".join(" ".join(page.shown).split())


def test_nobody_has_subscribed(hooks):
    assert "Nobody has subscribed as yet" in words(hooks.page())
    assert hooks.deliver() == {"due": 0, "delivered": 0, "waiting": 0}


def test_a_delivered_notification_is_shown_with_its_body_and_headers(hooks, receiver):
    receiver.default = lambda _: (200, {}, b"thanks <b>a lot</b>")
    made = hooks.subscribe(receiver.origin + "/hook")
    vendor = hooks.vendor()
    hooks.deliver()
    text = words(hooks.page())
    assert "Test Crescendo Music Shop" in text
    assert "enabled 1 delivered" in text
    assert f"vendor.created {vendor['id']} delivered 1 HTTP 200" in text
    page = hooks.one()
    ((_, _, headers, body),) = receiver.received
    assert json.loads(page.data["body"]) == json.loads(body)
    told = words(page)
    assert "thanks <b>a lot</b>" in told
    assert f"Content-Length {headers['content-length']}" in told
    assert f"Host {headers['host']}" in told
    assert "x-bill-sha-signature ***" in told
    for secret in (headers["x-bill-sha-signature"], made["securityKey"]):
        assert secret not in page.text
        assert secret not in hooks.page().text
    record = links_of(page, "records?")
    assert any(f"kind=vendors&id={vendor['id']}" in each for each in record)


def test_what_failed_waits_and_ends_in_a_disabled_subscription(hooks, receiver):
    receiver.default = lambda _: (500, {}, b"no signature")
    hooks.subscribe(receiver.origin)
    hooks.vendor()
    told = hooks.deliver()
    assert (told["delivered"], told["waiting"]) == (0, 1)
    page = hooks.page()
    assert "waiting 1 HTTP 500" in words(page)
    assert 50 < page.data["seconds_to_next"] <= 60
    assert "Next attempt" in words(hooks.one())
    for minutes in (1, 2, 4, 8, 16):
        hooks.sandbox.advance(timedelta(minutes=minutes))
        hooks.sandbox.deliver()
    text = words(hooks.page())
    assert "by SYSTEM: The notification URL answered HTTP 500" in text
    assert "failed 6 HTTP 500" in text
    page = hooks.one()
    assert words(page).count("no signature") == 6
    assert "Next attempt" not in words(page)


def test_nothing_answers(hooks, receiver):
    receiver.close()
    hooks.subscribe(receiver.origin)
    hooks.vendor()
    hooks.deliver()
    assert "Connect call failed" in words(hooks.one())


def test_what_would_leave_this_machine_is_told(hooks):
    hooks.subscribe("https://hooks.example.com/bill")
    hooks.vendor()
    hooks.deliver()
    assert "the local sandbox delivers to this machine only" in words(hooks.one())


def test_a_look_and_the_button_leave_what_a_test_asks_for(hooks, receiver):
    hooks.subscribe(receiver.origin)
    vendor = hooks.vendor()
    hooks.deliver()
    hooks.page()
    hooks.one()
    (told,) = hooks.sandbox.deliver()
    assert (told["eventType"], told["statusCode"]) == ("vendor.created", 200)
    assert hooks.sandbox.deliver() == []
    assert json.loads(receiver.received[0][3])["vendor"]["id"] == vendor["id"]


def test_the_button_waits_until_the_receiver_has_answered(hooks, receiver):
    asked, go = threading.Event(), threading.Event()
    receiver.default = lambda _: (asked.set(), go.wait(5), (200, {}, b""))[2]
    hooks.subscribe(receiver.origin)
    hooks.vendor()
    assert asked.wait(5)
    assert "waiting" in words(hooks.one())
    told: list[dict] = []
    waits = threading.Thread(target=lambda: told.append(hooks.deliver()))
    waits.start()
    go.set()
    waits.join(10)
    (counted,) = told
    assert counted["delivered"] == counted["due"]  # 0 if it was asked after the answer
    assert "delivered" in words(hooks.one())


def test_only_the_pages_deliver(hooks):
    address = hooks.sandbox.origin + DELIVER_PATH
    assert requests.post(address, json={}, timeout=5).status_code == 403
    foreign = {**OURS, "Origin": "https://example.com"}
    assert requests.post(address, json={}, headers=foreign, timeout=5).status_code == 403
    assert requests.get(address, timeout=5).status_code == 404


def test_what_waited_when_its_subscription_was_disabled_was_not_sent(hooks, receiver):
    receiver.default = lambda _: (500, {}, b"")
    made = hooks.subscribe(receiver.origin)
    hooks.vendor("First")
    hooks.deliver()
    for minutes in (1, 2, 4, 8):
        hooks.sandbox.advance(timedelta(minutes=minutes))
        hooks.sandbox.deliver()
    # On its way to a subscription that is disabled before it is its turn.
    asked, go = threading.Event(), threading.Event()
    receiver.default = lambda _: (asked.set(), go.wait(5), (500, {}, b""))[2]
    hooks.sandbox.advance(timedelta(minutes=16))
    assert asked.wait(5)
    hooks.vendor("Second")
    go.set()
    hooks.sandbox.deliver()
    assert "not sent" in words(hooks.one())
    assert "1 failed" in words(hooks.page())
    assert "1 not sent" in words(hooks.page())
    text = words(hooks.page(subscription=made["id"], state="not sent"))
    assert "1 of 2" in text
    assert "Show all" in text


def test_the_newest_come_first_in_pages(hooks, receiver):
    hooks.subscribe(receiver.origin)
    bodies = [{"name": f"V{number}", "address": ADDRESS} for number in range(100)]
    hooks.sandbox.seed_from({"/v3/vendors": bodies})
    newest = hooks.vendor("Newest")
    hooks.deliver()
    page = hooks.page()
    assert "101 of 101" in words(page)
    assert len(links_of(page, "?id=")) == 100
    assert newest["id"] in page.text
    (following,) = links_of(page, "start=100")
    assert len(links_of(hooks.follow(following), "?id=")) == 1
    hooks.page(start="x")


def test_the_partner_hears_of_its_organizations(sandbox, partner, created_user, as_user, receiver):
    hooks = Hooks(sandbox, partner)
    hooks.subscribe(receiver.origin)
    clerk = created_user.signed_in(as_user().json())
    made = clerk.post("/v3/vendors", {"name": "Strings", "address": ADDRESS})
    assert made.status_code == 201, made.text
    hooks.deliver()
    assert "Test the partner" in words(hooks.page())
    links = links_of(hooks.one(), f"id={made.json()['id']}")
    assert [f"owner={created_user.organization_id}" in each for each in links] == [True]


def test_an_event_of_spend(sandbox, spend, receiver):
    hooks = Hooks(sandbox, spend)
    hooks.subscribe(receiver.origin, "spend.transaction.updated")
    card = spend.get("/v3/spend/cards").json()["results"][0]
    sandbox.purchase(card["id"], 1.5)
    hooks.deliver()
    page = hooks.one()
    assert "of Spend & Expense" in words(page)
    assert links_of(page, "owner=spend&kind=transactions")


def test_an_unknown_notification_is_told_in_words(hooks):
    answer = requests.get(hooks.sandbox.origin + PATH, params={"id": HOSTILE}, timeout=5)
    assert answer.status_code == 404
    page = Page(answer.text)
    assert "There is no notification <img" in words(page)
    assert not [name for name, _ in page.elements if name == "img"]


def test_hostile_names_and_answers_are_text(hooks, receiver):
    receiver.default = lambda _: (500, {}, HOSTILE.encode() + b"\xff\x00")
    hooks.subscribe(receiver.origin + "/hook", name=HOSTILE)
    hooks.vendor(HOSTILE)
    hooks.deliver()
    for page in (hooks.page(), hooks.one()):
        assert not [name for name, _ in page.elements if name == "img"]
        assert "onerror" in page.text


def test_a_secret_that_a_receiver_answers_is_hidden(hooks, receiver):
    password = hooks.sandbox.variables["BILL_PASSWORD"]
    receiver.default = lambda _: (500, {}, b"you are " + password.encode())
    hooks.subscribe(receiver.origin)
    hooks.vendor()
    hooks.deliver()
    page = hooks.one()
    assert "you are ***" in words(page)
    assert password not in page.text
