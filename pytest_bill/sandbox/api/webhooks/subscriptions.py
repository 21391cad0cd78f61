"""Webhooks: the catalogue of events, subscriptions, their security keys and their notifications.

Pages: https://developer.bill.com/docs/webhooks,
https://developer.bill.com/docs/bill-webhook-api-general-rules,
https://developer.bill.com/docs/bill-webhook-api-notification-rules,
https://developer.bill.com/docs/working-with-bill-webhooks,
https://developer.bill.com/docs/webhook-api-error-responses and the reference pages of the
operations. They lie beside the gateway's /connect, not below it. ``outbox`` has what follows from a
subscription, ``delivery`` sends it. The catalogue is a list of events, each with ``type`` and
``versions``, as the samples of BILL's Postman collection show
(https://developer.bill.com/docs/bill-v3-api-in-postman).

A subscription has ``id``, ``name``, ``organizationId``, ``status`` (with ``enabled``, its
``reason`` and the ``actor`` that set it, CLIENT or SYSTEM), ``events`` (each with ``type`` and
``version``), ``notificationUrl``, ``createdTime`` and ``updatedTime``, and once, when it is
created, ``securityKey``. A notification has ``id``, ``type``, ``version``, ``subscriptionId``,
``payload`` (what was sent, as a string), ``createdTime`` and, once something answered,
``statusCode``; in the list also ``retries``, each with ``attemptNumber``, ``createdTime`` and
``statusCode``. So says the OpenAPI document of the reference pages. Ids are UUIDs.

Every success is HTTP 200, also of an operation that creates. An organization has at most ten
subscriptions, and no two of the same events and URL. Two operations need an idempotent key.

BILL takes HTTPS URLs only. Receivers of a test run on this machine, so plain HTTP is taken for
loopback; nothing is sent elsewhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from pytest_bill.environments import is_on_this_machine
from pytest_bill.sandbox.api.webhooks.event_catalog import TEST_RECORDS, catalogue, record_for_test
from pytest_bill.sandbox.api.webhooks.idempotent import KEY_HEADER, idempotent, owner_of
from pytest_bill.sandbox.core import errors, health, lists, outbox
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.fields import Boolean, Field, Integer, Many, Object, Text
from pytest_bill.sandbox.core.operations import SPEND_OWNER, Call, Caller, Header, Operation, Query
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.webhook_events import EVENTS, VERSION

_BASE = "/connect-events/v3"
_ONE = "/subscriptions/{subscriptionId}"
_MOST_SUBSCRIPTIONS = 10

_EVENT: Mapping[str, Field] = {
    "type": Text(required=True, choices=tuple(EVENTS)),
    "version": Text(required=True, choices=(VERSION,)),
}
_FIELDS: dict[str, Field] = {
    "name": Text(required=True),
    "status": Object({"enabled": Boolean(), "reason": Text()}, required=True),
    "events": Many(Object(_EVENT), required=True),
    "notificationUrl": Text(required=True),
}
_STATUS: Mapping[str, Field] = {
    "enabled": Boolean(required=True),
    "reason": Text(),
    "actor": Text(required=True, choices=(outbox.CLIENT, outbox.SYSTEM)),
}
_ANSWERED: dict[str, Field] = {
    "id": Text(required=True),
    "name": Text(required=True),
    "organizationId": Text(),
    "status": Object(_STATUS, required=True),
    "events": Many(Object(_EVENT), required=True),
    "notificationUrl": Text(required=True),
    "createdTime": Text(required=True),
    "updatedTime": Text(required=True),
}
_SUBSCRIPTION = Object(_ANSWERED)
_SECURITY_KEY: dict[str, Field] = {"securityKey": Text(required=True)}
_NOTIFICATION = Object(
    {
        **{
            name: Text(required=True)
            for name in ("id", "type", "version", "subscriptionId", "payload", "createdTime")
        },
        "statusCode": Integer(),
    }
)
_RETRY: Mapping[str, Field] = {
    "attemptNumber": Integer(required=True),
    "createdTime": Text(required=True),
    "statusCode": Integer(),
}
_LISTED_NOTIFICATION = Object(
    {**_NOTIFICATION.fields, "retries": Many(Object(_RETRY), required=True)}
)
_IDEMPOTENT = (Header(KEY_HEADER, Text(required=True)),)


def _page_of(item: Field) -> Object:
    return Object({"results": Many(item), "nextPage": Text()})


# --- who calls -------------------------------------------------------------------------------


def _subscriptions(call: Call) -> Table:
    return outbox.subscriptions(call.state, owner_of(call))


def _subscription(call: Call) -> Record:
    """The subscription that the path names; BDC_1120 if there is none."""
    found = _subscriptions(call).get(call.parameter("subscriptionId"))
    if found is None:
        raise errors.no_data_found()
    return found


# --- subscriptions ---------------------------------------------------------------------------


def _create(call: Call) -> Record:
    known = _subscriptions(call)
    changes = _checked(call, {}, call.body)
    if len(known) >= _MOST_SUBSCRIPTIONS:
        raise errors.bad_request(
            Problem("BDC_1119", f"At most {_MOST_SUBSCRIPTIONS} subscriptions per organization.")
        )
    now = call.state.timestamp()
    subscription: Record = {"id": call.state.ids.new_uuid4("subscription")}
    if call.session is not None and call.session.organization_id:
        subscription["organizationId"] = call.session.organization_id
    subscription |= {**changes, "createdTime": now, "updatedTime": now}
    known[subscription["id"]] = subscription
    return {**subscription, **_new_key(call, subscription)}


def _checked(call: Call, subscription: Record, body: Record) -> Record:
    """The changes that a checked body makes; raises BillError for what its fields cannot say."""
    changes = dict(body)
    if "status" in changes:
        enabled = subscription.get("status", {}).get("enabled", True)
        changes["status"] = {"enabled": enabled, **body["status"], "actor": outbox.CLIENT}
    changed = {**subscription, **changes}
    problems = [
        errors.invalid_value(f"events[{index}].type", event["type"])
        for index, event in enumerate(changes.get("events", ()))
        if EVENTS[event["type"]].is_spend != (owner_of(call) == SPEND_OWNER)
    ]
    if not _is_reachable(changed["notificationUrl"]):
        problems.append(errors.invalid_value("notificationUrl", changed["notificationUrl"]))
    if problems:
        raise errors.bad_request(*problems)
    same = [
        each
        for each in _subscriptions(call).values()
        if each is not subscription and _target_and_types(each) == _target_and_types(changed)
    ]
    if same:
        raise errors.bad_request(
            Problem(
                "BDC_1119",
                f"Subscription {same[0]['id']} has the same events and notificationUrl.",
            )
        )
    return changes


def _is_reachable(url: str) -> bool:
    """Whether BILL could send to it: HTTPS, or a receiver of a test on this machine."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    is_https = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    return is_https or is_on_this_machine(url)


def _target_and_types(subscription: Record) -> tuple[str, frozenset[str]]:
    types = frozenset(event["type"] for event in subscription["events"])
    return subscription["notificationUrl"], types


def _change(call: Call) -> Record:
    subscription = _subscription(call)
    subscription |= _checked(call, subscription, call.body)
    subscription["updatedTime"] = call.state.timestamp()
    return subscription


def _delete(call: Call) -> None:
    """Its notifications go with it."""
    outbox.delete_subscription(call.state, owner_of(call), _subscription(call)["id"])


def _list(call: Call) -> Record:
    return _page(call, list(_subscriptions(call).values()), ())


def _page(call: Call, found: list[Record], search: tuple[str, ...]) -> Record:
    """A page of what was found. These lists go forward only."""
    query = call.request.query
    size = lists.page_size(query)
    start = lists.page_position(query["page"], "page", search) if "page" in query else 0
    answer: Record = {"results": found[start : start + size]}
    if start + size < len(found):
        answer["nextPage"] = lists.page_token(start + size, search)
    return answer


def _new_key(call: Call, subscription: Record) -> Record:
    """A new security key, which signs from now on."""
    key = {"securityKey": call.state.remember_secret(secrets.token_urlsafe(32))}
    outbox.security_keys(call.state, owner_of(call))[subscription["id"]] = key
    return dict(key)


# --- notifications ---------------------------------------------------------------------------


def _notifications(call: Call) -> list[Record]:
    """The notifications of the path's subscription in the time that BILL keeps them."""
    subscription_id = _subscription(call)["id"]
    oldest = call.state.clock.now() - outbox.HISTORY
    return [
        each
        for each in outbox.notifications(call.state, owner_of(call)).values()
        if each["event"]["subscriptionId"] == subscription_id and _created(each) >= oldest
    ]


def _created(notification: Record) -> datetime:
    return datetime.fromisoformat(notification["event"]["createdTime"])


def _list_notifications(call: Call) -> Record:
    query = call.request.query
    search = tuple(
        query.get(name, "")
        for name in ("entityId", "createdTimeFrom", "createdTimeTo", "ascending")
    )
    entity_id, since, until, ascending = search
    if ascending not in {"", "true", "false"}:
        raise errors.bad_request(errors.invalid_parameter("ascending", ascending))
    first, last = _time("createdTimeFrom", since), _time("createdTimeTo", until)
    found = [
        {**each["event"], "retries": each["retries"]}
        for each in _notifications(call)
        if (not entity_id or each["entityId"] == entity_id)
        and (first is None or _created(each) >= first)
        and (last is None or _created(each) <= last)
    ]
    if ascending != "true":
        found.reverse()
    return _page(call, found, search)


def _time(name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise errors.bad_request(errors.invalid_parameter(name, text))
    return moment


def _resend(call: Call) -> Record:
    _sendable(_subscription(call))
    for each in _notifications(call):
        event: Record = each["event"]
        if event["id"] == call.parameter("eventId"):
            outbox.queue_notification(call.state, owner_of(call), event)
            return event
    raise errors.no_data_found()


def _test(call: Call) -> Record:
    subscription = _sendable(_subscription(call))
    kind = EVENTS[call.body.get("eventType", subscription["events"][0]["type"])]
    about = subscription.get("organizationId", owner_of(call))
    record = record_for_test(kind, call.body)
    return outbox.insert_notification(
        call.state, owner_of(call), subscription, kind, record, about=about
    )


def _sendable(subscription: Record) -> Record:
    """The subscription, if something can be sent to it now."""
    if not subscription["status"]["enabled"]:
        raise errors.bad_request(errors.invalid_value("status.enabled", "false"))
    if not is_on_this_machine(subscription["notificationUrl"]):
        problem = Problem("BDC_1119", outbox.ELSEWHERE[0].upper() + outbox.ELSEWHERE[1:] + ".")
        raise errors.bad_request(problem)
    return subscription


# --- the operations --------------------------------------------------------------------------


def _operation(
    method: str, path: str, name: str, summary: str, handler: Callable[[Call], Any], **more: Any
) -> Operation:
    more.setdefault("caller", Caller.SUBSCRIBER)
    return Operation(method, _BASE + path, name, summary, handler, area="Webhooks", **more)


_UNSURE_SUBSCRIPTION = (
    "Which codes refuse an eleventh subscription, a second one of the same events and URL, an "
    "event of Spend & Expense without its token (and any other with it), and a URL that is not "
    "HTTPS, is not documented; here BDC_1119. Plain HTTP is taken for loopback, and nothing is "
    "sent elsewhere."
)
_UNSURE_STATUS = "That a new status is a CLIENT's, and takes the reason away, is assumed."
_UNSURE_SENDING = (
    "What it answers is not documented; here the notification, as in the list. Refused here with "
    "BDC_1119 while the subscription is disabled, and for a URL of another machine."
)

OPERATIONS: tuple[Operation, ...] = (
    _operation(
        "GET",
        "/health",
        "webhookGetHealthCheck",
        "Check that the webhook API answers",
        lambda _call: health.ANSWER,
        caller=Caller.ANYONE,
        answer=health.FIELDS,
        unsure="The values are the sandbox's own.",
    ),
    _operation(
        "GET",
        "/events/catalog",
        "getEventCatalog",
        "Get the events to subscribe to",
        lambda _call: catalogue(),
        answer=Many(
            Object({"type": Text(required=True), "versions": Many(Text(), required=True)}),
            required=True,
        ),
        unsure="A public client looks for the list under the name events; BILL's Postman "
        "collection shows a bare list. Every caller sees all events, of Spend & Expense too.",
    ),
    _operation(
        "GET",
        "/subscriptions",
        "getAllSubscriptions",
        "Get list of subscriptions",
        _list,
        query=(Query("max"), Query("page")),
        answer=_page_of(_SUBSCRIPTION),
    ),
    _operation(
        "POST",
        "/subscriptions",
        "createSubscription",
        "Create a subscription, once for each idempotent key",
        idempotent(_create),
        body=_FIELDS,
        headers=_IDEMPOTENT,
        answer=Object({**_ANSWERED, **_SECURITY_KEY}),
        unsure=f"{_UNSURE_SUBSCRIPTION} {_UNSURE_STATUS}",
    ),
    _operation(
        "GET",
        _ONE,
        "getSubscription",
        "Get subscription details",
        _subscription,
        answer=_SUBSCRIPTION,
    ),
    _operation(
        "PUT",
        _ONE,
        "replaceSubscription",
        "Replace a subscription",
        _change,
        body=_FIELDS,
        answer=_SUBSCRIPTION,
        unsure=f"{_UNSURE_SUBSCRIPTION} {_UNSURE_STATUS}",
    ),
    _operation(
        "PATCH",
        _ONE,
        "updateSubscription",
        "Update a subscription",
        _change,
        body=_FIELDS,
        partial=True,
        answer=_SUBSCRIPTION,
        unsure=f"{_UNSURE_SUBSCRIPTION} {_UNSURE_STATUS}",
    ),
    _operation(
        "DELETE",
        _ONE,
        "deleteSubscription",
        "Delete a subscription and its notifications",
        _delete,
        unsure="What becomes of its notifications is not documented; here they are gone.",
    ),
    _operation(
        "POST",
        _ONE + "/security_key",
        "createNewSecurityKey",
        "Create a new security key, once for each idempotent key",
        idempotent(lambda call: _new_key(call, _subscription(call))),
        headers=_IDEMPOTENT,
        answer=Object(_SECURITY_KEY),
        unsure="BILL's guide writes the path with security-key, its reference with security_key. "
        "Whether the old key signs for a while is not documented; here it does not.",
    ),
    _operation(
        "POST",
        _ONE + "/test",
        "sendTestEvent",
        "Send a test notification",
        _test,
        body={
            "eventType": Text(choices=tuple(EVENTS)),
            "version": Text(choices=(VERSION,)),
            **{name: Object({}, others=True) for name in TEST_RECORDS},
        },
        answer=_NOTIFICATION,
        unsure=_UNSURE_SENDING + " Without eventType it is of the subscription's first event.",
    ),
    _operation(
        "GET",
        "/events/subscription/{subscriptionId}",
        "getEventsForSubscription",
        "Get list of notifications of the last 180 days",
        _list_notifications,
        query=(
            Query("max"),
            Query("page"),
            Query("entityId"),
            Query("createdTimeFrom"),
            Query("createdTimeTo"),
            Query("ascending", Boolean()),
        ),
        answer=_page_of(_LISTED_NOTIFICATION),
        unsure="The order without ascending is not documented; here the newest come first. Whether "
        "attemptNumber counts the first attempt is not, either; here the first retry has 1.",
    ),
    _operation(
        "POST",
        "/events/subscription/{subscriptionId}/event/{eventId}",
        "resendEvent",
        "Send a notification again",
        _resend,
        answer=_NOTIFICATION,
        unsure=_UNSURE_SENDING,
    ),
)
