"""Everything that one sandbox knows; nothing is shared between sandboxes."""

from __future__ import annotations

import copy
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from pytest_bill.sandbox.core.clock import Clock, timestamp
from pytest_bill.sandbox.core.credentials import make_credentials
from pytest_bill.sandbox.core.faults import Faults
from pytest_bill.sandbox.core.ids import Ids
from pytest_bill.sandbox.core.latest import Latest
from pytest_bill.sandbox.core.limits import Limits, Locks
from pytest_bill.sandbox.core.lists import Searches
from pytest_bill.sandbox.core.mfa import Mfa
from pytest_bill.sandbox.core.oauth import Tokens
from pytest_bill.sandbox.core.received import Received
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.sessions import WITH_USERS, Kind, Sessions

FURTHER_CLIENTS = 2
_PREFIXES = {Kind.SYNC_TOKEN: "syu"}
"""How ids of users begin that are none of BILL's usual ones, as public clients see them."""


@dataclass(frozen=True)
class Size:
    """How many vendors and bills the developer key's organization has beyond the music shop's."""

    vendors: int = 0
    bills: int = 0


class SandboxState:
    """Credentials, sessions and records. Records are touched by the server's event loop alone."""

    def __init__(
        self,
        clock: Clock,
        seed: int,
        variables: Mapping[str, str],
        size: Size = Size(),
        *,
        mfa_required: bool = False,
        limits: Limits | None = None,
    ) -> None:
        ids = Ids(seed)
        self.seed = seed
        self.size = size
        self.clock = clock
        self.started = timestamp(clock.now())
        self.ids = ids
        self.credentials = make_credentials(ids, variables)
        self.sessions = Sessions(clock)
        self.limits = limits or Limits(clock)
        self.locks = Locks()
        self.mfa = Mfa(clock, mfa_required)
        self.verifies_accounts = False
        """Whether a vendor's new bank account has to be verified before it is paid to."""
        self.searches = Searches()
        self.tokens = Tokens(clock)
        self.user_ids = {kind: ids.new(_PREFIXES.get(kind, "006")) for kind in WITH_USERS}
        # With prefixes of their own, so that all other ids are as without them.
        self.client_ids = (
            self.credentials.console_organization_id,
            *(ids.new("0081") for _ in range(FURTHER_CLIENTS)),
        )
        """The client organizations of the accounting firm that the Console token is of."""
        self._ids_at_start = copy.deepcopy(ids)
        self.signing_key = secrets.token_bytes(32)
        self._given_secrets: Latest[str] = Latest()
        self.listeners: list[Callable[[str, str, Record], None]] = []
        self._unpublished: list[tuple[str, str, Record]] | None = None
        self.has_subscribers: Callable[[], bool] = lambda: True
        self.start_delivery: Callable[[], None] = lambda: None
        self._tables: defaultdict[tuple[str, str], Table] = defaultdict(dict)
        self._snapshots: dict[str, tuple[defaultdict[tuple[str, str], Table], Ids]] = {}
        self._snapshots_made = 0
        self._snapshot_times: dict[str, str] = {}
        self.daily: Sequence[Callable[[SandboxState], None]] = ()
        self._caught_up: date | None = None
        self.faults = Faults()
        self.received = Received()

    def table(self, owner: str, name: str) -> Table:
        """The records called ``name`` of one owner: an organization id, or a name like "spend"."""
        return self._tables[owner, name]

    def tables(self, name: str) -> list[tuple[str, Table]]:
        """The records called ``name`` of every owner that has any, by owner."""
        return [(owner, table) for (owner, each), table in self._tables.items() if each == name]

    def tables_by_owner(self) -> dict[str, dict[str, Table]]:
        """Every table there is by its name, by owner; none is made by asking."""
        found: dict[str, dict[str, Table]] = {}
        for (owner, name), table in self._tables.items():
            found.setdefault(owner, {})[name] = table
        return found

    def changed(self) -> None:
        """A record may have changed: what was searched before is out of date."""
        self.searches.clear()

    def catch_up(self) -> None:
        """Let happen what the days that have passed since the last call brought about."""
        today = self.clock.now().date()
        if today != self._caught_up:
            self._caught_up = today
            for action in self.daily:
                action(self)
            self.changed()

    def publish(self, owner: str, event: str, record: Record) -> None:
        """Tell the listeners that something happened to a record of ``owner``, "bill.created" say.

        Within ``publishing_at_the_end`` they are told at its end, and so of the record as it is
        then.
        """
        if self._unpublished is not None:
            self._unpublished.append((owner, event, record))
            return
        self.publish_now(owner, event, record)

    def publish_now(self, owner: str, event: str, record: Record) -> None:
        """Tell the listeners at once: of a call that is refused, they would never be told."""
        for listener in self.listeners:
            listener(owner, event, record)

    def publishing_at_the_end(self) -> AbstractContextManager[None]:
        """What is published within is told at the end, and never if it ends in an error.

        A refused call leaves nothing behind, though it may have gone half the way.
        """
        return _PublishingAtTheEnd(self)

    def begin_to_publish(self) -> None:
        """Keep what is published from now on."""
        self._unpublished = []

    def end_to_publish(self, *, keep: bool) -> None:
        """Tell the listeners what was kept, unless that is not to be told."""
        unpublished, self._unpublished = self._unpublished, None
        for owner, event, record in (unpublished or ()) if keep else ():
            self.publish(owner, event, record)

    def secrets(self) -> set[str]:
        """What is told to nobody: the credentials, sessionIds and tokens that were handed out."""
        handed_out = (self.sessions.ids(), self.tokens.all(), self._given_secrets.all())
        return self.credentials.secrets.union(*handed_out)

    def remember_secret(self, secret: str) -> str:
        """Remember, for ``secrets``, what opens something to whom it is given; gives it back."""
        self._given_secrets.add(secret)
        return secret

    def timestamp(self) -> str:
        """The clock's time as BILL writes it."""
        return timestamp(self.clock.now())

    def clear(self) -> None:
        """No records at all, as before the sandbox started; ids begin anew."""
        self._tables.clear()
        self.ids = copy.deepcopy(self._ids_at_start)
        self._caught_up = None
        self.changed()

    def snapshot(self) -> str:
        """Keep all records as they are; gives the snapshot's id."""
        self._snapshots_made += 1
        number = str(self._snapshots_made)
        self._snapshots[number] = copy.deepcopy((self._tables, self.ids))
        self._snapshot_times[number] = self.timestamp()
        return number

    def snapshots(self) -> dict[str, str]:
        """When each snapshot was taken, by its id."""
        return dict(self._snapshot_times)

    def restore(self, snapshot: str) -> bool:
        """All records as they were at that snapshot; False if there is no such snapshot."""
        if snapshot not in self._snapshots:
            return False
        self._tables, self.ids = copy.deepcopy(self._snapshots[snapshot])
        self._caught_up = None
        self.changed()
        return True

    def drop_snapshot(self, snapshot: str) -> None:
        """Drop a snapshot."""
        self._snapshots.pop(snapshot, None)
        self._snapshot_times.pop(snapshot, None)


class _PublishingAtTheEnd(AbstractContextManager[None]):
    """A class, since each call goes through it: a generator would take three times as long."""

    __slots__ = ("_state",)

    def __init__(self, state: SandboxState) -> None:
        self._state = state

    def __enter__(self) -> None:
        self._state.begin_to_publish()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._state.end_to_publish(keep=kind is None)
