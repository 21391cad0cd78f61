"""Idempotent keys: what is answered again to a key that was used before.

Page: https://developer.bill.com/docs/bill-webhook-api-general-rules. Two operations need the header
``X-Idempotent-Key``, a UUID4: for 24 hours a success is answered again to the same key, and nothing
happens.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from datetime import timedelta

from pytest_bill.sandbox.core import errors, outbox
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.sessions import Kind

KEY_HEADER = "X-Idempotent-Key"
_CACHED = timedelta(hours=24)


def owner_of(call: Call) -> str:
    """Whose subscriptions a call is about: an organization's, the partner's, or Spend's."""
    if call.session is not None and call.session.kind is Kind.PARTNER:
        return outbox.PARTNER_OWNER
    return call.owner


def idempotent(handler: Callable[[Call], Record]) -> Callable[[Call], Record]:
    """The same operation, answered again to a key that it was answered to in the last 24 hours."""

    def answer(call: Call) -> Record:
        key = call.request.headers.get(KEY_HEADER, "")
        if not key:
            raise errors.bad_request(errors.missing_parameter(KEY_HEADER))
        if not _is_uuid4(key):
            raise errors.bad_request(errors.invalid_parameter(KEY_HEADER, key))
        answers = call.state.table(owner_of(call), "webhook idempotent answers")
        place = f"{call.request.path} {key.lower()}"
        now = call.state.clock.now()
        known = answers.get(place)
        if known is None or known["until"] <= now:
            answers[place] = known = {
                "answer": copy.deepcopy(handler(call)),
                "until": now + _CACHED,
            }
        found: Record = known["answer"]
        return found

    return answer


def _is_uuid4(text: str) -> bool:
    try:
        parsed = uuid.UUID(text)
    except ValueError:
        return False
    return parsed.version == 4 and str(parsed) == text.lower()
