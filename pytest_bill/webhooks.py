"""What the fixture ``bill_webhook`` gives: signed notifications for the code that receives BILL's.

Source: https://developer.bill.com/docs/webhooks and the pages that ``notifications`` names. It
needs no credential, no network and no sandbox.
"""

from __future__ import annotations

import difflib
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_bill.environments import is_on_this_machine
from pytest_bill.exceptions import NetworkRefused, UnknownEvent, in_words
from pytest_bill.webhook_events import EVENTS, VERSION, EventKind, Source, body_of, headers_of

if TYPE_CHECKING:
    import requests

_TIMEOUT_SECONDS = 10.0
_RECORD = (
    "Give what BILL's API answers of one, a dict: "
    'bill_webhook.event("bill.updated", {"id": "00n01BILL00000000001"}).'
)
_RECEIVER = (
    "Start the receiver before, on the port of that address; or give headers and body of "
    "bill_webhook.event(...) to a test client, which needs none."
)


@dataclass(frozen=True)
class Notification:
    """One notification as BILL would send it: give ``headers`` and ``body`` to any test client."""

    event_id: str
    event_type: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


class BillWebhook:
    """Builds and sends BILL's notifications, signed with ``security_key``.

    ``security_key``, ``subscription_id`` and ``organization_id`` are made up and can be set::

        def test_a_changed_bill(bill_webhook, client, monkeypatch):
            monkeypatch.setenv("BILL_WEBHOOK_KEY", bill_webhook.security_key)
            sent = bill_webhook.event("bill.updated", {"id": "00n01", "amount": 12.5})
            assert client.post("/hooks/bill", data=sent.body, headers=sent.headers).status == 200
    """

    def __init__(self) -> None:
        self.security_key = secrets.token_urlsafe(32)
        self.subscription_id = str(uuid.uuid4())
        self.organization_id = "008" + secrets.token_hex(9)[:17].upper()

    def __repr__(self) -> str:
        return f"<BillWebhook of subscription {self.subscription_id}>"

    def event(
        self,
        event_type: str,
        record: Mapping[str, Any],
        *,
        event_id: str | None = None,
        key: str | None = None,
    ) -> Notification:
        """A signed notification of an event that happened to a record.

        ``event_type`` is one of BILL's catalogue ("bill.updated"), ``record`` what BILL would send
        (a bill as its API answers it). Each has a new event id, unless ``event_id`` says which:
        BILL may send one notification twice. ``key`` names the record in the notification of an
        event that this version of pytest-bill does not know. Source:
        https://developer.bill.com/docs/notification-payloads-reference.

        Raises:
            UnknownEvent: BILL's catalogue has no such event, and no ``key`` is given.
            TypeError, ValueError: the record is no dict, or nothing that JSON can say.
        """
        if not isinstance(record, Mapping):
            text = f"bill_webhook was given {type(record).__name__} as the record of {event_type}."
            raise in_words(TypeError(text), f"{text}\n{_RECORD}")
        kind = EVENTS.get(event_type) if key is None else EventKind(event_type, key)
        if kind is None:
            raise UnknownEvent(_unknown(event_type))
        source = Source(
            event_id or str(uuid.uuid4()), self.subscription_id, self.organization_id, VERSION
        )
        body = body_of(kind, record, source)
        return Notification(source.event_id, event_type, headers_of(body, self.security_key), body)

    def send(
        self,
        url: str,
        event_type: str,
        record: Mapping[str, Any],
        *,
        event_id: str | None = None,
        key: str | None = None,
        timeout: float = _TIMEOUT_SECONDS,
    ) -> requests.Response:
        """Build a notification, see ``event``, and POST it to a URL of this machine.

        Raises:
            NetworkRefused: the URL leads to another machine.
            requests.RequestException: nothing answered there.
        """
        notification = self.event(event_type, record, event_id=event_id, key=key)
        return self.deliver(url, notification, timeout=timeout)

    def deliver(
        self, url: str, notification: Notification, *, timeout: float = _TIMEOUT_SECONDS
    ) -> requests.Response:
        """POST a notification to a URL of this machine; twice, for a receiver of duplicates.

        Raises:
            NetworkRefused: the URL leads to another machine.
            requests.RequestException: nothing answered there.
        """
        if not is_on_this_machine(url):
            raise NetworkRefused(
                f"bill_webhook was to send {notification.event_type} to {url}.\n"
                "It sends to this machine only: run the receiver on http://127.0.0.1, or give "
                "headers and body of bill_webhook.event(...) to a test client."
            )
        # Imported when asked for: a suite that sends nothing does not load it.
        import requests

        with requests.Session() as session:
            # No proxy stands between two ends of one machine.
            session.trust_env = False
            try:
                return session.post(
                    url,
                    data=notification.body,
                    headers=dict(notification.headers),
                    timeout=timeout,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                what = f"bill_webhook sent {notification.event_type} to {url}, and nothing answered"
                in_words(error, f"{what} ({type(error).__name__}).\n{_RECEIVER}")
                raise


def _unknown(event_type: object) -> str:
    if not isinstance(event_type, str):
        event_type = type(event_type).__name__
    near = difflib.get_close_matches(event_type, EVENTS, n=3) or sorted(EVENTS)
    return (
        f"BILL's catalogue of webhook events has no {event_type!r}.\n"
        f"It has {', '.join(near)}. Of an event that is newer than this version of pytest-bill, "
        "name the record too: key='bill'."
    )
