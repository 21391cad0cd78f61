"""Cassettes that are older than ``--bill-max-age``: told at the end, or recorded anew.

A test is recorded anew with the fixtures that it uses, and they with all other tests that use them:
what BILL told a fixture, its tests ask with. A fixture is known here by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path, PurePath

import pytest

from pytest_bill.cassettes import store, times
from pytest_bill.exceptions import CassetteError, SettingsError
from pytest_bill.max_age import MaxAge, Stale
from pytest_bill.patterns import late_pattern
from pytest_bill.record_modes import RecordMode
from pytest_bill.run.notices import FAILING, Notice, NoticeKind

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_OF_FIXTURE = late_pattern(r"fixture\.(?:.*\.)?(?P<name>[^.-]+)(?:-.*)?\.yaml")


def failing_kinds(config: pytest.Config) -> frozenset[NoticeKind]:
    """The kinds of notices that fail this run, whether it is strict or not."""
    stale = config.getoption("bill_stale") or config.getini("bill_stale")
    return FAILING | {NoticeKind.STALE} if stale == Stale.FAIL else FAILING


def notices(
    oldest: Mapping[Path, str], max_age: MaxAge, root: PurePath, now: datetime
) -> Iterator[Notice]:
    """One for each cassette that was played from and is older than it may be."""
    limit = max_age.limit(now)
    for path, recorded_at in sorted(oldest.items()):
        moment = times.read(recorded_at)
        if moment is not None and moment >= limit:
            continue
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        when = f"recorded {moment:%Y-%m-%d}" if moment else "does not say when it was recorded"
        advice = "record it anew with --bill-stale=record"
        yield Notice(NoticeKind.STALE, shown.as_posix(), f"{when}; {advice}")


class Renewal:
    """Which cassettes a run records anew because they are older than they may be."""

    def __init__(
        self,
        max_age: MaxAge | None,
        cassette_dir: Path,
        fixtures_of: Callable[[], Mapping[Path, frozenset[str]]],
        now: Callable[[], datetime],
    ) -> None:
        """``fixtures_of`` gives the fixtures that the user of each test's cassette uses."""
        self._max_age = max_age if max_age is not None and max_age.stale is Stale.RECORD else None
        self._cassette_dir = cassette_dir
        self._fixtures_of = fixtures_of
        self._limit = self._max_age.limit(now()) if self._max_age is not None else _LONG_AGO
        self._known: dict[Path, bool] = {}

    def mode(self, path: Path, mode: RecordMode, fixture: str = "") -> RecordMode:
        """The record mode of a cassette that would have this one; ``fixture`` is whose it is.

        Raises:
            SettingsError: it is to be recorded anew, and this run may not record.
        """
        max_age = self._max_age
        if max_age is None or mode is RecordMode.ALL:
            return mode
        if not (self._is_older(path) or path in self._due or fixture in self._due_fixtures):
            return mode
        if not max_age.may_record:
            if not max_age.why_not:
                return mode  # it is told at the end
            shown = path.relative_to(self._cassette_dir.parent)
            raise SettingsError(
                f"{shown} is older than {max_age.said}, and bill_stale=record would record it "
                f"anew; but {max_age.why_not}.\nType --bill-stale=record, or --bill-stale=warn."
            )
        return RecordMode.ALL

    @property
    def _due(self) -> frozenset[Path]:
        return self._groups[0]

    @property
    def _due_fixtures(self) -> frozenset[str]:
        return self._groups[1]

    @cached_property
    def _groups(self) -> tuple[frozenset[Path], frozenset[str]]:
        """The tests' cassettes, and the fixtures, that are due since one of them is too old."""
        with_cassette: dict[str, list[Path]] = {}
        for path in self._cassette_dir.rglob("fixture.*.yaml"):
            found = _OF_FIXTURE.fullmatch(path.name)
            if found is not None:
                with_cassette.setdefault(found["name"], []).append(path)
        fixtures_of = {
            path: names & with_cassette.keys() for path, names in self._fixtures_of().items()
        }
        users: dict[str, list[Path]] = {}
        for path, names in fixtures_of.items():
            for name in names:
                users.setdefault(name, []).append(path)
        due = {path for path in fixtures_of if self._is_older(path)}
        due_fixtures = {
            name for name, paths in with_cassette.items() if any(map(self._is_older, paths))
        }
        waiting: list[Path | str] = [*due, *due_fixtures]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                more: Iterable[Path | str] = set(users.get(each, ())) - due
                due |= set(users.get(each, ()))
            else:
                more = fixtures_of[each] - due_fixtures
                due_fixtures |= fixtures_of[each]
            waiting += more
        return frozenset(due), frozenset(due_fixtures)

    def _is_older(self, path: Path) -> bool:
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._is_file_older(path)
        return known

    def _is_file_older(self, path: Path) -> bool:
        try:
            recording = store.load(path)
        except CassetteError:
            return False  # whoever uses it is told
        made = (
            [times.read(each.recorded_at) for each in recording.interactions] if recording else []
        )
        return any((moment or _LONG_AGO) < self._limit for moment in made)
