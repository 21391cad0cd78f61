"""pytest-bill: sign in to BILL once per test run, and record or replay the traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_bill.credentials.environ import BillEnviron
    from pytest_bill.exceptions import (
        BillError,
        BillWarning,
        CassetteError,
        LateRequest,
        MissingCredentials,
        NetworkRefused,
        NotInCassette,
        PlaceholderSent,
        PytestBillError,
        SecretFound,
        SessionRefused,
        SettingsError,
        SignInFailed,
        StandInSent,
        UnknownEvent,
    )
    from pytest_bill.scrubbing.team_secrets import BillSecrets
    from pytest_bill.sessions.session import (
        BillConsoleSession,
        BillPartnerSession,
        BillSession,
        BillSpendClient,
    )
    from pytest_bill.webhook_events import verify_signature
    from pytest_bill.webhooks import BillWebhook, Notification

__version__ = "0.1.0"
__all__ = [
    "BillConsoleSession",
    "BillEnviron",
    "BillError",
    "BillPartnerSession",
    "BillSecrets",
    "BillSession",
    "BillSpendClient",
    "BillWarning",
    "BillWebhook",
    "CassetteError",
    "LateRequest",
    "MissingCredentials",
    "NetworkRefused",
    "NotInCassette",
    "Notification",
    "PlaceholderSent",
    "PytestBillError",
    "SecretFound",
    "SessionRefused",
    "SettingsError",
    "SignInFailed",
    "StandInSent",
    "UnknownEvent",
    "__version__",
    "verify_signature",
]

# Imported when asked for: pytest imports this package in every run, used or not.
_MODULES = {
    "BillEnviron": "credentials.environ",
    "BillConsoleSession": "sessions.session",
    "BillPartnerSession": "sessions.session",
    "BillSecrets": "scrubbing.team_secrets",
    "BillSession": "sessions.session",
    "BillSpendClient": "sessions.session",
    "BillWebhook": "webhooks",
    "Notification": "webhooks",
    "verify_signature": "webhook_events",
}
_MODULE_OF_THE_OTHERS = "exceptions"


def __dir__() -> list[str]:
    return __all__


# Not for type checkers: they would take any name for one of the package's.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        module = import_module(f"{__name__}.{_MODULES.get(name, _MODULE_OF_THE_OTHERS)}")
        return getattr(module, name)
