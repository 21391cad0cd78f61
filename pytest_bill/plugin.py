"""pytest's side: options, markers, hooks and fixtures.

pytest imports this module in every run, so it imports nothing else of the package (nor vcrpy nor
requests) before a test asks for BILL, but the guard of production, which imports nothing either.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill.guards.production import ProductionGuard

if TYPE_CHECKING:
    from pytest_bill.cassettes.use import OpenCassette
    from pytest_bill.credentials.environ import BillEnviron
    from pytest_bill.hiding.protection import Protection
    from pytest_bill.private_folder import PrivateFolder
    from pytest_bill.run import Run
    from pytest_bill.sandbox import LocalSandbox
    from pytest_bill.scrubbing.registry import SecretRegistry
    from pytest_bill.scrubbing.team_secrets import BillSecrets
    from pytest_bill.sessions.session import BillPartnerSession, BillSession, BillSpendClient
    from pytest_bill.webhooks import BillWebhook

_FIXTURES = frozenset(
    {
        "bill_dev_session",
        "bill_sync_session",
        "bill_console_session",
        "bill_spend_client",
        "bill_partner_session",
        "bill_environ",
    }
)
_TEXT_SETTINGS = (
    *("bill_record_mode", "bill_environment", "bill_cassette_dir", "bill_env_file"),
    "bill_sync_sign_in",
)
_RUN_FIXTURE = "_bill_run"
_CASSETTE_FIXTURE = "_bill_cassette"
_MARKER = "bill_cassette"

_run_key = pytest.StashKey["Run"]()
_early_key = pytest.StashKey[Any]()
_production_key = pytest.StashKey[ProductionGuard]()
_folder_key: pytest.StashKey[PrivateFolder] = pytest.StashKey()
_protection_key: pytest.StashKey[Protection] = pytest.StashKey()
_sandbox_key = pytest.StashKey[Any]()
_counts_key = pytest.StashKey[dict[str, int]]()
_item_key = pytest.StashKey[pytest.Item]()
_thread_key = pytest.StashKey[int]()
_opened_key = pytest.StashKey["OpenCassette"]()
_ended_well_key = pytest.StashKey[bool]()
_unsaved_key = pytest.StashKey[list[str]]()
_late_key = pytest.StashKey["OpenCassette"]()
_watched_key = pytest.StashKey[ExitStack]()
_told_key = pytest.StashKey[list[str]]()
_wide_key: pytest.StashKey[list[_WideFixture]] = pytest.StashKey()
_used_key = pytest.StashKey[set[str]]()
_SCAN_CACHE = "bill/scan"
_MOST_FINDINGS = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare each option and the ini setting of the same name."""
    group = parser.getgroup("bill", "BILL sessions and cassettes")
    modes = ("none", "once", "new_episodes", "all")
    group.addoption(
        "--bill-record-mode",
        choices=modes,
        help="none (default): replay only; once: record where there is no cassette; "
        "new_episodes: also record what a cassette lacks; all: record anew.",
    )
    group.addoption(
        "--bill-live", action="store_true", default=False, help="Use no cassettes: ask BILL."
    )
    group.addoption(
        "--bill-environment",
        choices=("sandbox", "production", "local"),
        help="Which BILL to ask (default: sandbox); local starts the local sandbox in the run.",
    )
    group.addoption(
        "--bill-cassette-dir", metavar="DIR", help="Cassette folder (default: cassettes)."
    )
    group.addoption(
        "--bill-env-file", metavar="FILE", help="File with the credentials (default: .env)."
    )
    group.addoption(
        "--bill-sync-sign-in",
        choices=("v3", "v2"),
        help="Sign-in operation of the AP/AR sync token (default: v3).",
    )
    group.addoption(
        "--bill-allow-production",
        action="store_true",
        default=False,
        help="Allow recording from, or going live against, BILL's production.",
    )
    group.addoption(
        "--bill-allow-production-changes",
        action="append",
        metavar="GROUPS",
        help="Also allow, in production: payments, approvals, bank-accounts, cards, "
        "reimbursements, people, network, messages, organizations, unknown; name each, with "
        "commas.",
    )
    group.addoption(
        "--bill-report", metavar="FILE", help="Write the counts of the run to a JSON file."
    )
    group.addoption(
        "--bill-no-scan",
        action="store_true",
        default=False,
        help="Do not look for secrets in the cassettes that the run used.",
    )
    parser.addini("bill_scan", "Look for secrets in used cassettes.", type="bool", default=True)
    parser.addini("bill_live", "As --bill-live.", type="bool", default=False)
    for name in _TEXT_SETTINGS:
        parser.addini(name, f"As --{name.replace('_', '-')}.", default="")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: list[str]
) -> Generator[None, Any, Any]:
    """Guard production before any conftest is imported; be no child of who started this run."""
    if "PYTEST_BILL_PARENT" in os.environ:
        from pytest_bill.processes import child

        child.stop_asking()
    _guard_production(early_config, args)
    if _has_variables(early_config):
        _protect(early_config, _known_registry(early_config))
    try:
        return (yield)
    except Exception as error:
        # A conftest that cannot be imported: pytest shows that when all was taken back.
        protection = early_config.stash.get(_protection_key, None)
        if protection is not None:
            protection.hide_in_error(error)
        raise


def _guard_production(early_config: pytest.Config, args: Sequence[object]) -> None:
    guard = early_config.stash[_production_key] = ProductionGuard(early_config)
    guard.start()
    is_set = any(early_config.getini(name) for name in ("bill_live", *_TEXT_SETTINGS))
    is_typed = any(str(each).startswith("--bill-") for each in args)
    if is_set or is_typed or _has_variables(early_config):
        guard.watch_clients()


def _has_variables(config: pytest.Config) -> bool:
    if any(name.startswith("BILL_") for name in os.environ):
        return True
    # Before the options are read to their end, and where a conftest brings this plugin.
    option = getattr(config.known_args_namespace, "bill_env_file", None)
    path = config.rootpath / (option or config.getini("bill_env_file") or ".env")
    try:
        return path.is_file() and b"BILL_" in path.read_bytes()
    except OSError:  # it is told when a test uses BILL
        return False


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    if _production_key not in config.stash:  # a conftest brought this plugin
        _guard_production(config, config.invocation_params.args)
    config.addinivalue_line(
        "markers",
        "bill_cassette(name, *, record_mode, match_on): record and replay this test's requests to "
        "BILL; the name, below the cassette folder, replaces the automatic one.",
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started and remove its private files."""
    run = config.stash.get(_run_key, None)
    if run is not None:
        run.close()
    early = config.stash.get(_early_key, None)
    if early is not None:
        early.close()
    sandbox = config.stash.get(_sandbox_key, None)
    if sandbox is not None:
        sandbox.stop()
    folder = config.stash.get(_folder_key, None)
    if folder is not None:
        folder.remove()
    guard = config.stash.get(_production_key, None)
    if guard is not None:
        guard.stop()


# --- what is shown ---------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Hide the credentials that this process has from the start: test modules may show them."""
    config = session.config
    if not _has_variables(config):
        return
    # A conftest may have set them.
    config.stash[_production_key].watch_clients()
    _protect(config, _known_registry(config)).start()


def _known_registry(config: pytest.Config, folder: Path | None = None) -> SecretRegistry:
    """The secrets of the environment; and those that workers tell of in a ``folder``."""
    from pytest_bill.credentials.kinds import known_secrets
    from pytest_bill.scrubbing.registry import SecretRegistry
    from pytest_bill.settings import load_variables

    known = list(known_secrets(load_variables(config)))
    if folder is None:
        return SecretRegistry(known)
    from pytest_bill.run import shared_placeholders

    return SecretRegistry(known, shared_placeholders(folder, known))


def _protect(config: pytest.Config, registry: SecretRegistry) -> Protection:
    """Hide these secrets, and those that come to be known, in all that pytest shows."""
    protection = config.stash.get(_protection_key, None)
    if protection is None:
        from pytest_bill.hiding.protection import Protection

        protection = config.stash[_protection_key] = Protection(config)
        protection.begin()
        config.add_cleanup(protection.stop)
    protection.use(registry)
    return protection


# --- which tests use BILL --------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Give each test that uses BILL its cassette, set up before anything else of it."""
    names: list[str] | None = getattr(item, "fixturenames", None)
    if names is None or _CASSETTE_FIXTURE in names:
        return
    if item.get_closest_marker(_MARKER) is not None or not _FIXTURES.isdisjoint(names):
        # The run first: a wide fixture may start a process that asks BILL later.
        names[:0] = [_RUN_FIXTURE, _CASSETTE_FIXTURE]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse two tests whose automatic cassettes a disk that ignores case would mix up."""
    seen: dict[str, str] = {}
    for item in items:
        if _CASSETTE_FIXTURE not in getattr(item, "fixturenames", ()):
            continue
        marker = item.get_closest_marker(_MARKER)
        if marker is not None and marker.args:
            continue
        from pytest_bill.cassettes.naming import cassette_of_test

        place = str(cassette_of_test(item.nodeid)).casefold()
        other = seen.setdefault(place, item.nodeid)
        if other != item.nodeid:
            raise pytest.UsageError(
                f"{other} and {item.nodeid} would share the cassette {place} on a disk that "
                "ignores case.\nRename one, or name its cassette with @pytest.mark.bill_cassette."
            )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Give processes word that fixtures start before the first test that uses BILL."""
    config = session.config
    if config.option.collectonly:
        return
    if _early_key in config.stash or _run_key in config.stash:
        return
    if any(_CASSETTE_FIXTURE in getattr(item, "fixturenames", ()) for item in session.items):
        from pytest_bill.processes.early import Early

        guard = config.stash[_production_key]
        guard.watch_clients()
        folder = getattr(config, "workerinput", {}).get("bill_folder")
        config.stash[_early_key] = Early(Path(folder) if folder else None, guard.why_not())


# --- the run and its cassettes ---------------------------------------------------------------


def _run_of(session: pytest.Session, bill_config: Any) -> Run:
    config = session.config
    run = config.stash.get(_run_key, None)
    if run is None:
        from pytest_bill.fakes import without_fakes

        folder = getattr(config, "workerinput", {}).get("bill_folder")
        with without_fakes():
            from pytest_bill.cassettes.running_tests import RunningTests
            from pytest_bill.run import Run
            from pytest_bill.settings import load_settings

            early = config.stash.get(_early_key, None)
            shared = Path(folder) if folder else None
            ids = [item.nodeid for item in session.items]
            tests = RunningTests(
                name_now=lambda: _nodeid_now(config),
                open_cassette=partial(_open_on_demand, config),
            )
            run = Run(load_settings(config), bill_config, shared, early, ids, tests)
            config.stash[_production_key].step_aside()
        run.threads.begin(_nodeid_now(config))
        config.stash[_run_key] = run
        _protect(config, run.recorder.registry).start()
    return run


def _nodeid_now(config: pytest.Config) -> str:
    item = config.stash.get(_item_key, None)
    return item.nodeid if item is not None else ""


@pytest.fixture(scope="session")
def bill_config() -> dict[str, Any]:
    """Override to adjust what no option covers.

    Keys: ``match_on`` (parts to compare, or functions of two requests), ``scrub_headers`` and
    ``scrub_fields`` (names of further secret places), ``record_mode``, ``stand_ins`` (whether
    bank and personal data is recorded as stand-ins: True, False, or a dict of kinds and these),
    ``environ`` (which environment variables the fixture ``bill_environ`` sets, and to what),
    ``secrets`` (values of your own to hide as BILL's are: a dict by name, or a list).
    """
    return {}


@pytest.fixture(scope="session")
def _bill_run(request: pytest.FixtureRequest, bill_config: Any) -> Run:
    return _run_of(request.session, bill_config)


@pytest.fixture
def _bill_cassette(request: pytest.FixtureRequest, _bill_run: Run) -> Iterator[None]:
    """The cassette of the requesting test, for its sessions and for any other HTTP client."""
    run, item = _bill_run, request.node
    _refuse_two_markers(item)
    if run.settings.live:
        # Nothing is recorded; but what would be sent is looked at.
        with run.recorder.watching():
            run.begin_test()
            yield
            run.end_test()
        return
    opened = _open_for(item, run)
    try:
        run.begin_test()
        yield
    finally:
        try:
            _close(item, run, opened)
        finally:
            # Wider fixtures may be torn down with this test, and are none of its threads' business.
            run.threads.end()


def _refuse_two_markers(item: pytest.Item) -> None:
    """Refuse a test that pytest-recording, or pytest-vcr, would record as well."""
    if item.get_closest_marker(_MARKER) is None or item.get_closest_marker("vcr") is None:
        return
    from pytest_bill.exceptions import SettingsError

    raise SettingsError(
        f"{item.nodeid} has both @pytest.mark.bill_cassette and @pytest.mark.vcr: two tools would "
        "record the same requests.\nTake one of them away; pytest-bill also replays the cassettes "
        "that the other one recorded."
    )


def _open_for(item: pytest.Item, run: Run) -> OpenCassette:
    marker = item.get_closest_marker(_MARKER)
    use = run.use_of_test(
        item.nodeid,
        marker.args if marker else (),
        marker.kwargs if marker else {},
        getattr(item, "fixturenames", ()),
    )
    opened = run.recorder.open(use)
    item.stash[_opened_key] = opened
    return opened


def _close(item: pytest.Item, run: Run, opened: OpenCassette) -> None:
    # Only a test that came to its end: an interrupted one has recorded a part.
    ended_well = item.stash.get(_ended_well_key, False)
    if opened.cassette.recorded and not ended_well:
        item.config.stash.setdefault(_unsaved_key, []).append(item.nodeid)
    _keep_told(item.config, item.nodeid, opened)
    run.end_test()
    run.recorder.close(opened, keep=ended_well)


def _keep_told(config: pytest.Config, owner: str, opened: OpenCassette) -> None:
    """What the summary tells of requests of which a cassette holds nothing."""
    told = config.stash.setdefault(_told_key, [])
    told.extend(f"{owner}: {what}" for what in opened.unanswered)


def _open_on_demand(config: pytest.Config, *, by_session: bool) -> None:
    """Open a cassette for a test, or a wide fixture, that asked for BILL only while it was running.

    A BILL session that is used without asking for its fixture opens one, too.
    """
    run = config.stash.get(_run_key, None)
    if run is None:
        return  # it is being made
    wide = config.stash.get(_wide_key, None)
    if wide:
        wide[-1].open(run)
        return
    item = config.stash.get(_item_key, None)
    if item is None or _opened_key in item.stash:
        return
    if not _asked_for_bill(item) and not (by_session and get_ident() == config.stash[_thread_key]):
        return
    if run.settings.live:
        item.stash[_watched_key] = ExitStack()
        item.stash[_watched_key].enter_context(run.recorder.watching())
    else:
        item.stash[_late_key] = _open_for(item, run)
    run.begin_test()


def _close_late(item: pytest.Item) -> None:
    """Close what was opened on demand, after all of the test's own fixtures."""
    watched = item.stash.get(_watched_key, None)
    if watched is not None:
        del item.stash[_watched_key]
        item.config.stash[_run_key].end_test()
        watched.close()
    opened = item.stash.get(_late_key, None)
    if opened is not None:
        del item.stash[_late_key]
        _close(item, item.config.stash[_run_key], opened)


def _asked_for_bill(item: pytest.Item) -> bool:
    """Whether a test has asked for a BILL fixture while it was running."""
    asked = getattr(getattr(item, "_request", None), "_fixture_defs", ())
    return not _FIXTURES.isdisjoint(asked)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Give a fixture wider than one test a cassette of its own.

    Else its requests would be in the cassette of whichever test came first, and that test alone,
    or another order, would not replay.
    """
    if fixturedef.scope == "function" or fixturedef.func.__module__ == __name__:
        return (yield)
    config = request.config
    run = config.stash.get(_run_key, None)
    if run is not None and run.settings.live:
        with run.recorder.watching():
            return (yield)
    wide = _WideFixture(fixturedef, request)
    # Finalizers run last in, first out: the fixture's own teardown comes between these two.
    fixturedef.addfinalizer(wide.save)
    under_way = config.stash.setdefault(_wide_key, [])
    under_way.append(wide)
    if run is not None:
        wide.open(run)
    try:
        result = yield
    except BaseException:
        wide.drop()
        raise
    finally:
        under_way.remove(wide)
        wide.suspend()
    fixturedef.addfinalizer(wide.resume)
    return result


class _WideFixture:
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

    def open(self, run: Run) -> None:
        """Let its cassette serve requests, or have them looked at where none is used."""
        if run.settings.live:
            self._watched.enter_context(run.recorder.watching())
            return
        if self._opened is not None:
            return
        from pytest_bill.cassettes.naming import parameter_label

        fixturedef, request = self._fixturedef, self._request
        item = request.config.stash.get(_item_key, None)
        nodeid = item.nodeid if item is not None else fixturedef.baseid
        parameter = None
        if hasattr(request, "param"):
            index = getattr(request, "param_index", 0)
            parameter = parameter_label(index, request.param, fixturedef.params, nodeid)
        use = run.use_of_fixture(
            fixturedef.baseid,
            fixturedef.argname,
            parameter,
            nodeid,
            request.node.nodeid if fixturedef.scope in ("module", "class") else None,
            fixturedef.argnames,
        )
        self._run = run
        self._opened = run.recorder.open(use)
        self._owner = run.threads.begin_fixture(f"the fixture {fixturedef.argname}")
        run.begin_test()

    def suspend(self) -> None:
        """It is set up."""
        self._watched.close()
        if self._run is not None and self._opened is not None:
            self._run.threads.go_on_after(self._owner)
            self._run.recorder.suspend(self._opened)

    def drop(self) -> None:
        """It could not be set up: what was recorded is a part."""
        if self._opened is not None:
            self._opened.cassette.recorded.clear()

    def resume(self) -> None:
        """Its teardown begins."""
        if self._run is not None and self._opened is not None:
            self._run.recorder.resume(self._opened)

    def save(self) -> None:
        """It is torn down."""
        if self._run is None or self._opened is None:
            return
        self._run.threads.end_fixture(self._owner)
        _keep_told(self._request.config, self._opened.use.owner, self._opened)
        self._run.recorder.close(self._opened)
        self._opened = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember which test runs, and forget what an earlier attempt at it left."""
    item.config.stash[_item_key] = item
    item.config.stash[_thread_key] = get_ident()
    item.stash[_ended_well_key] = False
    if _opened_key in item.stash:
        del item.stash[_opened_key]
    run = item.config.stash.get(_run_key, None)
    if run is not None:
        run.threads.begin(item.nodeid)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Close what the test opened late; its threads work for nobody from then on."""
    try:
        return (yield)
    finally:
        run = item.config.stash.get(_run_key, None)
        if run is not None:
            try:
                _close_late(item)
            finally:
                run.threads.end()


# --- reports ---------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the plugin's errors plainly, and fail tests that hid a miss."""
    report = yield
    run = item.config.stash.get(_run_key, None)
    if call.excinfo is not None:
        _show_plainly(report, call.excinfo, item.config.rootpath)
    if run is not None and report.when == "call":
        opened = item.stash.get(_opened_key, None)
        if opened is not None and opened.misses and report.passed:
            report.outcome = "failed"
            report.longrepr = (
                "The test hid an error of a request to BILL that has no recorded answer.\n"
                + opened.misses[0]
            )
        item.stash[_ended_well_key] = not report.failed
    if report.when == "teardown" and _opened_key in item.stash:
        # pytest keeps its items to the end; the recordings of thousands of tests need not stay.
        del item.stash[_opened_key]
    return report


def _show_plainly(
    report: pytest.TestReport, excinfo: pytest.ExceptionInfo[BaseException], rootdir: Path
) -> None:
    # Looked up by module, so that a run without BILL imports none of it.
    if not report.failed or type(excinfo.value).__module__.partition(".")[0] != "pytest_bill":
        return
    from pytest_bill.exceptions import PytestBillError
    from pytest_bill.hiding.reports import short_report

    if isinstance(excinfo.value, PytestBillError):
        report.longrepr = short_report(excinfo, rootdir)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what happened to the requests of the run."""
    for nodeid in config.stash.get(_unsaved_key, []):
        terminalreporter.write_line(
            f"bill: {nodeid} did not end well, so its recording was not saved."
        )
    _tell_of_what_is_missing(terminalreporter, config)
    counts = _all_counts(config)
    if counts and config.get_verbosity() >= 0:
        terminalreporter.write_line(
            "bill: {sign_ins} sign-ins, {requests} requests, {recorded} recorded, "
            "{replayed} replayed".format(**counts)
        )
    _warn_of_secrets(terminalreporter, config)


def _tell_of_what_is_missing(terminalreporter: Any, config: pytest.Config) -> None:
    """Name the requests of which no cassette holds anything: a replay will not find them."""
    run = config.stash.get(_run_key, None)
    told = [*config.stash.get(_told_key, ()), *(run.recorder.late if run is not None else ())]
    if not told:
        return
    terminalreporter.section("bill: neither recorded nor played", yellow=True)
    for what in told[:_MOST_FINDINGS]:
        terminalreporter.write_line(what)
    if len(told) > _MOST_FINDINGS:
        terminalreporter.write_line(f"… and {len(told) - _MOST_FINDINGS} more")


def _warn_of_secrets(terminalreporter: Any, config: pytest.Config) -> None:
    """Look through the cassettes that the run used; whatever happens, the run does not fail."""
    used = {*_used_cassettes(config), *config.stash.get(_used_key, ())}
    if not used or config.getoption("bill_no_scan") or not config.getini("bill_scan"):
        return
    from pytest_bill.scan.after_run import command_for, scan_used
    from pytest_bill.scan.formats import one_line

    cache = getattr(config, "cache", None)
    try:
        known = cache.get(_SCAN_CACHE, {}) if cache is not None else {}
        findings, verdicts = scan_used(map(Path, used), config.rootpath, known)
        if cache is not None and verdicts != known:
            cache.set(_SCAN_CACHE, verdicts)
    except Exception as error:
        # Only its name: the message may quote the file.
        terminalreporter.write_line(
            f"bill: the cassettes could not be scanned for secrets ({type(error).__name__}).\n"
            "Run: pytest-bill scan"
        )
        return
    if not findings:
        return
    terminalreporter.section("bill: secrets in cassettes", yellow=True)
    for finding in findings[:_MOST_FINDINGS]:
        terminalreporter.write_line(f"{finding.file}: {one_line(finding)}")
    if len(findings) > _MOST_FINDINGS:
        terminalreporter.write_line(f"… and {len(findings) - _MOST_FINDINGS} more")
    files = {config.rootpath / finding.file for finding in findings}
    terminalreporter.write_line(f"Scrub them: {command_for(files)}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand a worker's counts to the controller, or write the report."""
    config = session.config
    run = config.stash.get(_run_key, None)
    if hasattr(config, "workeroutput"):
        if run is not None:
            config.workeroutput["bill_counts"] = run.recorder.counts.as_dict()
            config.workeroutput["bill_unsaved"] = config.stash.get(_unsaved_key, [])
            config.workeroutput["bill_told"] = [
                *config.stash.get(_told_key, ()),
                *run.recorder.late,
            ]
            config.workeroutput["bill_cassettes"] = sorted(_used_cassettes(config))
        return
    path = config.getoption("bill_report")
    if path:
        counts = _all_counts(config) or dict.fromkeys(
            ("sign_ins", "requests", "recorded", "replayed"), 0
        )
        Path(path).write_text(json.dumps(counts) + "\n", encoding="utf-8")


def _used_cassettes(config: pytest.Config) -> set[str]:
    run = config.stash.get(_run_key, None)
    return {str(path) for path in run.recorder.cassette_files} if run is not None else set()


def _all_counts(config: pytest.Config) -> dict[str, int]:
    run = config.stash.get(_run_key, None)
    own = run.recorder.counts.as_dict() if run is not None else {}
    others = config.stash.get(_counts_key, {})
    return {name: own.get(name, 0) + others.get(name, 0) for name in own | others}


# --- pytest-xdist ----------------------------------------------------------------------------


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give all workers one private folder and, where asked for, one local sandbox."""
    config = node.config
    if _folder_key not in config.stash:
        from pytest_bill.private_folder import PrivateFolder

        config.stash[_folder_key] = PrivateFolder()
        _hide_what_workers_know(config)
        _start_sandbox_for_workers(config)
    node.workerinput["bill_folder"] = str(config.stash[_folder_key].path)
    # Workers have no command line; what was typed here is the one that counts.
    node.workerinput["bill_typed"] = [str(each) for each in config.invocation_params.args]


def _hide_what_workers_know(config: pytest.Config) -> None:
    """In the controller, which shows what they send."""
    folder = config.stash[_folder_key].path

    def begin() -> None:
        _protect(config, _known_registry(config, folder)).start()

    if _protection_key in config.stash:
        begin()
        return
    from pytest_bill.hiding.workers import SecretsOfWorkers

    config.pluginmanager.register(SecretsOfWorkers(folder, begin), "bill-secrets-of-workers")


def _start_sandbox_for_workers(config: pytest.Config) -> None:
    from pytest_bill.exceptions import SettingsError
    from pytest_bill.settings import load_settings

    try:
        settings = load_settings(config)
    except SettingsError:
        return  # each test that needs BILL says so
    if not settings.wants_sandbox(settings.record_mode):
        return
    from pytest_bill.run import share_sandbox, start_sandbox

    try:
        config.stash[_sandbox_key] = start_sandbox()
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from None
    share_sandbox(config.stash[_sandbox_key], config.stash[_folder_key].path)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add up what the workers did."""
    output = getattr(node, "workeroutput", None) or {}
    total = node.config.stash.setdefault(_counts_key, {})
    for name, count in output.get("bill_counts", {}).items():
        total[name] = total.get(name, 0) + count
    node.config.stash.setdefault(_unsaved_key, []).extend(output.get("bill_unsaved", []))
    node.config.stash.setdefault(_told_key, []).extend(output.get("bill_told", []))
    node.config.stash.setdefault(_used_key, set()).update(output.get("bill_cassettes", []))


# --- the fixtures ----------------------------------------------------------------------------


def _signed_in(run: Run, kind: str, session_class: str) -> Iterator[Any]:
    from pytest_bill.fakes import without_fakes

    with without_fakes():
        from pytest_bill.credentials import kinds
        from pytest_bill.sessions import session

        access = run.access(getattr(kinds, kind))
        access.sign_in()
    with getattr(session, session_class)(access, run.recorder) as signed_in:
        yield signed_in


@pytest.fixture(scope="session")
def bill_dev_session(_bill_run: Run) -> Iterator[BillSession]:
    """A session signed in with the developer key (AP, AR, BILL network, webhooks)."""
    yield from _signed_in(_bill_run, "DEVELOPER_KEY", "BillSession")


@pytest.fixture(scope="session")
def bill_sync_session(_bill_run: Run) -> Iterator[BillSession]:
    """A session signed in with the AP/AR sync token (no payments, no MFA operations)."""
    yield from _signed_in(_bill_run, "SYNC_TOKEN", "BillSession")


@pytest.fixture(scope="session")
def bill_console_session(_bill_run: Run) -> Iterator[BillSession]:
    """A session signed in with the Accountant Console API token (by v2; v3 paths work)."""
    yield from _signed_in(_bill_run, "CONSOLE_API_TOKEN", "BillSession")


@pytest.fixture(scope="session")
def bill_spend_client(_bill_run: Run) -> Iterator[BillSpendClient]:
    """A client with the Spend & Expense API token (no sign-in)."""
    yield from _signed_in(_bill_run, "SPEND_API_TOKEN", "BillSpendClient")


@pytest.fixture(scope="session")
def bill_partner_session(_bill_run: Run) -> Iterator[BillPartnerSession]:
    """A session signed in with the partner app key; see ``for_organization(id)``."""
    yield from _signed_in(_bill_run, "PARTNER_APP_KEY", "BillPartnerSession")


@pytest.fixture(scope="session")
def bill_environ(_bill_run: Run) -> Iterator[BillEnviron]:
    """What the code under test needs to reach BILL by itself: addresses, and each credential.

    Real values where something may be sent, placeholders during replay. The names in
    ``bill_config["environ"]`` are set as environment variables: ``{"ACME_BILL_URL": "v3_url"}``.
    """
    with _bill_run.variables_set() as environ:
        yield environ


@pytest.fixture(scope="session")
def bill_secrets(_bill_run: Run) -> BillSecrets:
    """Takes secrets that become known late: ``bill_secrets.add(value, "VAULT_TOKEN")``."""
    return _bill_run.secrets


@pytest.fixture
def bill_webhook() -> BillWebhook:
    """Builds and sends signed webhook notifications for the code under test that receives them."""
    from pytest_bill.webhooks import BillWebhook

    return BillWebhook()


@pytest.fixture(scope="session")
def bill_sandbox(_bill_run: Run) -> Iterator[LocalSandbox]:
    """The local sandbox: the one that answers with ``--bill-environment=local``, else a new one."""
    if _bill_run.sandbox is not None:
        yield _bill_run.sandbox
        return
    from pytest_bill.run import start_sandbox

    sandbox = start_sandbox()
    yield sandbox
    sandbox.stop()
