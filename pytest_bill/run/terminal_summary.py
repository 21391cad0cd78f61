"""What is said at the end of a run, of its own tests and of those that its workers ran."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill import real_files
from pytest_bill.run.notices import Notice, NoticeKind, by_kind
from pytest_bill.run.state import RunState

if TYPE_CHECKING:
    from pytest_bill.settings import Settings

_COUNTS = ("sign_ins", "requests", "recorded", "replayed")
_MOST_FINDINGS = 20
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

    @classmethod
    def of(cls, state: RunState) -> Totals:
        """Those of this process and of its workers."""
        totals = cls()
        totals.notices += state.notices
        totals.recorded += state.recorded
        totals.told = state.told_of_recordings
        totals.notices += [
            # The fixtures that it uses may have asked in their teardown, which comes later.
            notice
            for fixtures, notice in state.silences
            if state.asking_fixtures.isdisjoint(fixtures)
        ]
        if state.workers is not None:
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
            totals.unchanged |= state.run.cassettes.unchanged_of
            totals._age(recorder.ages.oldest, state.run.settings)
        return totals

    def add(self, other: dict[str, Any]) -> None:
        """Add those of another process; see ``as_dict``."""
        self._count(other["counts"])
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

    def as_dict(self) -> dict[str, Any]:
        """What can be sent to another process."""
        return {
            "counts": self.counts,
            "unchanged": self.unchanged,
            "recorded": [list(each) for each in self.recorded],
            "notices": [notice.as_list() for notice in self.notices],
            "cassettes": sorted(self.cassettes),
        }


def write_report(path: Path, totals: Totals, usage: Mapping[str, Any]) -> None:
    """Write the counts, the notices, and what cassettes were used for, to a JSON file.

    Raises:
        OSError: the file system refused.
    """
    report: dict[str, Any] = dict(totals.counts or dict.fromkeys(_COUNTS, 0))
    report["notices"] = [
        {"kind": notice.kind.key, "owner": notice.owner, "text": notice.text}
        for notice in totals.notices
    ]
    report["usage"] = usage
    real_files.write_file(path, f"{json.dumps(report)}\n".encode())


def write_summary(reporter: pytest.TerminalReporter, totals: Totals) -> None:
    """Say what happened to the requests of the run."""
    for kind, notices in by_kind(totals.notices):
        reporter.section(f"bill: {kind}", yellow=True)
        write_lines(reporter, list(map(str, notices)))
    for line in totals.told:
        reporter.write_line(line)
    if totals.counts and reporter.config.get_verbosity() >= 0:
        reporter.write_line(
            "bill: {sign_ins} sign-ins, {requests} requests, {recorded} recorded, "
            "{replayed} replayed".format(**totals.counts)
        )
    if "verified" in totals.counts:
        reporter.write_line(
            "bill: {verified} recorded answers asked again and compared, {drifted} differ".format(
                **totals.counts
            )
        )


def write_lines(reporter: pytest.TerminalReporter, lines: list[str]) -> None:
    """Write them, or the first of them and how many more there are."""
    for line in lines[:_MOST_FINDINGS]:
        reporter.write_line(line)
    if len(lines) > _MOST_FINDINGS:
        reporter.write_line(f"… and {len(lines) - _MOST_FINDINGS} more")
