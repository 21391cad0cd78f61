"""API sessions: opened by a sign-in, bound to its key, ended by idling or signing out.

Source: https://developer.bill.com/docs/bill-keys-tokens. A sessionId works only with the key that
it was signed in with; it expires after 35 minutes without a call, or 48 hours for a session that
was signed in with an AP & AR sync token; every call starts the time anew
(https://developer.bill.com/v2/docs/authentication-overview). No page names a limit for a session
that is in use. A session is MFA-trusted or not, until it ends.
"""

from __future__ import annotations

import enum
import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.latest import Latest


class Kind(enum.Enum):
    """What a session was signed in with."""

    DEVELOPER_KEY = "developer key"
    SYNC_TOKEN = "sync token"  # noqa: S105  (a kind, not a token)
    CONSOLE_TOKEN = "console token"  # noqa: S105  (a kind, not a token)
    PARTNER = "partner app key"
    OAUTH = "OAuth access token"


WITH_USERS = (Kind.DEVELOPER_KEY, Kind.SYNC_TOKEN, Kind.CONSOLE_TOKEN, Kind.PARTNER)
"""Those that have a user of their own; a token has the one who made its developer app."""
ORGANIZATION_KINDS = frozenset({Kind.DEVELOPER_KEY, Kind.SYNC_TOKEN, Kind.CONSOLE_TOKEN})

_IDLE_LIMIT = timedelta(minutes=35)
_SYNC_TOKEN_IDLE_LIMIT = timedelta(hours=48)


@dataclass(frozen=True)
class Session:
    """Who is calling. A partner's session belongs to no organization: its id is empty."""

    id: str = field(repr=False)
    kind: Kind
    key: str = field(repr=False)
    user_id: str
    organization_id: str
    trusted: bool = False

    @property
    def idle_limit(self) -> timedelta:
        """How long the session may rest before it expires."""
        return _SYNC_TOKEN_IDLE_LIMIT if self.kind is Kind.SYNC_TOKEN else _IDLE_LIMIT


class Sessions:
    """All open sessions of one sandbox, safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, tuple[Session, datetime]] = {}
        self._latest: Latest[Session] = Latest()
        self._lock = threading.Lock()

    def open(
        self,
        kind: Kind,
        *,
        key: str,
        user_id: str,
        organization_id: str = "",
        trusted: bool = False,
    ) -> Session:
        """A new session. Sessions that are already open stay open."""
        session = Session(secrets.token_hex(32), kind, key, user_id, organization_id, trusted)
        with self._lock:
            self._open[session.id] = (session, self._clock.now())
            self._latest.add(session)
        return session

    def ids(self) -> list[str]:
        """The latest sessionIds, ended ones too."""
        return [each.id for each in self._latest.all()]

    def latest(self) -> dict[str, Session]:
        """The latest sessions by their ids, ended ones too, as they were opened."""
        return {each.id: each for each in self._latest.all()}

    def require(self, session_id: str, key: str | None, kinds: Collection[Kind]) -> Session:
        """The open session of that id and kind; its idle time starts anew. Else BDC_1109.

        ``key`` is the one that it must have been signed in with, None for any.
        """
        with self._lock:
            found = self._open.get(session_id)
            now = self._clock.now()
            if found is None:
                raise errors.invalid_session()
            session, last_used = found
            if now - last_used >= session.idle_limit:
                del self._open[session_id]
                raise errors.invalid_session()
            if key not in (None, session.key) or session.kind not in kinds:
                raise errors.invalid_session()
            self._open[session_id] = (session, now)
            return session

    def lasts_until(self, session_id: str) -> datetime | None:
        """When an open session expires if it is not used meanwhile; None if there is none.

        To look does not use it. One that has idled too long may still be known.
        """
        with self._lock:
            found = self._open.get(session_id)
        return None if found is None else found[1] + found[0].idle_limit

    def is_trusted(self, session_id: str) -> bool:
        """Whether it is an open session that is MFA-trusted; to look does not use it."""
        with self._lock:
            found = self._open.get(session_id)
        return found is not None and found[0].trusted

    def trust(self, session: Session) -> None:
        """The session is MFA-trusted from now on."""
        with self._lock:
            if session.id in self._open:
                _, last_used = self._open[session.id]
                self._open[session.id] = (replace(session, trusted=True), last_used)

    def close(self, session: Session) -> None:
        """Sign out."""
        with self._lock:
            self._open.pop(session.id, None)

    def expire_all(self) -> None:
        """End every session now, as if all had idled too long."""
        with self._lock:
            self._open.clear()
