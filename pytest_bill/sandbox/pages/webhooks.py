"""Webhooks: who subscribed, which notifications there are, and what became of each.

Looking, and delivering what is due from here, takes nothing from a test that asks what was sent.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pytest_bill.sandbox.control_paths import CLOCK_PATH, PREFIX
from pytest_bill.sandbox.core import outbox
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.delivery import headers_sent
from pytest_bill.sandbox.core.http import Request, Response, json_response
from pytest_bill.sandbox.core.operations import SPEND_OWNER
from pytest_bill.sandbox.core.received import without_secrets
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.records import address as address_of_record
from pytest_bill.sandbox.pages.records.holdings import Holdings, find_owner
from pytest_bill.sandbox.pages.routes import Served, page
from pytest_bill.webhook_events import SIGNATURE_HEADER

PATH = PREFIX + "webhooks"
DELIVER_PATH = PATH + "/deliver"
PAGE_SIZE = 100
_SUCCESS = 200
_HIDDEN = "***"

DELIVERED, WAITING, FAILED, NOT_SENT = "delivered", "waiting", "failed", "not sent"
_STATES = (DELIVERED, WAITING, FAILED, NOT_SENT)
"""``NOT_SENT``: its subscription was disabled before it was its turn."""


@dataclass(frozen=True, eq=False)
class Notification:
    """One notification of a subscriber."""

    owner: str
    kept: Record
    waiting: Record | None
    """When it is due; None if nothing more is sent."""

    @property
    def event(self) -> Record:
        """What BILL answers of it."""
        event: Record = self.kept["event"]
        return event

    @property
    def last(self) -> Record | None:
        """The latest attempt."""
        attempts: list[Record] = self.kept["attempts"]
        return attempts[-1] if attempts else None

    @property
    def state(self) -> str:
        """One of ``_STATES``."""
        if self.waiting is not None:
            return WAITING
        if self.last is None:
            return NOT_SENT
        return DELIVERED if self.last["statusCode"] == _SUCCESS else FAILED


class Asked(NamedTuple):
    """Which notifications are looked at."""

    subscription: str
    state: str
    start: int

    @classmethod
    def of(cls, request: Request) -> Asked:
        """As the query says; what is no number counts as 0."""
        query = request.query
        start = query.get("start", "")
        at = int(start) if start.isascii() and start.isdecimal() and len(start) < 10 else 0
        return cls(query.get("subscription", ""), query.get("state", ""), at)


def counts(state: SandboxState) -> Counter[str]:
    """How many notifications there are, by what became of them."""
    return Counter(each.state for each in _all(state))


def _all(state: SandboxState) -> Iterator[Notification]:
    """Every notification, those of one subscriber together, the oldest first."""
    for owner, _ in outbox.all_subscriptions(state):
        waiting = outbox.waiting(state, owner)
        for event_id, kept in outbox.notifications(state, owner).items():
            yield Notification(owner, kept, waiting.get(event_id))


def routes(served: Served) -> list[Route]:
    """The page of all, that of a notification, and the path that delivers what is due."""
    state = served.state

    async def webhooks(request: Request) -> Response:
        """Subscriptions and notifications; the one of an ``id``."""
        event_id = request.query.get("id", "")
        if not event_id:
            return _page_of_all(state, Asked.of(request))
        found = next((each for each in _all(state) if each.event["id"] == event_id), None)
        return _missing(state, event_id) if found is None else _page_of_one(state, found)

    async def deliver(_request: Request) -> Response:
        """Wait until all that is due is sent; answers how many that were, and what became of them.

        What was sent is still told to who asks the path that tests ask.
        """
        now = state.clock.now()
        due = [
            each for each in _all(state) if each.waiting is not None and each.waiting["due"] <= now
        ]
        await served.dispatcher.until_sent()
        ended = [
            Notification(
                each.owner,
                each.kept,
                outbox.waiting(state, each.owner).get(each.event["id"]),
            ).state
            for each in due
        ]
        return json_response(
            {"due": len(due), DELIVERED: ended.count(DELIVERED), WAITING: counts(state)[WAITING]}
        )

    return [Route(PATH, webhooks), Route(DELIVER_PATH, deliver, methods=("POST",))]


def _page(
    state: SandboxState, template: str, about: Mapping[str, Any], script: str, data: Any = None
) -> Response:
    told = without_secrets({"about": about, "data": data}, state.secrets())
    scripts = (script,) if script else ()
    return page(template, PATH, scripts, told["data"], **told["about"])


def _missing(state: SandboxState, event_id: str) -> Response:
    told = f"There is no notification {event_id}. Its subscription may have been deleted."
    about = {"told": told, "trail": [("Webhooks", PATH)]}
    answer = _page(state, "missing.html.j2", about, "")
    answer.status = 404
    return answer


def _address(asked: Asked, **changes: Any) -> str:
    given = {**asked._asdict(), "start": 0, **changes}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{PATH}?{query}" if query else PATH


def _name_of(state: SandboxState, owner: str) -> tuple[str, str]:
    """Whose a subscription is, and where that one's records are."""
    if owner == outbox.PARTNER_OWNER:
        return "the partner", ""
    known = find_owner(state, owner)
    return (owner, "") if known is None else (known.name, address_of_record(owner))


def _page_of_all(state: SandboxState, asked: Asked) -> Response:
    everything = list(_all(state))
    by_subscription: dict[str, Counter[str]] = {}
    for each in everything:
        by_subscription.setdefault(each.event["subscriptionId"], Counter())[each.state] += 1
    found = [
        each
        for each in everything
        if asked.subscription in ("", each.event["subscriptionId"])
        and asked.state in ("", each.state)
    ]
    found.sort(key=lambda each: str(each.event["createdTime"]), reverse=True)
    start = min(asked.start, max(len(found) - 1, 0)) // PAGE_SIZE * PAGE_SIZE
    shown = found[start : start + PAGE_SIZE]
    about = {
        "now": state.timestamp(),
        "subscriptions": _subscriptions(state, by_subscription, asked),
        "states": [
            {
                "name": each,
                "count": sum(one.state == each for one in everything),
                "href": _address(asked, state="" if asked.state == each else each),
                "is_asked": asked.state == each,
            }
            for each in _STATES
        ],
        "asked": asked._asdict(),
        "everything": PATH,
        "notifications": _rows(state, shown),
        "found": len(found),
        "total": len(everything),
        "first": start + 1 if shown else 0,
        "last": start + len(shown),
        "previous": _address(asked, start=start - PAGE_SIZE) if start else "",
        "next": _address(asked, start=start + PAGE_SIZE) if start + PAGE_SIZE < len(found) else "",
        "seconds": [int(each.total_seconds()) for each in outbox.RETRY_AFTER],
    }
    data = {
        "deliver_path": DELIVER_PATH,
        "clock_path": CLOCK_PATH,
        "seconds_to_next": _seconds_to_next(state),
    }
    return _page(state, "webhooks.html.j2", about, "webhooks.js", data)


def _seconds_to_next(state: SandboxState) -> float | None:
    """How far the clock has to be moved until something more is sent; None if nothing waits."""
    now = state.clock.now()
    later = [each - now for each in outbox.due_times(state) if each > now]
    return min(later).total_seconds() if later else None


def _subscriptions(
    state: SandboxState, by_subscription: Mapping[str, Counter[str]], asked: Asked
) -> list[Record]:
    found = []
    for owner, table in outbox.all_subscriptions(state):
        name, href = _name_of(state, owner)
        for each in table.values():
            status = each["status"]
            found.append(
                {
                    "id": each["id"],
                    "name": each["name"],
                    "owner": name,
                    "owner_href": href,
                    "url": each["notificationUrl"],
                    "events": [event["type"] for event in each["events"]],
                    "enabled": status["enabled"],
                    "reason": status.get("reason", ""),
                    "actor": status["actor"],
                    "counts": [
                        (count, one)
                        for one, count in by_subscription.get(each["id"], Counter()).items()
                    ],
                    "href": _address(asked, subscription=each["id"]),
                    "is_asked": asked.subscription == each["id"],
                }
            )
    return found


def _rows(state: SandboxState, shown: list[Notification]) -> list[Record]:
    records = _Records(state)
    return [
        {
            "href": f"{PATH}?{urlencode({'id': each.event['id']})}",
            "created": each.event["createdTime"],
            "type": each.event["type"],
            "state": each.state,
            "attempts": len(each.kept["attempts"]),
            "answered": _answered(each.last),
            "next": "" if each.waiting is None else timestamp(each.waiting["due"]),
            "entity": each.kept["entityId"] or "",
            "entity_href": records.address_of(each),
            "subscription": each.event["subscriptionId"],
        }
        for each in shown
    ]


def _answered(attempt: Record | None) -> str:
    """What became of an attempt, in a few words."""
    if attempt is None:
        return ""
    status = attempt["statusCode"]
    return str(attempt["error"]) if status is None else f"HTTP {status}"


class _Records:
    """Where the records are that notifications are about."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._tables = state.tables_by_owner()
        self._known: dict[str, Holdings] = {}

    def address_of(self, notification: Notification) -> str:
        """Where the record of a notification is shown; empty if it is none that is shown."""
        owner = _whose(notification)
        if owner not in self._known:
            self._known[owner] = Holdings(self._state, owner, self._tables.get(owner, {}))
        place = self._known[owner].place_of(notification.kept["entityId"])
        return "" if place is None else address_of_record(owner, *place)


def _whose(notification: Notification) -> str:
    """Whose record it is: the partner hears of the organizations that it created."""
    if notification.owner != outbox.PARTNER_OWNER:
        return notification.owner
    metadata: Record = json.loads(notification.event["payload"])["metadata"]
    return str(metadata.get("organizationId", SPEND_OWNER))


def _page_of_one(state: SandboxState, one: Notification) -> Response:
    event = one.event
    subscription = outbox.subscriptions(state, one.owner)[event["subscriptionId"]]
    last = one.last
    url = subscription["notificationUrl"] if last is None else last["notificationUrl"]
    name, href = _name_of(state, one.owner)
    body = json.dumps(json.loads(event["payload"]), indent=2, ensure_ascii=False)
    headers = [
        (each, _HIDDEN if each == SIGNATURE_HEADER else value)
        for each, value in headers_sent(url, event["payload"].encode(), "")
    ]
    about = {
        "event": {each: event[each] for each in ("id", "type", "version", "createdTime")},
        "state": one.state,
        "next": "" if one.waiting is None else timestamp(one.waiting["due"]),
        "owner": name,
        "owner_href": href,
        "subscription": subscription["name"],
        "subscription_href": f"{PATH}?{urlencode({'subscription': subscription['id']})}",
        "entity": one.kept["entityId"] or "",
        "entity_href": _Records(state).address_of(one),
        "url": url,
        "headers": headers,
        "body": body,
        "attempts": [
            {**each, "answered": _answered(each), "is_success": each["statusCode"] == _SUCCESS}
            for each in one.kept["attempts"]
        ],
        "most": outbox.MOST_ATTEMPTS,
        "trail": [("Webhooks", PATH)],
    }
    return _page(state, "notification.html.j2", about, "notification.js", {"body": body})
