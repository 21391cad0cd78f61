"""Which webhook notifications there are, which are due, and what became of them.

Pages: https://developer.bill.com/docs/working-with-bill-webhooks,
https://developer.bill.com/docs/bill-webhook-api-notification-rules. BILL sends a notification to
every enabled subscription of its event; anything but HTTP 200 fails, and a failed one is sent again
with exponential backoff. One that fails to the end disables its subscription, which gets nothing
more until it is enabled again. The history of a subscription goes back 180 days. A partner's
subscription hears of the organizations that the partner created.

BILL does not document the figures of the backoff; here a notification is sent six times in all,
the first time again after a minute, and after twice as long each time. Not documented either: what
happens in the meantime to other notifications of a disabled subscription; here they are never
sent, but can be asked for again with "Resend an event".

Everything is kept in the state's tables, so that a snapshot or a reset takes it along. ``delivery``
does the sending.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_bill.environments import is_on_this_machine
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.ids import Ids
from pytest_bill.sandbox.core.operations import SPEND_OWNER
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.webhook_events import EVENTS, VERSION, EventKind, Source, body_of

PARTNER_OWNER = "partner"
"""Whose subscriptions those of the partner are, and whose organizations those it created."""

RETRY_AFTER = tuple(timedelta(minutes=2**number) for number in range(5))
"""How long after each failure a notification is sent again; the last failure is the end."""

CLIENT, SYSTEM = "CLIENT", "SYSTEM"
"""Who may have set the status of a subscription: who calls, or what disables it after failures."""

HISTORY = timedelta(days=180)
MOST_ATTEMPTS = 20
"""How many attempts of one notification are kept: it can be asked for again and again."""

ELSEWHERE = (
    "not sent: the local sandbox delivers to this machine only, to a notificationUrl on 127.0.0.1, "
    "localhost or ::1"
)

_SUBSCRIPTIONS = "webhook subscriptions"
_KEYS = "webhook security keys"
_NOTIFICATIONS = "webhook notifications"
_QUEUE = "webhook queue"
_DELIVERED = 200


@dataclass(frozen=True)
class Due:
    """A notification to send now, for the ``attempt``-th time since it was asked for."""

    owner: str
    event_id: str
    event_type: str
    subscription_id: str
    url: str = field(repr=False)
    security_key: str = field(repr=False)
    body: bytes = field(repr=False)
    attempt: int


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt."""

    status: int | None
    """The HTTP status that the receiver answered; None if nothing did."""
    error: str | None
    """Then, why."""
    answer: str = field(default="", repr=False)
    """The beginning of what it answered."""


def subscriptions(state: SandboxState, owner: str) -> Table:
    """The subscriptions of an owner, as they are answered."""
    return state.table(owner, _SUBSCRIPTIONS)


def security_keys(state: SandboxState, owner: str) -> Table:
    """The security key of each subscription, as ``securityKey``. It is answered once."""
    return state.table(owner, _KEYS)


def notifications(state: SandboxState, owner: str) -> Table:
    """The notifications of an owner, each with its ``retries``.

    ``event`` is what is answered, ``entityId`` the record's id. ``attempts`` are the latest ones,
    for who looks into the sandbox: their ``time``, ``attempt``, ``notificationUrl``,
    ``statusCode``, ``error`` and ``answer``.
    """
    return state.table(owner, _NOTIFICATIONS)


def waiting(state: SandboxState, owner: str) -> Table:
    """What is still to be sent of an owner's notifications: when it is ``due``, by event id."""
    return state.table(owner, _QUEUE)


def all_subscriptions(state: SandboxState) -> list[tuple[str, Table]]:
    """Each owner with its subscriptions."""
    return state.tables(_SUBSCRIPTIONS)


def has_subscribers(state: SandboxState) -> bool:
    """Whether anybody would be notified of anything."""
    return any(table for _, table in state.tables(_SUBSCRIPTIONS))


def notify_subscribers(state: SandboxState, owner: str, event_type: str, record: Record) -> None:
    """Make the notifications of what happened to a record; for the state's listeners."""
    kind = EVENTS.get(event_type)
    if kind is None:
        return
    wanted = {"type": kind.type, "version": VERSION}
    for subscriber, table in state.tables(_SUBSCRIPTIONS):
        if not _is_about(state, subscriber, owner):
            continue
        for subscription in table.values():
            if subscription["status"]["enabled"] and wanted in subscription["events"]:
                insert_notification(state, subscriber, subscription, kind, record, about=owner)


def insert_notification(
    state: SandboxState,
    owner: str,
    subscription: Record,
    kind: EventKind,
    record: Record,
    *,
    about: str,
) -> Record:
    """A new notification of a subscription, due now. ``about`` is whose record it is."""
    source_id = Ids(state.seed).new_uuid("cmp") if about == SPEND_OWNER else about
    event_id = state.ids.new_uuid4("event")
    body = body_of(kind, record, Source(event_id, subscription["id"], source_id))
    event: Record = {
        "id": event_id,
        "type": kind.type,
        "version": VERSION,
        "subscriptionId": subscription["id"],
        "payload": body.decode(),
        "createdTime": state.timestamp(),
    }
    entity_id = record.get("id") or record.get("uuid")
    notifications(state, owner)[event_id] = {
        "event": event,
        "entityId": entity_id,
        "retries": [],
        "attempts": [],
    }
    queue_notification(state, owner, event)
    return event


def queue_notification(state: SandboxState, owner: str, event: Record) -> None:
    """Let a notification be due now, whatever became of it before."""
    state.table(owner, _QUEUE)[event["id"]] = {
        "subscriptionId": event["subscriptionId"],
        "due": state.clock.now(),
        "failures": 0,
    }
    state.start_delivery()


def delete_subscription(state: SandboxState, owner: str, subscription_id: str) -> None:
    """Drop a subscription, its key and its notifications."""
    del subscriptions(state, owner)[subscription_id]
    del security_keys(state, owner)[subscription_id]
    table, queue = notifications(state, owner), state.table(owner, _QUEUE)
    for event_id, each in list(table.items()):
        if each["event"]["subscriptionId"] == subscription_id:
            del table[event_id]
            queue.pop(event_id, None)


def due_times(state: SandboxState) -> list[datetime]:
    """When the notifications that are still to be sent are due."""
    return [each["due"] for _, _, each in _queued(state)]


def due_subscriptions(state: SandboxState) -> list[str]:
    """The ids of the subscriptions that have a notification to send now, each once."""
    now = state.clock.now()
    due = (each["subscriptionId"] for _, _, each in _queued(state) if each["due"] <= now)
    return list(dict.fromkeys(due))


def next_due(state: SandboxState, subscription_id: str) -> Due | None:
    """The notification that a subscription is to get now, the longest due first.

    What is due to a disabled subscription is dropped.
    """
    now = state.clock.now()
    ready = [
        (each["due"], owner, event_id, each)
        for owner, event_id, each in _queued(state)
        if each["due"] <= now and each["subscriptionId"] == subscription_id
    ]
    for _, owner, event_id, queued in sorted(ready, key=lambda entry: entry[0]):
        subscription = subscriptions(state, owner)[subscription_id]
        if not subscription["status"]["enabled"]:
            del state.table(owner, _QUEUE)[event_id]
            continue
        event = notifications(state, owner)[event_id]["event"]
        return Due(
            owner,
            event_id,
            event["type"],
            subscription_id,
            subscription["notificationUrl"],
            security_keys(state, owner)[subscription_id]["securityKey"],
            event["payload"].encode(),
            queued["failures"] + 1,
        )
    return None


def record_attempt(state: SandboxState, due: Due, outcome: Outcome) -> Record:
    """Note what became of a notification; gives what ``sandbox.deliver()`` says of it."""
    status = outcome.status
    queue = state.table(due.owner, _QUEUE)
    queued = queue.pop(due.event_id, None)
    # Neither is there if it was deleted, or all was reset, while it was on its way.
    notification = notifications(state, due.owner).get(due.event_id)
    next_attempt: datetime | None = None
    if queued is not None and notification is not None:
        notification["attempts"] = [
            *notification["attempts"][1 - MOST_ATTEMPTS :],
            {
                "time": state.timestamp(),
                "attempt": due.attempt,
                "notificationUrl": due.url,
                "statusCode": status,
                "error": outcome.error,
                "answer": outcome.answer,
            },
        ]
        if status is not None:
            notification["event"]["statusCode"] = status
        if due.attempt > 1:
            notification["retries"].append(_retry(state, due.attempt - 1, status))
        if status != _DELIVERED and is_on_this_machine(due.url):
            next_attempt = _count_failure(state, due, queued, status)
    return {
        "eventId": due.event_id,
        "eventType": due.event_type,
        "subscriptionId": due.subscription_id,
        "notificationUrl": due.url,
        "attempt": due.attempt,
        "statusCode": status,
        "error": outcome.error,
        "nextAttemptTime": None if next_attempt is None else timestamp(next_attempt),
    }


def _retry(state: SandboxState, number: int, status: int | None) -> Record:
    retry: Record = {"attemptNumber": number, "createdTime": state.timestamp()}
    return retry if status is None else {**retry, "statusCode": status}


def _count_failure(
    state: SandboxState, due: Due, queued: Record, status: int | None
) -> datetime | None:
    """Queue a failed notification for its next attempt, or disable its subscription."""
    failures = queued["failures"]
    if failures < len(RETRY_AFTER):
        again = state.clock.now() + RETRY_AFTER[failures]
        state.table(due.owner, _QUEUE)[due.event_id] = {
            **queued,
            "due": again,
            "failures": failures + 1,
        }
        return again
    subscription = subscriptions(state, due.owner)[due.subscription_id]
    answered = "nothing" if status is None else f"HTTP {status}"
    subscription["status"] = {
        "enabled": False,
        "reason": f"The notification URL answered {answered} to the last attempt.",
        "actor": SYSTEM,
    }
    subscription["updatedTime"] = state.timestamp()
    state.changed()
    return None


def _is_about(state: SandboxState, subscriber: str, owner: str) -> bool:
    if subscriber == PARTNER_OWNER:
        return owner in state.table(PARTNER_OWNER, "organizations")
    return subscriber == owner


def _queued(state: SandboxState) -> Iterator[tuple[str, str, Record]]:
    """Owner, event id and entry of each notification in the queue."""
    for owner, table in state.tables(_QUEUE):
        for event_id, each in table.items():
            yield owner, event_id, each
