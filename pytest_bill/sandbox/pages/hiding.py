"""What is shown has no secret in it: values that open something, and fields that are named so."""

from __future__ import annotations

from typing import Any

from pytest_bill.sandbox.core.received import HIDDEN, cleared, without_named_secrets
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.scrubbing.search.search import Search


class Hiding:
    """Hides the secrets of one sandbox, in whatever encoding they are in what is shown.

    It knows those of before: a page that asks once a second would have them all prepared each time.
    """

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._known: set[str] = set()
        self._search = Search()

    def hidden(self, value: Any) -> Any:
        """A JSON value without its secrets."""
        new = self._state.secrets() - self._known
        for secret in new:
            self._search.add(secret, HIDDEN)
        self._known |= new
        return cleared(without_named_secrets(value), self._search.replace)
