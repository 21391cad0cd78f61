"""What a user is called, for records that name who did something."""

from __future__ import annotations

from pytest_bill.sandbox.core.operations import Call

_SIGNED_IN = "Admin Billworth"


def is_user(call: Call, user_id: str) -> bool:
    """Whether the organization has such a user: one of its records, or one who can sign in."""
    return user_id in call.table("users") or user_id in call.state.user_ids.values()


def full_name(call: Call, user_id: str) -> str:
    """The user's first and last name; for a user without a record the name in BILL's samples."""
    user = call.table("users").get(user_id, {})
    name = " ".join(user[part] for part in ("firstName", "lastName") if user.get(part))
    return name or _SIGNED_IN
