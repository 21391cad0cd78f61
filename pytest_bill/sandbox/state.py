"""Everything that one sandbox knows; nothing is shared between sandboxes."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable

from pytest_bill.sandbox.clock import Clock, timestamp
from pytest_bill.sandbox.credentials import Credentials
from pytest_bill.sandbox.ids import Ids
from pytest_bill.sandbox.limits import Limits
from pytest_bill.sandbox.lists import Searches
from pytest_bill.sandbox.records import Record, Table
from pytest_bill.sandbox.sessions import Kind, Sessions


class SandboxState:
    """Credentials, sessions and records. Records are touched by the server's event loop alone."""

    def __init__(self, clock: Clock, ids: Ids, credentials: Credentials) -> None:
        self.clock = clock
        self.ids = ids
        self.credentials = credentials
        self.sessions = Sessions(clock)
        self.limits = Limits(clock)
        self.searches = Searches()
        self.user_ids = {kind: ids.new("006") for kind in Kind}
        self.listeners: list[Callable[[str, str, Record], None]] = []
        self._tables: defaultdict[tuple[str, str], Table] = defaultdict(dict)
        self._requests: Counter[str] = Counter()
        self._requests_lock = threading.Lock()

    def table(self, owner: str, name: str) -> Table:
        """The records called `name` of one owner: an organization id, or a name like "spend"."""
        return self._tables[owner, name]

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

    def count_request(self, method: str, path: str) -> None:
        """Remember that a request came in."""
        with self._requests_lock:
            self._requests[f"{method} {path}"] += 1

    def request_counts(self) -> dict[str, int]:
        """How many requests came in, by "METHOD path"."""
        with self._requests_lock:
            return dict(self._requests)
