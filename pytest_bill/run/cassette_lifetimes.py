"""Opens the cassette of a test, or of a fixture that is wider than one test, and closes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import get_ident
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill.run.collection import MARKER, has_asked_for_bill
from pytest_bill.run.config_fixtures import given_to_fixture, given_to_test
from pytest_bill.run.definitions import key_of, keys_of, overridden, parameters_of
from pytest_bill.run.endings import leave, unanswered
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.own_ids import own_id
from pytest_bill.run.state import RunState, state_of, state_of_test
from pytest_bill.run.unkept import may_be_saved, tell_of_unanswered

if TYPE_CHECKING:
    from pytest_bill.cassettes.use import OpenCassette
    from pytest_bill.run.configs import Config
    from pytest_bill.run.run import Run


@contextmanager
def cassette_of(item: pytest.Item, run: Run) -> Iterator[None]:
    """The block in which a test has its cassette, for its sessions and any other HTTP client.

    Raises:
        SettingsError: pytest-recording would record the test as well, its marker is wrong, or its
            ``bill_config``.
    """
    _refuse_two_markers(item)
    config = run.config_of(given_to_test(item))
    if run.settings.live:
        # Nothing is recorded; but what would be sent is looked at.
        with run.recorder.watching():
            run.begin_test(config)
            yield
            run.end_test()
        return
    opened = _open(item, run, config)
    try:
        run.begin_test(config)
        yield
    finally:
        try:
            _close(item, run, opened)
        finally:
            # Wider fixtures may be torn down with this test, and are none of its threads' business.
            run.threads.end()


def _refuse_two_markers(item: pytest.Item) -> None:
    """Refuse a test that pytest-recording, or pytest-vcr, would record as well."""
    if item.get_closest_marker(MARKER) is None or item.get_closest_marker("vcr") is None:
        return
    from pytest_bill.exceptions import SettingsError

    raise SettingsError(
        f"{own_id(item)} has both @pytest.mark.bill_cassette and @pytest.mark.vcr: two tools would "
        "record the same requests.\nTake one of them away; pytest-bill also replays the cassettes "
        "that the other one recorded."
    )


def _open(item: pytest.Item, run: Run, config: Config) -> OpenCassette:
    marker = item.get_closest_marker(MARKER)
    use = run.cassettes.of_test(
        own_id(item),
        marker.args if marker else (),
        marker.kwargs if marker else {},
        keys_of(item, getattr(item, "fixturenames", ())),
        config,
    )
    opened = run.recorder.open(use)
    state_of_test(item).opened = opened
    if run.set_ups is not None and opened.may_record:
        state_of(item.config).journal.begin(run, own_id(item), use.path)
    state_of(item.config).opened[own_id(item)] = opened.use.path
    return opened


def _close(item: pytest.Item, run: Run, opened: OpenCassette) -> None:
    """Let a test's cassette serve no more; see ``endings`` for what becomes of it."""
    state, attempt = state_of(item.config), state_of_test(item)
    if state.proof is not None:
        state.proof.end_cassette(state.nodeid, opened, run.recorder)
    run.end_test()
    run.recorder.stop(opened)
    attempt.closed = opened
    if attempt.is_over:  # it was interrupted
        leave(item, is_last=True)


def open_on_demand(state: RunState, *, by_session: bool) -> None:
    """Open a cassette for a test, or a wide fixture, that asked for BILL only while it was running.

    A BILL session that is used without asking for its fixture opens one, too.
    """
    run = state.run
    if run is None:
        return
    if state.wide_fixtures:
        state.wide_fixtures[-1].open(run)
        return
    item = state.item
    if item is None or state_of_test(item).opened is not None:
        return
    if not has_asked_for_bill(item) and not (by_session and get_ident() == state.thread):
        return
    config = run.config_of(given_to_test(item))
    if run.settings.live:
        watched = state_of_test(item).watched = ExitStack()
        watched.enter_context(run.recorder.watching())
    else:
        state_of_test(item).late = _open(item, run, config)
    run.begin_test(config)


def close_late(item: pytest.Item, run: Run) -> None:
    """Close what was opened on demand, after all of the test's own fixtures."""
    state = state_of_test(item)
    watched, state.watched = state.watched, None
    if watched is not None:
        run.end_test()
        watched.close()
    opened, state.late = state.late, None
    if opened is not None:
        _close(item, run, opened)


@contextmanager
def cassette_of_fixture(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Iterator[None]:
    """The block in which a fixture wider than one test is set up, with a cassette of its own.

    Else its requests would be in the cassette of whichever test came first, and that test alone,
    or another order, would not replay.
    """
    state = state_of(request.config)
    run = state.run
    traffic = _Traffic(key_of(fixturedef), state)
    # Finalizers run last in, first out: the fixture's own teardown comes between each two.
    fixturedef.addfinalizer(traffic.end)
    traffic.begin()
    if run is not None and run.settings.live:
        with run.recorder.watching():
            yield
        traffic.end()
        fixturedef.addfinalizer(traffic.begin)
        return
    wide = WideFixture(fixturedef, request)
    fixturedef.addfinalizer(wide.save)
    before = _finalizers_of(fixturedef)[:]
    state.wide_fixtures.append(wide)
    if run is not None:
        wide.open(run)
    try:
        yield
    except BaseException:
        wide.drop()
        raise
    finally:
        state.wide_fixtures.remove(wide)
        wide.suspend()
    traffic.end()
    finalizers = _finalizers_of(fixturedef)
    finalizers[:] = [each if each in before else wide.watched(each) for each in finalizers]
    fixturedef.addfinalizer(traffic.begin)
    fixturedef.addfinalizer(wide.resume)


def _finalizers_of(fixturedef: pytest.FixtureDef[Any]) -> list[Callable[[], object]]:
    """What pytest calls to tear a fixture down; all of it, though one of them fails."""
    finalizers: list[Callable[[], object]] = getattr(fixturedef, "_finalizers", [])
    return finalizers


class _Traffic:
    """Whether a fixture asks BILL for something, for all tests that use it."""

    def __init__(self, fixture: str, state: RunState) -> None:
        self._fixture = fixture
        self._state = state
        self._before = 0

    def begin(self) -> None:
        """It is set up, or torn down, from now on."""
        self._before = self._asked
        self._state.fixtures_at_work += 1

    def end(self) -> None:
        """It was."""
        asked = self._asked - self._before
        self._state.fixtures_at_work -= 1
        if not self._state.fixtures_at_work:  # else it is counted with the one that it is part of
            self._state.asked_by_fixtures += asked
        if asked:
            self._state.asking_fixtures.add(self._fixture)

    @property
    def _asked(self) -> int:
        return self._state.run.recorder.asked if self._state.run is not None else 0


class WideFixture:
    """A fixture that is wider than one test, while it is set up and until it is torn down.

    Its cassette is opened at once where the run is there, else when the fixture asks for BILL.
    """

    def __init__(self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
        self._fixturedef = fixturedef
        self._request = request
        self._run: Run | None = None
        self._opened: OpenCassette | None = None
        self._watched = ExitStack()
        self._owner: Any = None
        self._config_before: Config | None = None
        self._has_failed = False
        self._may_be_kept = True
        self._shared_as = ""
        """Where several processes have it set up, the place of its cassette."""

    def open(self, run: Run) -> None:
        """Let its cassette serve requests, or have them looked at where none is used."""
        if run.settings.live:
            self._watched.enter_context(run.recorder.watching())
            return
        if self._opened is not None:
            return
        fixturedef, request = self._fixturedef, self._request
        nodeid = state_of(request.config).nodeid or fixturedef.baseid
        item = getattr(request, "_pyfuncitem", None)
        config = run.config_of(given_to_fixture(fixturedef, request))
        use = run.cassettes.of_fixture(
            fixturedef.baseid,
            fixturedef.argname,
            parameters_of(fixturedef, request, nodeid),
            nodeid,
            request.node.nodeid if fixturedef.scope in ("module", "class") else None,
            keys_of(item, fixturedef.argnames),
            definition=key_of(fixturedef),
            overridden=overridden(fixturedef, item),
            config=config,
        )
        self._run = run
        self._opened = run.recorder.open(use)
        if use.takes_turns and run.set_ups is not None:
            self._shared_as = use.path.relative_to(run.settings.cassette_dir).as_posix()
            self._opened.joins = self._begin_with_others
        self._owner = run.threads.begin_fixture(f"the fixture {fixturedef.argname}")
        self._config_before = run.config
        run.begin_test(config)

    def _tests_that_use_it(self) -> set[str]:
        name, request = self._fixturedef.argname, self._request
        scope = request.node.nodeid if self._fixturedef.scope != "session" else ""
        found = set()
        for item in request.session.items:
            if name not in getattr(item, "fixturenames", ()) or not item.nodeid.startswith(scope):
                continue
            parameters = getattr(getattr(item, "callspec", None), "params", {})
            if not hasattr(request, "param") or parameters.get(name) is request.param:
                found.add(own_id(item))
        return found

    def suspend(self) -> None:
        """It is set up."""
        self._watched.close()
        if self._run is not None and self._opened is not None:
            self._run.threads.go_on_after(self._owner)
            state, owner = state_of(self._request.config), self._opened.use.owner
            self._may_be_kept = may_be_saved(state, self._run, owner, self._opened)
            self._run.recorder.suspend(self._opened, keep=self._may_be_kept)
            if self._config_before is not self._run.config:
                self._run.begin_test(self._config_before)

    def drop(self) -> None:
        """It could not be set up: what was recorded is a part."""
        if self._opened is not None:
            self._opened.cassette.recorded.clear()

    def resume(self) -> None:
        """Its teardown begins."""
        if self._run is not None and self._opened is not None:
            self._run.recorder.resume(self._opened)
            if self._shared_as:
                self._opened.joins = self._end_with_others

    def _begin_with_others(self) -> None:
        """It asks BILL: one worker records that, and the others play it."""
        run, opened = self._run, self._opened
        assert run is not None
        assert opened is not None
        assert run.set_ups is not None
        run.recorder.take_turn(opened, is_first=True)
        if opened.may_record:
            run.set_ups.begin(self._shared_as)

    def _end_with_others(self) -> None:
        """Its teardown asks BILL: the others that have it set up have to need it no more."""
        run, opened = self._run, self._opened
        assert run is not None
        assert opened is not None
        assert run.set_ups is not None
        if not opened.may_record:
            return
        # Of the test that ran here last, nothing but wide fixtures is left.
        run.set_ups.add_line({"done": state_of(self._request.config).nodeid})
        if not run.set_ups.wait_for_others(self._shared_as, self._tests_that_use_it()):
            text = (
                f"the fixture {self._fixturedef.argname} was torn down before all tests that use "
                "it had ended.\nIf such tests fail, record with --dist=loadscope, or without -n."
            )
            notice = Notice(NoticeKind.UNSHARED, opened.use.owner, text)
            state_of(self._request.config).notices.append(notice)
        run.recorder.take_turn(opened, is_first=False)

    def watched(self, finalizer: Callable[[], object]) -> Callable[[], object]:
        """A part of its own teardown: where that fails, what was recorded is a part."""

        def tear_down() -> object:
            try:
                return finalizer()
            except BaseException:
                self._has_failed = True
                raise

        return tear_down

    def save(self) -> None:
        """It is torn down."""
        if self._run is None or self._opened is None:
            return
        self._run.threads.end_fixture(self._owner)
        state = state_of(self._request.config)
        state.notices += unanswered(self._opened.use.owner, self._opened)
        if state.proof is not None:
            state.proof.end_cassette(state.nodeid, self._opened, self._run.recorder)
        owner, keep = self._opened.use.owner, self._may_be_kept and not self._has_failed
        if keep:
            keep = may_be_saved(state, self._run, owner, self._opened)
        elif self._has_failed:
            if self._opened.cassette.recorded:
                state.notices.append(Notice(NoticeKind.UNSAVED, owner))
            tell_of_unanswered(state, self._run, owner, self._opened)
        try:
            self._run.recorder.close(self._opened, keep=keep)
        finally:
            if self._shared_as and self._run.set_ups is not None:
                self._run.set_ups.end(self._shared_as)
        self._opened = None
