"""Everything that one sandbox knows; nothing is shared between sandboxes."""

from __future__ import annotations

import copy
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from pytest_bill.sandbox.clock import Clock, timestamp
from pytest_bill.sandbox.credentials import make_credentials
from pytest_bill.sandbox.faults import Faults
from pytest_bill.sandbox.ids import Ids
from pytest_bill.sandbox.limits import Limits
from pytest_bill.sandbox.lists import Searches
from pytest_bill.sandbox.received import Received
from pytest_bill.sandbox.records import Record, Table
from pytest_bill.sandbox.sessions import Kind, Sessions


@dataclass(frozen=True)
class Size:
    """How many vendors and bills the developer key's organization has beyond the music shop's."""

    vendors: int = 0
    bills: int = 0


class SandboxState:
    """Credentials, sessions and records. Records are touched by the server's event loop alone."""

    def __init__(
        self, clock: Clock, seed: int, variables: Mapping[str, str], size: Size = Size()
    ) -> None:
        ids = Ids(seed)
        self.seed = seed
        self.size = size
        self.clock = clock
        self.ids = ids
        self.credentials = make_credentials(ids, variables)
        self.sessions = Sessions(clock)
        self.limits = Limits(clock)
        self.searches = Searches()
        self.user_ids = {kind: ids.new("006") for kind in Kind}
        self._ids_at_start = copy.deepcopy(ids)
        self.signing_key = secrets.token_bytes(32)
        self.listeners: list[Callable[[str, str, Record], None]] = []
        self.daily: tuple[Callable[[SandboxState], None], ...] = ()
        self._caught_up_to: date | None = None
        self._tables: defaultdict[tuple[str, str], Table] = defaultdict(dict)
        self._snapshots: dict[str, tuple[defaultdict[tuple[str, str], Table], Ids]] = {}
        self._snapshots_made = 0
        self.faults = Faults()
        self.received = Received()

    def table(self, owner: str, name: str) -> Table:
        """The records called `name` of one owner: an organization id, or a name like "spend"."""
        return self._tables[owner, name]

    def tables(self, name: str) -> list[tuple[str, Table]]:
        """Each owner that has records called `name`, and these records."""
        return [(owner, found) for (owner, each), found in self._tables.items() if each == name]

    def catch_up(self) -> None:
        """Let happen what the clock's day brings, once a day: see `daily`.

        Nothing runs in the background: it is called before records are read.
        """
        today = self.clock.now().date()
        if today != self._caught_up_to:
            self._caught_up_to = today
            self.changed()
            for follow in self.daily:
                follow(self)

    def changed(self) -> None:
        """A record may have changed: what was searched before is out of date."""
        self.searches.forget()

    def publish(self, owner: str, event: str, record: Record) -> None:
        """Tell the listeners that something happened to a record of `owner`, "bill.created" say."""
        for listener in self.listeners:
            listener(owner, event, record)

    def timestamp(self) -> str:
        """The clock's time as BILL writes it."""
        return timestamp(self.clock.now())

    def clear(self) -> None:
        """No records at all, as before the sandbox started; ids begin anew."""
        self._tables.clear()
        self.ids = copy.deepcopy(self._ids_at_start)
        self._caught_up_to = None
        self.changed()

    def snapshot(self) -> str:
        """Keep all records as they are; gives the snapshot's id."""
        self._snapshots_made += 1
        number = str(self._snapshots_made)
        self._snapshots[number] = copy.deepcopy((self._tables, self.ids))
        return number

    def restore(self, snapshot: str) -> bool:
        """All records as they were at that snapshot; False if there is no such snapshot."""
        if snapshot not in self._snapshots:
            return False
        self._tables, self.ids = copy.deepcopy(self._snapshots[snapshot])
        self._caught_up_to = None
        self.changed()
        return True

    def forget(self, snapshot: str) -> None:
        """Drop a snapshot."""
        self._snapshots.pop(snapshot, None)
