"""What of a run's requests may leave, and which are on their way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pytest_bill import environments
from pytest_bill.cassettes.recorder import Recorder
from pytest_bill.interaction import Interaction


class LeavingRequests(Recorder):
    """The recorder of a run, as whoever sends something asks it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """See ``Recorder``."""
        super().__init__(*args, **kwargs)
        self._sending = 0

    @property
    def sees_requests(self) -> bool:
        """Whether a connection opened now is for a request that was asked for here."""
        return self._watchers > 0 or self._sending > 0

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The block in which a request is sent that was asked for here, in whatever thread."""
        with self._lock:
            self._sending += 1
        try:
            yield
        finally:
            with self._lock:
                self._sending -= 1

    def check_leaving(self, request: Interaction) -> None:
        """Stop a request to BILL that must not be sent.

        Raises:
            PlaceholderSent, NetworkRefused: see ``Leaving``.
        """
        if not environments.takes_credentials(request.url, self.environment):
            self._leaving.check_elsewhere(request)
        self._leaving.check_sendable(request)

    @property
    def why_not_unwatched(self) -> str:
        """Why production is not asked where no test uses BILL; empty where it may be."""
        return self._leaving.why_not_unwatched

    def check_foreign(self, request: Interaction) -> None:
        """Stop a request to another host that carries a credential, whole.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in its URL, headers or body.
        """
        self._leaving.check_elsewhere(request)

    def may_go_on(self, content: bytes) -> bool:
        """Whether what goes to another host may be sent up to the end of this content."""
        return self._leaving.ends_between_words(content)
