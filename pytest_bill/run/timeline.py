"""What a run asked BILL, when, and what became of it: kept only where a page of it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from pytest_bill.cassettes import times
from pytest_bill.cassettes.on_way import OnWay, Took, Watcher
from pytest_bill.cassettes.recorder import Recorder
from pytest_bill.cassettes.set_ups import TIMELINE
from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.environments import TOKENS_AT
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.secret_places import SIGN_IN_PATH

REQUEST, SIGN_IN, WAIT = "request", "sign-in", "wait"
PLAYED, SENT, LIVE, MISSED = "played", "sent", "live", "not recorded"


class Entry(NamedTuple):
    """One thing that happened: ``at`` is when it began, in seconds since 1970; no text is secret.

    ``status`` is 0 where no answer came; ``cassette`` is the one that was played from.
    """

    at: float
    seconds: float
    kind: str
    what: str
    how: str = ""
    status: int = 0
    test: str = ""
    cassette: str = ""
    worker: str = ""


class Timeline:
    """Notes what happens in one process, as who watches requests. Safe to use from threads."""

    def __init__(
        self, root: Path, worker: str = "", now: Callable[[], datetime] = times.now
    ) -> None:
        """``root`` is the folder below which cassettes are named."""
        self._root = f"{root.as_posix()}/"
        self._worker = worker
        self._now = now
        self._is_live = False
        self._next: Watcher | None = None
        self._keep: Callable[[Mapping[str, Any]], None] | None = None
        self.entries: list[Entry] = []

    def watch(
        self, recorder: Recorder, keep: Callable[[Mapping[str, Any]], None] | None = None
    ) -> None:
        """Note what clients ask from now on; who watches already goes on to.

        ``keep`` writes a line of a worker's journal, which stays if the worker crashes.
        """
        self._is_live = recorder.live
        self._keep = keep
        self._next, recorder.on_way.watcher = recorder.on_way.watcher, self
        shown = recorder.on_way.shown

        def played(recorded: Interaction, opened: OpenCassette, path: Path) -> None:
            place = path.as_posix().removeprefix(self._root)
            request = shown((recorded.method, recorded.url))
            self._add(0.0, request, PLAYED, recorded.status, opened.use.owner, place)

        recorder.when_played = played

    def begun(self, way: OnWay) -> None:
        """A request was sent: it is noted when it ends."""
        if self._next is not None:
            self._next.begun(way)

    def ended(self, way: OnWay, took: Callable[[], Took], status: int) -> None:
        """A request that was sent has its answer, or none."""
        done = took()
        self._add(done.seconds, done.request, LIVE if self._is_live else SENT, status, done.test)
        if self._next is not None:
            self._next.ended(way, took, status)

    def waited(self, line: str, test: str) -> None:
        """The run waits, as that line tells."""
        at = self._now().timestamp()
        self._note(Entry(at, 0.0, WAIT, line, test=test, worker=self._worker))

    def missed(self, request: str, test: str) -> None:
        """A request that was not recorded, and not sent: it is known when its test is done."""
        self._add(0.0, request, MISSED, 0, test)

    def _add(
        self, seconds: float, request: str, how: str, status: int, test: str, cassette: str = ""
    ) -> None:
        signs_in = SIGN_IN_PATH.search(request) is not None or request.endswith(TOKENS_AT)
        kind = SIGN_IN if signs_in else REQUEST
        at = self._now().timestamp() - seconds
        self._note(Entry(at, seconds, kind, request, how, status, test, cassette, self._worker))

    def _note(self, entry: Entry) -> None:
        self.entries.append(entry)
        if self._keep is not None:
            self._keep({TIMELINE: [*entry]})

    def add(self, sent: Iterable[Iterable[Any]]) -> None:
        """Add what another process noted; see ``as_lists``."""
        self.entries += [Entry(*each) for each in sent]

    def as_lists(self) -> list[list[Any]]:
        """What can be sent to another process."""
        return [list(each) for each in self.entries]
