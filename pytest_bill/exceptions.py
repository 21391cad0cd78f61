"""What pytest-bill says when it cannot go on.

Every message is complete in itself: what happened, where, and the next thing to do. The plugin
shows it without the traceback of the plugin's own insides.
"""

from __future__ import annotations


class PytestBillError(Exception):
    """Base of the errors that pytest-bill raises about a test run (not BILL's answers)."""


class BillWarning(UserWarning):
    """Something about the run that is allowed, and that its user should know."""


class SettingsError(PytestBillError):
    """An option, ini setting, variable or ``.env`` file cannot be used."""


class MissingCredentials(PytestBillError):
    """A credential is needed and at least one of its variables has no value."""


class NotInCassette(PytestBillError):
    """A request to BILL has no recorded answer, and the record mode forbids sending it."""


class LateRequest(PytestBillError):
    """A request to BILL came from a thread or process that a finished test left behind."""


class CassetteError(PytestBillError):
    """A cassette cannot be read or written."""


class SecretFound(CassetteError):
    """The bytes about to be written hold a secret: nothing was written."""


class PlaceholderSent(PytestBillError):
    """A placeholder was about to leave the process as if it were a credential."""


class NetworkRefused(PytestBillError):
    """Opening a socket to BILL, or sending a made-up notification elsewhere, was refused."""


class UnknownEvent(PytestBillError):
    """BILL's catalogue of webhook events has no event of that type."""
