"""BILL's webhook notifications: which events there are, what one says, how it is signed.

Pages: https://developer.bill.com/docs/notification-payloads-reference (the events and a page with a
sample for each), https://developer.bill.com/docs/bill-webhook-api-notification-rules and
https://developer.bill.com/docs/test-with-webhook-security.

A notification is minified JSON: ``metadata`` (``eventId``, ``subscriptionId``, ``organizationId``,
``eventType``, ``version``), and the record under the name of its kind. The header
``x-bill-sha-signature`` is the base64 of the body's HMAC-SHA256 with the subscription's security
key. BILL's rules say that a payload is JSON-escaped, a string; that is taken to mean its
``payload`` in the list of events, since public receivers read a JSON object.

Of Spend & Expense notifications, public receivers report ``spendCompanyUuid`` in the place of
``organizationId``. Where ``errors`` of a failed payment stand is taken from public summaries of
BILL's page: beside ``payment``. BILL's page shows one sample of ``autopay.failed``, whose fields
stand beside ``metadata``.

This module knows nothing of pytest, and needs the standard library only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SIGNATURE_HEADER = "x-bill-sha-signature"
VERSION = "1"
"""The version of every event in BILL's catalogue."""


@dataclass(frozen=True)
class EventKind:
    """One event of BILL's catalogue.

    ``key`` names the record in a notification; empty where the record's fields stand beside
    ``metadata``. ``beside`` are fields of the record that stand there in any case.
    """

    type: str
    key: str
    beside: tuple[str, ...] = ()

    @property
    def is_spend(self) -> bool:
        """Whether it is an event of Spend & Expense, which its own API token subscribes to."""
        return self.type.startswith("spend.")


def _kinds(prefix: str, key: str, *happened: str) -> tuple[EventKind, ...]:
    return tuple(EventKind(f"{prefix}.{each}", key) for each in happened)


_ALL = (
    *_kinds("vendor", "vendor", "created", "updated", "archived", "restored"),
    EventKind("autopay.failed", ""),
    *_kinds("bill", "bill", "created", "updated", "archived", "restored"),
    EventKind("payment.updated", "payment"),
    EventKind("payment.failed", "payment", beside=("errors",)),
    *_kinds("bank-account", "bank-account", "created", "updated"),
    *_kinds("card-account", "card-account", "created", "updated"),
    *_kinds("invoice", "invoice", "created", "updated", "archived", "restored"),
    *_kinds("risk-verification", "risk-verification", "updated"),
    *_kinds("spend.transaction", "transaction", "updated"),
    *_kinds("spend.reimbursement", "reimbursement", "created", "updated", "deleted"),
    *_kinds("spend.three-ds-challenge", "threeDsChallenge", "created"),
)
EVENTS: Mapping[str, EventKind] = {each.type: each for each in _ALL}
"""Every event of BILL's catalogue, by its type."""


@dataclass(frozen=True)
class Source:
    """Where a notification comes from: its event, subscription and organization.

    ``owner_id`` is the organization's id; of Spend & Expense, the company's.
    """

    event_id: str
    subscription_id: str
    owner_id: str
    version: str = VERSION


def body_of(kind: EventKind, record: Mapping[str, Any], source: Source) -> bytes:
    """The notification of an event that happened to a record.

    Raises:
        TypeError, ValueError: the record is nothing that JSON can say.
    """
    payload: dict[str, Any] = {
        "metadata": {
            "eventId": source.event_id,
            "subscriptionId": source.subscription_id,
            "spendCompanyUuid" if kind.is_spend else "organizationId": source.owner_id,
            "eventType": kind.type,
            "version": source.version,
        }
    }
    if kind.key:
        payload[kind.key] = {
            name: value for name, value in record.items() if name not in kind.beside
        }
        payload |= {name: record[name] for name in kind.beside if name in record}
    else:
        payload |= record
    text = json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def signature_of(body: bytes, security_key: str) -> str:
    """What BILL sends as ``x-bill-sha-signature`` with this body."""
    digest = hmac.new(security_key.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def headers_of(body: bytes, security_key: str) -> dict[str, str]:
    """The headers of a notification with this body."""
    return {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: signature_of(body, security_key),
    }


def verify_signature(body: bytes | str, signature: str | None, security_key: str) -> bool:
    """Whether BILL signed this body, in constant time.

    ``body`` is the request's body as it came, not parsed and written anew; ``signature`` is the
    header ``x-bill-sha-signature``, None where there is none; ``security_key`` is what BILL
    answered when the subscription, or its latest key, was created. Source:
    https://developer.bill.com/docs/test-with-webhook-security.

    Raises:
        TypeError: the body is parsed already.
        ValueError: the key is empty, which any sender could sign with.
    """
    if not isinstance(body, bytes | bytearray | memoryview | str):
        raise TypeError(
            f"verify_signature was given a {type(body).__name__} as the body.\n"
            "Give the bytes of the request as they came: request.data, request.body, await "
            "request.body()."
        )
    if not security_key:
        raise ValueError(
            "verify_signature was given an empty security key.\n"
            "Give the securityKey that BILL answered when the subscription was created."
        )
    content = body.encode() if isinstance(body, str) else bytes(body)
    expected = signature_of(content, security_key)
    return hmac.compare_digest(expected.encode(), (signature or "").encode())
