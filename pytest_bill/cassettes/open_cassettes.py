"""Which cassettes of a run are open, and which of them serves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from pytest_bill.cassettes.cassette import Cassette
from pytest_bill.cassettes.kept_indexes import KeptIndexes
from pytest_bill.cassettes.matching import Matcher
from pytest_bill.cassettes.plays import Plays
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.cassettes.use import OpenCassette, Use
from pytest_bill.environments import Environment
from pytest_bill.record_modes import RecordMode
from pytest_bill.scrubbing.scrub import Scrubber


class OpenCassettes:
    """The open cassettes of a run; the innermost one serves.

    In a ``live`` run none is open, and a test whose requests are looked at is watched instead.
    """

    def __init__(
        self,
        environment: Environment,
        scrubber: Scrubber,
        save: Callable[[OpenCassette], None],
        tests: RunningTests,
        *,
        live: bool,
        file_of: Callable[[Path], Path],
        turn_of: Callable[[Use], AbstractContextManager[bool]],
        withdraw: Callable[[OpenCassette], None] = lambda _: None,
        kept: KeptIndexes | None = None,
    ) -> None:
        """``scrubber`` is for requests that are compared; ``save`` writes what is new.

        ``withdraw`` takes what was saved back, where it turns out to be a part. ``file_of`` gives
        the file that a cassette is read from, ``turn_of`` the block in which a user has a cassette
        for itself; it tells whether this run has begun it. What is ``kept`` of large ones is used.
        """
        self.environment = environment
        self.live = live
        self.cassette_files: set[Path] = set()
        """The files of all cassettes that were opened, there or not."""
        self.plays = Plays()
        self._scrubber_of_matcher = scrubber
        self._save = save
        self._withdraw = withdraw
        self._kept = kept
        self._turn_of = turn_of
        self.file_of = file_of
        self._tests = tests
        self._watchers = 0
        self._open: list[OpenCassette] = []
        self._suspended: list[OpenCassette] = []
        self._of_parent: list[OpenCassette] = []
        self._lock = threading.RLock()

    @property
    def current(self) -> OpenCassette | None:
        """The cassette that serves requests now."""
        opened = self._open
        return opened[-1] if opened else None

    @property
    def is_test_running(self) -> bool:
        """Whether a test is running whose requests are looked at."""
        return self._watchers > 0 if self.live else self.current is not None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The block of a test whose requests are looked at, also where nothing is recorded."""
        with self._lock:
            self._watchers += 1
        try:
            yield
        finally:
            with self._lock:
                self._watchers -= 1

    def ensure_open(self, *, by_session: bool = True) -> None:
        """Open the running test's cassette, if it asked for its BILL fixture only now.

        Not ``by_session`` for other clients: a test that has no BILL fixture is none of BILL's.
        """
        if not self.is_test_running:
            with self._lock:
                if not self.is_test_running:
                    self._tests.open_cassette(by_session=by_session)

    def open(self, use: Use) -> OpenCassette:
        """Let a cassette serve requests until it is closed.

        Raises:
            SettingsError: a part in ``match_on`` does not exist.
        """
        opened = self._opened(use)
        for each in self._suspended:
            _add_if_used(opened, each)
        self._open.append(opened)
        return opened

    def _opened(self, use: Use) -> OpenCassette:
        matcher = Matcher(self.environment, self._scrubber_of_matcher, use.match_on)
        self.cassette_files.add(use.path)
        with ExitStack() as turn:
            # A fixture waits for its turn when it asks BILL: few do. Who records nothing has none.
            waits = not use.fixture and use.record_mode != RecordMode.NONE
            goes_on = waits and turn.enter_context(self._turn_of(use))
            file = self.file_of(use.path)
            cassette = Cassette(
                *(use.path, use.record_mode, matcher, file), goes_on=goes_on, kept=self._kept
            )
            return OpenCassette(use, cassette, turn=turn.pop_all())

    def suspend(self, opened: OpenCassette, *, keep: bool = True) -> None:
        """Stop serving from a cassette, and save what is new, before others use what it tells.

        Unless ``keep`` is false.

        Raises:
            CassetteError: what is new cannot be written, or must not be.
        """
        self._open.remove(opened)
        self._suspended.append(opened)
        for each in self._open:
            _add_if_used(each, opened)
        self.settle(opened, keep=keep)

    def resume(self, opened: OpenCassette) -> None:
        """Serve from a suspended cassette again."""
        self._suspended.remove(opened)
        self._open.append(opened)

    def take_turn(self, opened: OpenCassette, *, is_first: bool) -> None:
        """Wait for an open cassette; what others have recorded meanwhile is played.

        Where it is not the first time, what its user has had is not played again.
        """
        use, cassette = opened.use, opened.cassette
        goes_on = opened.turn.enter_context(self._turn_of(use))
        matcher = Matcher(self.environment, self._scrubber_of_matcher, use.match_on)
        now = Cassette(
            use.path,
            RecordMode.NEW_EPISODES if goes_on else use.record_mode,
            matcher,
            self.file_of(use.path),
            goes_on=goes_on,
            played_before=() if is_first else cassette.numbers_had,
        )
        now.go_on_from(cassette)
        opened.cassette, opened.saved = now, 0

    def _save_new(self, opened: OpenCassette) -> None:
        if len(opened.cassette.recorded) > opened.saved:
            try:
                self._save(opened)
            finally:  # what must not be written is told once
                opened.saved = len(opened.cassette.recorded)

    def close(self, opened: OpenCassette, *, keep: bool = True) -> None:
        """Stop serving from a cassette and save what is new, unless ``keep`` is false.

        Raises:
            CassetteError: what is new cannot be written, or must not be.
        """
        self.stop(opened)
        self.settle(opened, keep=keep)

    def stop(self, opened: OpenCassette) -> None:
        """Stop serving from a cassette; whether what is new is saved is not known yet."""
        for cassettes in (self._open, self._suspended):
            if opened in cassettes:
                cassettes.remove(opened)
        opened.is_closed = True
        if opened not in self._of_parent:
            self.plays.add(opened)

    def settle(self, opened: OpenCassette, *, keep: bool) -> None:
        """Save what is new of a cassette that serves no more, or leave it out.

        Raises:
            CassetteError: what is new cannot be written, or must not be.
        """
        if opened in self._of_parent:
            return
        with opened.turn:
            if keep:
                self._save_new(opened)
            elif opened.saved:
                self._withdraw(opened)

    def leave_to_parent(self) -> None:
        """Never save what is open now: this process was forked, and its cassettes are copies."""
        self._of_parent = [*self._open, *self._suspended]

    @contextmanager
    def using(self, use: Use) -> Iterator[OpenCassette]:
        """A cassette that is open within the block; an exception keeps the old file."""
        opened = self.open(use)
        keep = False
        try:
            yield opened
            keep = True
        finally:
            self.close(opened, keep=keep)

    @contextmanager
    def aside(self, use: Use) -> Iterator[OpenCassette]:
        """As ``using``, but only who is given it asks it: other threads go on as before."""
        opened = self._opened(use)
        yield opened
        self.close(opened)


def _add_if_used(opened: OpenCassette, of_fixture: OpenCassette) -> None:
    """A test sends on what the fixtures that it uses were answered."""
    if of_fixture.use.fixture in opened.use.fixtures:
        opened.cassette.add_fixture_cassette(of_fixture.cassette)
