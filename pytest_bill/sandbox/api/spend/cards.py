"""Cards of Spend & Expense: list, get, create, update, delete, freeze, unfreeze, PAN JWT.

Pages: https://developer.bill.com/docs/virtual-cards, https://developer.bill.com/hc/reference/cards,
https://developer.bill.com/hc/reference/createbudgetcard,
https://developer.bill.com/reference/deletecard, https://developer.bill.com/hc/reference/freezecard
and the reference pages of the other operations,
https://developer.bill.com/changelog/2024-09-27-spend-expense-jwt-to-pan-in-sandbox.

A card has ``id``, ``uuid`` (begins with crd_), ``userId``, ``userUuid``, ``lastFour``, ``status``
(ACTIVATED, NOT_ACTIVATED, FROZEN or DELETED), ``type`` (PHYSICAL, VIRTUAL, VIRTUAL_MEMBER or
VIRTUAL_VENDOR), ``createdTime`` and ``updatedTime``; a virtual one also ``name``, ``budgetId``,
``budgetUuid``, ``validThru`` (MM/yy), ``expirationDate``, ``shareBudgetFunds``, ``recurring``,
``recurringLimit`` and ``currentPeriod`` with ``limit`` and ``spent``, in US dollars; a deleted one
the ``deletedReason`` that it was deleted with. BILL's pages list the fields of requests; those of
the records are those of BILL's Postman collection, as are the status 200 of a creation, amounts in
strings, the reasons of a deletion and that it answers nothing. On its ``expirationDate`` a card is
closed.

The JWT lives for 5 minutes and holds number, CVV and expiration date. Its form (HS256, with
``data`` and ``exp``) is what public clients report. BILL encrypts ``data``; here it is base64 of
JSON. The numbers are made up: they pass the Luhn check, but begin with 999999, where nobody issues
cards.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from pytest_bill.checksums import luhn_check_digit
from pytest_bill.sandbox.api.spend import lists, memberships
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.memberships import DELETED
from pytest_bill.sandbox.api.spend.periods import NEVER
from pytest_bill.sandbox.api.spend.resources import SpendResource, reference_to
from pytest_bill.sandbox.api.spend.users import USERS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.fields import Boolean, Date, Field, Number, Object, Text
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.operations import Call, Operation, Query
from pytest_bill.sandbox.core.records import Record

ACTIVATED = "ACTIVATED"
NOT_ACTIVATED = "NOT_ACTIVATED"
FROZEN = "FROZEN"
PHYSICAL = "PHYSICAL"
VENDOR = "VIRTUAL_VENDOR"

_STATUSES = (ACTIVATED, NOT_ACTIVATED, FROZEN, DELETED)
_TYPES = (PHYSICAL, "VIRTUAL", "VIRTUAL_MEMBER", VENDOR)
_REASONS = ("CANCELLED", "LOST", "STOLEN", "MISPLACED")
_FUNDS = ("limit", "recurringLimit")
_JWT_LIFE = timedelta(minutes=5)
_YEARS_VALID = 3
_SMALLEST_FUNDS = 1000.0
"""What the first card has at the start: more than the starting purchases with it come to."""

_NOBODYS_NUMBERS = "999999"

_CHANGEABLE: dict[str, Field] = {
    "name": Text(required=True),
    "budgetId": Text(),
    "budgetUuid": Text(),
    "limit": Number(minimum=0, text=True),
    "recurringLimit": Number(minimum=0, text=True),
    "recurring": Boolean(),
    "expirationDate": Date(clearable=True),
    "shareBudgetFunds": Boolean(),
}
_FIELDS: dict[str, Field] = {**_CHANGEABLE, "userId": Text(), "userUuid": Text()}
_ANSWERED: Mapping[str, Field] = {
    **{
        name: Text(required=True)
        for name in (
            *("userId", "userUuid", "lastFour", "status", "type"),
            *("createdTime", "updatedTime"),
        )
    },
    **{name: Text() for name in ("name", "budgetId", "budgetUuid", "validThru", "deletedReason")},
    "expirationDate": Date(),
    "shareBudgetFunds": Boolean(),
    "recurring": Boolean(),
    "recurringLimit": Number(),
    "currentPeriod": Object({"limit": Number(required=True), "spent": Number(required=True)}),
}
_FILTERABLE: Mapping[str, Filterable] = {
    "status": lists.by_text("status", choices=_STATUSES),
    "budgetIds": lists.by_ids("budget"),
    "cardIds": lists.by_ids(),
    "userIds": lists.by_ids("user"),
    "types": lists.by_text("type", "eq", "in", choices=_TYPES),
}


def number_of(card: Record) -> str:
    """The card's whole number: 16 digits that belong to nobody and pass the Luhn check."""
    digits = _NOBODYS_NUMBERS + f"{_digest(card, 'number') % 10**9:09}"
    return digits + luhn_check_digit(digits)


def _digest(card: Record, what: str) -> int:
    return int(hashlib.sha256(f"{card['uuid']}:{what}".encode()).hexdigest(), 16)


def _complete(call: Call, body: Record) -> Record:
    user = _referred(body, "user", lambda given: USERS.active(call, given))
    budget = _referred(body, "budget", lambda given: BUDGETS.active(call, given))
    problems = list(_problems(call, body, budget))
    shared = body.get("shareBudgetFunds", False)
    if not shared and "limit" not in body:
        problems.append(errors.missing_data("limit"))
    if problems:
        raise errors.bad_request(*problems)
    now = call.state.timestamp()
    card: Record = {
        **reference_to("user", user),
        **reference_to("budget", budget),
        "name": body["name"],
        "status": ACTIVATED,
        "type": VENDOR,
        "validThru": _valid_thru(call.state.clock.now().date()),
        "shareBudgetFunds": shared,
        "recurring": body.get("recurring", "recurringLimit" in body),
        "currentPeriod": {"limit": body.get("limit", 0), "spent": 0},
        "createdTime": now,
        "updatedTime": now,
    }
    for name in ("recurringLimit", "expirationDate"):
        if body.get(name) is not None:
            card[name] = body[name]
    return card


def _referred(body: Record, kind: str, find: Callable[[str], Record | None]) -> Record:
    """The user or budget of the body, by its field ...Id or ...Uuid."""
    field = next((name for name in (f"{kind}Id", f"{kind}Uuid") if name in body), None)
    if field is None:
        raise errors.bad_request(errors.missing_data(f"{kind}Id"))
    record = find(body[field])
    if record is None:
        raise errors.bad_request(errors.invalid_value(field, body[field]))
    return record


def _valid_thru(today: date) -> str:
    return f"{today.month:02}/{(today.year + _YEARS_VALID) % 100:02}"


def _problems(call: Call, body: Record, budget: Record) -> Iterator[Problem]:
    """What contradicts itself in a body, for a card of ``budget``."""
    shared = body.get("shareBudgetFunds", False)
    if shared and not body.keys().isdisjoint(_FUNDS):
        yield errors.invalid_value("shareBudgetFunds", shared)
    if body.get("recurringLimit") and budget["recurringInterval"] == NEVER:
        yield errors.invalid_value("recurringLimit", body["recurringLimit"])
    expires = body.get("expirationDate")
    if expires is not None and expires <= call.state.clock.now().date().isoformat():
        yield errors.invalid_value("expirationDate", expires)


def _added(call: Call, card: Record, _body: Record) -> None:
    card["lastFour"] = number_of(card)[-4:]
    _add_to_budget(call, card)


def _add_to_budget(call: Call, card: Record) -> None:
    """Have the card among those of its budget."""
    budget = BUDGETS.known(call, card["budgetUuid"])
    if budget is not None:
        memberships.cards_of(call, budget)[card["uuid"]] = card
        _assign(call, budget)


def _remove_from_budget(call: Call, card: Record) -> None:
    budget = BUDGETS.known(call, card["budgetUuid"])
    if budget is not None:
        del memberships.cards_of(call, budget)[card["uuid"]]
        _assign(call, budget)


def _assign(call: Call, budget: Record) -> None:
    memberships.assign_funds(
        budget, memberships.members_of(call, budget), memberships.cards_of(call, budget)
    )


def _change(call: Call, card: Record, body: Record) -> None:
    _require_virtual(card)
    given = body if body.keys() & {"budgetId", "budgetUuid"} else card
    budget = _referred(given, "budget", lambda each: BUDGETS.active(call, each))
    problems = list(_problems(call, body, budget))
    stays_shared = card["shareBudgetFunds"] and body.get("shareBudgetFunds") is False
    if stays_shared and "limit" not in body:
        problems.append(errors.missing_data("limit"))
    if problems:
        raise errors.bad_request(*problems)
    _remove_from_budget(call, card)
    card |= reference_to("budget", budget)
    card |= {name: body[name] for name in ("name", "recurring") if name in body}
    _fund(card, body)
    if "expirationDate" in body:
        card.pop("expirationDate", None)
        card |= {"expirationDate": body["expirationDate"]} if body["expirationDate"] else {}
    card["updatedTime"] = call.state.timestamp()
    _add_to_budget(call, card)


def _fund(card: Record, body: Record) -> None:
    """The card's funds as the body says: all of the budget's, or its own."""
    if body.get("shareBudgetFunds"):
        card["shareBudgetFunds"] = True
        card["currentPeriod"]["limit"] = 0
        card.pop("recurringLimit", None)
        return
    if not body.keys().isdisjoint(_FUNDS):
        card["shareBudgetFunds"] = False
    if "limit" in body:
        card["currentPeriod"]["limit"] = body["limit"]
    if "recurringLimit" in body:
        card["recurringLimit"] = body["recurringLimit"]
        card["recurring"] = body.get("recurring", True)


def _refresh(call: Call, card: Record) -> None:
    """Close the card on its expiration date, and begin the period of its budget."""
    if "budgetUuid" in card:
        BUDGETS.known(call, card["budgetUuid"])
    expires = card.get("expirationDate")
    today = call.state.clock.now().date().isoformat()
    if expires is not None and expires <= today and card["status"] != DELETED:
        _before_archiving(call, card)


def _before_archiving(call: Call, card: Record) -> None:
    memberships.delete_card(call, card)
    if "budgetUuid" in card:
        _add_to_budget(call, card)


def _delete(call: Call) -> None:
    reason = call.request.query.get("reason", "")
    if reason and reason not in _REASONS:
        raise errors.bad_request(errors.invalid_parameter("reason", reason))
    card = CARDS.find(call)
    was_there = not CARDS.is_archived(card)
    CARDS.archive(call, card)
    if was_there and reason:
        card["deletedReason"] = reason


def _require_virtual(card: Record) -> None:
    if card["type"] == PHYSICAL:
        raise errors.bad_request(errors.invalid_value("type", card["type"]))


def _set_status(call: Call, wanted: str, from_statuses: tuple[str, ...]) -> Record:
    card = CARDS.find(call)
    if card["status"] not in (*from_statuses, wanted):
        raise errors.bad_request(errors.invalid_value("status", card["status"]))
    if card["status"] != wanted:
        card["status"] = wanted
        card["updatedTime"] = call.state.timestamp()
    return card


def _freeze(call: Call) -> Record:
    return _set_status(call, FROZEN, (ACTIVATED,))


def _unfreeze(call: Call) -> Record:
    return _set_status(call, ACTIVATED, (FROZEN,))


def _pan_jwt(call: Call) -> Record:
    card = CARDS.find(call)
    _require_virtual(card)
    CARDS.require_active(card)
    month, year = card["validThru"].split("/")
    content = {
        "note": "Made up by the local sandbox of pytest-bill: no card, nobody's number.",
        "cardNumber": number_of(card),
        "cvv": f"{_digest(card, 'cvv') % 1000:03}",
        "expirationDate": f"20{year}{month}",
    }
    expires = call.state.clock.now() + _JWT_LIFE
    payload = {"data": _base64(content), "exp": int(expires.timestamp())}
    return {"token": _jwt(payload, call.state.credentials.spend_api_token)}


def _jwt(payload: Record, key: str) -> str:
    """The payload as a JSON Web Token, signed with HMAC and SHA-256."""
    signed = f"{_base64({'alg': 'HS256', 'typ': 'JWT'})}.{_base64(payload)}"
    signature = hmac.digest(key.encode(), signed.encode(), "sha256")
    return f"{signed}.{_unpadded(signature)}"


def _base64(content: Record) -> str:
    return _unpadded(json.dumps(content, separators=(",", ":")).encode())


def _unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


CARDS = SpendResource(
    "Cards",
    "/spend/cards",
    "cardId",
    memberships.CARDS,
    "Card",
    "crd",
    fields=_FIELDS,
    answered=_ANSWERED,
    filterable=_FILTERABLE,
    sortable={
        "name": lambda card: card.get("name", ""),
        "lastFour": lambda card: card["lastFour"],
        "status": lambda card: card["status"],
    },
    complete=_complete,
    change=_change,
    after_insert=_added,
    before_archiving=_before_archiving,
    refresh=_refresh,
    archived=("status", DELETED),
)

_UNSURE = (
    "The guide names userUuid and budgetUuid, public clients userId and budgetId: here both are "
    "taken, each with old ids and uuids. The refusal of unknown or deleted ones and of funds that "
    "contradict shareBudgetFunds is not documented; here BDC_1119. Whether the user has to be a "
    "member of the budget is not documented; here not."
)
_STATUS_UNSURE = (
    "The refusal of a card that is deleted or not activated is not documented; here BDC_1119. "
    "Doing it again changes nothing."
)

OPERATIONS: tuple[Operation, ...] = (
    CARDS.operations.list(
        "listCards",
        "Get list of cards",
        unsure="BILL's pages say that deleted cards are not in the list, and that it can be "
        "filtered on the status DELETED; here that filter finds them.",
    ),
    CARDS.operations.create(
        "createBudgetCard",
        "Create a vendor card",
        missing="Only vendor cards can be created, as with BILL; one physical card is among the "
        "starting data.",
        unsure=_UNSURE,
    ),
    CARDS.operations.get("getCard", "Get card details"),
    CARDS.operations.update("updateCard", "Update a vendor card", body=_CHANGEABLE, unsure=_UNSURE),
    CARDS.operations.operation(
        "DELETE",
        CARDS.operations.one,
        "deleteCard",
        "Delete a vendor card",
        _delete,
        query=(Query("reason", Text(choices=_REASONS)),),
        answer=None,
        unsure="The deletedReason of a card that was deleted without one, with its user or budget "
        "or on its expirationDate is not documented; here there is none.",
    ),
    CARDS.operations.operation(
        "POST",
        f"{CARDS.operations.one}/freeze",
        "freezeCard",
        "Freeze a vendor card",
        _freeze,
        unsure=_STATUS_UNSURE,
    ),
    CARDS.operations.operation(
        "GET",
        f"{CARDS.operations.one}/pan-jwt",
        "getPanJwt",
        "Get a PAN JWT token that lives for 5 minutes",
        _pan_jwt,
        answer=Object({"token": Text(required=True)}),
        missing="The address that BILL turns the token into a card number at is on another host; "
        "the sandbox has none. Its token can be read: data is base64 of JSON.",
        unsure="The refusal for deleted and physical cards is not documented; here BDC_1119.",
    ),
    CARDS.operations.operation(
        "POST",
        f"{CARDS.operations.one}/unfreeze",
        "unfreezeCard",
        "Unfreeze a vendor card",
        _unfreeze,
        unsure=_STATUS_UNSURE,
    ),
)


def fill(call: Call) -> None:
    """Six vendor cards, one of them frozen and one deleted, and a physical card."""
    budgets = [budget for budget in BUDGETS.all(call) if not budget["retired"]]
    users = [user for user in USERS.all(call) if not user["retired"]]
    for number in range(6):
        card = CARDS.insert(
            call,
            {
                "name": f"{budgets[number]['name'].split()[0]} vendor {number + 1}",
                "userId": users[number]["uuid"],
                "budgetId": budgets[number]["uuid"],
                "limit": _SMALLEST_FUNDS + 100.0 * number,
            },
        )
        card["status"] = FROZEN if number == 4 else DELETED if number == 5 else ACTIVATED
        _add_to_budget(call, card)
    now = call.state.timestamp()
    physical = CARDS.insert_complete(
        call,
        {
            **reference_to("user", users[0]),
            "status": ACTIVATED,
            "type": PHYSICAL,
            "createdTime": now,
            "updatedTime": now,
        },
    )
    physical["lastFour"] = number_of(physical)[-4:]
