"""All exceptions and warnings of pytest-bill; each can be imported from ``pytest_bill``.

::

    Exception
    ├── PytestBillError: pytest-bill cannot go on
    │   ├── SettingsError
    │   ├── MissingCredentials
    │   ├── SignInFailed
    │   ├── NotInCassette
    │   ├── LateRequest
    │   ├── CassetteError
    │   │   └── SecretFound
    │   ├── PlaceholderSent
    │   ├── StandInSent
    │   ├── NetworkRefused
    │   └── UnknownEvent
    └── requests.HTTPError
        └── BillError: BILL answered with an error
            └── SessionRefused
    UserWarning
    └── BillWarning

The message of a ``PytestBillError`` is complete in itself: what happened, where, and the next thing
to do. The plugin shows it without the traceback of the plugin's own insides.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    import requests


SAID = "pytest_bill_said"
"""The attribute of another package's error that has what the plugin says of it, complete, too."""


def in_words(error: Any, text: str) -> Any:
    """An error of another kind, with what is shown of it instead of where it comes from."""
    vars(error)[SAID] = text
    return error


class PytestBillError(Exception):
    """Base of the errors that pytest-bill raises about a test run (not BILL's answers)."""

    _summary = ""

    def with_summary(self, summary: str) -> Self:
        """Itself, with a line that stands beside its test, where that has but one line."""
        self._summary = summary
        return self

    @property
    def summary(self) -> str:
        """One line that says what happened; the first of the message unless it has another."""
        return self._summary or str(self).partition("\n")[0]


class SettingsError(PytestBillError):
    """An option, ini setting, variable or ``.env`` file cannot be used."""


class MissingCredentials(PytestBillError):
    """A credential is needed and at least one of its variables has no value."""


class SignInFailed(PytestBillError):
    """A sign-in gave no session; the message says why, and the run does not try again."""


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


class StandInSent(PytestBillError):
    """A stand-in from a cassette was about to be sent to BILL, and its real value is not known."""


class NetworkRefused(PytestBillError):
    """Opening a socket to BILL or, where the network is blocked, elsewhere, was refused.

    So was sending a made-up notification elsewhere.
    """


class UnknownEvent(PytestBillError):
    """BILL's catalogue of webhook events has no event of that type."""


class BillWarning(UserWarning):
    """Something about the run that is allowed, and that its user should know."""


class Problem(NamedTuple):
    """One error in an answer of BILL."""

    code: str
    message: str


class _ErrorOfAnswer:
    """What a ``BillError`` has that other errors of requests have not.

    Attributes:
        status: the HTTP status.
        problems: BILL's codes and messages, in order; empty where the body is not BILL's shape.
        path: the path of the request, without query.
        response: the answer.
    """

    def __init__(
        self,
        status: int,
        problems: tuple[Problem, ...],
        method: str,
        path: str,
        response: Any = None,
        note: str = "",
    ) -> None:
        self.status = status
        self.problems = problems
        self.method = method
        self.path = path
        self._note = note
        shown = "; ".join(f"{code} {message}".strip() for code, message in problems)
        super().__init__(  # type: ignore[call-arg]  # that of requests.HTTPError
            f"BILL answered {method} {path} with {status}: {shown or 'no error details'}"
            + (f"\n{note}" if note else ""),
            response=response,
        )

    def __reduce__(self) -> tuple[type[_ErrorOfAnswer], tuple[Any, ...]]:
        return type(self), (self.status, self.problems, self.method, self.path, None, self._note)

    @property
    def codes(self) -> list[str]:
        """BILL's error codes, such as ``BDC_1109``."""
        return [problem.code for problem in self.problems]

    @property
    def message(self) -> str:
        """BILL's messages, in order."""
        return "; ".join(problem.message for problem in self.problems)


# ``except requests.HTTPError`` catches a BillError, so it has that base. But every run that uses
# BILL imports this module, and requests only where a session or the suite itself uses it. So the
# two classes are made when one is asked for; type checkers see them as if they always were there.
if TYPE_CHECKING:

    class BillError(_ErrorOfAnswer, requests.HTTPError):
        """BILL answered with an error."""

    class SessionRefused(BillError):
        """BILL refused the session again after a new sign-in."""

else:
    _making = Lock()

    def __getattr__(name: str) -> type[Exception]:
        if name not in ("BillError", "SessionRefused"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import requests

        # One thread makes them; named as this module's own, they are found without this function.
        global BillError, SessionRefused
        with _making:
            if name not in globals():

                class BillError(_ErrorOfAnswer, requests.HTTPError):
                    """BILL answered with an error."""

                class SessionRefused(BillError):
                    """BILL refused the session again after a new sign-in."""

        return globals()[name]
