"""Everything that one sandbox knows; nothing is shared between sandboxes."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
        self.listeners: list[Callable[[str, str, Record], None]] = []
        self._tables: defaultdict[tuple[str, str], Table] = defaultdict(dict)
        self._snapshots: dict[str, tuple[defaultdict[tuple[str, str], Table], Ids]] = {}
        self._snapshots_made = 0
        self.daily: Sequence[Callable[[SandboxState], None]] = ()
        self._caught_up: date | None = None
        self.faults = Faults()
        self.received = Received()

    def table(self, owner: str, name: str) -> Table:
        """The records called `name` of one owner: an organization id, or a name like "spend"."""
        return self._tables[owner, name]

    def changed(self) -> None:
        """A record may have changed: what was searched before is out of date."""
        self.searches.forget()

    def owners(self, name: str) -> list[str]:
        """Who has records called `name`."""
        return [
            owner for (owner, table), records in self._tables.items() if table == name and records
        ]

    def catch_up(self) -> None:
        """Let happen what the days that have passed since the last call brought about."""
        today = self.clock.now().date()
        if today != self._caught_up:
            self._caught_up = today
            for happen in self.daily:
                happen(self)
            self.changed()

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
        self._caught_up = None
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
        self._caught_up = None
        self.changed()
        return True

    def forget(self, snapshot: str) -> None:
        """Drop a snapshot."""
        self._snapshots.pop(snapshot, None)
