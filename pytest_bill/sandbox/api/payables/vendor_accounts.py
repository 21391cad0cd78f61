"""How long BILL has known a vendor's bank account: payments to a new one have to wait.

Page: https://developer.bill.com/reference/createvendor. In production BILL takes two business days
to verify a vendor's bank account, once; a payment to it meanwhile needs a ``processDate`` that is
two business days from the current date. Public clients report how any other is refused: BDC_1402,
also where no ``processDate`` is sent. BILL's own sandbox does not verify, and this one only where
it was told to (``require_account_verification``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pytest_bill.sandbox.core import business_days, errors
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

_TABLE = "vendor_accounts"
_DAYS = 2


def note(call: Call, before: Record | None, after: Record) -> None:
    """Know since when a vendor has the account that it has; ``before`` is None for a new vendor."""
    had = before is not None and "bankAccount" in before["paymentInformation"]
    has = "bankAccount" in after["paymentInformation"]
    if has and not had:
        today = call.state.clock.now().date()
        call.table(_TABLE)[after["id"]] = {"since": today.isoformat()}
    elif had and not has:
        call.table(_TABLE).pop(after["id"], None)


def require_verified(call: Call, vendor_ids: Iterable[str], day: date) -> None:
    """Refuse to pay a vendor on a day on which its account is not verified: BDC_1402."""
    if not call.state.verifies_accounts:
        return
    today = call.state.clock.now().date()
    earliest = business_days.following_business_day(today, _DAYS)
    for vendor_id in vendor_ids:
        since = call.table(_TABLE).get(vendor_id, {}).get("since")
        if since is None or day >= earliest:
            continue
        if business_days.following_business_day(date.fromisoformat(since), _DAYS) > today:
            raise errors.unverified_account()
