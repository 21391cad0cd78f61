"""What is said at the end of a run, of its own tests and of those that its workers ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill.cassettes.on_way import Took, slowest
from pytest_bill.counted import counted
from pytest_bill.options import is_on
from pytest_bill.printable import printable, printable_lines
from pytest_bill.run.notices import INFORMING, Notice, NoticeKind, by_kind
from pytest_bill.run.stale import failing_kinds
from pytest_bill.run.state import RunState

if TYPE_CHECKING:
    from pytest_bill.settings import Settings

_MOST_FINDINGS = 20
_SLOW_SECONDS = 1.0
"""From then on a request is told of without ``-v``, too."""
QUIETER = -2
"""The verbosity of ``-qq``."""
_ONCE = frozenset({NoticeKind.STALE, NoticeKind.UNREAD})


class Totals:
    """What the tests of one process, or of several, did."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.notices: list[Notice] = []
        self.unchanged: dict[str, dict[str, Any]] = {}
        """What does not count where a cassette is recorded anew, where that is not the usual."""
        self.told: list[str] = []
        """What is told of the recordings: what replays, and what changed."""
        self.recorded: list[tuple[str, str]] = []
        """The tests that came to a good end and may have recorded, and their cassettes."""
        self.cassettes: set[str] = set()
        """The files that were used."""
        self.sandbox_at = ""
        """Where the local sandbox answered, where that was not told."""
        self.slowest: list[Took] = []
        """Of the requests that were sent, those that took longest, the longest first."""
        self.of_cassettes: dict[str, int] = {}
        """How many cassettes were written, are unchanged, and were proven."""

    @classmethod
    def of(cls, state: RunState) -> Totals:
        """Those of this process and of its workers."""
        totals = cls()
        totals.notices += state.notices
        totals.recorded += state.recorded
        totals.told = state.told_of_recordings
        totals.sandbox_at = state.sandbox_at
        totals.of_cassettes = dict(state.cassette_counts)
        totals.notices += [
            # The fixtures that it uses may have asked in their teardown, which comes later.
            notice
            for fixtures, notice in state.silences
            if state.asking_fixtures.isdisjoint(fixtures)
        ]
        if state.workers is not None:
            totals.sandbox_at = state.workers.sandbox_origin
            totals.add(state.workers.totals.as_dict())
        if state.run is not None:
            recorder = state.run.recorder
            totals._count(recorder.counts.as_dict() | state.verified)
            totals.notices += [
                Notice(NoticeKind.UNRECORDED, owner, line) for owner, line in recorder.late
            ]
            totals.notices += [
                Notice(NoticeKind.REFUSED, owner, line) for owner, line in recorder.refused_sign_ins
            ]
            totals.cassettes.update(map(str, recorder.cassette_files))
            totals._add_slowest(recorder.on_way.slowest)
            totals.unchanged |= state.run.cassettes.unchanged_of
            totals._age(recorder.ages.oldest, state.run.settings)
        return totals

    def add(self, other: dict[str, Any]) -> None:
        """Add those of another process; see ``as_dict``."""
        self._count(other["counts"])
        self._add_slowest(Took(*each) for each in other.get("slowest", ()))
        for name, count in other.get("of_cassettes", {}).items():
            self.of_cassettes[name] = self.of_cassettes.get(name, 0) + count
        self.unchanged = self.unchanged | other.get("unchanged", {})
        self.recorded += [(nodeid, path) for nodeid, path in other.get("recorded", ())]
        told = {notice.owner for notice in self.notices if notice.kind in _ONCE}
        for notice in map(Notice.from_list, other["notices"]):
            # Workers play from the same sign-in and read the same files: that is told once.
            if notice.kind not in _ONCE or notice.owner not in told:
                self.notices.append(notice)
        self.cassettes.update(other["cassettes"])

    def _age(self, oldest: Mapping[Path, str], settings: Settings) -> None:
        """Tell of the cassettes that are older than they may be."""
        if settings.max_age is None:
            return
        from pytest_bill.cassettes import times
        from pytest_bill.run import stale

        told = stale.notices(oldest, settings.max_age, settings.rootdir, times.now())
        self.notices += told

    def _count(self, counts: dict[str, int]) -> None:
        for name, count in counts.items():
            self.counts[name] = self.counts.get(name, 0) + count

    def _add_slowest(self, took: Iterable[Took]) -> None:
        self.slowest = slowest([*self.slowest, *took])

    @property
    def cassette_counts(self) -> dict[str, int]:
        """How many cassettes were written, proven, unchanged, are unused, and are stale."""
        kinds = Counter(notice.kind for notice in self.notices)
        return {
            **{name: self.of_cassettes.get(name, 0) for name in ("written", "proven", "unchanged")},
            "unused": kinds[NoticeKind.UNUSED] + kinds[NoticeKind.GONE],
            "stale": kinds[NoticeKind.STALE],
        }

    def as_dict(self) -> dict[str, Any]:
        """What can be sent to another process."""
        return {
            "counts": self.counts,
            "slowest": [list(each) for each in self.slowest],
            "unchanged": self.unchanged,
            "recorded": [list(each) for each in self.recorded],
            "notices": [notice.as_list() for notice in self.notices],
            "cassettes": sorted(self.cassettes),
        }


def write_summary(reporter: pytest.TerminalReporter, totals: Totals) -> None:
    """Say what happened to the requests of the run: with ``-qq`` what fails it, and no more."""
    verbosity = reporter.config.get_verbosity()
    failing = _failing(reporter.config) if verbosity <= QUIETER else frozenset(NoticeKind)
    for kind, notices in by_kind(totals.notices):
        if kind in failing:
            reporter.section(f"bill: {kind}", yellow=True)
            write_lines(reporter, list(map(str, notices)))
    if verbosity <= QUIETER:
        return
    for line in totals.told if verbosity >= 0 else ():
        reporter.write_line(printable_lines(line))
    line = counts_line(totals)
    if line:
        reporter.write_line(f"bill: {line}")
    if verbosity >= 0:
        if totals.sandbox_at:
            reporter.write_line(f"bill: the local sandbox answered at {totals.sandbox_at}")
        for line in _slowest_lines(totals.slowest, all_of_them=verbosity > 0):
            reporter.write_line(line)


def _failing(config: pytest.Config) -> frozenset[NoticeKind]:
    """The kinds of notices that fail this run."""
    strict = frozenset(NoticeKind) - INFORMING if is_on(config, "bill_strict") else frozenset()
    return failing_kinds(config) | strict


def counts_line(totals: Totals) -> str:
    """The counts in words; empty where nothing happened."""
    counts = totals.counts
    told, verified = [], ""
    if any(count for name, count in counts.items() if name not in ("verified", "drifted")):
        told.append(counted(counts.get("sign_ins", 0), "sign-in"))
        told.append(counted(counts.get("requests", 0), "request"))
        told += [f"{counts.get(name, 0)} {name}" for name in ("recorded", "replayed")]
        told += [f"{counts['live']} live"] if counts.get("live") else []
    if "verified" in counts:
        drifted = counts.get("drifted", 0)
        differ = "differs" if drifted == 1 else "differ"
        asked = counted(counts["verified"], "recorded answer")
        verified = f"{asked} asked again and compared, {drifted} {differ}"
    cassettes = _cassettes_line(totals.cassette_counts)
    return "; ".join(filter(None, [", ".join(told), verified, cassettes]))


def _cassettes_line(counts: Mapping[str, int]) -> str:
    """What became of cassettes, in words; empty where nothing did."""
    names = [name for name, count in counts.items() if count]
    told = [f"{counts[name]} {name}" for name in names]
    if counts["written"] and not counts["proven"]:
        told[0] += " without proof"
    if told:
        first, _, rest = told[0].partition(" ")
        told[0] = f"{counted(int(first), 'cassette')} {rest}"
    return ", ".join(told)


def _slowest_lines(took: Iterable[Took], *, all_of_them: bool) -> list[str]:
    """A line each of the requests that took longest, where they were slow, or all is asked for."""
    shown = [each for each in took if all_of_them or each.seconds >= _SLOW_SECONDS]
    lines = [
        f"  {each.seconds:.2f} s {each.request}"
        + (f" ({printable(each.test)})" if each.test else "")
        for each in shown
    ]
    return ["bill: slowest requests:", *lines] if lines else []


def write_lines(reporter: pytest.TerminalReporter, lines: list[str]) -> None:
    """Write them, or the first of them and how many more there are."""
    for line in lines[:_MOST_FINDINGS]:
        # They name what cassettes hold, which is anybody's.
        reporter.write_line(printable_lines(line))
    if len(lines) > _MOST_FINDINGS:
        reporter.write_line(f"… and {len(lines) - _MOST_FINDINGS} more")
