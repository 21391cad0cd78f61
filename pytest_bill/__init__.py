"""pytest-bill: sign in to BILL once per test run, and record or replay the traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_bill.bill_errors import BillError as BillError
    from pytest_bill.bill_errors import SessionRefused as SessionRefused
    from pytest_bill.bill_errors import SignInFailed as SignInFailed
    from pytest_bill.scrubbing.team_secrets import BillSecrets as BillSecrets
    from pytest_bill.sessions.session import BillPartnerSession as BillPartnerSession
    from pytest_bill.sessions.session import BillSession as BillSession
    from pytest_bill.sessions.session import BillSpendClient as BillSpendClient
    from pytest_bill.webhook_events import verify_signature as verify_signature
    from pytest_bill.webhooks import BillWebhook as BillWebhook
    from pytest_bill.webhooks import Notification as Notification

__version__ = "0.1.0"

# Imported when asked for: pytest imports this package in every run, used or not.
_HOMES = {
    "BillError": "bill_errors",
    "SessionRefused": "bill_errors",
    "SignInFailed": "bill_errors",
    "BillSession": "sessions.session",
    "BillSpendClient": "sessions.session",
    "BillPartnerSession": "sessions.session",
    "BillSecrets": "scrubbing.team_secrets",
    "BillWebhook": "webhooks",
    "Notification": "webhooks",
    "verify_signature": "webhook_events",
}
__all__ = [
    "BillError",
    "BillPartnerSession",
    "BillSecrets",
    "BillSession",
    "BillSpendClient",
    "BillWebhook",
    "Notification",
    "SessionRefused",
    "SignInFailed",
    "__version__",
    "verify_signature",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
